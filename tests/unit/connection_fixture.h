// What the tests of a connection share: a peer that says hello, the outcomes they expect, calls that get stuck.
#pragma once

#include <string>
#include <vector>

#include "../fakes/client_world.h"
#include "stuck_anywhere.h"

namespace test {

using namespace tinyaws;
using namespace tinyaws::fakes;

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

/// A call that gets stuck in a certain place for ever.
struct Stuck : StuckAnywhere {
  Stuck(Slot& slot, Where where) : StuckAnywhere(where) { slot.transport.peers = {peer}; }
};

}  // namespace test
