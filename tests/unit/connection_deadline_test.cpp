// The deadline of a call on a connection: it holds wherever the call is, and no limit is no limit.
// Covers C21: trickles end at the deadline.
#include "connection_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

void the_deadline_of_a_call_holds_everywhere(void**) {
  for (Where where : kEverywhere) {
    Slot slot;
    Stuck stuck(slot, where);
    const Instant end = stuck.call.ends = slot.time.now + 650;
    slot.start(stuck.call);
    CHECK_STATUS(slot.settle(), Status::kPending, words(where));
    CHECK(slot.connection().next_deadline() <= end, words(where) + ": next_deadline comes after the call's end");
    slot.time.now = Instant{end.ms - 1};
    CHECK_STATUS(slot.settle(), Status::kPending, words(where) + ": one millisecond early");
    CHECK(stuck.call.failed.empty(), words(where) + ": failed one millisecond early");
    slot.time.now = end;
    (void)slot.settle();
    CHECK(!stuck.call.failed.empty(), words(where) + ": not failed");
    check_failed(stuck.call, Status::kDeadlineExceeded, words(where));
    CHECK(!slot.connection().busy(), words(where) + ": still busy");
    const int asked = stuck.call.asked;
    slot.transport.peers.push_back(hello_peer());
    check_hello(slot, words(where) + ": the next call");
    CHECK(stuck.call.asked == asked, words(where) + ": asked after its end");
  }
}

/// A step that comes late finds an answer that came in time: one outcome, whichever it is.
void an_answer_found_too_late_has_one_outcome(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  slot.transport.peers[0].answers[0].delay_ms = 100;
  TestCall call;
  call.ends = slot.time.now + 200;
  slot.start(call);
  CHECK_STATUS(slot.settle(), Status::kPending, "sent");
  slot.time.pass(300);
  CHECK_STATUS(slot.settle(), Status::kOk, "late");
  CHECK(call.answered.size() + call.failed.size() == 1, "exactly one outcome is told");
}

/// A peer that always has more to say keeps nobody beyond the deadline.
void the_deadline_of_a_call_holds_while_bytes_flow(void**) {
  for (const bool upload : {false, true}) {
    Slot slot;
    const std::string content = pattern(200000);
    TestCall call;
    slot.transport.peers = {upload ? Peer() : Peer("HTTP/1.1 200 OK\r\n\r\n" + content)};
    slot.transport.peers[0].send_piece = slot.transport.peers[0].recv_piece = 20;
    if (upload) {
      call.request.method = "PUT";
      call.request.body = Bytes(content);
    }
    const Instant end = call.ends = slot.time.now + 100;
    slot.start(call);
    while (slot.step() == Status::kPending && slot.time.now < end + 50) slot.time.pass(10);
    const std::string what = upload ? "upload" : "download";
    CHECK(!call.failed.empty(), what + ": still running 50 ms after its deadline");
    check_failed(call, Status::kDeadlineExceeded, what);
    CHECK(call.failed[0].at <= end + 10, what + ": failed late");
  }
}

void the_deadline_of_a_call_holds_while_it_computes(void**) {
  Slot slot;
  TestCall call;
  call.script = [&](Instant, RequestHead&) { return call.failed.empty() ? Next{Next::Action::kAgain, {}} : Next{}; };
  const Instant end = call.ends = slot.time.now + 100;
  slot.start(call);
  while (slot.step() == Status::kPending && slot.time.now < end + 50) slot.time.pass(10);
  CHECK(!call.failed.empty(), "still running 50 ms after its deadline");
  check_failed(call, Status::kDeadlineExceeded, "computing");
}

void no_limit_is_no_limit(void**) {
  for (Where where : kEverywhere) {
    Timeouts none;
    none.connect_ms = none.tls_ms = none.first_byte_ms = none.stall_ms = none.total_ms = none.idle_ms = 0;
    Slot slot(none);
    Stuck stuck(slot, where);
    slot.start(stuck.call);
    for (int day = 0; day < 3; ++day) {
      CHECK_STATUS(slot.settle(), Status::kPending, words(where));
      const Instant deadline = slot.connection().next_deadline();
      const bool asks_again = where == Where::kSource || where == Where::kSink;
      CHECK(asks_again || deadline == kNever, words(where) + ": next_deadline though there is no limit");
      slot.time.pass(86400000);
    }
    CHECK(stuck.call.failed.empty(), words(where) + ": failed");
    slot.connection().cancel();
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(the_deadline_of_a_call_holds_everywhere),
      cmocka_unit_test(an_answer_found_too_late_has_one_outcome),
      cmocka_unit_test(the_deadline_of_a_call_holds_while_bytes_flow),
      cmocka_unit_test(the_deadline_of_a_call_holds_while_it_computes),
      cmocka_unit_test(no_limit_is_no_limit),
  };
  return cmocka_run_group_tests_name("connection deadline", tests, nullptr, nullptr);
}
