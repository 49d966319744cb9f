// What the tests of many calls at once share: calls to peers that say hello, and who is told of their end.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "../fakes/async_world.h"
#include "../fakes/fetched_credentials.h"
#include "stuck_anywhere.h"

namespace test {

using namespace tinyaws;
using namespace tinyaws::fakes;

inline const char* const kHost = "peer.example";

/// Names that live as long as anybody looks at them.
inline const char* const kHosts[] = {"0.example", "1.example", "2.example", "3.example", "4.example", "5.example"};

inline std::string always_hello(const std::string&) {
  return kHello;
}
/// A server that says hello so late.
inline Peer late_peer(int64_t delay_ms, size_t n = 10) {
  Peer peer = hello_peer(n);
  for (Answer& answer : peer.answers) answer.delay_ms = delay_ms;
  return peer;
}

class Told final : public Completion {
 public:
  explicit Told(const AsyncWorld& world) : world_(world) {}

  std::vector<const Call*> calls;
  std::vector<Instant> times;
  std::function<void(Call&)> then;

  void on_done(Call& call) override {
    calls.push_back(&call);
    times.push_back(world_.now());
    if (then) then(call);
  }

 private:
  const AsyncWorld& world_;
};

inline void start(AsyncWorld& world, Call& call, Completion* completion = nullptr) {
  CHECK_STATUS(world.client().start(call, completion), Status::kOk, "start");
}

inline void expect_hello(const TestCall& call, const std::string& what) {
  CHECK(call.failed.empty(), what + ": failed: " + (call.failed.empty() ? "" : text(call.failed[0].status)));
  CHECK(call.answered.size() == 1, what + ": answers: " + std::to_string(call.answered.size()));
  CHECK_TEXT(call.sink.content, "hello", what);
  CHECK(call.cancels == 0, what + ": told on_cancel");
}

inline void expect_failed(const TestCall& call, Status status, const std::string& what) {
  CHECK(call.failed.size() == 1, what + ": failures: " + std::to_string(call.failed.size()));
  CHECK_STATUS(call.failed[0].status, status, what);
  CHECK(call.answered.empty() && call.cancels == 0, what + ": answered or cancelled as well");
}

/// A call to `host` from its start to its end.
inline void check_hello(AsyncWorld& world, const std::string& what, const std::string& host = kHost) {
  TestCall call;
  call.request.endpoint.host = host;
  world.run(call);
  expect_hello(call, what);
}

using Calls = std::vector<std::unique_ptr<TestCall>>;

inline Calls make_calls(size_t n) {
  Calls calls;
  for (size_t i = 0; i < n; ++i) calls.push_back(std::make_unique<TestCall>());
  return calls;
}

/// So many connections to `host`, kept.
inline void keep(AsyncWorld& world, size_t n, const std::string& host = kHost) {
  Calls calls = make_calls(n);
  for (auto& call : calls) {
    call->request.endpoint.host = host;
    start(world, *call);
  }
  world.run();
  for (auto& call : calls) expect_hello(*call, "to be kept");
}

/// A request to a service and all that belongs to it.
struct Ask {
  explicit Ask(AsyncWorld& world, const ApiRequest& wanted = {"dynamodb"})
      : request(wanted), call(request, response, world.client().context()) {}

  ApiRequest request;
  char memory[256];
  Response response{memory};
  ApiCall call;
};

/// A call to "stuck.example" that gets stuck in a certain place for ever.
struct StuckCall : StuckAnywhere {
  StuckCall(AsyncWorld& world, Where where) : StuckAnywhere(where) {
    world.net.peers["stuck.example"] = {peer};
    call.request.endpoint.host = "stuck.example";
  }
};

}  // namespace test
