// What the tests of a connection share: a peer that says hello, the outcomes they expect, calls that get stuck.
#pragma once

#include <string>
#include <vector>

#include "../fakes/client_world.h"
#include "../fakes/test_call.h"

namespace test {

using namespace tinyaws;
using namespace tinyaws::fakes;

inline const char* const kHello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

inline Peer hello_peer(size_t n = 10) {
  return Peer(std::vector<Answer>(n, Answer{kHello}));
}

inline void check_hello(Slot& slot, const std::string& what) {
  TestCall call;
  CHECK_STATUS(slot.run(call), Status::kOk, what);
  CHECK(call.failed.empty(), what + ": " + (call.failed.empty() ? "" : text(call.failed[0].status)));
  CHECK_TEXT(call.sink.content, "hello", what);
}

/// The call has failed once, and only now, with `status`.
inline void check_failed(TestCall& call, Status status, const std::string& what) {
  CHECK(call.failed.size() == 1, what + ": failures: " + std::to_string(call.failed.size()));
  CHECK_STATUS(call.failed[0].status, status, what);
  CHECK(call.answered.empty(), what + ": answered as well");
}

/// Runs `call` until nothing moves, and checks that it then fails at `limit` after `from` with `status`, and not a
/// millisecond earlier.
inline void check_limit(Slot& slot, TestCall& call, Instant from, int64_t limit, Status status,
                        const std::string& what) {
  CHECK_STATUS(slot.settle(), Status::kPending, what + ": settled");
  CHECK(call.failed.empty(), what + ": failed at once");
  CHECK(slot.connection().next_deadline() == from + limit,
        what + ": next_deadline is off by " + std::to_string(slot.connection().next_deadline() - (from + limit)));
  slot.time.now = from + (limit - 1);
  CHECK_STATUS(slot.settle(), Status::kPending, what + ": one millisecond early");
  CHECK(call.failed.empty(), what + ": failed one millisecond early");
  slot.time.now = from + limit;
  CHECK_STATUS(slot.settle(), Status::kOk, what + ": at the limit");
  check_failed(call, status, what);
  CHECK(slot.transport.state() == Transport::State::kClosed, what + ": not closed");
  slot.transport.peers.push_back(hello_peer());
  check_hello(slot, what + ": the next call");
}

enum class Where { kResolving, kConnecting, kSecuring, kSending, kFirstByte, kBody, kWaiting, kSource, kSink };

/// A call that gets stuck in a certain place for ever.
struct Stuck {
  Stuck(Slot& slot, Where where) : source(pattern(5000)) {
    Peer peer = hello_peer();
    const int64_t ever = 1000000000;
    if (where == Where::kResolving) peer.resolve_ms = ever;
    if (where == Where::kConnecting) peer.connect_ms = ever;
    if (where == Where::kSecuring) peer.secure_ms = ever;
    if (where == Where::kSending) peer.takes = 20;
    if (where == Where::kFirstByte) peer.answers.clear();
    if (where == Where::kBody) peer.answers[0].bytes = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello";
    slot.transport.peers = {peer};
    if (where == Where::kWaiting) {
      call.script = [this](Instant, RequestHead&) {
        return call.failed.empty() ? Next{Next::Action::kWait, kNever} : Next{};
      };
    }
    if (where == Where::kSource) {
      source.fail_at = 700;
      source.pend_for_ever = true;
      call.request.method = "PUT";
      call.request.body = Body(source, 5000);
    }
    call.sink.fail_at = where == Where::kSink ? 2 : SIZE_MAX;
    call.sink.pend_for_ever = true;
  }
  FakeSource source;
  TestCall call;
};

inline const Where kEverywhere[] = {Where::kResolving, Where::kConnecting, Where::kSecuring,
                                    Where::kSending,   Where::kFirstByte,  Where::kBody,
                                    Where::kSource,    Where::kSink,       Where::kWaiting};

inline std::string words(Where where) {
  static const char* const kWords[] = {"resolving", "connecting", "securing", "sending", "first byte",
                                       "body",      "waiting",    "source",   "sink"};
  return kWords[static_cast<int>(where)];
}

}  // namespace test
