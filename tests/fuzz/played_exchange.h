// An exchange, its request and what is known of both: whatever is done to it, what has to hold at all times is looked
// at.
#pragma once

#include <algorithm>
#include <string>

#include "fuzz.h"
#include "tinyaws/exchange.h"

namespace tinyaws::fuzz {

constexpr char kBody[] = "0123456789abcdefghijklmnopqrstuvwxyz";

inline std::string body_of(size_t size) {
  std::string out;
  while (out.size() < size) out += kBody;
  out.resize(size);
  return out;
}

/// Gives pieces; where it is told to, it pends, fails, ends too soon or lies about how much it gave.
class Source final : public BodySource {
 public:
  explicit Source(const std::string& content) : content_(content) {}

  enum class Mood { kGives, kPends, kFails, kEnds, kLies };
  Mood mood = Mood::kGives;
  size_t piece = SIZE_MAX;
  bool failed = false;

  IoResult read(MutBytes out) override {
    check(!failed && !out.empty() && out.size() <= content_.size() - at_);
    failed = mood >= Mood::kFails;
    if (mood == Mood::kPends) return {Status::kPending, 0};
    if (mood == Mood::kFails) return {Status::kNotFound, 0};
    if (mood == Mood::kEnds) return {Status::kOk, 0};
    if (mood == Mood::kLies) return {Status::kOk, out.size() + 1};
    const size_t n = std::min(piece, out.size());
    memcpy(out.data(), content_.data() + at_, n);
    at_ += n;
    return {Status::kOk, n};
  }
  Status rewind() override { return Status::kUnsupported; }

 private:
  const std::string& content_;
  size_t at_ = 0;
};

struct Setting {
  explicit Setting(Input& input) {
    constexpr Str kMethods[] = {"GET", "HEAD", "PUT", "POST", "DELETE"};
    const size_t which = input.byte();
    method = kMethods[which % 5];
    asks = (which & 32) != 0;
    streams = (which & 64) != 0;
    closes = (which & 128) != 0;
    buffer_size = Exchange::kMinBufferBytes + input.byte() * size_t{2};
    const size_t body_size = input.byte() * size_t{8};
    if (which % 5 >= 2) body = body_of(body_size);
  }

  bool sends_at_once() const { return body.empty(); }

  Str method;
  bool asks;  ///< For leave to send the body.
  bool streams;
  bool closes;
  size_t buffer_size;
  std::string body;
};

/// A request, its exchange, and what is known of it.
class Run {
 public:
  explicit Run(const Setting& setting) : setting_(setting), buffer_(setting.buffer_size), source_(setting.body) {
    request_.method = setting.method;
    request_.endpoint.host = "h";
    if (setting.closes) request_.headers = close_;
    request_.expect_continue = setting.asks;
    request_.body = setting.streams ? Body(source_, setting.body.size()) : Body(Bytes(setting.body));
    RequestHead head(buffer_.bytes());
    check(head.begin(request_) == Status::kOk && head.end() == Status::kOk);
    to_send_ = std::string(buffer_.text().data(), head.size()) + setting.body;
    check(exchange_.start(head) == Status::kOk);
    look();
  }

  Exchange& exchange() { return exchange_; }
  Source& source() { return source_; }
  const std::string& fed() const { return fed_; }
  const std::string& body() const { return body_; }
  std::string head() const { return head_; }
  bool ended() const { return ended_; }
  bool finished() const { return (exchange_.state() & (Exchange::kDone | Exchange::kFailed)) != 0; }

  bool send(size_t most) {
    if ((exchange_.state() & Exchange::kWantSend) == 0) return false;
    const Bytes bytes = exchange_.send_buf();
    look();
    check(!bytes.empty() || exchange_.source_pending() || exchange_.error() == Status::kBodySourceFailed);
    if (bytes.empty()) return false;
    check(is_within(bytes, buffer_.text()) || is_within(bytes, setting_.body));
    check(exchange_.send_buf() == bytes && exchange_.send_buf().data() == bytes.data());
    const size_t n = std::min(most, bytes.size());
    check(to_send_.compare(sent_, n, bytes.data(), n) == 0);
    sent_ += n;
    exchange_.send_ack(n);
    look();
    return true;
  }

  /// Takes what fits off the front of `bytes`.
  bool receive(Str& bytes, size_t most) {
    if ((exchange_.state() & Exchange::kWantRecv) == 0 || bytes.empty()) return false;
    const MutBytes space = exchange_.recv_buf();
    check(!space.empty() && is_within({space.data(), space.size()}, buffer_.text()));
    const size_t n = std::min({most, bytes.size(), space.size()});
    memcpy(space.data(), bytes.data(), n);
    fed_.append(bytes.data(), n);
    bytes.remove_prefix(n);
    exchange_.recv_ack(n);
    look();
    return true;
  }

  bool take(size_t most) {
    const Bytes piece = exchange_.body_buf();
    const size_t n = std::min(most, piece.size());
    body_.append(piece.data(), n);
    exchange_.body_ack(n);
    look();
    return n > 0;
  }

  void end() {
    if ((exchange_.state() & Exchange::kWantRecv) == 0) return;
    ended_ = true;
    exchange_.recv_eof();
    look();
  }

  void close_sending() {
    exchange_.send_closed();
    look();
  }

  bool send_anyway() {
    const bool waited = exchange_.awaits_continue();
    exchange_.send_body_anyway();
    check(!exchange_.awaits_continue());
    look();
    return waited;
  }

  void give_up() {
    const bool was_over = finished();
    exchange_.give_up(Status::kCancelled);
    check(was_over || exchange_.error() == Status::kCancelled);
    look();
  }

  /// Everything in pieces of at most `piece`, and the end.
  void run_on(Str bytes, size_t piece, bool then_end) {
    bool moved = true;
    while (moved) {
      moved = send(piece);
      moved |= receive(bytes, piece);
      while (take(piece)) moved = true;
      if (!moved) moved = send_anyway();
    }
    if (then_end && !finished()) end();
    while (take(piece)) continue;
  }

 private:
  // What holds at all times.
  void look() {
    const unsigned flags = exchange_.state();
    const bool failed = (flags & Exchange::kFailed) != 0;
    const bool done = (flags & Exchange::kDone) != 0;
    check(failed == (exchange_.error() != Status::kOk) && exchange_.error() != Status::kPending);
    check(!(failed || done) || (flags & (flags - 1)) == 0);
    check(over_ == 0 || over_ == flags);
    if (failed || done) over_ = flags;
    if (failed) check(error_ == Status::kOk || error_ == exchange_.error());
    error_ = exchange_.error();
    check(((flags & Exchange::kHasBody) != 0) == (!exchange_.body_buf().empty() && !done));
    check(is_within(exchange_.body_buf(), buffer_.text()));
    check(exchange_.heard() == !fed_.empty());
    check(!exchange_.request_sent() || sent_ == to_send_.size());
    check(!exchange_.reusable() || (done && !ended_));
    if (done) check(sent_ == to_send_.size() || exchange_.head().status >= 300);
    if (exchange_.awaits_continue()) check((flags & Exchange::kWantRecv) != 0 && !exchange_.has_head());
    // Nobody waits for what can't come.
    if (!failed && !done) check(flags != 0);
    look_at_head();
  }

  void look_at_head() {
    if (!exchange_.has_head()) return check(head_.empty());
    const ResponseHead& head = exchange_.head();
    check(head.status >= 200 && head.status <= 599 && is_within(head.bytes, buffer_.text()));
    if (head_.empty()) head_ = std::string(head.bytes);
    check(head_ == head.bytes);
  }

  const Setting& setting_;
  const Header close_[1] = {{"Connection", "close"}};
  Block buffer_;
  Source source_;
  Request request_;
  Exchange exchange_;
  std::string to_send_;
  size_t sent_ = 0;
  std::string fed_;
  std::string body_;
  std::string head_;
  unsigned over_ = 0;
  Status error_ = Status::kOk;
  bool ended_ = false;
};

}  // namespace tinyaws::fuzz
