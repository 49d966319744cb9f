// A call that writes down what happens to it, an observer that does, and a connection to run it on.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bodies.h"
#include "guarded_buffer.h"
#include "tinyaws/connection.h"
#include "virtual_platform.h"

namespace tinyaws::fakes {

class TestCall final : public Call {
 public:
  TestCall() { request.endpoint = {"peer.example", 443, true}; }

  Request request;
  int exchanges = 1;  ///< As many are sent, failed ones included.
  Instant ends = kNever;
  const Timeouts* limits = nullptr;  ///< Of its own.
  int cancels = 0;
  bool secret = false;
  std::function<Next(Instant now, RequestHead& head)> script;  ///< Instead of that.
  FakeSink sink;                                               ///< Takes the bodies.
  Status body_status = Status::kOk;                            ///< Not kOk: `on_body` answers this.

  struct Failed {
    Status status;
    std::string detail;
    bool reused;
    bool heard;
    Instant at;
  };
  int asked = 0;
  int sent = 0;
  std::vector<uint16_t> told_heads;
  std::vector<uint16_t> answered;
  std::vector<std::string> heads;
  std::vector<Failed> failed;

  Next send(RequestHead& head) {
    ++sent;
    const Status begun = head.begin(request);
    const Status ended = head.end();
    CHECK(begun == Status::kOk && ended == Status::kOk, "request head: " + text(ended));
    return {Next::Action::kSend, kNever};
  }

  Next next(Instant now, UnixTime, RequestHead& head) override {
    ++asked;
    if (script) return script(now, head);
    return sent < exchanges ? send(head) : Next{};
  }
  void on_head(const ResponseHead& head, Instant) override { told_heads.push_back(head.status); }
  IoResult on_body(const ResponseHead& head, Bytes piece) override {
    CHECK(head.status >= 200 && !piece.empty(), "on_body without a head or a piece");
    CHECK(!told_heads.empty() && told_heads.back() == head.status, "on_body before on_head");
    return body_status == Status::kOk ? sink.write(piece) : IoResult{body_status, 0};
  }
  void on_response(const ResponseHead& head, Instant) override {
    answered.push_back(head.status);
    heads.emplace_back(head.bytes);
  }
  void on_failure(const Failure& failure, Instant now) override {
    failed.push_back({failure.status, std::string(failure.detail), failure.on_reused_connection, failure.heard, now});
  }
  Instant deadline() const override { return ends; }
  const Timeouts* timeouts() const override { return limits; }
  bool is_secret() const override { return secret; }
  void on_cancel() override { ++cancels; }
};

class RecordingObserver final : public Observer {
 public:
  struct Record {
    Event::Kind kind;
    Status status;
    std::string text;
    uint64_t bytes_in;
    uint64_t bytes_out;
  };
  std::vector<Record> events;

  void on_event(const Event& event) override {
    events.push_back({event.kind, event.status, std::string(event.text), event.bytes_in, event.bytes_out});
  }
  std::string kinds() const {
    std::string out;
    for (const Record& record : events) out += (out.empty() ? "" : " ") + std::string(name(record.kind));
    return out;
  }
  const Record* find(Event::Kind kind) const {
    for (const Record& record : events) {
      if (record.kind == kind) return &record;
    }
    return nullptr;
  }
};

/// A connection and what is around it. Steps as its header says: when the interest is met, when ready, and when
/// the deadline has come.
struct Slot {
  explicit Slot(const Timeouts& limits, size_t buffer_size = 1024) : buffer(buffer_size), timeouts(limits) {}
  Slot() : Slot(default_limits()) {}

  static Timeouts default_limits() {
    Timeouts limits;
    limits.connect_ms = 1000;
    limits.tls_ms = 700;
    limits.first_byte_ms = 2000;
    limits.stall_ms = 1500;
    limits.idle_ms = 4000;
    return limits;
  }

  VirtualTime time;
  ScriptedTransport transport{time};
  VirtualPlatform platform{time, transport};
  RecordingObserver observer;
  GuardedBuffer buffer;
  Timeouts timeouts;
  size_t most_calls_in_a_step = 0;

  Connection& connection() {
    if (!connection_) connection_ = std::make_unique<Connection>(transport, buffer.bytes(), timeouts, &observer);
    return *connection_;
  }

  void start(TestCall& call) { CHECK_STATUS(connection().start(call), Status::kOk, "Connection::start"); }

  Status step() {
    const size_t before = transport.calls.size();
    const Status status = connection().step(time.now, time.wall);
    most_calls_in_a_step = std::max(most_calls_in_a_step, transport.calls.size() - before);
    return status;
  }

  /// Steps until nothing more happens at this time.
  Status settle() {
    for (int i = 0; i < 100000; ++i) {
      const Status status = step();
      if (status != Status::kPending || !can_go_on()) return status;
    }
    CHECK(false, "hang: steps without an end at one time");
    return Status::kPending;
  }

  bool can_go_on() {
    if (connection().ready() || connection().next_deadline() <= time.now) return true;
    const Interest interest = connection().interest();
    if (interest.handle < 0) return false;
    return (interest.read && transport.readable_at() <= time.now) ||
           (interest.write && transport.writable_at() <= time.now);
  }

  /// Runs a call to its end.
  Status run(TestCall& call, int most_steps = 20000) {
    start(call);
    return run_on(most_steps);
  }
  Status run_on(int most_steps = 20000) {
    for (int i = 0; i < most_steps; ++i) {
      const Status status = step();
      if (status != Status::kPending) return status;
      if (connection().ready()) continue;
      const Interest interest = connection().interest();
      platform.wait({&interest, 1}, connection().next_deadline());
    }
    CHECK(false, "hang: too many steps");
    return Status::kPending;
  }

 private:
  std::unique_ptr<Connection> connection_;
};

}  // namespace tinyaws::fakes
