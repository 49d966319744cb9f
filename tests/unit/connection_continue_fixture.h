// What the tests of Expect: 100-continue on a connection share: a call that asks.
#pragma once

#include <string>

#include "connection_fixture.h"

namespace test {

inline const char* const kLeave = "HTTP/1.1 100 Continue\r\n\r\n";

inline Timeouts with_continue(uint32_t ms) {
  Timeouts limits = Slot::default_limits();
  limits.continue_ms = ms;
  return limits;
}

/// A PUT that asks, with a body in memory or from a source, to a peer that says hello to a whole request.
struct Asking {
  explicit Asking(bool streams, const Timeouts& limits = with_continue(1000), size_t size = 5000)
      : content(pattern(size)), source(content), what(streams ? "source" : "memory"), slot(limits) {
    slot.transport.peers = {hello_peer()};
    call.request.method = "PUT";
    call.request.body = streams ? Body(source, size) : Body(Bytes(content));
    call.request.expect_continue = true;
  }
  std::string content;
  FakeSource source;
  TestCall call;
  std::string what;
  Instant from;
  Slot slot;

  std::string sent() { return slot.transport.last_request(); }

  /// Goes as far as the end of the head.
  void ask() {
    from = slot.time.now;
    slot.start(call);
    check_waiting("head sent");
  }
  void check_waiting(const std::string& when) {
    CHECK_STATUS(slot.settle(), Status::kPending, what + ", " + when);
    CHECK(call.failed.empty(), what + ", " + when + ": failed");
    CHECK(contains(sent(), "\r\nExpect: 100-continue\r\n"), what + ": does not ask");
    CHECK_TEXT(body_of(sent()), "", what + ", " + when + ": sent");
    CHECK(source.reads == 0, what + ", " + when + ": the source was read");
    const Interest interest = slot.connection().interest();
    CHECK(interest.read && !interest.write, what + ", " + when + ": interest");
    CHECK(!slot.connection().ready(), what + ", " + when + ": ready for nothing");
  }
  void check_served(const std::string& when) {
    CHECK_STATUS(slot.run_on(), Status::kOk, what + ", " + when);
    CHECK(call.failed.empty(), what + ", " + when + ": failed");
    CHECK_TEXT(call.sink.content, "hello", what + ", " + when + ": answer");
    CHECK_TEXT(body_of(sent()), content, what + ", " + when + ": sent");
  }
};

}  // namespace test
