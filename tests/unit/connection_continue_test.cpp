// Expect: 100-continue on a connection (RFC 9110 section 10.1.1): what comes of leave, refusal and end, and what
// becomes of the connection. Case C18; its time limits are in connection_continue_limits_test.cpp.
// Covers C18: leave to send, and what comes in its place.
#include "connection_continue_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

void leave_lets_the_body_go(void**) {
  for (const bool streams : {false, true}) {
    for (const size_t size : {5, 5000}) {
      Asking a(streams, with_continue(1000), size);
      a.ask();
      a.slot.time.pass(400);
      a.slot.transport.peer_says("HTTP/1.1 100 Continue\r\nServer: AmazonS3\r\n\r\n");
      a.check_served("100 with a field");
      CHECK(a.slot.time.now == a.from + 400, a.what + ": waited on");
      CHECK(a.slot.connection().is_kept(), a.what + ": the connection is as good as new");
      CHECK_TEXT(a.slot.observer.kinds(), "resolving resolved connected verified head sent body sent status done",
                 "events");
      CHECK(a.slot.observer.find(Event::Kind::kHeadSent)->bytes_out + size ==
                a.slot.observer.find(Event::Kind::kBodySent)->bytes_out,
            a.what + ": the head left alone");
    }
  }
}

void a_refusal_keeps_the_body_and_ends_the_connection(void**) {
  for (const bool streams : {false, true}) {
    for (const char* line : {"301 Moved Permanently", "307 Temporary Redirect", "403 Forbidden",
                             "417 Expectation Failed", "500 Internal Server Error"}) {
      for (const char* before : {"", "HTTP/1.1 102 Processing\r\n\r\n", kLeave}) {
        Asking a(streams);
        a.ask();
        a.slot.transport.peer_says(before + answer(line, "why not"));
        CHECK_STATUS(a.slot.run_on(), Status::kOk, a.what + ", " + line);
        CHECK(a.call.failed.empty() && a.call.answered.size() == 1, a.what + ", " + line + ": no answer");
        CHECK(a.call.answered[0] == atoi(line), a.what + ", " + line + ": another answer");
        CHECK_TEXT(a.call.sink.content, "why not", line);
        CHECK_TEXT(body_of(a.sent()), "", a.what + ", " + line + ": sent");
        CHECK(!a.slot.connection().is_kept(), a.what + ", " + line + ": kept");
        a.call.sink.content.clear();
        check_hello(a.slot, a.what + ", " + line + ": the next call");
        CHECK(a.slot.transport.opens() == 2, a.what + ", " + line + ": on the same connection");
      }
    }
  }
}

/// exchange.h: a body that nobody has refused is owed.
void an_approval_before_the_body_does_not_keep_it(void**) {
  for (const bool streams : {false, true}) {
    Asking a(streams);
    a.slot.transport.peers = {Peer(std::vector<Answer>{{kHello, Answer::When::kAfterHead}})};
    a.slot.start(a.call);
    a.check_served("200 to the head");
    CHECK(a.slot.connection().is_kept(), a.what + ": not kept");

    Asking lost(streams);
    lost.ask();
    lost.slot.transport.peers[0].takes = lost.sent().size();
    lost.slot.transport.peers[0].then = Status::kConnectionLost;
    lost.slot.transport.peer_says(kHello);
    CHECK_STATUS(lost.slot.run_on(), Status::kOk, lost.what);
    check_failed(lost.call, Status::kConnectionLost, lost.what + ": 200, and the body can't be sent");
  }
}

void the_peer_ends_while_the_body_waits(void**) {
  struct {
    std::string said;
    Status status;
  } const rows[] = {{"", Status::kConnectionLost}, {"HTTP/1.1 1", Status::kTruncated}, {kLeave, Status::kTruncated}};
  for (const bool streams : {false, true}) {
    for (const auto& row : rows) {
      Asking a(streams);
      a.slot.transport.peers = {Peer()};
      a.ask();
      a.slot.transport.peer_says(row.said);
      a.slot.transport.peer_ends();
      CHECK_STATUS(a.slot.run_on(), Status::kOk, a.what);
      check_failed(a.call, row.status, a.what + ", ends after \"" + printable(row.said) + "\"");
      CHECK(a.call.failed[0].heard == !row.said.empty(), a.what + ": heard");
    }
  }
}

/// What a kept connection turns out to be shows before the body is spent on it.
void a_kept_connection_that_is_dead(void**) {
  for (const bool streams : {false, true}) {
    Asking a(streams);
    check_hello(a.slot, "before");
    a.slot.start(a.call);
    CHECK_STATUS(a.slot.settle(), Status::kPending, "asked");
    a.slot.transport.peer_ends();
    CHECK_STATUS(a.slot.run_on(), Status::kOk, a.what);
    check_failed(a.call, Status::kConnectionLost, a.what);
    CHECK(a.call.failed[0].reused && !a.call.failed[0].heard, a.what + ": may not be repeated for nothing");
    CHECK(a.source.reads == 0, a.what + ": the source was read");
  }
}

void transports_of_all_kinds(void**) {
  for (const bool streams : {false, true}) {
    for (int kind = 0; kind < 4; ++kind) {
      for (const bool leave : {true, false}) {
        Asking a(streams);
        Peer& peer = a.slot.transport.peers[0];
        if (kind == 0) peer.send_piece = peer.recv_piece = 1;
        peer.pend_between = kind == 1;
        peer.holds_bytes = kind == 2;
        a.source.pend_between = kind == 3;
        a.source.piece = kind == 3 ? 700 : SIZE_MAX;
        a.slot.start(a.call);
        CHECK_STATUS(a.slot.settle(), Status::kPending, a.what);
        if (leave) a.slot.transport.peer_says(kLeave);
        a.check_served("kind " + std::to_string(kind));
      }
    }
  }
}

void a_wait_that_is_cancelled(void**) {
  Asking a(true);
  a.ask();
  a.slot.connection().cancel();
  CHECK(a.call.cancels == 1 && !a.slot.connection().busy(), "cancelled");
  CHECK(a.slot.connection().next_deadline() == kNever, "nothing is due");
  check_hello(a.slot, "the next call");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(leave_lets_the_body_go),
      cmocka_unit_test(a_refusal_keeps_the_body_and_ends_the_connection),
      cmocka_unit_test(an_approval_before_the_body_does_not_keep_it),
      cmocka_unit_test(the_peer_ends_while_the_body_waits),
      cmocka_unit_test(a_kept_connection_that_is_dead),
      cmocka_unit_test(transports_of_all_kinds),
      cmocka_unit_test(a_wait_that_is_cancelled),
  };
  return cmocka_run_group_tests_name("connection, leave to send", tests, nullptr, nullptr);
}
