// A peer that says hello, and calls that get stuck on the way to it.
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

enum class Where { kResolving, kConnecting, kSecuring, kSending, kFirstByte, kBody, kWaiting, kSource, kSink };

/// A call that gets stuck in a certain place for ever.
struct StuckAnywhere {
  explicit StuckAnywhere(Where where) : peer(hello_peer()), source(pattern(5000)) {
    const int64_t ever = 1000000000;
    if (where == Where::kResolving) peer.resolve_ms = ever;
    if (where == Where::kConnecting) peer.connect_ms = ever;
    if (where == Where::kSecuring) peer.secure_ms = ever;
    if (where == Where::kSending) peer.takes = 20;
    if (where == Where::kFirstByte) peer.answers.clear();
    if (where == Where::kBody) peer.answers[0].bytes = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello";
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
  Peer peer;  ///< To be given to the world that the call is made in.
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
