// The transport to a peer that plays a script, and the clock of both. Time is virtual: it passes only in
// `VirtualPlatform::wait` and where a test says so.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "check.h"
#include "peer_script.h"
#include "tinyaws/port.h"
#include "tinyaws/time.h"

namespace tinyaws::fakes {

struct VirtualTime {
  Instant now{1000};
  UnixTime wall{1440938160};  // 2015-08-30T12:36:00Z
  void pass(int64_t ms) { now = now + ms; }
  UnixTime wall_now() const {
    return wall.seconds == kUnknownTime.seconds ? wall : UnixTime{wall.seconds + (now.ms - 1000) / 1000};
  }
};

class ScriptedTransport final : public Transport {
 public:
  enum class Function : char { kOpen = 'o', kAdvance = 'a', kSend = 's', kRecv = 'r' };

  explicit ScriptedTransport(VirtualTime& time) : time_(time) {}

  std::vector<Peer> peers;  ///< One a connection, in order; the last one serves all further connections.
  Fault fault;

  // What happened.
  std::vector<Function> calls;  ///< Those that can fail.
  std::vector<Endpoint> endpoints;
  std::vector<std::string> hosts;
  std::vector<std::vector<std::string>> requests;  ///< By connection; the last one may be incomplete.
  std::vector<std::vector<Instant>> request_times;
  size_t closes = 0;
  size_t opens() const { return hosts.size(); }
  uint64_t bytes_taken = 0;
  uint64_t bytes_given = 0;
  size_t total_requests() const {
    size_t n = 0;
    for (const auto& list : requests) n += list.size();
    return n;
  }
  const std::string& last_request() const { return requests.back().back(); }

  /// Forgets the counts and the record, for another run.
  void forget() {
    CHECK(state_ == State::kClosed || state_ == State::kOpen, "transport forgotten while it opens");
    calls.clear();
    closes = 0;
  }

  // When something becomes possible; kNever: not by waiting.
  Instant readable_at() const {
    if (state_ != State::kOpen) return kNever;
    if (stuck_) return kNever;
    if (held_ > 0 && peer().holds_bytes) return kNever;
    if (send_lost_) return time_.now;
    if (given_ < outgoing_.size()) return later(outgoing_[given_].at, time_.now);
    return end_at_;
  }
  Instant writable_at() const {
    if (stuck_) return kNever;
    if (state_ != State::kOpen) return state_ == State::kClosed ? kNever : later(state_until_, time_.now);
    return taken_ < peer().takes || peer().then != Status::kPending ? time_.now : kNever;
  }

  Status open(const Endpoint& endpoint) override {
    note(Function::kOpen);
    CHECK(state_ == State::kClosed, "port.h: open REQUIRES closed");
    begin_connection(endpoint);
    if (faulty(Fault::Kind::kStatus)) return broken(fault.status);
    if (peer().open_status != Status::kPending) return broken(peer().open_status);
    if (peer().opens_at_once || faulty(Fault::Kind::kOpenAtOnce)) {
      become_open();
      return Status::kOk;
    }
    enter(State::kResolving, peer().resolve_ms);
    return Status::kPending;
  }

  Status advance(Instant) override {
    note(Function::kAdvance);
    CHECK(state_ == State::kResolving || state_ == State::kConnecting || state_ == State::kSecuring,
          "port.h: advance while neither resolving, connecting nor securing");
    check_not_broken("advance");
    if (faulty(Fault::Kind::kStatus)) return broken(fault.status);
    if (pends()) return Status::kPending;
    if (pending_advances_ > 0) return --pending_advances_, Status::kPending;
    while (state_ != State::kOpen && state_until_ <= time_.now) {
      if (peer().fails_in == state_) return broken(peer().advance_error);
      next_state();
      if (pending_advances_ > 0) return --pending_advances_, Status::kPending;
    }
    return state_ == State::kOpen ? Status::kOk : Status::kPending;
  }

  State state() const override { return state_; }

  IoResult send(Bytes bytes) override {
    note(Function::kSend);
    CHECK(state_ == State::kOpen, "port.h: send REQUIRES open");
    CHECK(!bytes.empty(), "port.h: send of nothing can't answer \"at least 1\"");
    check_not_broken("send");
    CHECK(bytes.substr(0, offered_.size()) == offered_, "port.h: after kPending the same bytes are offered again");
    offered_.clear();
    CHECK(!send_lost_, "send after an error of send");
    if (faulty(Fault::Kind::kStatus)) return {send_broken(fault.status), 0};
    if (pends() || (peer().pend_between && (pend_send_ = !pend_send_))) return pend(bytes);
    if (taken_ >= peer().takes) {
      return peer().then == Status::kPending ? pend(bytes) : IoResult{send_broken(peer().then), 0};
    }
    size_t n = std::min({bytes.size(), peer().send_piece, peer().takes - taken_});
    if (faulty(Fault::Kind::kOneByte)) n = 1;
    take(bytes.substr(0, n));
    return {Status::kOk, n};
  }

  IoResult recv(MutBytes space) override {
    note(Function::kRecv);
    CHECK(state_ == State::kOpen, "port.h: recv REQUIRES open");
    CHECK(!space.empty(), "port.h: recv's space is not empty");
    check_not_broken("recv");
    if (faulty(Fault::Kind::kStatus)) return {broken(fault.status), 0};
    if (faulty(Fault::Kind::kEnd)) ended_ = true;
    if (ended_) return {Status::kOk, 0};
    if (pends() || (peer().pend_between && (pend_recv_ = !pend_recv_))) return {Status::kPending, 0};
    const size_t most = faulty(Fault::Kind::kOneByte) ? 1 : std::min(space.size(), peer().recv_piece);
    const size_t n = give(space.first(std::min(most, space.size())));
    if (n > 0) return {Status::kOk, n};
    if (send_lost_) return {broken(Status::kConnectionLost), 0};
    if (given_ < outgoing_.size() || time_.now < end_at_) return {Status::kPending, 0};
    if (end_status_ != Status::kOk) return {broken(end_status_), 0};
    ended_ = true;
    return {Status::kOk, 0};
  }

  void close() override {
    ++closes;
    state_ = State::kClosed;
    broken_ = false;
    send_lost_ = false;
    stuck_ = false;
    offered_.clear();
  }

  Interest interest(bool sending, bool receiving) const override {
    if (state_ == State::kClosed) return {};
    if (state_ == State::kResolving && peer().ready_to_advance) return {};
    if (state_ != State::kOpen) return {kHandle, false, true};
    return {kHandle, receiving, sending};
  }

  bool ready() const override {
    if (stuck_ || broken_) return false;
    if (state_ == State::kResolving) return peer().ready_to_advance;
    return state_ == State::kOpen && peer().holds_bytes && held_ > 0;
  }

  Str describe() const override { return peers.empty() ? Str() : Str(peer().words); }

  static constexpr int kHandle = 7;

  /// The peer says something on its own: on an idle connection, say.
  void peer_says(Bytes bytes) { schedule(Answer{std::string(bytes)}); }
  void peer_ends(Status status = Status::kOk) {
    end_at_ = time_.now;
    end_status_ = status;
  }
  /// From now on this connection neither takes nor gives anything, and does not say so.
  void peer_vanishes() { stuck_ = true; }

 private:
  struct TimedByte {
    char byte;
    Instant at;
  };

  static Instant later(Instant a, Instant b) { return a < b ? b : a; }

  const Peer& peer() const { return peers[std::min(connection_, peers.size() - 1)]; }

  void note(Function function) { calls.push_back(function); }

  bool faulty(Fault::Kind kind) const { return fault.kind == kind && calls.size() == fault.at + 1; }

  bool pends() {
    if (faulty(Fault::Kind::kPendForEver)) stuck_ = true;
    return stuck_ || faulty(Fault::Kind::kPendOnce);
  }

  Status broken(Status status) {
    broken_ = true;
    return status;
  }

  /// port.h: after kConnectionLost of `send`, and only then, what has arrived can still be received.
  Status send_broken(Status status) {
    send_lost_ = true;
    broken_ = status != Status::kConnectionLost;
    return status;
  }

  void check_not_broken(const char* function) const {
    CHECK(!broken_, std::string("port.h: after an error nothing but close, but ") + function + " was called");
  }

  IoResult pend(Bytes bytes) {
    offered_ = std::string(bytes);
    return {Status::kPending, 0};
  }

  void begin_connection(const Endpoint& endpoint) {
    CHECK(!peers.empty(), "a connection nobody expected");
    connection_ = hosts.size();
    hosts.emplace_back(endpoint.host);
    endpoints.push_back(endpoint);
    tls_ = endpoint.tls;
    requests.emplace_back();
    request_times.emplace_back();
    outgoing_.clear();
    given_ = held_ = taken_ = 0;
    request_open_ = false;
    answered_ = 0;
    end_at_ = kNever;
    end_status_ = Status::kOk;
    ended_ = stuck_ = broken_ = send_lost_ = false;
    pend_send_ = pend_recv_ = false;
    state_ = State::kResolving;
  }

  void enter(State state, int64_t duration) {
    state_ = state;
    state_until_ = time_.now + duration;
    pending_advances_ = peer().pending_advances;
  }

  void next_state() {
    if (state_ == State::kResolving) return enter(State::kConnecting, peer().connect_ms);
    if (state_ == State::kConnecting && tls_) return enter(State::kSecuring, peer().secure_ms);
    become_open();
  }

  void become_open() {
    state_ = State::kOpen;
    pending_advances_ = 0;
    answer_if(Answer::When::kAtOnce, 0);
  }

  // The peer's side.

  void take(Bytes bytes) {
    taken_ += bytes.size();
    bytes_taken += bytes.size();
    for (char c : bytes) take_byte(c);
  }

  void take_byte(char c) {
    auto& list = requests[connection_];
    if (!request_open_) {
      list.emplace_back();
      request_times[connection_].push_back(time_.now);
      request_open_ = true;
      head_size_ = 0;
    }
    std::string& request = list.back();
    request += c;
    if (head_size_ == 0) {
      if (c != '\n' || request.size() < 4 || request.compare(request.size() - 4, 4, "\r\n\r\n") != 0) return;
      head_size_ = request.size();
      body_size_ = announced_length(request);
    }
    const size_t body = request.size() - head_size_;
    answer_if(Answer::When::kAfterHead, body);
    if (body < body_size_) return;
    answer_if(Answer::When::kAfterRequest, 0);
    request_open_ = false;
  }

  static size_t announced_length(const std::string& head) {
    const size_t at = head.find("\r\nContent-Length: ");
    return at == std::string::npos ? 0 : static_cast<size_t>(strtoull(head.c_str() + at + 18, nullptr, 10));
  }

  void answer_if(Answer::When when, size_t body) {
    const size_t index = requests[connection_].empty() ? 0 : requests[connection_].size() - 1;
    if (index < answered_ || index >= peer().answers.size()) return;
    const Answer& answer = peer().answers[index];
    if (answer.when != when || body < answer.body_bytes) return;
    answered_ = index + 1;
    schedule(answer);
  }

  void schedule(const Answer& answer) {
    Instant at = time_.now + answer.delay_ms;
    size_t in_drip = 0;
    for (char c : answer.bytes) {
      if (answer.drip > 0 && in_drip++ == answer.drip) {
        at = at + answer.drip_ms;
        in_drip = 1;
      }
      outgoing_.push_back({c, at});
    }
    if (!answer.ends && answer.breaks == Status::kOk) return;
    end_at_ = at + answer.end_delay_ms;
    end_status_ = answer.breaks;
  }

  size_t give(MutBytes space) {
    size_t n = 0;
    while (n < space.size() && given_ < outgoing_.size() && outgoing_[given_].at <= time_.now) {
      space[n++] = outgoing_[given_++].byte;
    }
    bytes_given += n;
    held_ = 0;
    for (size_t i = given_; i < outgoing_.size() && outgoing_[i].at <= time_.now; ++i) ++held_;
    return n;
  }

  VirtualTime& time_;
  State state_ = State::kClosed;
  Instant state_until_;
  int pending_advances_ = 0;
  size_t connection_ = 0;
  bool tls_ = false;
  bool broken_ = false;
  bool send_lost_ = false;
  bool stuck_ = false;
  bool ended_ = false;
  bool pend_send_ = false;
  bool pend_recv_ = false;
  std::string offered_;  // what a pending send was offered
  size_t taken_ = 0;     // on this connection
  bool request_open_ = false;
  size_t head_size_ = 0;
  size_t body_size_ = 0;
  size_t answered_ = 0;
  std::vector<TimedByte> outgoing_;
  size_t given_ = 0;
  size_t held_ = 0;  // of outgoing_, arrived and decrypted
  Instant end_at_ = kNever;
  Status end_status_ = Status::kOk;
};

}  // namespace tinyaws::fakes
