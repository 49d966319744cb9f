// The resolver and name servers that are dead, silent, slow, that fail, or that lie.
// Covers C34: servers that are dead, silent or lie.
#include "port_posix_resolver.h"

using namespace tinyaws;
using namespace test;

namespace {

constexpr char kHost[] = "api.example.com";
constexpr char kTwoServers[] = "nameserver 127.0.0.1\nnameserver 127.0.0.2\n";
constexpr char kOneRound[] = "nameserver 127.0.0.1\nnameserver 127.0.0.2\noptions attempts:1\n";

void a_dead_server_gives_way_at_once(void**) {
  NameServer first;
  NameServer second("127.0.0.2", first.port);
  World world(first.port, kTwoServers);
  first.die();
  Asker asker(world);
  Status status = asker.start(kHost);
  if (!second.was_asked()) status = asker.go_on();
  assert_status(status, Status::kPending);
  second.answer({}, {"192.0.2.1"});
  asker.assert_found(asker.finish(), "192.0.2.1");
  assert_int_equal(asker.now.ms, 1000);
}

void all_servers_dead(void**) {
  NameServer first;
  NameServer second("127.0.0.2", first.port);
  World world(first.port, kTwoServers);
  first.die();
  second.die();
  Asker asker(world);
  Status status = asker.start(kHost);
  if (status == Status::kPending) status = asker.finish();
  asker.assert_failed(
      status, "api.example.com: no name server answered (127.0.0.1, 127.0.0.2: " + error_words(ECONNREFUSED) + ")");
  assert_int_equal(asker.now.ms, 1000);
}

void a_silent_server_gives_way_in_time(void**) {
  NameServer first;
  NameServer second("127.0.0.2", first.port);
  World world(first.port, kTwoServers);
  Asker asker(world);
  asker.begin(kHost);
  assert_int_equal(asker.lookup.next_deadline() - asker.now, 5000);
  asker.now = asker.now + 4999;
  assert_status(asker.lookup.advance(asker.now), Status::kPending);
  assert_false(second.was_asked());
  assert_status(asker.pass(), Status::kPending);
  second.answer({}, {"192.0.2.1"});
  asker.assert_found(asker.finish(), "192.0.2.1");
}

void all_servers_silent(void**) {
  NameServer first;
  NameServer second("127.0.0.2", first.port);
  World world(first.port, std::string(kTwoServers) + "options timeout:3 attempts:3\n");
  Asker asker(world);
  asker.begin(kHost);
  const int64_t waits[] = {3000, 3000, 3000, 3000, 6000, 6000};
  for (int i = 0; i < 6; i++) {
    NameServer& asked = i % 2 == 0 ? first : second;
    asked.next();
    asked.next();
    assert_int_equal(asker.lookup.next_deadline() - asker.now, waits[i]);
    if (i < 5) assert_status(asker.pass(), Status::kPending);
  }
  asker.assert_failed(asker.pass(), "api.example.com: no name server answered (127.0.0.1, 127.0.0.2)");
  assert_false(first.was_asked());
  assert_false(second.was_asked());
}

void a_call_that_comes_late_asks_one_server_after_the_other(void**) {
  NameServer first;
  NameServer second("127.0.0.2", first.port);
  World world(first.port, kTwoServers);
  Asker asker(world);
  asker.begin(kHost);
  asker.now = asker.now + 3600000;
  assert_status(asker.lookup.advance(asker.now), Status::kPending);
  assert_true(second.was_asked());
  assert_int_equal(asker.lookup.next_deadline() - asker.now, 5000);
}

void a_slow_server_is_heard(void**) {
  NameServer server;
  World world(server.port);
  Asker asker(world);
  asker.begin(kHost);
  asker.now = asker.now + 4900;
  assert_status(asker.lookup.advance(asker.now), Status::kPending);
  server.answer({}, {"192.0.2.1"});
  asker.assert_found(asker.finish(), "192.0.2.1");
}

void an_answer_to_an_earlier_socket_is_not_heard(void**) {
  NameServer server;
  World world(server.port);
  Asker asker(world);
  asker.begin(kHost);
  const Question old = server.next(kTypeA);
  server.next(kTypeAaaa);
  assert_status(asker.pass(), Status::kPending);
  server.send(old, Reply(old).address("192.0.2.66"));
  server.answer({}, {"192.0.2.1"});
  asker.assert_found(asker.finish(), "192.0.2.1");
}

void servers_that_fail_give_way(void**) {
  const std::pair<unsigned, const char*> codes[] = {
      {1, "format error"}, {2, "server failure"}, {4, "not implemented"}, {5, "refused"}, {9, "error 9"}};
  for (const auto& code : codes) {
    NameServer first;
    NameServer second("127.0.0.2", first.port);
    World world(first.port, kOneRound);
    Asker asker(world);
    asker.begin(kHost);
    first.answer_code(code.first);
    while (!second.was_asked()) assert_status(asker.go_on(), Status::kPending);
    second.answer_code(code.first);
    asker.assert_failed(asker.finish(), std::string(kHost) + ": no name server could answer (127.0.0.1, 127.0.0.2: " +
                                            code.second + ")");
    Asker again(world);
    again.begin(kHost);
    first.answer_code(code.first);
    while (!second.was_asked()) assert_status(again.go_on(), Status::kPending);
    second.answer({"2001:db8::1"}, {"192.0.2.1"});
    again.assert_found(again.finish(), "2001:db8::1 192.0.2.1");
  }
}

void uses_one_family_when_the_other_fails(void**) {
  NameServer server;
  World world(server.port);
  for (const bool failure_first : {true, false}) {
    Asker asker(world);
    asker.begin(kHost);
    const Question aaaa = server.next(kTypeAaaa);
    const Question a = server.next(kTypeA);
    if (failure_first) server.send(aaaa, Reply(aaaa).code(2));
    server.send(a, Reply(a).address("192.0.2.1"));
    if (!failure_first) server.send(aaaa, Reply(aaaa).code(2));
    asker.assert_found(asker.finish(), "192.0.2.1");
    assert_false(server.was_asked());
  }
}

void asks_the_next_server_only_for_what_is_missing(void**) {
  NameServer first;
  NameServer second("127.0.0.2", first.port);
  World world(first.port, kTwoServers);
  Asker asker(world);
  asker.begin(kHost);
  const Question a = first.next(kTypeA);
  const Question aaaa = first.next(kTypeAaaa);
  first.send(a, Reply(a));
  first.send(aaaa, Reply(aaaa).code(2));
  while (!second.was_asked()) assert_status(asker.go_on(), Status::kPending);
  const Question again = second.next();
  assert_int_equal(again.type, kTypeAaaa);
  assert_false(second.was_asked());
  second.send(again, Reply(again).address("2001:db8::1"));
  asker.assert_found(asker.go_on(), "2001:db8::1");
}

void does_not_call_a_name_empty_that_it_knows_half_of(void**) {
  NameServer server;
  World world(server.port, "nameserver 127.0.0.1\noptions attempts:1\n");
  Asker asker(world);
  asker.begin(kHost);
  const Question a = server.next(kTypeA);
  server.next(kTypeAaaa);
  server.send(a, Reply(a));
  assert_status(asker.go_on(), Status::kPending);
  asker.assert_failed(asker.pass(), "api.example.com: no name server answered (127.0.0.1)");
}

// What is no answer to the question; the true answer, which comes behind it, is heard.
void lies_are_not_heard(void**) {
  NameServer server;
  World world(server.port);
  const auto lie = [&](void (*spoil)(Reply&)) {
    Asker asker(world);
    asker.begin(kHost);
    const Question a = server.next(kTypeA);
    const Question aaaa = server.next(kTypeAaaa);
    Reply reply(a);
    reply.address("192.0.2.66");
    spoil(reply);
    server.send(a, reply);
    server.send(aaaa, Reply(aaaa));
    server.send(a, Reply(a).address("192.0.2.1"));
    asker.assert_found(asker.finish(), "192.0.2.1");
  };
  lie([](Reply& reply) { reply.id ^= 1; });
  lie([](Reply& reply) { reply.id ^= 0x8000; });
  lie([](Reply& reply) { reply.name = "api.example.org"; });
  lie([](Reply& reply) { reply.name = "api.example.com.example.com"; });
  lie([](Reply& reply) { reply.type = kTypeCname; });
  lie([](Reply& reply) { reply.question_class = 3; });
  lie([](Reply& reply) { reply.flags &= 0x7fff; });
  lie([](Reply& reply) { reply.flags |= 0x0800; });
  lie([](Reply& reply) { reply.questions = 0; });
  lie([](Reply& reply) { reply.questions = 2; });
  lie([](Reply& reply) { reply.count = 2; });
  lie([](Reply& reply) { reply.records += '\0'; });
  lie([](Reply& reply) { reply.records.pop_back(); });
  lie([](Reply& reply) { reply.id ^= 1, reply.code(3); });
  lie([](Reply& reply) { reply.id ^= 1, reply.flags |= 0x0200; });
}

void garbage_is_not_heard(void**) {
  NameServer server;
  World world(server.port);
  Asker asker(world);
  asker.begin(kHost);
  const Question a = server.next(kTypeA);
  const Question aaaa = server.next(kTypeAaaa);
  const std::string good = Reply(a).address("192.0.2.66").bytes();
  server.send(a, std::string());
  server.send(a, std::string(1, '\0'));
  server.send(a, std::string(12, '\0'));
  server.send(a, std::string(700, '\xff'));
  for (size_t size = 0; size < good.size(); size += 3) server.send(a, good.substr(0, size));
  server.send(aaaa, Reply(aaaa));
  server.send(a, Reply(a).address("192.0.2.1"));
  asker.assert_found(asker.finish(), "192.0.2.1");
}

void another_sender_is_not_heard(void**) {
  NameServer server;
  NameServer liar("127.0.0.3", server.port);
  World world(server.port);
  Asker asker(world);
  asker.begin(kHost);
  const Question a = server.next(kTypeA);
  const Question aaaa = server.next(kTypeAaaa);
  // Refused by the kernel: the socket hears its server only.
  sockaddr_in to = a.from;
  const std::string bytes = Reply(a).address("192.0.2.66").bytes();
  const int other = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sendto(other, bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr*>(&to), sizeof to);
  close(other);
  server.send(aaaa, Reply(aaaa));
  server.send(a, Reply(a).address("192.0.2.1"));
  asker.assert_found(asker.finish(), "192.0.2.1");
}

void a_server_that_talks_too_much_gives_way(void**) {
  NameServer first;
  NameServer second("127.0.0.2", first.port);
  World world(first.port, kOneRound);
  Asker asker(world);
  asker.begin(kHost);
  const Question a = first.next(kTypeA);
  Reply lie(a);
  lie.id ^= 1;
  for (int i = 0; i < 63; i++) first.send(a, lie);
  assert_status(asker.go_on(), Status::kPending);
  assert_false(second.was_asked());
  first.send(a, lie);
  assert_status(asker.go_on(), Status::kPending);
  assert_true(second.was_asked());
  const Question b = second.next();
  for (int i = 0; i < 64; i++) second.send(b, lie);
  asker.assert_failed(asker.finish(),
                      "api.example.com: no name server could answer (127.0.0.1, 127.0.0.2: too many messages that "
                      "are no answer)");
}

void names_are_compared_without_case(void**) {
  NameServer server;
  World world(server.port);
  Asker asker(world);
  asker.begin("API.Example.com");
  for (int i = 0; i < 2; i++) {
    Question question = server.next();
    assert_string_equal(question.name.c_str(), "API.Example.com");
    question.name = "aPI.example.COM";
    Reply reply(question);
    if (question.type == kTypeA) reply.address("192.0.2.1", 60, "api.EXAMPLE.com");
    server.send(question, reply);
  }
  asker.assert_found(asker.finish(), "192.0.2.1");
}

void servers_take_turns_with_rotate(void**) {
  for (const bool rotate : {false, true}) {
    NameServer first;
    NameServer second("127.0.0.2", first.port);
    World world(first.port, std::string(kTwoServers) + (rotate ? "options rotate\n" : ""));
    Resolver resolver(world.platform, world.options);
    size_t by_second = 0;
    for (int i = 0; i < 4; i++) {
      Asker asker(resolver);
      asker.begin("host" + std::to_string(i) + ".example.com");
      NameServer& asked = second.was_asked() ? second : first;
      by_second += &asked == &second;
      asked.answer({}, {"192.0.2.1"});
      asker.assert_found(asker.finish(), "192.0.2.1");
    }
    assert_int_equal(by_second, rotate ? 2 : 0);
  }
}

void servers_may_have_ipv6_addresses(void**) {
  World world(1, "nameserver ::1\noptions attempts:1\n");
  Asker asker(world);
  Status status = asker.start(kHost);
  if (status == Status::kPending) status = asker.finish();
  assert_status(status, Status::kResolveFailed);
  assert_int_equal(text(asker.lookup.describe()).find("api.example.com: no name server answered (::1: "), 0);
}

void a_server_may_be_out_of_reach(void**) {
  World world(1, "nameserver 255.255.255.255\noptions attempts:1\n");
  Asker asker(world);
  assert_status(asker.start(kHost), Status::kResolveFailed);
  // In the words of connect, not of what comes after it.
  const std::string words = text(asker.lookup.describe());
  assert_true(words.find(strerror(EACCES)) != std::string::npos ||
              words.find(strerror(ENETUNREACH)) != std::string::npos);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      CASE(a_dead_server_gives_way_at_once),
      CASE(all_servers_dead),
      CASE(a_silent_server_gives_way_in_time),
      CASE(all_servers_silent),
      CASE(a_call_that_comes_late_asks_one_server_after_the_other),
      CASE(a_slow_server_is_heard),
      CASE(an_answer_to_an_earlier_socket_is_not_heard),
      CASE(servers_that_fail_give_way),
      CASE(uses_one_family_when_the_other_fails),
      CASE(asks_the_next_server_only_for_what_is_missing),
      CASE(does_not_call_a_name_empty_that_it_knows_half_of),
      CASE(lies_are_not_heard),
      CASE(garbage_is_not_heard),
      CASE(another_sender_is_not_heard),
      CASE(a_server_that_talks_too_much_gives_way),
      CASE(names_are_compared_without_case),
      CASE(servers_take_turns_with_rotate),
      CASE(servers_may_have_ipv6_addresses),
      CASE(a_server_may_be_out_of_reach),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
