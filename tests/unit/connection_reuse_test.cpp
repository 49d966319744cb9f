// What a connection keeps and reuses, and what it must not.
// Covers C20: kept connections that ended, died or spoke out of turn.
#include "connection_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

void a_kept_connection_serves_again(void**) {
  for (const int64_t idle : {int64_t{0}, int64_t{3999}}) {
    Slot slot;
    slot.transport.peers = {hello_peer()};
    check_hello(slot, "first");
    slot.time.pass(idle);
    check_hello(slot, "second");
    CHECK(slot.transport.opens() == 1, "not reused after " + std::to_string(idle) + " ms");
  }
}

/// What must not be reused is closed and opened anew, unnoticed by the call.
void check_not_reused(Slot& slot, const std::string& what, std::function<void(TestCall&)> change = {}) {
  TestCall call;
  if (change) change(call);
  CHECK_STATUS(slot.run(call), Status::kOk, what);
  CHECK(call.failed.empty(), what + ": failed: " + (call.failed.empty() ? "" : text(call.failed[0].status)));
  CHECK_TEXT(call.sink.content, "hello", what);
  CHECK(slot.transport.opens() == 2, what + ": reused");
}

void a_connection_idle_for_too_long_is_not_used(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  check_hello(slot, "first");
  slot.time.pass(4001);
  check_not_reused(slot, "after 4001 ms");
}

void the_idle_time_counts_from_the_end_of_the_answer(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  slot.transport.peers[0].answers[0].drip = 1;
  slot.transport.peers[0].answers[0].drip_ms = 400;
  check_hello(slot, "an answer of 16 s");
  slot.time.pass(3000);
  check_hello(slot, "second");
  CHECK(slot.transport.opens() == 1, "not reused");
}

void idle_without_a_limit(void**) {
  Timeouts limits = Slot::default_limits();
  limits.idle_ms = 0;
  Slot slot(limits);
  slot.transport.peers = {hello_peer()};
  check_hello(slot, "first");
  slot.time.pass(86400000);
  check_hello(slot, "a day later");
  CHECK(slot.transport.opens() == 1, "connection.h: \"0: no limit\", yet not reused");
}

void another_endpoint_wants_another_connection(void**) {
  const Endpoint others[] = {{"other.example", 443, true},
                             {"peer.example", 444, true},
                             {"peer.example", 443, false},
                             {"peer.exampl", 443, true},
                             {"peer.example.", 443, true}};
  for (const Endpoint& other : others) {
    Slot slot;
    slot.transport.peers = {hello_peer()};
    check_hello(slot, "first");
    check_not_reused(slot, std::string(other.host) + ":" + std::to_string(other.port),
                     [&](TestCall& call) { call.request.endpoint = other; });
    CHECK(slot.transport.hosts[1] == other.host && slot.transport.endpoints[1].tls == other.tls, "endpoint");
  }
}

void an_idle_peer_that_says_something_is_not_used(void**) {
  for (const bool held : {false, true}) {
    for (int kind = 0; kind < 3; ++kind) {
      Slot slot;
      slot.transport.peers = {hello_peer()};
      slot.transport.peers[0].holds_bytes = held;
      check_hello(slot, "first");
      if (kind == 0) slot.transport.peer_says("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
      if (kind == 1) slot.transport.peer_ends();
      if (kind == 2) slot.transport.peer_ends(Status::kConnectionLost);
      check_not_reused(slot, kind == 0 ? "bytes" : kind == 1 ? "end" : "reset");
    }
  }
}

void answers_that_end_the_connection(void**) {
  const std::string kAnswers[] = {
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
      "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nevil!",
  };
  for (const std::string& in : kAnswers) {
    Slot slot;
    slot.transport.peers = {Peer(in), hello_peer()};
    check_hello(slot, "first");
    check_not_reused(slot, printable(in));
  }
}

/// One byte at a time, the surplus is still in the transport when the answer is complete.
void surplus_in_the_transport_spoils_the_connection(void**) {
  Slot slot;
  slot.transport.peers = {Peer(std::string(kHello) + kHello), hello_peer()};
  slot.transport.peers[0].recv_piece = 1;
  check_hello(slot, "first");
  check_not_reused(slot, "surplus");
}

void close_idle_closes_only_when_idle(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  slot.connection().close_idle();
  check_hello(slot, "first");
  slot.connection().close_idle();
  CHECK(slot.transport.state() == Transport::State::kClosed, "not closed");
  TestCall call;
  slot.start(call);
  for (int i = 0; i < 4; ++i) {
    (void)slot.step();
    const auto state = slot.transport.state();
    if (!slot.connection().busy()) break;
    slot.connection().close_idle();
    CHECK(slot.transport.state() == state, "close_idle during a call closed the transport");
  }
  if (slot.connection().busy()) CHECK_STATUS(slot.run_on(), Status::kOk, "run");
  CHECK_TEXT(call.sink.content, "hello", "body");
}

/// A call that only waits or computes keeps the connection of the one before.
void a_dead_kept_connection_is_found_out(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer(), hello_peer()};
  check_hello(slot, "first");
  slot.transport.peer_vanishes();
  TestCall call;
  call.exchanges = 2;
  CHECK_STATUS(slot.run(call), Status::kOk, "run");
  CHECK(call.failed.size() == 1 && call.failed[0].reused && !call.failed[0].heard, "fails as reused");
  CHECK_TEXT(call.sink.content, "hello", "the second try");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_kept_connection_serves_again),
      cmocka_unit_test(a_connection_idle_for_too_long_is_not_used),
      cmocka_unit_test(the_idle_time_counts_from_the_end_of_the_answer),
      cmocka_unit_test(idle_without_a_limit),
      cmocka_unit_test(another_endpoint_wants_another_connection),
      cmocka_unit_test(an_idle_peer_that_says_something_is_not_used),
      cmocka_unit_test(answers_that_end_the_connection),
      cmocka_unit_test(surplus_in_the_transport_spoils_the_connection),
      cmocka_unit_test(close_idle_closes_only_when_idle),
      cmocka_unit_test(a_dead_kept_connection_is_found_out),
  };
  return cmocka_run_group_tests_name("connection reuse", tests, nullptr, nullptr);
}
