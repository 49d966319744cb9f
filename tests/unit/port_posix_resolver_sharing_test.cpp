// The resolver: what look-ups do not share, and when they stop waiting for each other.
#include "port_posix_resolver.h"

using namespace tinyaws;
using namespace test;

namespace {

constexpr char kHost[] = "api.example.com";

struct Shared {
  void answer(Asker& asker, const char* ip) {
    server.answer({}, {ip});
    asker.assert_found(asker.finish(), ip);
  }

  NameServer server;
  World world{server.port, "nameserver 127.0.0.1\noptions timeout:5 attempts:2\n"};
  Resolver resolver{world.platform, world.options};
};

enum class Half { kSilent, kFails };

/// An answer of one family, while the other one is silent or its question fails; one look-up waits for it.
void assert_not_kept(uint16_t known, Half half) {
  Shared all;
  Asker asker(all.resolver);
  Asker waiting(all.resolver);
  asker.begin(kHost);
  waiting.begin(kHost);
  const char* ip = known == kTypeA ? "192.0.2.1" : "2001:db8::1";
  const Question good = all.server.next(known);
  const Question bad = all.server.next(known == kTypeA ? kTypeAaaa : kTypeA);
  if (half == Half::kFails) all.server.send(bad, Reply(bad).code(2));
  if (half == Half::kFails) assert_status(asker.go_on(), Status::kPending);
  all.server.send(good, Reply(good).address(ip, 3600));
  const Status status = asker.go_on();
  asker.assert_found(status == Status::kPending ? asker.pass() : status, ip);
  waiting.assert_found(waiting.pass(), ip);
  Asker late(all.resolver);
  late.now = asker.now;
  late.begin(kHost);
  all.server.answer({"2001:db8::2"}, {"192.0.2.2"});
  late.assert_found(late.finish(), "2001:db8::2 192.0.2.2");
}

void half_an_answer_is_not_kept(void**) {
  for (const uint16_t known : {kTypeA, kTypeAaaa}) {
    assert_not_kept(known, Half::kSilent);
    assert_not_kept(known, Half::kFails);
  }
}

void a_family_without_a_name_is_an_answer(void**) {
  Shared all;
  Asker asker(all.resolver);
  asker.begin(kHost);
  const Question aaaa = all.server.next(kTypeAaaa);
  const Question a = all.server.next(kTypeA);
  all.server.send(aaaa, Reply(aaaa).code(3));
  all.server.send(a, Reply(a).address("192.0.2.1"));
  asker.assert_found(asker.finish(), "192.0.2.1");
  Asker late(all.resolver);
  late.assert_found(late.start(kHost), "192.0.2.1");
}

void another_asks_when_the_first_is_not_driven(void**) {
  Shared all;
  Asker first(all.resolver);
  first.begin(kHost);
  const Question a = all.server.next(kTypeA);
  const Question aaaa = all.server.next(kTypeAaaa);
  const Instant due = first.lookup.next_deadline();
  Asker second(all.resolver);
  Asker third(all.resolver);
  second.begin(kHost);
  third.begin(kHost);
  assert_status(second.lookup.advance(due + 999), Status::kPending);
  assert_false(all.server.was_asked());
  second.now = due + 1000;
  assert_status(second.lookup.advance(second.now), Status::kPending);
  third.now = second.now;
  assert_status(third.lookup.advance(third.now), Status::kPending);
  assert_int_equal(third.lookup.interest().handle, -1);
  // What the first one hears after all is its own.
  all.server.send(a, Reply(a).address("192.0.2.66"));
  all.server.send(aaaa, Reply(aaaa));
  first.assert_found(first.finish(), "192.0.2.66");
  assert_status(third.lookup.advance(third.now), Status::kPending);
  all.answer(second, "192.0.2.1");
  third.assert_found(third.pass(), "192.0.2.1");
  Asker late(all.resolver);
  late.now = second.now;
  late.assert_found(late.start(kHost), "192.0.2.1");
}

void a_first_that_is_driven_is_waited_for(void**) {
  Shared all;
  Asker first(all.resolver);
  first.begin(kHost);
  const Instant due = first.lookup.next_deadline();
  Asker second(all.resolver);
  second.begin(kHost);
  first.now = due + 600000;
  assert_status(first.lookup.advance(first.now), Status::kPending);
  second.now = first.now;
  assert_status(second.lookup.advance(second.now), Status::kPending);
  assert_int_equal(second.lookup.interest().handle, -1);
}

void what_gave_way_is_not_taken_for_the_answer_of_one_that_is_not_driven(void**) {
  Shared all;
  for (const char* host : {"a.test", "b.test", "c.test", "d.test"}) {
    Asker before(all.resolver);
    before.begin(host);
    all.answer(before, "192.0.2.66");
  }
  Asker first(all.resolver);
  first.begin(kHost);
  all.server.next();
  all.server.next();
  Asker second(all.resolver);
  second.begin(kHost);
  second.now = first.lookup.next_deadline() + 1000;
  assert_status(second.lookup.advance(second.now), Status::kPending);
  all.answer(second, "192.0.2.1");
}

void one_that_is_not_driven_gives_way(void**) {
  Shared all;
  std::vector<Asker*> askers;
  for (const char* host : {"a.test", "b.test", "c.test", "d.test"}) {
    askers.push_back(new Asker(all.resolver));
    askers.back()->begin(host);
    all.server.next();
    all.server.next();
  }
  Asker other(all.resolver);
  other.now = askers[0]->lookup.next_deadline() + 1000;
  other.begin(kHost);
  all.answer(other, "192.0.2.1");
  for (Asker* asker : askers) delete asker;
  Asker late(all.resolver);
  late.now = other.now;
  late.assert_found(late.start(kHost), "192.0.2.1");
}

/// The first look-up fails for want of something that the second has again.
void assert_not_shared(void (*fail_once)(Shared&, Asker&)) {
  Shared all;
  Asker first(all.resolver);
  Asker second(all.resolver);
  Asker third(all.resolver);
  for (Asker* asker : {&first, &second, &third}) asker->begin(kHost);
  all.server.next();
  all.server.next();
  fail_once(all, first);
  second.now = third.now = first.now;
  assert_status(second.lookup.advance(second.now), Status::kPending);
  assert_status(third.lookup.advance(third.now), Status::kPending);
  all.answer(second, "192.0.2.1");
  third.assert_found(third.pass(), "192.0.2.1");
}

void want_of_random_numbers_is_not_shared(void**) {
  assert_not_shared([](Shared& all, Asker& first) {
    all.world.platform.fails = true;
    first.assert_failed(first.pass(), "api.example.com: no random numbers");
    all.world.platform.fails = false;
  });
}

void want_of_descriptors_is_not_shared(void**) {
  assert_not_shared([](Shared&, Asker& first) {
    rlimit before{};
    getrlimit(RLIMIT_NOFILE, &before);
    const rlimit none{0, before.rlim_max};
    setrlimit(RLIMIT_NOFILE, &none);
    const Status status = first.pass();
    setrlimit(RLIMIT_NOFILE, &before);
    first.assert_failed(status, "api.example.com: " + error_words(EMFILE));
  });
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      CASE(half_an_answer_is_not_kept),
      CASE(a_family_without_a_name_is_an_answer),
      CASE(another_asks_when_the_first_is_not_driven),
      CASE(a_first_that_is_driven_is_waited_for),
      CASE(what_gave_way_is_not_taken_for_the_answer_of_one_that_is_not_driven),
      CASE(one_that_is_not_driven_gives_way),
      CASE(want_of_random_numbers_is_not_shared),
      CASE(want_of_descriptors_is_not_shared),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
