// The resolver and answers that are too long for a datagram.
// Covers C34: answers that are cut.
#include "port_posix_resolver.h"

using namespace tinyaws;
using namespace test;

namespace {

constexpr char kHost[] = "api.example.com";
constexpr char kOneRound[] = "nameserver 127.0.0.1\noptions attempts:1\n";

Reply cut(const Question& to) {
  Reply reply(to);
  reply.flags |= 0x0200;
  return reply;
}

std::string framed(const std::string& message) {
  return number_16(message.size()) + message;
}

std::string framed(const Reply& reply) {
  return framed(reply.bytes());
}

/// Up to the question over TCP, for A; there is no AAAA.
struct Conversation {
  explicit Conversation(const std::string& conf = kOneRound) : world(server.port, conf), asker(world) {
    server.listen_tcp();
    asker.begin(kHost);
    const Question aaaa = server.next(kTypeAaaa);
    const Question a = server.next(kTypeA);
    server.send(aaaa, Reply(aaaa));
    server.send(a, cut(a));
    while (asker.lookup.interest().read) assert_status(asker.go_on(), Status::kPending);
    assert_true(asker.lookup.interest().write);
    server.accept_tcp();
    assert_status(asker.go_on(), Status::kPending);
    question = server.next_tcp();
    assert_int_equal(question.type, kTypeA);
    assert_string_equal(question.name.c_str(), kHost);
  }

  NameServer server;
  World world;
  Asker asker;
  Question question;
};

void a_cut_answer_is_asked_for_over_tcp(void**) {
  Conversation talk;
  assert_true(fcntl(talk.asker.lookup.interest().handle, F_GETFD) & FD_CLOEXEC);
  assert_true(fcntl(talk.asker.lookup.interest().handle, F_GETFL) & O_NONBLOCK);
  talk.server.send_tcp(framed(Reply(talk.question).address("192.0.2.1")));
  talk.asker.assert_found(talk.asker.finish(), "192.0.2.1");
}

void a_cut_answer_may_end_inside_a_record(void**) {
  NameServer server;
  World world(server.port);
  server.listen_tcp();
  Asker asker(world);
  asker.begin(kHost);
  const Question a = server.next(kTypeA);
  const Question aaaa = server.next(kTypeAaaa);
  Reply reply = cut(a);
  reply.address("192.0.2.66");
  const std::string bytes = reply.bytes();
  server.send(aaaa, Reply(aaaa));
  server.send(a, bytes.substr(0, bytes.size() - 7));
  while (asker.lookup.interest().read) assert_status(asker.go_on(), Status::kPending);
  server.accept_tcp();
  assert_status(asker.go_on(), Status::kPending);
  server.send_tcp(framed(Reply(server.next_tcp()).address("192.0.2.1")));
  asker.assert_found(asker.finish(), "192.0.2.1");
}

void both_answers_may_be_cut(void**) {
  NameServer server;
  World world(server.port);
  server.listen_tcp();
  Asker asker(world);
  asker.begin(kHost);
  for (int i = 0; i < 2; i++) {
    const Question question = server.next();
    server.send(question, cut(question));
  }
  while (asker.lookup.interest().read) assert_status(asker.go_on(), Status::kPending);
  for (int i = 0; i < 2; i++) {
    server.accept_tcp();
    assert_status(asker.go_on(), Status::kPending);
    const Question question = server.next_tcp();
    server.send_tcp(framed(Reply(question).address(question.type == kTypeA ? "192.0.2.1" : "2001:db8::1")));
    if (i == 0) assert_status(asker.go_on(), Status::kPending);
  }
  asker.assert_found(asker.finish(), "2001:db8::1 192.0.2.1");
}

void a_cut_answer_does_not_wait_long_for_the_other(void**) {
  NameServer server;
  World world(server.port);
  server.listen_tcp();
  Asker asker(world);
  asker.begin(kHost);
  const Question a = server.next(kTypeA);
  server.next(kTypeAaaa);
  server.send(a, cut(a));
  assert_status(asker.go_on(), Status::kPending);
  assert_int_equal(asker.lookup.next_deadline() - asker.now, 50);
  assert_status(asker.pass(), Status::kPending);
  // Both are asked for over TCP now, AAAA first.
  server.accept_tcp();
  assert_status(asker.go_on(), Status::kPending);
  const Question first = server.next_tcp();
  assert_int_equal(first.type, kTypeAaaa);
  server.send_tcp(framed(Reply(first).address("2001:db8::1")));
  assert_status(asker.go_on(), Status::kPending);
  server.accept_tcp();
  assert_status(asker.go_on(), Status::kPending);
  server.send_tcp(framed(Reply(server.next_tcp()).address("192.0.2.1")));
  asker.assert_found(asker.finish(), "2001:db8::1 192.0.2.1");
}

void an_address_waits_only_a_little_for_the_cut_one(void**) {
  NameServer server;
  World world(server.port);
  server.listen_tcp();
  Asker asker(world);
  asker.begin(kHost);
  const Question a = server.next(kTypeA);
  const Question aaaa = server.next(kTypeAaaa);
  server.send(a, Reply(a).address("192.0.2.1"));
  server.send(aaaa, cut(aaaa));
  while (asker.lookup.interest().read) assert_status(asker.go_on(), Status::kPending);
  assert_true(asker.lookup.next_deadline() - asker.now <= 50);
  asker.assert_found(asker.pass(), "192.0.2.1");
}

void an_answer_may_come_in_pieces(void**) {
  Conversation talk;
  const std::string bytes = framed(Reply(talk.question).address("192.0.2.1"));
  const int handle = talk.asker.lookup.interest().handle;
  size_t at = 0;
  for (const size_t end : {size_t{1}, size_t{2}, size_t{20}, bytes.size() - 1}) {
    talk.server.send_tcp(bytes.substr(at, end - at));
    at = end;
    becomes_readable(handle, 20);
    assert_status(talk.asker.lookup.advance(talk.asker.now), Status::kPending);
    // Nobody is woken for a part of it.
    assert_false(becomes_readable(handle, 0));
  }
  talk.server.send_tcp(bytes.substr(at));
  talk.asker.assert_found(talk.asker.finish(), "192.0.2.1");
}

void an_answer_has_a_longest_length(void**) {
  const auto long_reply = [](const Question& question, size_t size) {
    Reply reply(question);
    reply.address("192.0.2.1");
    const size_t data_size = size - reply.bytes().size() - Reply(question).add(kHost, 16, 0, "").records.size();
    return reply.add(kHost, 16, 0, std::string(data_size, 'x')).bytes();
  };
  {
    Conversation talk;
    const std::string bytes = long_reply(talk.question, 1232);
    assert_int_equal(bytes.size(), 1232);
    talk.server.send_tcp(framed(bytes));
    talk.asker.assert_found(talk.asker.finish(), "192.0.2.1");
  }
  {
    Conversation talk;
    talk.server.send_tcp(framed(long_reply(talk.question, 1233)));
    talk.asker.assert_failed(talk.asker.finish(),
                             "api.example.com: no name server could answer (127.0.0.1: the answer is too long)");
  }
  NameServer server;
  World world(server.port, kOneRound);
  for (const size_t size : {size_t{513}, size_t{1232}, size_t{1233}, size_t{4000}}) {
    Asker asker(world);
    asker.begin(kHost);
    const Question aaaa = server.next(kTypeAaaa);
    const Question a = server.next(kTypeA);
    server.send(aaaa, Reply(aaaa));
    server.send(a, long_reply(a, size));
    const Status status = asker.finish();
    if (size <= 1232) {
      asker.assert_found(status, "192.0.2.1");
    } else {
      asker.assert_failed(status, "api.example.com: no name server could answer (127.0.0.1: the answer is too long)");
    }
  }
}

void an_answer_may_end_early(void**) {
  const char kEarly[] = "api.example.com: no name server could answer (127.0.0.1: the answer ended early)";
  for (const size_t size : {size_t{0}, size_t{1}, size_t{2}, size_t{30}}) {
    Conversation talk;
    talk.server.send_tcp(framed(Reply(talk.question).address("192.0.2.1")).substr(0, size));
    talk.server.hang_up();
    talk.asker.assert_failed(talk.asker.finish(), kEarly);
  }
}

void an_answer_may_make_no_sense(void**) {
  const auto say = [](const std::string& bytes) {
    Conversation talk;
    talk.server.send_tcp(bytes);
    talk.asker.assert_failed(talk.asker.finish(),
                             "api.example.com: no name server could answer (127.0.0.1: the answer "
                             "makes no sense)");
  };
  say(number_16(0));
  say(number_16(0) + "more");
  say(framed(std::string(1, '\0')));
  say(framed(std::string(40, '\0')));
  Conversation talk;
  Reply reply(talk.question);
  reply.id ^= 1;
  talk.server.send_tcp(framed(reply));
  assert_status(talk.asker.finish(), Status::kResolveFailed);
  Conversation cut_again;
  cut_again.server.send_tcp(framed(cut(cut_again.question)));
  assert_status(cut_again.asker.finish(), Status::kResolveFailed);
}

void a_silent_server_is_waited_for_once_more(void**) {
  Conversation talk;
  assert_int_equal(talk.asker.lookup.next_deadline() - talk.asker.now, 5000);
  talk.asker.assert_failed(talk.asker.pass(), "api.example.com: no name server answered (127.0.0.1)");
}

void a_server_without_tcp_gives_way(void**) {
  NameServer first;
  NameServer second("127.0.0.2", first.port);
  World world(first.port, "nameserver 127.0.0.1\nnameserver 127.0.0.2\n");
  Asker asker(world);
  asker.begin(kHost);
  const Question aaaa = first.next(kTypeAaaa);
  const Question a = first.next(kTypeA);
  first.send(aaaa, Reply(aaaa));
  first.send(a, cut(a));
  while (!second.was_asked()) assert_status(asker.go_on(), Status::kPending);
  const Question again = second.next();
  assert_int_equal(again.type, kTypeA);
  second.send(again, Reply(again).address("192.0.2.1"));
  asker.assert_found(asker.finish(), "192.0.2.1");
}

void other_answers_over_tcp(void**) {
  Conversation none;
  none.server.send_tcp(framed(Reply(none.question)));
  none.asker.assert_failed(none.asker.finish(), "api.example.com: no address");
  Conversation no_name;
  no_name.server.send_tcp(framed(Reply(no_name.question).code(3)));
  no_name.asker.assert_failed(no_name.asker.finish(), "api.example.com: no such name");
  Conversation failure;
  failure.server.send_tcp(framed(Reply(failure.question).code(2)));
  failure.asker.assert_failed(failure.asker.finish(),
                              "api.example.com: no name server could answer (127.0.0.1: server failure)");
}

void stops_in_every_state(void**) {
  NameServer server;
  World world(server.port);
  server.listen_tcp();
  Asker asker(world);
  for (int steps = 0; steps < 6; steps++) {
    assert_status(asker.lookup.start(kHost), Status::kPending);
    Question a;
    if (steps > 0) {
      assert_status(asker.lookup.advance(asker.now), Status::kPending);
      const Question aaaa = server.next(kTypeAaaa);
      a = server.next(kTypeA);
      server.send(aaaa, Reply(aaaa));
    }
    if (steps > 1) assert_status(asker.go_on(), Status::kPending);
    if (steps > 2) {
      server.send(a, cut(a));
      assert_status(asker.go_on(), Status::kPending);
    }
    if (steps > 3) {
      server.accept_tcp();
      assert_status(asker.go_on(), Status::kPending);
    }
    if (steps > 4) {
      server.send_tcp(framed(Reply(server.next_tcp()).address("192.0.2.1")).substr(0, 10));
      assert_status(asker.go_on(), Status::kPending);
    }
    const int before = count_descriptors();
    const bool has_socket = asker.lookup.interest().handle >= 0;
    assert_true(has_socket == (steps > 0));
    asker.lookup.stop();
    assert_int_equal(count_descriptors(), before - has_socket);
    assert_int_equal(asker.lookup.interest().handle, -1);
    assert_true(asker.lookup.next_deadline() == kNever);
    if (steps == 3) server.accept_tcp();
    server.hang_up();
  }
}

void nothing_is_lost_with_edges(void**) {
  NameServer server;
  World world(server.port);
  server.listen_tcp();
  Resolver resolver(world.platform, world.options);
  posix::Poller poller;
  assert_status(poller.open(), Status::kOk);
  Asker asker(resolver, &poller);
  asker.begin(kHost);
  const auto go_on_when_told = [&] {
    int handles[4];
    for (;;) {
      assert_true(becomes_readable(poller.descriptor(), kPatienceMs));
      bool told = false;
      for (const int handle : poller.wait(handles, {0})) told = told || handle == asker.lookup.interest().handle;
      if (told) return asker.lookup.advance(asker.now);
    }
  };
  for (int i = 0; i < 2; i++) {
    const Question question = server.next();
    server.send(question, question.type == kTypeA ? cut(question) : Reply(question));
  }
  while (asker.lookup.interest().read) assert_status(go_on_when_told(), Status::kPending);
  server.accept_tcp();
  while (!asker.lookup.interest().read) assert_status(go_on_when_told(), Status::kPending);
  const std::string bytes = framed(Reply(server.next_tcp()).address("192.0.2.1"));
  server.send_tcp(bytes.substr(0, 5));
  becomes_readable(poller.descriptor(), 20);
  assert_status(asker.lookup.advance(asker.now), Status::kPending);
  server.send_tcp(bytes.substr(5));
  asker.assert_found(go_on_when_told(), "192.0.2.1");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      CASE(a_cut_answer_is_asked_for_over_tcp),
      CASE(a_cut_answer_may_end_inside_a_record),
      CASE(both_answers_may_be_cut),
      CASE(a_cut_answer_does_not_wait_long_for_the_other),
      CASE(an_address_waits_only_a_little_for_the_cut_one),
      CASE(an_answer_may_come_in_pieces),
      CASE(an_answer_has_a_longest_length),
      CASE(an_answer_may_end_early),
      CASE(an_answer_may_make_no_sense),
      CASE(a_silent_server_is_waited_for_once_more),
      CASE(a_server_without_tcp_gives_way),
      CASE(other_answers_over_tcp),
      CASE(stops_in_every_state),
      CASE(nothing_is_lost_with_edges),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
