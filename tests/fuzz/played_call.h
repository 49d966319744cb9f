// What stands around a connection, as a script has it: its transport, its call and the call's body. Each keeps to its
// interface whatever the script says, and sees to it that the connection does.
#pragma once

#include <algorithm>
#include <string>

#include "fuzz.h"
#include "tinyaws/call.h"
#include "tinyaws/port.h"

namespace tinyaws::fuzz {

struct World {
  explicit World(Input script) : input(script) {}

  Input input;
  Str answer;         // of the peer, from here on
  bool calm = false;  // nobody reads the script any more: the peer takes everything and answers kSample
  Instant now{1000};
  Instant deadline = kNever;
  size_t moves = 0;  // bytes or states that have moved, questions answered
  size_t calls = 0;  // of the transport, in this step
};

/// Keeps to port.h whatever the script says, and sees to it that the connection does.
class PlayedTransport final : public Transport {
 public:
  explicit PlayedTransport(World& world) : world_(world) {}

  std::string sent;  ///< On this connection, since the last request began.

  Status open(const Endpoint& endpoint) override {
    ++world_.calls;
    check(state_ == State::kClosed && !endpoint.host.empty());
    tls_ = endpoint.tls;
    state_ = State::kResolving;
    broken_ = send_lost_ = false;
    offered_.clear();
    wakes_at_ = kNever;
    is_ready_ = true;
    return go_on();
  }

  Status advance(Instant now) override {
    ++world_.calls;
    check(state_ != State::kClosed && state_ != State::kOpen && !broken_ && now == world_.now);
    wakes_at_ = kNever;
    is_ready_ = false;
    return go_on();
  }

  State state() const override { return state_; }

  IoResult send(Bytes bytes) override {
    ++world_.calls;
    check(state_ == State::kOpen && !broken_ && !send_lost_ && !bytes.empty());
    check(bytes.size() >= offered_.size() && bytes.substr(0, offered_.size()) == offered_);
    const size_t event = world_.calm ? 3 : world_.input.below(8);
    if (event == 0) {
      offered_ = std::string(bytes);
      return {Status::kPending, 0};
    }
    offered_.clear();
    if (event == 1) {
      send_lost_ = true;
      return {Status::kConnectionLost, 0};
    }
    if (event == 2) return {broken(Status::kTlsFailed), 0};
    const size_t n = event == 3 ? bytes.size() : std::min(bytes.size(), 1 + world_.input.below(64));
    ++world_.moves;
    sent.append(bytes.data(), n);
    return {Status::kOk, n};
  }

  IoResult recv(MutBytes space) override {
    ++world_.calls;
    check(state_ == State::kOpen && !broken_ && !space.empty());
    const size_t event = world_.calm ? (sent.empty() ? 0 : 3) : world_.input.below(8);
    is_ready_ = false;
    if (event == 0) return {Status::kPending, 0};
    if (event == 1) return {broken(Status::kConnectionLost), 0};
    ++world_.moves;
    if (event == 2) return {Status::kOk, 0};
    if (world_.answer.empty()) return {Status::kPending, 0};
    const size_t most = event == 3 ? SIZE_MAX : 1 + world_.input.below(64);
    const size_t n = std::min({space.size(), world_.answer.size(), most});
    memcpy(space.data(), world_.answer.data(), n);
    world_.answer.remove_prefix(n);
    is_ready_ = event == 4 && !world_.answer.empty();
    return {Status::kOk, n};
  }

  void close() override { state_ = State::kClosed; }

  Interest interest(bool sending, bool receiving) const override {
    check(state_ != State::kClosed);
    if (state_ != State::kOpen) return {7, false, true};
    return {7, receiving, sending};
  }
  bool ready() const override { return is_ready_; }
  Instant next_deadline() const override { return wakes_at_; }
  Str describe() const override { return broken_ ? "as the script has it" : ""; }

 private:
  Status broken(Status status) {
    broken_ = true;
    return status;
  }

  Status go_on() {
    const size_t event = world_.calm ? 7 : world_.input.below(8);
    if (event == 0) return Status::kPending;
    if (event == 1) wakes_at_ = world_.now + static_cast<int64_t>(1 + world_.input.below(200));
    if (event == 1) return Status::kPending;
    if (event == 2) return broken(state_ == State::kSecuring ? Status::kTlsFailed : Status::kConnectFailed);
    ++world_.moves;
    if (event < 6 && state_ != State::kSecuring) {
      const bool secures = tls_ && state_ == State::kConnecting;
      state_ = state_ == State::kResolving ? State::kConnecting : secures ? State::kSecuring : State::kOpen;
    } else {
      state_ = State::kOpen;
    }
    return state_ == State::kOpen ? Status::kOk : Status::kPending;
  }

  World& world_;
  State state_ = State::kClosed;
  Instant wakes_at_ = kNever;
  std::string offered_;  // what a pending send was offered
  bool tls_ = false;
  bool broken_ = false;
  bool send_lost_ = false;
  bool is_ready_ = false;
};

class PlayedSource final : public BodySource {
 public:
  PlayedSource(World& world, const std::string& content) : world_(world), content_(content) {}

  IoResult read(MutBytes out) override {
    check(!out.empty() && out.size() <= content_.size() - at_);
    const size_t event = world_.calm ? 2 : world_.input.below(8);
    if (event == 0) return {Status::kPending, 0};
    if (event == 1) return {Status::kNotFound, 0};
    const size_t n = event == 2 ? out.size() : std::min(out.size(), 1 + world_.input.below(64));
    memcpy(out.data(), content_.data() + at_, n);
    at_ += n;
    ++world_.moves;
    return {Status::kOk, n};
  }
  Status rewind() override {
    at_ = 0;
    return Status::kOk;
  }

 private:
  World& world_;
  const std::string& content_;
  size_t at_ = 0;
};

/// Sends, waits and ends as the script says, and sees to it that it is told each outcome once.
class PlayedCall final : public Call {
 public:
  PlayedCall(World& world, PlayedTransport& transport)
      : world_(world), transport_(transport), source_(world, content_) {
    request_.endpoint.host = "peer.example";
    const size_t which = world.input.byte();
    content_.resize(which % 4 == 0 ? 0 : world.input.number() % 3000, 'b');
    request_.method = which % 4 == 0 ? "GET" : "PUT";
    request_.body = which % 4 == 1 ? Body(Bytes(content_)) : Body(source_, content_.size());
    if (which % 4 == 0) request_.body = {};
    request_.endpoint.tls = (which & 4) != 0;
    request_.expect_continue = (which & 8) != 0;
    is_secret_ = (which & 16) != 0;
    own_limits_ = (which & 32) != 0;
    if (which & 64) ends_ = world.now + static_cast<int64_t>(1 + world.input.number() % 5000);
    limits_.stall_ms = limits_.first_byte_ms = limits_.connect_ms = 1 + world.input.number() % 3000;
    limits_.attempt_ms = own_limits_ ? world.input.number() % 3000 : 0;
  }

  bool ended() const { return ended_; }
  bool cancelled() const { return cancelled_; }
  size_t outcomes() const { return outcomes_; }
  size_t responses() const { return responses_; }

  Next next(Instant now, UnixTime, RequestHead& head) override {
    check(!ended_ && !exchanging_ && now == world_.now);
    ++world_.moves;
    const size_t event = world_.calm ? (responses_ > 0 ? 0 : 4) : world_.input.below(8);
    if (event == 0 || asked_++ > 40) {
      ended_ = true;
      return {};
    }
    if (event == 1) return {Next::Action::kWait, now + static_cast<int64_t>(1 + world_.input.number() % 3000)};
    if (event == 2) return {Next::Action::kAgain, kNever};
    if (event == 3 && ends_.ms != kNever.ms) return {Next::Action::kWait, kNever};
    return send(head);
  }

  void on_head(const ResponseHead& head, Instant) override {
    check(exchanging_ && !heard_head_ && head.status >= 200);
    heard_head_ = true;
  }

  IoResult on_body(const ResponseHead& head, Bytes piece) override {
    check(exchanging_ && heard_head_ && head.status >= 200 && !piece.empty());
    const size_t event = world_.calm ? 2 : world_.input.below(8);
    if (event == 0) return {Status::kPending, 0};
    if (event == 1) return {Status::kBufferTooSmall, 0};
    ++world_.moves;
    if (event == 2) return {Status::kOk, piece.size()};
    if (event == 3) return {Status::kOk, piece.size() + 1};
    return {Status::kOk, std::min(piece.size(), world_.input.below(32))};
  }

  void on_response(const ResponseHead& head, Instant) override {
    check(exchanging_ && heard_head_ && head.status >= 200);
    const bool whole = transport_.sent.size() == wire_.size();
    check(wire_.compare(0, transport_.sent.size(), transport_.sent) == 0 && (whole || head.status >= 300));
    ++responses_;
    end_exchange();
  }

  void on_failure(const Failure& failure, Instant now) override {
    check(!ended_ && failure.status != Status::kOk && failure.status != Status::kPending);
    const bool over = failure.status == Status::kDeadlineExceeded;
    check(over || exchanging_);
    check(!over || ends_ <= now);
    check(!exchanging_ || wire_.compare(0, transport_.sent.size(), transport_.sent) == 0);
    ended_ = over;
    end_exchange();
  }

  Instant deadline() const override { return ends_; }
  const Timeouts* timeouts() const override { return own_limits_ ? &limits_ : nullptr; }
  bool is_secret() const override { return is_secret_; }
  void on_cancel() override {
    check(!ended_);
    ended_ = cancelled_ = true;
  }

 private:
  Next send(RequestHead& head) {
    check(source_.rewind() == Status::kOk && head.begin(request_) == Status::kOk && head.end() == Status::kOk);
    wire_ = std::string(head.buffer().data(), head.size()) + content_;
    transport_.sent.clear();
    exchanging_ = true;
    heard_head_ = false;
    return {Next::Action::kSend, kNever};
  }

  void end_exchange() {
    exchanging_ = false;
    ++outcomes_;
    ++world_.moves;
  }

  World& world_;
  PlayedTransport& transport_;
  std::string content_;
  PlayedSource source_;
  Request request_;
  Timeouts limits_;
  std::string wire_;
  Instant ends_ = kNever;
  size_t asked_ = 0;
  size_t outcomes_ = 0;
  size_t responses_ = 0;
  bool is_secret_;
  bool own_limits_;
  bool exchanging_ = false;
  bool heard_head_ = false;
  bool ended_ = false;
  bool cancelled_ = false;
};

}  // namespace tinyaws::fuzz
