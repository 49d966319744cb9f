// A connection whose transport fails or whose peer answers early: what the call is told, what is sent all the same.
#include "connection_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

void failures_say_why(void**) {
  const Transport::State states[] = {Transport::State::kResolving, Transport::State::kConnecting,
                                     Transport::State::kSecuring};
  const Status statuses[] = {Status::kResolveFailed, Status::kConnectFailed, Status::kCertificateRejected};
  for (int i = 0; i < 3; ++i) {
    Slot slot;
    slot.transport.peers = {hello_peer(), hello_peer()};
    slot.transport.peers[0].fails_in = states[i];
    slot.transport.peers[0].advance_error = statuses[i];
    slot.transport.peers[0].words = "because of " + std::to_string(i);
    TestCall call;
    CHECK_STATUS(slot.run(call), Status::kOk, "run");
    check_failed(call, statuses[i], text(statuses[i]));
    CHECK_TEXT(call.failed[0].detail, "because of " + std::to_string(i), "detail");
    CHECK(!call.failed[0].reused && !call.failed[0].heard, "neither reused nor heard");
    CHECK(slot.transport.state() == Transport::State::kClosed, "closed");
    check_hello(slot, "afterwards");
  }
}

void failures_say_how_far_they_came(void**) {
  for (const bool reused : {false, true}) {
    for (const bool heard : {false, true}) {
      Slot slot;
      Answer broken{heard ? "HTTP/1.1 2" : ""};
      broken.breaks = Status::kConnectionLost;
      slot.transport.peers = {reused ? Peer({Answer{kHello}, broken}) : Peer({broken}), hello_peer()};
      if (reused) check_hello(slot, "before");
      TestCall call;
      CHECK_STATUS(slot.run(call), Status::kOk, "run");
      check_failed(call, Status::kConnectionLost, "broken");
      CHECK(call.failed[0].reused == reused && call.failed[0].heard == heard, "how far");
      check_hello(slot, "afterwards");
    }
  }
}

void a_call_may_try_again_after_a_failure(void**) {
  Slot slot;
  slot.transport.peers = {Peer(), hello_peer()};
  slot.transport.peers[0].open_status = Status::kUnsupported;
  TestCall call;
  call.exchanges = 2;
  CHECK_STATUS(slot.run(call), Status::kOk, "run");
  CHECK(call.failed.size() == 1 && call.answered.size() == 1, "one failure, one answer");
}

Answer early_refusal() {
  Answer refusal{answer("403 Forbidden", "denied", "Connection: close\r\n")};
  refusal.when = Answer::When::kAfterHead;
  refusal.body_bytes = 10;
  return refusal;
}

/// The peer refuses early and takes no more, or resets what it has not read: its answer is heard.
void an_early_refusal_is_heard(void**) {
  for (const Status then : {Status::kPending, Status::kConnectionLost}) {
    for (const bool streamed : {false, true}) {
      Slot slot;
      slot.transport.peers = {Peer({early_refusal()}), hello_peer()};
      slot.transport.peers[0].takes = 3000;
      slot.transport.peers[0].then = then;
      FakeSource source(pattern(90000));
      const std::string content = pattern(90000);
      TestCall call;
      call.request.method = "PUT";
      call.request.body = streamed ? Body(source, 90000) : Body(Bytes(content));
      const std::string what = text(then) + (streamed ? ", streamed" : ", in memory");
      CHECK_STATUS(slot.run(call), Status::kOk, what);
      CHECK(call.failed.empty(), what + ": " + (call.failed.empty() ? "" : text(call.failed[0].status)));
      CHECK(call.answered == std::vector<uint16_t>{403}, what + ": answer");
      CHECK_TEXT(call.sink.content, "denied", what);
      check_hello(slot, what + ": afterwards");
      CHECK(slot.transport.opens() == 2, what + ": half a request was left on the connection");
    }
  }
}

/// The head of a refusal may be longer than what a body on its way out leaves of the buffer; the peer takes no more.
void an_early_refusal_with_a_long_head_is_no_stall(void**) {
  Slot slot;
  Answer refusal = early_refusal();
  refusal.bytes = answer("403 Forbidden", "denied", "X-Long: " + std::string(500, 'x') + "\r\n");
  slot.transport.peers = {Peer({refusal})};
  slot.transport.peers[0].takes = 3000;
  FakeSource source(pattern(90000));
  TestCall call;
  call.request.method = "PUT";
  call.request.body = Body(source, 90000);
  CHECK_STATUS(slot.run(call), Status::kOk, "run");
  if (call.failed.empty()) return;
  CHECK_STATUS(call.failed[0].status, Status::kHeadTooLarge, "a head of 560 bytes in a buffer of 1024");
}

/// An approval that comes early is no reason to drop what the service has not been told yet: success is only
/// reported when the whole request has left. That the call fails instead would be honest as well.
void check_early_approval(Answer early, size_t takes, Status then, const std::string& what) {
  Slot slot;
  early.when = Answer::When::kAfterHead;
  early.body_bytes = 1;
  slot.transport.peers = {Peer({early})};
  slot.transport.peers[0].send_piece = 500;
  slot.transport.peers[0].pend_between = true;
  slot.transport.peers[0].takes = takes;
  slot.transport.peers[0].then = then;
  FakeSource source(pattern(9000));
  TestCall call;
  call.request.method = "PUT";
  call.request.body = Body(source, 9000);
  CHECK_STATUS(slot.run(call), Status::kOk, what);
  if (call.answered.empty()) return;
  const size_t sent = body_of(slot.transport.last_request()).size();
  CHECK(sent == 9000, what + ": success reported, but of 9000 bytes only " + std::to_string(sent) + " were sent");
}

void an_early_approval_does_not_cut_the_request(void**) {
  check_early_approval({kHello}, SIZE_MAX, Status::kPending, "early 200");
  const std::string long_field = "X-Long: " + std::string(500, 'x') + "\r\n";
  check_early_approval({answer("200 OK", "hello", long_field)}, SIZE_MAX, Status::kPending,
                       "early 200 with a long head");
  const std::string interim = "HTTP/1.1 100 Continue\r\n" + long_field + "\r\n";
  check_early_approval({interim + kHello}, SIZE_MAX, Status::kPending, "100 with a long head");
}

void an_early_approval_of_a_peer_that_leaves(void**) {
  check_early_approval({kHello}, 3000, Status::kConnectionLost, "200, then a reset");
}

void an_early_approval_of_a_peer_that_takes_no_more(void**) {
  check_early_approval({kHello}, 3000, Status::kPending, "200, then nothing more is taken");
}

/// port.h: what had arrived may still be received when `send` has lost the connection; after any other error nothing
/// may. The transport of these tests fails the test where a connection does more.
void errors_of_send(void**) {
  for (const Status status : {Status::kConnectionLost, Status::kTlsFailed}) {
    for (const size_t takes : {size_t{0}, size_t{20}, size_t{3000}}) {
      Slot slot;
      slot.transport.peers = {hello_peer(), hello_peer()};
      slot.transport.peers[0].takes = takes;
      slot.transport.peers[0].then = status;
      const std::string content = pattern(9000);
      TestCall call;
      call.request.method = "PUT";
      call.request.body = Bytes(content);
      const std::string what = text(status) + " after " + std::to_string(takes);
      CHECK_STATUS(slot.run(call), Status::kOk, what);
      check_failed(call, status, what);
      check_hello(slot, what);
    }
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(failures_say_why),
      cmocka_unit_test(failures_say_how_far_they_came),
      cmocka_unit_test(a_call_may_try_again_after_a_failure),
      cmocka_unit_test(an_early_refusal_is_heard),
      cmocka_unit_test(an_early_refusal_with_a_long_head_is_no_stall),
      cmocka_unit_test(an_early_approval_does_not_cut_the_request),
      cmocka_unit_test(an_early_approval_of_a_peer_that_leaves),
      cmocka_unit_test(an_early_approval_of_a_peer_that_takes_no_more),
      cmocka_unit_test(errors_of_send),
  };
  return cmocka_run_group_tests_name("connection failures", tests, nullptr, nullptr);
}
