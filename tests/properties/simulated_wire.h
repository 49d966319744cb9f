// A transport on which everything goes wrong now and then, as chance and weather will have it.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "../fakes/check.h"
#include "simulated_chance.h"
#include "tinyaws/port.h"

namespace tinyaws::fakes {

/// What comes back for a request, and how.
struct Reply {
  std::string bytes;
  int64_t delay_ms = 1;
  size_t piece = SIZE_MAX;
  int64_t gap_ms = 0;
  enum class End { kStays, kEnds, kResets } end = End::kStays;
  int64_t end_delay_ms = 0;  ///< After the last byte.
  bool is_last = true;       ///< The request will not be answered once more.
};

/// Who is at the other end.
class Service {
 public:
  /// A head has come whose body has not. Answers whether there is something to say about it already.
  virtual bool on_head(const std::string& host, const std::string& head, Reply& reply) = 0;
  /// A request is whole; of its body only the beginning, where it is long.
  virtual void on_request(const std::string& host, const std::string& request, Reply& reply) = 0;

 protected:
  ~Service() = default;
};

class Wire final : public Transport {
 public:
  Wire(Chances& chances, Service& service, int index) : chances_(chances), service_(service), index_(index) {
    request_.reserve(8192);
  }

  int handle() const { return 100 * opens_ + index_; }
  bool is_closed() const { return state_ == State::kClosed; }

  /// When what `interest` names comes about; kNever: not by waiting.
  Instant met_at(const Interest& interest) const {
    Instant at = kNever;
    if (interest.read) at = earlier(at, readable_at());
    if (interest.write) at = earlier(at, writable_at());
    return at;
  }

  Status open(const Endpoint& endpoint) override {
    const Outside outside;
    CHECK(is_closed(), "port.h: open REQUIRES closed");
    host_ = std::string(endpoint.host);
    tls_ = endpoint.tls;
    begin();
    plan_opening();
    if (fails_in_ == State::kResolving && chances_.dice.one_in(4)) return broken(fails_as_);
    if (chances_.dice.one_in(50)) return state_ = State::kOpen, Status::kOk;
    enter(State::kResolving);
    return Status::kPending;
  }
  Status advance(Instant) override {
    const Outside outside;
    CHECK(state_ != State::kClosed && state_ != State::kOpen && !broken_, "port.h: advance");
    while (state_ != State::kOpen && until_ <= chances_.now) {
      if (fails_in_ == state_) return broken(fails_as_);
      const State next = state_ == State::kResolving ? State::kConnecting : State::kSecuring;
      if (state_ == State::kSecuring || (next == State::kSecuring && !tls_)) {
        state_ = State::kOpen;
      } else {
        enter(next);
      }
    }
    return state_ == State::kOpen ? Status::kOk : Status::kPending;
  }
  State state() const override { return state_; }

  IoResult send(Bytes bytes) override {
    const Outside outside;
    CHECK(state_ == State::kOpen && !broken_ && !send_lost_ && !bytes.empty(), "port.h: send");
    CHECK(bytes.substr(0, offered_.size()) == offered_, "port.h: after kPending the same bytes are offered again");
    if (hangs_ || chances_.now < writable_from_) return pend(bytes);
    offered_.clear();
    const uint32_t line = chances_.weather.line;
    if (has_ended() || chances_.strikes(Mishap::kWriteResets, line / 4)) return lost();
    if (tls_ && chances_.strikes(Mishap::kTlsFails, line / 40)) return {broken(Status::kTlsFailed), 0};
    if (chances_.strikes(Mishap::kWriteHangs, line / 10)) return hangs_ = true, pend(bytes);
    if (!offered_once_ && chances_.strikes(Mishap::kWritePends, line)) {
      writable_from_ = chances_.now + chances_.dice.between(1, 200);
      offered_once_ = true;
      return pend(bytes);
    }
    offered_once_ = false;
    size_t n = bytes.size();
    if (chances_.strikes(Mishap::kPartialWrite, line)) n = 1 + chances_.dice.below(static_cast<uint32_t>(n));
    take(bytes.substr(0, n));
    return {Status::kOk, n};
  }

  IoResult recv(MutBytes space) override {
    const Outside outside;
    CHECK(state_ == State::kOpen && !broken_ && !space.empty(), "port.h: recv");
    held_ = false;
    if (hangs_) return {Status::kPending, 0};
    if (given_ < out_.size() && out_at_ <= chances_.now) return {Status::kOk, give(space)};
    if (given_ < out_.size() || !has_ended()) {
      return send_lost_ ? IoResult{broken(Status::kConnectionLost), 0} : IoResult{Status::kPending, 0};
    }
    return end_ == Reply::End::kEnds ? IoResult{Status::kOk, 0} : IoResult{broken(Status::kConnectionLost), 0};
  }

  void close() override { state_ = State::kClosed; }

  Interest interest(bool sending, bool receiving) const override {
    if (state_ == State::kClosed || (state_ == State::kResolving && wakes_by_time_)) return {};
    if (state_ != State::kOpen) return {handle(), false, true};
    return {handle(), receiving, sending};
  }
  bool ready() const override { return held_ && state_ == State::kOpen && !hangs_; }
  Instant next_deadline() const override { return state_ == State::kResolving && wakes_by_time_ ? until_ : kNever; }
  Str describe() const override { return "simulated"; }

 private:
  static constexpr size_t kBodyKept = 16384;

  static Instant later(Instant a, Instant b) { return a < b ? b : a; }
  Instant readable_at() const {
    if (state_ != State::kOpen || hangs_ || held_) return kNever;
    if (send_lost_) return chances_.now;
    if (given_ < out_.size()) return later(out_at_, chances_.now);
    return end_ == Reply::End::kStays ? kNever : later(end_at_, chances_.now);
  }
  Instant writable_at() const {
    if (hangs_ || is_closed()) return kNever;
    return later(state_ == State::kOpen ? writable_from_ : until_, chances_.now);
  }
  bool has_ended() const { return end_ != Reply::End::kStays && end_at_ <= chances_.now; }

  void begin() {
    ++opens_;
    request_.clear();
    out_.clear();
    offered_.clear();
    given_ = head_size_ = 0;
    broken_ = send_lost_ = hangs_ = held_ = offered_once_ = is_answered_ = false;
    end_ = Reply::End::kStays;
    end_at_ = kNever;
    writable_from_ = chances_.now;
  }

  void plan_opening() {
    struct Way {
      State state;
      Status status;
      Mishap mishap;
    };
    constexpr Way kWays[] = {{State::kResolving, Status::kResolveFailed, Mishap::kNameNotFound},
                             {State::kConnecting, Status::kConnectFailed, Mishap::kNoConnection},
                             {State::kConnecting, Status::kConnectFailed, Mishap::kNoConnection},
                             {State::kSecuring, Status::kTlsFailed, Mishap::kTlsFails},
                             {State::kSecuring, Status::kCertificateRejected, Mishap::kCertificate}};
    Dice& dice = chances_.dice;
    wakes_by_time_ = dice.one_in(2);
    fails_in_ = hangs_in_ = State::kClosed;
    slow_ = false;
    if (dice.thousandths(2 * chances_.weather.line)) {
      const Way& way = kWays[dice.below(dice.one_in(8) ? 5 : 4)];
      fails_in_ = way.state;
      fails_as_ = way.status;
      if (tls_ || way.state != State::kSecuring) chances_.note(way.mishap);
    } else if (chances_.strikes(Mishap::kHangsOpening, chances_.weather.line / 2)) {
      hangs_in_ = static_cast<State>(1 + dice.below(tls_ ? 3 : 2));
    } else {
      slow_ = chances_.strikes(Mishap::kSlowOpening, chances_.weather.line);
    }
  }

  void enter(State state) {
    state_ = state;
    until_ = chances_.now + chances_.dice.between(0, slow_ ? 900 : 20);
    if (hangs_in_ == state) until_ = kNever;
  }

  Status broken(Status status) {
    broken_ = true;
    return status;
  }
  IoResult lost() {
    send_lost_ = true;
    return {Status::kConnectionLost, 0};
  }
  IoResult pend(Bytes bytes) {
    offered_ = std::string(bytes);
    return {Status::kPending, 0};
  }

  void take(Bytes bytes) {
    while (!bytes.empty()) {
      if (head_size_ == 0) {
        take_head(bytes);
      } else {
        take_body(bytes);
      }
    }
  }
  void take_head(Bytes& bytes) {
    const size_t from = request_.size() < 3 ? 0 : request_.size() - 3;
    const size_t before = request_.size();
    request_ += bytes;
    const size_t end = request_.find("\r\n\r\n", from);
    if (end == std::string::npos) return bytes.remove_prefix(bytes.size());
    head_size_ = end + 4;
    request_.resize(head_size_);
    bytes.remove_prefix(head_size_ - before);
    const size_t at = request_.find("\r\nContent-Length: ");
    body_left_ = at == std::string::npos ? 0 : static_cast<size_t>(strtoull(request_.c_str() + at + 18, nullptr, 10));
    Reply reply;
    if (body_left_ > 0 && service_.on_head(host_, request_, reply)) {
      is_answered_ = reply.is_last;
      schedule(reply);
    }
    finish_if_whole();
  }
  void take_body(Bytes& bytes) {
    const size_t n = std::min(body_left_, bytes.size());
    if (request_.size() < head_size_ + kBodyKept) request_ += bytes.substr(0, n);
    bytes.remove_prefix(n);
    body_left_ -= n;
    finish_if_whole();
  }
  void finish_if_whole() {
    if (body_left_ > 0) return;
    Reply reply;
    if (!is_answered_) {
      service_.on_request(host_, request_, reply);
      schedule(reply);
    }
    request_.clear();
    head_size_ = 0;
    is_answered_ = false;
  }

  void schedule(const Reply& reply) {
    if (given_ == out_.size()) {
      out_.clear();
      given_ = 0;
      out_at_ = chances_.now + reply.delay_ms;
    }
    out_ += reply.bytes;
    piece_ = reply.piece;
    gap_ms_ = reply.gap_ms;
    holds_ = chances_.dice.one_in(4);
    if (reply.end == Reply::End::kStays) return;
    end_ = reply.end;
    end_delay_ms_ = reply.end_delay_ms;
    end_at_ = out_.empty() ? chances_.now + reply.delay_ms : kNever;
  }

  size_t give(MutBytes space) {
    const size_t n = std::min({space.size(), piece_, out_.size() - given_});
    std::copy_n(out_.data() + given_, n, space.data());
    given_ += n;
    if (given_ < out_.size() && piece_ < SIZE_MAX) out_at_ = chances_.now + gap_ms_;
    held_ = holds_ && given_ < out_.size() && out_at_ <= chances_.now;
    if (given_ == out_.size() && end_ != Reply::End::kStays) end_at_ = chances_.now + end_delay_ms_;
    return n;
  }

  Chances& chances_;
  Service& service_;
  const int index_;
  int opens_ = 0;
  State state_ = State::kClosed;
  State fails_in_ = State::kClosed, hangs_in_ = State::kClosed;
  Status fails_as_ = Status::kConnectFailed;
  Instant until_;
  std::string host_, request_, out_, offered_;
  size_t given_ = 0, head_size_ = 0, body_left_ = 0, piece_ = SIZE_MAX;
  int64_t gap_ms_ = 0, end_delay_ms_ = 0;
  Instant out_at_, end_at_ = kNever, writable_from_;
  Reply::End end_ = Reply::End::kStays;
  bool tls_ = false, wakes_by_time_ = false, slow_ = false, hangs_ = false, is_answered_ = false;
  bool broken_ = false, send_lost_ = false, holds_ = false, held_ = false, offered_once_ = false;
};

}  // namespace tinyaws::fakes
