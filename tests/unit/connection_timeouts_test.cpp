// The time limits of a connection's phases, to the millisecond, and what is no stall.
// Covers C21: a limit for each phase.
#include "connection_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

void connecting_is_limited(void**) {
  for (const bool resolving : {true, false}) {
    Slot slot;
    slot.transport.peers = {hello_peer()};
    slot.transport.peers[0].resolve_ms = resolving ? 1000000 : 600;
    slot.transport.peers[0].connect_ms = 1000000;
    TestCall call;
    const Instant from = slot.time.now;
    slot.start(call);
    if (!resolving) {
      CHECK_STATUS(slot.settle(), Status::kPending, "resolving");
      slot.time.pass(600);
    }
    check_limit(slot, call, from, 1000, Status::kConnectTimedOut, resolving ? "resolving" : "connecting");
  }
}

void securing_is_limited(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  slot.transport.peers[0].connect_ms = 900;
  slot.transport.peers[0].secure_ms = 1000000;
  TestCall call;
  slot.start(call);
  CHECK_STATUS(slot.settle(), Status::kPending, "connecting");
  slot.time.pass(900);
  check_limit(slot, call, slot.time.now, 700, Status::kTlsTimedOut, "securing");
}

void the_first_byte_is_limited(void**) {
  Slot slot;
  slot.transport.peers = {Peer()};
  slot.transport.peers[0].connect_ms = 500;
  TestCall call;
  slot.start(call);
  CHECK_STATUS(slot.settle(), Status::kPending, "connecting");
  slot.time.pass(500);
  check_limit(slot, call, slot.time.now, 2000, Status::kFirstByteTimedOut, "first byte");
  CHECK(!call.failed[0].heard, "heard");
}

void a_stalled_upload_is_noticed(void**) {
  for (const bool in_head : {true, false}) {
    Slot slot;
    slot.transport.peers = {hello_peer()};
    slot.transport.peers[0].takes = in_head ? 10 : 3000;
    const std::string content = pattern(9000);
    TestCall call;
    call.request.method = "PUT";
    call.request.body = Bytes(content);
    slot.start(call);
    check_limit(slot, call, slot.time.now, 1500, Status::kStalled, in_head ? "in the head" : "in the body");
  }
}

void a_stalled_answer_is_noticed(void**) {
  const std::string whole = kHello;
  for (size_t at : {size_t{1}, size_t{20}, whole.size() - 5, whole.size() - 1}) {
    Slot slot;
    slot.transport.peers = {Peer(whole.substr(0, at))};
    slot.transport.peers[0].answers[0].delay_ms = 1900;
    TestCall call;
    slot.start(call);
    CHECK_STATUS(slot.settle(), Status::kPending, "request sent");
    slot.time.pass(1900);
    check_limit(slot, call, slot.time.now, 1500, Status::kStalled, "stalled after " + std::to_string(at));
    CHECK(call.failed[0].heard, "not heard");
  }
}

void silence_after_an_interim_answer_is_a_stall(void**) {
  Slot slot;
  slot.transport.peers = {Peer("HTTP/1.1 100 Continue\r\n\r\n")};
  TestCall call;
  slot.start(call);
  check_limit(slot, call, slot.time.now, 1500, Status::kStalled, "after 100");
}

/// Every byte begins the limit anew: a slow peer is no dead one.
void a_slow_answer_is_no_stall(void**) {
  Slot slot;
  slot.transport.peers = {Peer(kHello)};
  slot.transport.peers[0].answers[0] = Answer{kHello};
  slot.transport.peers[0].answers[0].delay_ms = 1999;
  slot.transport.peers[0].answers[0].drip = 1;
  slot.transport.peers[0].answers[0].drip_ms = 1499;
  check_hello(slot, "a byte every 1.499 s");
  CHECK(slot.time.now.ms > 60000, "it did not take its time");
}

/// Polls that come late find the bytes first and only then look at the clock.
void a_late_step_does_not_misfire(void**) {
  const int64_t kHour = 3600000;
  for (size_t piece : {size_t{1}, SIZE_MAX}) {
    for (int phase = 0; phase < 5; ++phase) {
      Slot slot;
      Peer peer = hello_peer();
      peer.send_piece = peer.recv_piece = piece;
      peer.resolve_ms = peer.connect_ms = phase == 0 ? 10 : 0;
      peer.secure_ms = phase == 1 ? 10 : 0;
      peer.answers[0].delay_ms = phase == 2 ? 10 : 0;
      peer.answers[0].drip = phase == 3 ? 20 : phase == 4 ? 41 : 0;
      peer.answers[0].drip_ms = 10;
      slot.transport.peers = {peer};
      TestCall call;
      const std::string what = "phase " + std::to_string(phase) + ", pieces of " + std::to_string(piece);
      slot.start(call);
      for (int round = 0; round < 10 && slot.connection().busy(); ++round) {
        (void)slot.settle();
        slot.time.pass(kHour);
      }
      // The connection is there after three hours at the latest: connecting is not asked for more than once.
      if (phase == 0) continue;
      CHECK(call.failed.empty(), what + ": " + (call.failed.empty() ? "" : text(call.failed[0].status)));
      CHECK_TEXT(call.sink.content, "hello", what);
    }
  }
}

void a_late_step_finds_the_connection_open(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  slot.transport.peers[0].connect_ms = 10;
  TestCall call;
  slot.start(call);
  CHECK_STATUS(slot.settle(), Status::kPending, "connecting");
  slot.time.pass(3600000);
  CHECK_STATUS(slot.settle(), Status::kOk, "an hour later");
  CHECK(call.failed.empty(),
        "failed though it was connected: " + (call.failed.empty() ? "" : text(call.failed[0].status)));
  CHECK_TEXT(call.sink.content, "hello", "body");
}

/// http.h: asked again within 10 ms; and it is not the peer who is slow.
void a_pending_body_is_asked_again_and_is_no_stall(void**) {
  for (Where where : {Where::kSource, Where::kSink}) {
    Slot slot;
    Stuck stuck(slot, where);
    slot.start(stuck.call);
    CHECK_STATUS(slot.settle(), Status::kPending, words(where));
    const int& asked = where == Where::kSource ? stuck.source.reads : stuck.call.sink.writes;
    for (int i = 0; i < 1000; ++i) {
      const int before = asked;
      const Instant deadline = slot.connection().next_deadline();
      CHECK(slot.time.now < deadline && deadline <= slot.time.now + 10, words(where) + ": not asked within 10 ms");
      slot.time.now = deadline;
      CHECK_STATUS(slot.settle(), Status::kPending, words(where));
      CHECK(asked > before, words(where) + ": not asked again");
      CHECK(asked <= before + 2, words(where) + ": asked in a busy loop");
    }
    CHECK(stuck.call.failed.empty(),
          words(where) + ": failed: " + (stuck.call.failed.empty() ? "" : text(stuck.call.failed[0].status)));
    // It comes to life again.
    stuck.source.fail_at = stuck.call.sink.fail_at = SIZE_MAX;
    CHECK_STATUS(slot.run_on(), Status::kOk, words(where));
    CHECK_TEXT(stuck.call.sink.content, "hello", words(where));
    if (where == Where::kSource) CHECK_TEXT(body_of(slot.transport.last_request()), pattern(5000), "sent");
  }
}

/// The peer's time begins anew when the source has given something again.
void a_stall_is_counted_from_the_last_pause_of_the_source(void**) {
  Slot slot;
  Stuck stuck(slot, Where::kSource);
  slot.transport.peers[0].takes = 1500;
  slot.start(stuck.call);
  for (int i = 0; i < 300; ++i) {
    CHECK_STATUS(slot.settle(), Status::kPending, "source pending");
    slot.time.now = slot.connection().next_deadline();
  }
  stuck.source.fail_at = SIZE_MAX;
  CHECK_STATUS(slot.settle(), Status::kPending, "peer takes no more");
  CHECK(stuck.call.failed.empty(), "the source's pause was counted");
  check_limit(slot, stuck.call, slot.time.now, 1500, Status::kStalled, "after the pause");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(connecting_is_limited),
      cmocka_unit_test(securing_is_limited),
      cmocka_unit_test(the_first_byte_is_limited),
      cmocka_unit_test(a_stalled_upload_is_noticed),
      cmocka_unit_test(a_stalled_answer_is_noticed),
      cmocka_unit_test(silence_after_an_interim_answer_is_a_stall),
      cmocka_unit_test(a_slow_answer_is_no_stall),
      cmocka_unit_test(a_late_step_does_not_misfire),
      cmocka_unit_test(a_late_step_finds_the_connection_open),
      cmocka_unit_test(a_pending_body_is_asked_again_and_is_no_stall),
      cmocka_unit_test(a_stall_is_counted_from_the_last_pause_of_the_source),
  };
  return cmocka_run_group_tests_name("connection timeouts", tests, nullptr, nullptr);
}
