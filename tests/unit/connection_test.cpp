// A connection: one call after the other, what it is told and asked, how it is cancelled, what a step may cost.
#include "connection_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

void a_call_runs_through(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  TestCall call;
  CHECK(!slot.connection().busy(), "busy before start");
  slot.start(call);
  CHECK(slot.connection().busy(), "not busy after start");
  CHECK(slot.transport.calls.empty(), "start touches the transport");
  CHECK_STATUS(slot.run_on(), Status::kOk, "run");
  CHECK(!slot.connection().busy(), "busy after the end");
  CHECK(call.answered == std::vector<uint16_t>{200} && call.failed.empty(), "one answer");
  CHECK_TEXT(call.heads[0], "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "head");
  CHECK_TEXT(call.sink.content, "hello", "body");
  CHECK(slot.transport.hosts[0] == "peer.example" && slot.transport.endpoints[0].port == 443, "endpoint");
}

void a_second_call_is_refused_while_one_runs(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  slot.transport.peers[0].connect_ms = 5;
  TestCall call, other;
  slot.start(call);
  CHECK_STATUS(slot.connection().start(other), Status::kBusy, "before the first step");
  (void)slot.step();
  CHECK_STATUS(slot.connection().start(other), Status::kBusy, "under way");
  CHECK_STATUS(slot.run_on(), Status::kOk, "the first call is not disturbed");
  CHECK(other.asked == 0, "the other was asked");
  check_hello(slot, "afterwards");
}

void a_call_of_many_exchanges(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  TestCall call;
  call.exchanges = 5;
  CHECK_STATUS(slot.run(call), Status::kOk, "run");
  CHECK(call.answered.size() == 5 && slot.transport.opens() == 1, "five on one connection");
}

void a_call_may_have_nothing_to_send(void**) {
  Slot slot;
  TestCall call;
  call.exchanges = 0;
  CHECK_STATUS(slot.run(call), Status::kOk, "run");
  CHECK(slot.transport.calls.empty(), "the transport was touched");
}

void every_way_of_moving_bytes(void**) {
  for (size_t piece : {size_t{1}, size_t{7}, size_t{200}, SIZE_MAX}) {
    for (int kind = 0; kind < 8; ++kind) {
      Slot slot;
      slot.transport.peers = {hello_peer()};
      Peer& peer = slot.transport.peers[0];
      peer.send_piece = peer.recv_piece = piece;
      peer.pend_between = kind & 1;
      peer.holds_bytes = kind & 2;
      peer.opens_at_once = kind & 4;
      peer.pending_advances = kind & 1 ? 3 : 0;
      const std::string what = "pieces of " + std::to_string(piece) + ", kind " + std::to_string(kind);
      check_hello(slot, what);
      check_hello(slot, what + ", reused");
      CHECK(slot.transport.opens() == 1, what + ": opened twice");
    }
  }
}

/// port.h: `advance` right after `open` may be announced by ready() alone.
void a_transport_that_is_ready_right_after_open(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  slot.transport.peers[0].ready_to_advance = true;
  const Instant before = slot.time.now;
  check_hello(slot, "ready");
  CHECK(slot.time.now == before, "waited");
}

/// The head is told once, before any of the body, and not for interim answers.
void the_head_is_told_before_the_body(void**) {
  Slot slot;
  slot.transport.peers = {Peer("HTTP/1.1 100 Continue\r\n\r\n" + std::string(kHello))};
  slot.transport.peers[0].recv_piece = 1;
  TestCall call;
  CHECK_STATUS(slot.run(call), Status::kOk, "run");
  CHECK(call.told_heads == std::vector<uint16_t>{200}, "on_head");
}

void what_on_body_answers_ends_the_exchange(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  TestCall call;
  call.body_status = Status::kBufferTooSmall;
  CHECK_STATUS(slot.run(call), Status::kOk, "run");
  check_failed(call, Status::kBufferTooSmall, "on_body");
  CHECK(slot.transport.state() == Transport::State::kClosed, "half an answer is left on the connection");
  check_hello(slot, "afterwards");
}

void a_call_may_wait(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  TestCall call;
  const Instant until = slot.time.now + 500;
  call.script = [&](Instant now, RequestHead& head) {
    if (now < until) return Next{Next::Action::kWait, until};
    return call.sent == 0 ? call.send(head) : Next{};
  };
  slot.start(call);
  CHECK_STATUS(slot.settle(), Status::kPending, "waiting");
  CHECK(slot.connection().next_deadline() == until, "next_deadline while waiting");
  CHECK(!slot.connection().ready(), "ready while waiting");
  CHECK(call.asked <= 2, "asked over and over while waiting");
  CHECK_STATUS(slot.run_on(), Status::kOk, "run");
  CHECK_TEXT(call.sink.content, "hello", "body");
  CHECK(slot.time.now == until, "waited too long");
}

void a_call_that_computes_shares_its_thread(void**) {
  Slot slot;
  TestCall call;
  call.script = [&](Instant, RequestHead&) { return call.asked < 1000 ? Next{Next::Action::kAgain, {}} : Next{}; };
  slot.start(call);
  int steps = 0;
  for (; slot.step() == Status::kPending; ++steps) {
    CHECK(slot.connection().ready() || slot.connection().next_deadline() <= slot.time.now, "kAgain, yet not ready");
  }
  CHECK(steps >= 5, "1000 rounds of computing in " + std::to_string(steps) + " steps");
  CHECK(call.asked == 1000, "asked " + std::to_string(call.asked));
}

void cancel_everywhere(void**) {
  for (Where where : kEverywhere) {
    Slot slot;
    Stuck stuck(slot, where);
    slot.start(stuck.call);
    CHECK_STATUS(slot.settle(), Status::kPending, words(where));
    slot.connection().cancel();
    CHECK(!slot.connection().busy(), words(where) + ": busy");
    CHECK(slot.transport.state() == Transport::State::kClosed, words(where) + ": not closed");
    CHECK(stuck.call.failed.empty() && stuck.call.answered.empty(), words(where) + ": a word to the call");
    slot.transport.peers.push_back(hello_peer());
    check_hello(slot, words(where) + ": afterwards");
    CHECK(stuck.call.failed.empty() && stuck.call.answered.empty(), words(where) + ": a late word to the call");
  }
}

void cancel_after_every_step(void**) {
  for (int steps = 0; steps < 200; ++steps) {
    Slot slot;
    slot.transport.peers = {hello_peer()};
    Peer& peer = slot.transport.peers[0];
    peer.pending_advances = 1;
    peer.send_piece = 60;
    peer.recv_piece = 5;
    peer.pend_between = true;
    TestCall call;
    slot.start(call);
    for (int i = 0; i < steps && slot.connection().busy(); ++i) (void)slot.step();
    const bool ended = !slot.connection().busy();
    slot.connection().cancel();
    CHECK(!slot.connection().busy(), "busy after cancel");
    check_hello(slot, "after cancel at step " + std::to_string(steps));
    if (ended) return;
  }
}

void a_step_does_bounded_work(void**) {
  Slot slot;
  slot.transport.peers = {Peer(answer("200 OK", pattern(100000)))};
  slot.transport.peers[0].recv_piece = 50;
  slot.transport.peers[0].send_piece = 50;
  const std::string content = pattern(100000);
  TestCall call;
  call.request.method = "PUT";
  call.request.body = Bytes(content);
  CHECK_STATUS(slot.run(call, 100000), Status::kOk, "run");
  CHECK(call.sink.content == pattern(100000), "body");
  CHECK(slot.most_calls_in_a_step <= 200,
        "calls of the transport in one step: " + std::to_string(slot.most_calls_in_a_step));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_call_runs_through),
      cmocka_unit_test(a_second_call_is_refused_while_one_runs),
      cmocka_unit_test(a_call_of_many_exchanges),
      cmocka_unit_test(a_call_may_have_nothing_to_send),
      cmocka_unit_test(every_way_of_moving_bytes),
      cmocka_unit_test(a_transport_that_is_ready_right_after_open),
      cmocka_unit_test(the_head_is_told_before_the_body),
      cmocka_unit_test(what_on_body_answers_ends_the_exchange),
      cmocka_unit_test(a_call_may_wait),
      cmocka_unit_test(a_call_that_computes_shares_its_thread),
      cmocka_unit_test(cancel_everywhere),
      cmocka_unit_test(cancel_after_every_step),
      cmocka_unit_test(a_step_does_bounded_work),
  };
  return cmocka_run_group_tests_name("connection", tests, nullptr, nullptr);
}
