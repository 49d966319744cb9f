// The resolver: what it asks name servers, and what it takes for an answer.
// Covers C34: one family alone, names that do not exist.
#include "port_posix_resolver.h"

using namespace tinyaws;
using namespace test;

namespace {

constexpr char kHost[] = "api.example.com";

void asks_for_both_families_at_once(void**) {
  NameServer server;
  World world(server.port);
  Asker asker(world);
  asker.begin(kHost);
  assert_says(asker.lookup.describe(), kHost);
  const Question one = server.next();
  const Question two = server.next();
  assert_string_equal(one.name.c_str(), kHost);
  assert_string_equal(two.name.c_str(), kHost);
  assert_int_equal(one.type + two.type, kTypeA + kTypeAaaa);
  assert_int_equal(one.from.sin_port, two.from.sin_port);
  // Recursion desired, and nothing else: RFC 1035 section 4.1.1.
  assert_memory_equal(one.message.data() + 2, "\1\0\0\1\0\0\0\0\0\0", 10);
  server.send(one, Reply(one).address(one.type == kTypeA ? "192.0.2.1" : "2001:db8::1"));
  assert_status(asker.go_on(), Status::kPending);
  server.send(two, Reply(two).address(two.type == kTypeA ? "192.0.2.1" : "2001:db8::1"));
  asker.assert_found(asker.go_on(), "2001:db8::1 192.0.2.1");
  assert_int_equal(asker.lookup.found(), 2);
  assert_status(asker.lookup.advance(asker.now), Status::kOk);
}

void alternates_families(void**) {
  NameServer server;
  World world(server.port);
  Asker asker(world);
  asker.begin(kHost);
  server.answer({"2001:db8::1", "2001:db8::2"}, {"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"});
  asker.assert_found(asker.finish(), "2001:db8::1 192.0.2.1 2001:db8::2 192.0.2.2 192.0.2.3 192.0.2.4");
}

void keeps_half_of_the_room_for_each_family(void**) {
  NameServer server;
  World world(server.port);
  const std::vector<const char*> v6 = {"fc00::1", "fc00::2", "fc00::3", "fc00::4", "fc00::5",
                                       "fc00::6", "fc00::7", "fc00::8", "fc00::9"};
  const std::vector<const char*> v4 = {"1.0.0.1", "1.0.0.2", "1.0.0.3", "1.0.0.4", "1.0.0.5"};
  Asker asker(world);
  asker.begin(kHost);
  server.answer(v6, v4);
  asker.assert_found(asker.finish(), "fc00::1 1.0.0.1 fc00::2 1.0.0.2 fc00::3 1.0.0.3 fc00::4 1.0.0.4");
  assert_int_equal(asker.lookup.found(), 14);
  Asker other(world);
  other.begin(kHost);
  server.answer(v6, {"1.0.0.1"});
  assert_status(other.finish(), Status::kOk);
  assert_int_equal(other.lookup.addresses().size(), 8);
  assert_string_equal(join(other.lookup.addresses().first(3)).c_str(), "fc00::1 1.0.0.1 fc00::2");
  assert_int_equal(other.lookup.found(), 10);
}

void counts_an_address_once(void**) {
  NameServer server;
  World world(server.port);
  Asker asker(world);
  asker.begin(kHost);
  server.answer({}, {"192.0.2.1", "192.0.2.1", "192.0.2.2"});
  asker.assert_found(asker.finish(), "192.0.2.1 192.0.2.2");
  assert_int_equal(asker.lookup.found(), 2);
}

void takes_one_family_alone(void**) {
  NameServer server;
  World world(server.port);
  Asker v6(world);
  v6.begin(kHost);
  server.answer({"2001:db8::1"}, {});
  v6.assert_found(v6.finish(), "2001:db8::1");
  Asker v4(world);
  v4.begin(kHost);
  server.answer({}, {"192.0.2.1"});
  v4.assert_found(v4.finish(), "192.0.2.1");
}

void waits_a_little_for_the_other_family(void**) {
  NameServer server;
  World world(server.port);
  for (const uint16_t type : {kTypeA, kTypeAaaa}) {
    const char* ip = type == kTypeA ? "192.0.2.1" : "2001:db8::1";
    Asker asker(world);
    asker.begin(kHost);
    const Question known = server.next(type);
    server.next(type == kTypeA ? kTypeAaaa : kTypeA);
    server.send(known, Reply(known).address(ip));
    assert_status(asker.go_on(), Status::kPending);
    assert_int_equal(asker.lookup.next_deadline() - asker.now, 50);
    asker.now = asker.now + 49;
    assert_status(asker.lookup.advance(asker.now), Status::kPending);
    asker.assert_found(asker.pass(), ip);
  }
}

void takes_the_other_family_when_it_comes_in_time(void**) {
  NameServer server;
  World world(server.port);
  Asker asker(world);
  asker.begin(kHost);
  const Question a = server.next(kTypeA);
  const Question aaaa = server.next(kTypeAaaa);
  server.send(a, Reply(a).address("192.0.2.1"));
  assert_status(asker.go_on(), Status::kPending);
  server.send(aaaa, Reply(aaaa).address("2001:db8::1"));
  becomes_readable(asker.lookup.interest().handle, kPatienceMs);
  // A call that comes much too late hears what has arrived before it looks at the clock.
  asker.now = asker.now + 600000;
  asker.assert_found(asker.lookup.advance(asker.now), "2001:db8::1 192.0.2.1");
}

void says_that_a_name_does_not_exist(void**) {
  NameServer server;
  World world(server.port);
  Asker asker(world);
  asker.begin(kHost);
  server.answer_code(3);
  asker.assert_failed(asker.finish(), "api.example.com: no such name");
  assert_status(asker.lookup.advance(asker.now), Status::kResolveFailed);
}

void one_family_without_a_name_is_enough(void**) {
  NameServer server;
  World world(server.port);
  Asker asker(world);
  asker.begin(kHost);
  const Question a = server.next(kTypeA);
  server.next(kTypeAaaa);
  server.send(a, Reply(a).code(3));
  assert_status(asker.go_on(), Status::kPending);
  asker.assert_failed(asker.pass(), "api.example.com: no such name");
}

// RFC 4074 section 4.2: servers that deny a name because they do not know AAAA.
void addresses_count_more_than_a_denial(void**) {
  NameServer server;
  World world(server.port);
  Asker asker(world);
  asker.begin(kHost);
  const Question aaaa = server.next(kTypeAaaa);
  const Question a = server.next(kTypeA);
  server.send(aaaa, Reply(aaaa).code(3));
  assert_status(asker.go_on(), Status::kPending);
  server.send(a, Reply(a).address("192.0.2.1"));
  asker.assert_found(asker.go_on(), "192.0.2.1");
}

void says_that_there_is_no_address(void**) {
  NameServer server;
  World world(server.port);
  Asker asker(world);
  asker.begin(kHost);
  server.answer({}, {});
  asker.assert_failed(asker.finish(), "api.example.com: no address");
}

void ids_and_ports_differ(void**) {
  NameServer server;
  World world(server.port, "nameserver 127.0.0.1\noptions timeout:1 attempts:5\n");
  std::vector<uint16_t> ids;
  std::vector<uint16_t> ports;
  for (int round = 0; round < 4; round++) {
    Asker asker(world);
    asker.begin(kHost);
    for (int attempt = 0; attempt < 5; attempt++) {
      for (int i = 0; i < 2; i++) {
        const Question question = server.next();
        ids.push_back(question.id);
        ports.push_back(question.from.sin_port);
      }
      assert_status(asker.pass(), attempt < 4 ? Status::kPending : Status::kResolveFailed);
    }
  }
  const auto distinct = [](std::vector<uint16_t> numbers) {
    size_t count = 0;
    for (size_t i = 0; i < numbers.size(); i++) {
      bool before = false;
      for (size_t j = 0; j < i; j++) before = before || numbers[j] == numbers[i];
      count += !before;
    }
    return count;
  };
  assert_true(distinct(ids) > 30);
  assert_true(distinct(ports) > 12);
}

void needs_random_numbers(void**) {
  NameServer server;
  World world(server.port);
  world.platform.fails = true;
  Asker asker(world);
  asker.assert_failed(asker.start(kHost), "api.example.com: no random numbers");
  assert_false(server.was_asked());
}

void says_when_there_are_no_descriptors(void**) {
  NameServer server;
  World world(server.port);
  Asker asker(world);
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const rlimit none{0, before.rlim_max};
  setrlimit(RLIMIT_NOFILE, &none);
  const Status status = asker.start(kHost);
  setrlimit(RLIMIT_NOFILE, &before);
  asker.assert_failed(status, "api.example.com: " + error_words(EMFILE));
}

void sockets_are_closed_on_exec_and_watched(void**) {
  NameServer server;
  World world(server.port);
  Resolver resolver(world.platform, world.options);
  posix::Poller poller;
  assert_status(poller.open(), Status::kOk);
  Asker asker(resolver, &poller);
  asker.begin(kHost);
  const int handle = asker.lookup.interest().handle;
  assert_true(fcntl(handle, F_GETFD) & FD_CLOEXEC);
  assert_true(fcntl(handle, F_GETFL) & O_NONBLOCK);
  int handles[4];
  // A UDP socket can be written to at once: told, and never again.
  (void)poller.wait(handles, {0});
  server.answer({}, {"192.0.2.1"});
  assert_true(becomes_readable(poller.descriptor(), kPatienceMs));
  const Span<const int> told = poller.wait(handles, {0});
  assert_int_equal(told.size(), 1);
  assert_int_equal(told[0], handle);
  Status status = asker.lookup.advance(asker.now);
  if (status == Status::kPending) status = asker.go_on();
  asker.assert_found(status, "192.0.2.1");
}

void starts_anew_at_any_time(void**) {
  NameServer server;
  World world(server.port);
  const int without_sockets = count_descriptors();
  Asker asker(world);
  asker.begin("one.example.com");
  server.next();
  server.next();
  asker.begin("two.example.com");
  server.answer({}, {"192.0.2.2"});
  asker.assert_found(asker.finish(), "192.0.2.2");
  asker.begin("three.example.com");
  assert_true(asker.lookup.addresses().empty());
  asker.lookup.stop();
  assert_says(asker.lookup.describe(), "three.example.com");
  assert_int_equal(count_descriptors(), without_sockets);
}

void refuses_what_is_no_host(void**) {
  NameServer server;
  World world(server.port);
  Asker asker(world);
  assert_status(asker.lookup.start(""), Status::kInvalidArgument);
  assert_status(asker.lookup.start(Str("a\0b", 3)), Status::kInvalidArgument);
  assert_status(asker.lookup.start(std::string(kMaxHostBytes + 1, 'a')), Status::kInvalidArgument);
  for (const std::string& host :
       {std::string("a b"), std::string("a\\.b"), std::string("."), std::string("a..b"), std::string(".a"),
        std::string(".localhost"), std::string(64, 'a') + ".b", std::string("a.") + std::string(64, 'b'),
        std::string("1:2"), std::string("caf\xc3\xa9"), std::string("a/b"), std::string("..")}) {
    asker.assert_failed(asker.start(host), host + ": not a host name");
  }
  assert_false(server.was_asked());
  asker.begin(std::string(63, 'a') + "._b-1.example.");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      CASE(asks_for_both_families_at_once),
      CASE(alternates_families),
      CASE(keeps_half_of_the_room_for_each_family),
      CASE(counts_an_address_once),
      CASE(takes_one_family_alone),
      CASE(waits_a_little_for_the_other_family),
      CASE(takes_the_other_family_when_it_comes_in_time),
      CASE(says_that_a_name_does_not_exist),
      CASE(one_family_without_a_name_is_enough),
      CASE(addresses_count_more_than_a_denial),
      CASE(says_that_there_is_no_address),
      CASE(ids_and_ports_differ),
      CASE(needs_random_numbers),
      CASE(says_when_there_are_no_descriptors),
      CASE(sockets_are_closed_on_exec_and_watched),
      CASE(starts_anew_at_any_time),
      CASE(refuses_what_is_no_host),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
