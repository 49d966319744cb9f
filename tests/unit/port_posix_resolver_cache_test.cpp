// The resolver: what look-ups share, and for how long.
// Covers C34: lives of addresses, no network at boot.
#include "port_posix_resolver.h"

using namespace tinyaws;
using namespace test;

namespace {

constexpr char kHost[] = "api.example.com";

struct Shared {
  NameServer server;
  World world{server.port};
  Resolver resolver{world.platform, world.options};

  /// Looks up at this time; the server must be asked, and answers with this address.
  void ask(const std::string& host, Instant now, const char* ip, uint32_t ttl) {
    Asker asker(resolver);
    asker.now = now;
    asker.begin(host);
    server.answer({}, {ip}, ttl);
    asker.assert_found(asker.finish(), ip);
  }

  /// Looks up at this time; nobody is asked.
  void recall(const std::string& host, Instant now, const char* ip) {
    Asker asker(resolver);
    asker.now = now;
    asker.assert_found(asker.start(host), ip);
    assert_false(server.was_asked());
  }
};

void addresses_live_as_long_as_they_say(void**) {
  Shared all;
  all.ask(kHost, {1000}, "192.0.2.1", 60);
  all.recall(kHost, {1000}, "192.0.2.1");
  all.recall("API.example.COM", {60999}, "192.0.2.1");
  all.ask(kHost, {61000}, "192.0.2.2", 60);
  all.recall(kHost, {120999}, "192.0.2.2");
}

void the_smallest_life_counts(void**) {
  Shared all;
  Asker asker(all.resolver);
  asker.now = {0};
  asker.begin(kHost);
  for (int i = 0; i < 2; i++) {
    const Question question = all.server.next();
    Reply reply(question);
    reply.alias(kHost, "one.example.com", question.type == kTypeA ? 70 : 90);
    reply.alias("one.example.com", "two.example.com", question.type == kTypeA ? 50 : 40);
    if (question.type == kTypeA) reply.address("192.0.2.1", 30, "two.example.com");
    if (question.type == kTypeA) reply.address("192.0.2.2", 20, "two.example.com");
    if (question.type == kTypeAaaa) reply.address("2001:db8::1", 25, "two.example.com");
    reply.address("192.0.2.66", 10, "other.example.com");
    all.server.send(question, reply);
  }
  asker.assert_found(asker.finish(), "2001:db8::1 192.0.2.1 192.0.2.2");
  all.recall(kHost, {19999}, "2001:db8::1 192.0.2.1 192.0.2.2");
  all.ask(kHost, {20000}, "192.0.2.3", 60);
}

void the_family_with_the_smaller_life_counts(void**) {
  for (const uint32_t shorter : {kTypeA, kTypeAaaa}) {
    Shared all;
    Asker asker(all.resolver);
    asker.now = {0};
    asker.begin(kHost);
    for (const uint16_t type : {kTypeA, kTypeAaaa}) {
      const Question question = all.server.next(type);
      const char* ip = type == kTypeA ? "192.0.2.1" : "2001:db8::1";
      all.server.send(question, Reply(question).address(ip, type == shorter ? 10 : 20));
    }
    asker.assert_found(asker.finish(), "2001:db8::1 192.0.2.1");
    all.recall(kHost, {9999}, "2001:db8::1 192.0.2.1");
    all.ask(kHost, {10000}, "192.0.2.3", 60);
  }
}

void an_alias_may_live_shorter_than_its_address(void**) {
  Shared all;
  Asker asker(all.resolver);
  asker.now = {0};
  asker.begin(kHost);
  for (int i = 0; i < 2; i++) {
    const Question question = all.server.next();
    Reply reply(question);
    if (question.type == kTypeA) reply.alias(kHost, "one.example.com", 5).address("192.0.2.1", 60, "one.example.com");
    all.server.send(question, reply);
  }
  asker.assert_found(asker.finish(), "192.0.2.1");
  all.recall(kHost, {4999}, "192.0.2.1");
  all.ask(kHost, {5000}, "192.0.2.3", 60);
}

void a_life_of_zero_is_not_kept(void**) {
  Shared all;
  all.ask(kHost, {1000}, "192.0.2.1", 0);
  all.ask(kHost, {1000}, "192.0.2.2", 0x80000000u);
  all.ask(kHost, {1000}, "192.0.2.3", 60);
}

void a_life_has_a_limit(void**) {
  Shared all;
  all.ask(kHost, {0}, "192.0.2.1", 0x7fffffff);
  all.recall(kHost, {3599999}, "192.0.2.1");
  all.ask(kHost, {3600000}, "192.0.2.2", 60);
}

void the_least_recently_used_gives_way(void**) {
  Shared all;
  for (const char* host : {"a.test", "b.test", "c.test", "d.test"}) all.ask(host, {0}, "192.0.2.1", 60);
  all.recall("a.test", {1}, "192.0.2.1");
  all.ask("e.test", {2}, "192.0.2.5", 60);
  for (const char* host : {"a.test", "c.test", "d.test"}) all.recall(host, {3}, "192.0.2.1");
  all.recall("e.test", {3}, "192.0.2.5");
  all.ask("b.test", {4}, "192.0.2.2", 60);
}

void forgets(void**) {
  Shared all;
  all.ask(kHost, {0}, "192.0.2.1", 60);
  all.resolver.forget();
  all.ask(kHost, {0}, "192.0.2.2", 60);
}

void a_failure_is_remembered_for_a_second(void**) {
  Shared all;
  Asker asker(all.resolver);
  asker.begin(kHost);
  all.server.answer_code(3);
  asker.assert_failed(asker.finish(), "api.example.com: no such name");
  Asker other(all.resolver);
  other.now = asker.now + 999;
  other.assert_failed(other.start(kHost), "api.example.com: no such name");
  all.ask(kHost, asker.now + 1000, "192.0.2.1", 60);
}

/// Two hundred look-ups of one host: the first asks, the others wait.
struct Crowd {
  Crowd() {
    for (int i = 0; i < 200; i++) {
      all.push_back(new Asker(shared.resolver));
      all.back()->begin(kHost);
    }
    assert_true(all[0]->lookup.interest().handle >= 0);
    assert_waiting(1);
  }
  ~Crowd() {
    for (Asker* asker : all) delete asker;
  }
  void assert_waiting(size_t from) {
    for (size_t i = from; i < all.size(); i++) {
      assert_int_equal(all[i]->lookup.interest().handle, -1);
      assert_int_equal(all[i]->lookup.next_deadline() - all[i]->now, 20);
    }
  }

  Shared shared;
  std::vector<Asker*> all;
};

void look_ups_of_one_host_ask_once(void**) {
  Crowd crowd;
  for (size_t i = 1; i < 200; i++) assert_status(crowd.all[i]->pass(), Status::kPending);
  crowd.assert_waiting(1);
  crowd.shared.server.answer({"2001:db8::1"}, {"192.0.2.1"});
  crowd.all[0]->assert_found(crowd.all[0]->finish(), "2001:db8::1 192.0.2.1");
  for (size_t i = 1; i < 200; i++) crowd.all[i]->assert_found(crowd.all[i]->pass(), "2001:db8::1 192.0.2.1");
  assert_int_equal(crowd.shared.server.questions_seen, 2);
  assert_false(crowd.shared.server.was_asked());
}

void an_answer_without_life_is_shared_by_those_who_waited(void**) {
  Crowd crowd;
  crowd.shared.server.answer({}, {"192.0.2.1"}, 0);
  crowd.all[0]->assert_found(crowd.all[0]->finish(), "192.0.2.1");
  for (size_t i = 1; i < 200; i++) crowd.all[i]->assert_found(crowd.all[i]->pass(), "192.0.2.1");
  assert_false(crowd.shared.server.was_asked());
  crowd.shared.ask(kHost, {1020}, "192.0.2.2", 60);
}

void a_failure_is_shared(void**) {
  Crowd crowd;
  crowd.shared.server.answer_code(3);
  crowd.all[0]->assert_failed(crowd.all[0]->finish(), "api.example.com: no such name");
  for (size_t i = 1; i < 200; i++) crowd.all[i]->assert_failed(crowd.all[i]->pass(), "api.example.com: no such name");
  assert_false(crowd.shared.server.was_asked());
}

void another_takes_over_when_the_first_stops(void**) {
  Crowd crowd;
  crowd.shared.server.next();
  crowd.shared.server.next();
  crowd.all[0]->lookup.stop();
  assert_status(crowd.all[7]->pass(), Status::kPending);
  assert_true(crowd.all[7]->lookup.interest().handle >= 0);
  for (size_t i = 8; i < 200; i++) assert_status(crowd.all[i]->pass(), Status::kPending);
  crowd.assert_waiting(8);
  delete crowd.all[7];
  crowd.all.erase(crowd.all.begin() + 7);
  crowd.shared.server.next();
  crowd.shared.server.next();
  assert_status(crowd.all[100]->pass(), Status::kPending);
  crowd.shared.server.answer({}, {"192.0.2.1"});
  crowd.all[100]->assert_found(crowd.all[100]->finish(), "192.0.2.1");
  crowd.all[1]->assert_found(crowd.all[1]->pass(), "192.0.2.1");
  assert_int_equal(crowd.shared.server.questions_seen, 6);
}

void one_that_waits_may_stop(void**) {
  Crowd crowd;
  crowd.all[1]->lookup.stop();
  crowd.shared.server.answer({}, {"192.0.2.1"});
  crowd.all[0]->assert_found(crowd.all[0]->finish(), "192.0.2.1");
  crowd.all[2]->assert_found(crowd.all[2]->pass(), "192.0.2.1");
}

void those_who_come_late_ask_themselves(void**) {
  Crowd crowd;
  crowd.shared.server.answer({}, {"192.0.2.1"}, 1);
  crowd.all[0]->assert_found(crowd.all[0]->finish(), "192.0.2.1");
  crowd.all[1]->now = {600000};
  assert_status(crowd.all[1]->lookup.advance(crowd.all[1]->now), Status::kPending);
  crowd.shared.server.answer({}, {"192.0.2.2"});
  crowd.all[1]->assert_found(crowd.all[1]->finish(), "192.0.2.2");
}

void more_hosts_than_entries_ask_each_for_themselves(void**) {
  Shared all;
  std::vector<Asker*> askers;
  for (int i = 0; i < 12; i++) {
    askers.push_back(new Asker(all.resolver));
    askers.back()->begin("host" + std::to_string(i % 6) + ".test");
  }
  // Four hosts are asked about once, two have no entry.
  for (int i = 0; i < 8; i++) all.server.answer({}, {"192.0.2.1"});
  assert_false(all.server.was_asked());
  for (Asker* asker : askers) {
    asker->assert_found(asker->lookup.interest().handle < 0 ? asker->pass() : asker->finish(), "192.0.2.1");
    delete asker;
  }
}

void forgetting_begins_anew_what_is_at_work(void**) {
  Crowd crowd;
  const Question old = crowd.shared.server.next(kTypeA);
  crowd.shared.server.next(kTypeAaaa);
  crowd.shared.resolver.forget();
  crowd.shared.server.send(old, Reply(old).address("192.0.2.66"));
  assert_status(crowd.all[0]->go_on(), Status::kPending);
  crowd.shared.server.answer({}, {"192.0.2.1"});
  crowd.all[0]->assert_found(crowd.all[0]->finish(), "192.0.2.1");
  // It had lost its entry: the next one asks for the others.
  assert_status(crowd.all[1]->pass(), Status::kPending);
  crowd.shared.server.answer({}, {"192.0.2.2"});
  crowd.all[1]->assert_found(crowd.all[1]->finish(), "192.0.2.2");
  crowd.all[2]->assert_found(crowd.all[2]->pass(), "192.0.2.2");
}

void no_network_at_boot(void**) {
  NameServer server("127.0.0.2");
  World world(server.port, "");
  Resolver resolver(world.platform, world.options);
  Asker first(resolver);
  // There is no file: 127.0.0.1 is asked, where nobody listens.
  Status status = first.start(kHost);
  if (status == Status::kPending) status = first.finish();
  first.assert_failed(status,
                      "api.example.com: no name server answered (127.0.0.1: " + error_words(ECONNREFUSED) + ")");
  World::write(world.conf_path, "nameserver 127.0.0.2\n");
  Asker second(resolver);
  second.now = first.now + 1000;
  second.begin(kHost);
  server.answer({}, {"192.0.2.1"});
  second.assert_found(second.finish(), "192.0.2.1");
}

void settings_that_change_begin_anew_what_is_at_work(void**) {
  NameServer first;
  NameServer second("127.0.0.2", first.port);
  World world(first.port, "nameserver 127.0.0.1\n");
  Resolver resolver(world.platform, world.options);
  Asker asker(resolver);
  asker.begin("one.test");
  first.next();
  first.next();
  World::write(world.conf_path, "nameserver 127.0.0.2\nsearch example\n");
  Asker other(resolver);
  other.begin("two.test");
  second.answer({}, {"192.0.2.2"});
  other.assert_found(other.finish(), "192.0.2.2");
  assert_status(asker.lookup.advance(asker.now), Status::kPending);
  second.answer({}, {"192.0.2.1"});
  asker.assert_found(asker.finish(), "192.0.2.1");
  // A file that goes away leaves the default.
  unlink(world.conf_path.c_str());
  Asker third(resolver);
  third.begin("three.test");
  first.answer({}, {"192.0.2.3"});
  third.assert_found(third.finish(), "192.0.2.3");
}

/// Other words, of the same length, at the same time, in the same place.
void swap_words(const std::string& path, const std::string& words) {
  struct stat before {};
  assert_int_equal(stat(path.c_str(), &before), 0);
  assert_int_equal(before.st_size, words.size());
  World::write(path, words);
  const timespec times[] = {before.st_atim, before.st_mtim};
  assert_int_equal(utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
}

void a_file_is_read_as_it_is_by_now(void**) {
  NameServer first;
  NameServer second("127.0.0.2", first.port);
  const auto asked = [&](Resolver& resolver, const char* host) {
    Asker asker(resolver);
    asker.begin(host);
    return first.was_asked() ? (first.answer({}, {}), 1) : (second.answer({}, {}), 2);
  };
  World world(first.port, "nameserver 127.0.0.1\n");
  Resolver resolver(world.platform, world.options);
  assert_int_equal(asked(resolver, "a.test"), 1);
  swap_words(world.conf_path, "nameserver 127.0.0.2\n");
  assert_int_equal(asked(resolver, "b.test"), 2);
}

void a_file_is_read_again_until_its_interfaces_are_there(void**) {
  NameServer first;
  NameServer second("127.0.0.2", first.port);
  World world(first.port, "nameserver fe80::1%nope\n");
  Resolver resolver(world.platform, world.options);
  Asker before(resolver);
  before.begin("a.test");
  assert_true(first.was_asked());
  swap_words(world.conf_path, "nameserver 127.0.0.2  \n\n");
  Asker after(resolver);
  after.begin("b.test");
  assert_true(second.was_asked());
  second.next();
  second.next();
  // What is at work begins anew, with the server that is known now.
  assert_status(before.lookup.advance(before.now), Status::kPending);
  second.answer({}, {"192.0.2.1"});
  before.assert_found(before.finish(), "192.0.2.1");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      CASE(addresses_live_as_long_as_they_say),
      CASE(the_smallest_life_counts),
      CASE(the_family_with_the_smaller_life_counts),
      CASE(an_alias_may_live_shorter_than_its_address),
      CASE(a_life_of_zero_is_not_kept),
      CASE(a_life_has_a_limit),
      CASE(the_least_recently_used_gives_way),
      CASE(forgets),
      CASE(a_failure_is_remembered_for_a_second),
      CASE(look_ups_of_one_host_ask_once),
      CASE(an_answer_without_life_is_shared_by_those_who_waited),
      CASE(a_failure_is_shared),
      CASE(another_takes_over_when_the_first_stops),
      CASE(one_that_waits_may_stop),
      CASE(those_who_come_late_ask_themselves),
      CASE(more_hosts_than_entries_ask_each_for_themselves),
      CASE(forgetting_begins_anew_what_is_at_work),
      CASE(no_network_at_boot),
      CASE(settings_that_change_begin_anew_what_is_at_work),
      CASE(a_file_is_read_as_it_is_by_now),
      CASE(a_file_is_read_again_until_its_interfaces_are_there),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
