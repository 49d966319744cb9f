// What the tests of many calls at once share: calls to peers that say hello, and who is told of their end.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "../fakes/async_world.h"
#include "../fakes/client_world.h"
#include "../fakes/test_call.h"

namespace test {

using namespace tinyaws;
using namespace tinyaws::fakes;

inline const char* const kHello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
inline const char* const kHost = "peer.example";

/// Names that live as long as anybody looks at them.
inline const char* const kHosts[] = {"0.example", "1.example", "2.example", "3.example", "4.example", "5.example"};

inline Peer hello_peer(size_t n = 10) {
  return Peer(std::vector<Answer>(n, Answer{kHello}));
}
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

/// Credentials that come from a server of their own, one exchange for each answer.
class FetchedCredentials final : public CredentialsProvider, public Call {
 public:
  FetchedCredentials() { request_.endpoint = {"credentials.example", 80, false}; }

  FixedCredentials fixed;
  Status outcome = Status::kOk;
  int fetches = 0;
  int cancels = 0;

  Status get(Instant now, UnixTime wall, Credentials& out, Call*& fetch) override {
    fetch = nullptr;
    if (running_) return Status::kPending;
    if (!fetched_) {
      ++fetches;
      running_ = true;
      sent_ = false;
      fetch = this;
      return Status::kPending;
    }
    fetched_ = false;
    return outcome == Status::kOk ? fixed.get(now, wall, out, fetch) : outcome;
  }
  Str describe() const override { return "fetched"; }
  IoResult explain(MutBytes) const override { return {}; }

  Next next(Instant, UnixTime, RequestHead& head) override {
    if (sent_) {
      running_ = false;
      fetched_ = true;
      return {};
    }
    sent_ = true;
    CHECK_STATUS(head.begin(request_), Status::kOk, "head");
    CHECK_STATUS(head.end(), Status::kOk, "head");
    return {Next::Action::kSend, kNever};
  }
  IoResult on_body(const ResponseHead&, Bytes piece) override { return {Status::kOk, piece.size()}; }
  void on_response(const ResponseHead&, Instant) override {}
  void on_failure(const Failure& failure, Instant) override { outcome = failure.status; }
  void on_cancel() override {
    ++cancels;
    running_ = false;
  }
  Instant deadline() const override { return kNever; }

 private:
  Request request_;
  bool running_ = false;
  bool sent_ = false;
  bool fetched_ = false;
};

/// A request to a service and all that belongs to it.
struct Ask {
  explicit Ask(AsyncWorld& world, const ApiRequest& wanted = {"dynamodb"})
      : request(wanted), call(request, response, world.client().context()) {}

  ApiRequest request;
  char memory[256];
  Response response{memory};
  ApiCall call;
};

enum class Where { kResolving, kConnecting, kSecuring, kSending, kFirstByte, kBody, kSource, kSink, kWaiting };

inline const Where kEverywhere[] = {Where::kResolving, Where::kConnecting, Where::kSecuring,
                                    Where::kSending,   Where::kFirstByte,  Where::kBody,
                                    Where::kSource,    Where::kSink,       Where::kWaiting};

inline std::string words(Where where) {
  static const char* const kWords[] = {"resolving", "connecting", "securing", "sending", "first byte",
                                       "body",      "source",     "sink",     "waiting"};
  return kWords[static_cast<int>(where)];
}

/// A call to "stuck.example" that gets stuck in a certain place for ever.
struct StuckCall {
  StuckCall(AsyncWorld& world, Where where) : source(pattern(5000)) {
    const int64_t ever = 1000000000;
    Peer peer = hello_peer();
    if (where == Where::kResolving) peer.resolve_ms = ever;
    if (where == Where::kConnecting) peer.connect_ms = ever;
    if (where == Where::kSecuring) peer.secure_ms = ever;
    if (where == Where::kSending) peer.takes = 20;
    if (where == Where::kFirstByte) peer.answers.clear();
    if (where == Where::kBody) peer.answers[0].bytes = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello";
    world.net.peers["stuck.example"] = {peer};
    call.request.endpoint.host = "stuck.example";
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

}  // namespace test
