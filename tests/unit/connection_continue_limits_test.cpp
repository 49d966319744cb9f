// Expect: 100-continue on a connection (RFC 9110 section 10.1.1): how long the body waits for leave, and which limits
// count then and after. Case C18.
// Covers C18: leave to send, and what comes in its place.
#include "connection_continue_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

const int64_t kHour = 3600000;

/// Neither of the other limits counts, though they are shorter.
void without_leave_the_body_goes_when_the_time_is_over(void**) {
  for (const bool streams : {false, true}) {
    for (const uint32_t limit : {1, 1000, 9000}) {
      Asking a(streams, with_continue(limit));
      a.ask();
      CHECK(a.slot.connection().next_deadline() == a.from + limit, a.what + ": next_deadline");
      a.slot.time.now = a.from + (limit - 1);
      a.check_waiting("one millisecond early");
      a.slot.time.now = a.from + limit;
      a.check_served("at the limit");
      CHECK(a.slot.time.now == a.from + limit, a.what + ": later than that");
    }
  }
}

void no_limit_is_no_wait(void**) {
  for (const bool streams : {false, true}) {
    Asking a(streams, with_continue(0));
    const Instant from = a.slot.time.now;
    a.slot.start(a.call);
    a.check_served("continue_ms 0");
    CHECK(a.slot.time.now == from, a.what + ": waited");
  }
}

void limits_of_the_call_go_first(void**) {
  const Timeouts own = with_continue(300);
  Asking a(true);
  a.call.limits = &own;
  a.ask();
  CHECK(a.slot.connection().next_deadline() == a.from + 300, "next_deadline");
}

/// The time runs from the head, whatever moves.
void what_is_no_leave_prolongs_nothing(void**) {
  for (const bool streams : {false, true}) {
    Asking a(streams);
    a.slot.transport.peers = {Peer()};
    a.ask();
    for (const char* said : {"HTTP/1.1 102 Processing\r\n\r\n", "HTTP/1.1 1", "0", "3 Early Hints\r\n"}) {
      a.slot.time.pass(240);
      a.slot.transport.peer_says(said);
      a.check_waiting(said);
      CHECK(a.slot.connection().next_deadline() == a.from + 1000, a.what + ": next_deadline after " + said);
    }
    a.slot.time.now = a.from + 1000;
    CHECK_STATUS(a.slot.settle(), Status::kPending, "amid an interim answer");
    CHECK_TEXT(body_of(a.sent()), a.content, a.what + ": not sent at the limit");
  }
}

/// The peer has got the body only now: it has the whole of its time for the answer.
void after_leave_the_first_byte_is_awaited(void**) {
  for (const bool streams : {false, true}) {
    for (const int64_t leave_at : {int64_t{900}, int64_t{1300}}) {  // in time, and late
      Asking a(streams);
      a.slot.transport.peers = {Peer()};
      a.ask();
      a.slot.time.now = a.from + (leave_at < 1000 ? leave_at : 1000);
      if (leave_at < 1000) a.slot.transport.peer_says(kLeave);
      CHECK_STATUS(a.slot.settle(), Status::kPending, a.what);
      CHECK_TEXT(body_of(a.sent()), a.content, a.what + ": sent");
      if (leave_at > 1000) {
        a.slot.time.now = a.from + leave_at;
        a.slot.transport.peer_says(std::string(kLeave) + kLeave);
      }
      check_limit(a.slot, a.call, a.slot.time.now, 2000, Status::kFirstByteTimedOut, a.what + ", after leave");
    }
    Asking a(streams);
    a.slot.transport.peers = {Peer()};
    a.ask();
    a.slot.time.now = a.from + 1000;
    check_limit(a.slot, a.call, a.from + 1000, 2000, Status::kFirstByteTimedOut, a.what + ", without leave");
  }
}

void a_body_that_stalls_after_the_wait(void**) {
  for (const bool streams : {false, true}) {
    for (const bool leave : {true, false}) {
      for (const size_t more : {0, 700}) {
        Asking a(streams);
        a.ask();
        a.slot.transport.peers[0].takes = a.sent().size() + more;
        a.slot.time.now = a.from + (leave ? 999 : 1000);
        if (leave) a.slot.transport.peer_says(kLeave);
        check_limit(a.slot, a.call, a.slot.time.now, 1500, Status::kStalled,
                    a.what + ", " + std::to_string(more) + " bytes after " + (leave ? "leave" : "the wait"));
      }
    }
  }
}

/// What has come in time counts, and a wait that is over is no failure, however late it is looked at.
void late_steps(void**) {
  for (const bool streams : {false, true}) {
    Asking leave(streams);
    leave.ask();
    leave.slot.transport.peer_says(kLeave);
    leave.slot.time.pass(kHour);
    leave.check_served("an hour later, with leave");

    Asking refused(streams);
    refused.ask();
    refused.slot.transport.peer_says(answer("403 Forbidden", "why not"));
    refused.slot.time.pass(kHour);
    CHECK_STATUS(refused.slot.run_on(), Status::kOk, refused.what);
    CHECK(refused.call.failed.empty() && refused.call.answered.size() == 1,
          refused.what + ": an hour later, refused");
    CHECK_TEXT(body_of(refused.sent()), "", refused.what + ": sent though it was refused long ago");

    Asking silent(streams);
    silent.slot.transport.peers = {Peer()};
    silent.ask();
    silent.slot.time.pass(kHour);
    CHECK_STATUS(silent.slot.settle(), Status::kPending, silent.what);
    CHECK_TEXT(body_of(silent.sent()), silent.content, silent.what + ": an hour later, without leave");
    check_limit(silent.slot, silent.call, silent.slot.time.now, 2000, Status::kFirstByteTimedOut, silent.what);
  }
}

/// The wait that follows a late one may itself be excused.
void two_late_steps(void**) {
  for (const bool streams : {false, true}) {
    Asking a(streams);
    a.ask();
    a.slot.transport.peers[0].takes = a.sent().size();
    for (int i = 0; i < 2; ++i) {
      a.slot.time.pass(kHour);
      CHECK_STATUS(a.slot.settle(), Status::kPending, a.what);
      CHECK(a.call.failed.empty(), a.what + ": nobody looked, and it is said to have stalled");
    }
    check_limit(a.slot, a.call, a.slot.time.now, 1500, Status::kStalled, a.what);
  }
}

void limits_of_the_attempt_and_the_call_go_on(void**) {
  for (const bool attempt : {true, false}) {
    Timeouts limits = with_continue(1000);
    if (attempt) limits.attempt_ms = 400;
    Asking a(true, limits);
    if (!attempt) a.call.ends = a.slot.time.now + 400;
    a.ask();
    check_limit(a.slot, a.call, a.from, 400, attempt ? Status::kAttemptTimedOut : Status::kDeadlineExceeded,
                attempt ? "attempt" : "call");
    CHECK(a.source.reads == 0, "the source was read");
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(without_leave_the_body_goes_when_the_time_is_over),
      cmocka_unit_test(no_limit_is_no_wait),
      cmocka_unit_test(limits_of_the_call_go_first),
      cmocka_unit_test(what_is_no_leave_prolongs_nothing),
      cmocka_unit_test(after_leave_the_first_byte_is_awaited),
      cmocka_unit_test(a_body_that_stalls_after_the_wait),
      cmocka_unit_test(late_steps),
      cmocka_unit_test(two_late_steps),
      cmocka_unit_test(limits_of_the_attempt_and_the_call_go_on),
  };
  return cmocka_run_group_tests_name("connection, how long it waits for leave", tests, nullptr, nullptr);
}
