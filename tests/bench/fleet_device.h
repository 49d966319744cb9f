// A device that uploads a small record every few minutes, and keeps what it could not send; and a service that is
// down for a while. Requests are made either by the library itself or by a model of its repetitions, which is cheap
// enough for a hundred thousand of them.
#pragma once

#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tinyaws/async_client.h"
#include "tinyaws/backoff.h"

namespace fleet {

using namespace tinyaws;

constexpr int64_t kSecond = 1000;
constexpr int64_t kMinute = 60 * kSecond;
constexpr int64_t kPeriod = 5 * kMinute;
constexpr int64_t kOutageBegins = 20 * kMinute, kOutageEnds = 30 * kMinute, kEnd = 80 * kMinute;
constexpr int64_t kBucket = 10 * kSecond;
constexpr int64_t kAnswerMs = 50;  // how long a request takes
constexpr int64_t kConnectMs = 10 * kSecond;

/// What a device does with records that it could not send.
enum class Manner {
  kBatch,      ///< They go with the next record, in one request.
  kCareful,    ///< The same; and after a call that failed the next ones are not repeated, until one gets through.
  kOneByOne,   ///< The same with one request a record: after every other new one an old one, at a random moment.
  kImpatient,  ///< Tries again every 10 s, each record in a request of its own.
};

struct Random {
  uint64_t state;
  uint32_t next() {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<uint32_t>(state >> 33);
  }
  int64_t below(int64_t n) { return static_cast<int64_t>(next()) % n; }
};

/// A device's clocks and chance.
class Board final : public Platform {
 public:
  Board(const Instant& now, uint64_t seed) : now_(now), random_{seed * 0x9e3779b97f4a7c15u + 1} {}
  Instant now() override { return now_; }
  UnixTime unix_time() override { return {1800000000 + now_.ms / kSecond}; }
  Status random(MutBytes out) override {
    for (char& c : out) c = static_cast<char>(random_.next());
    return Status::kOk;
  }
  void wait(Span<const Interest>, Instant) override {}

 private:
  const Instant& now_;
  Random random_;
};

enum class Outage {
  kRefuses,  ///< Every request is answered with 503.
  kSilent,   ///< No connection comes about, and nothing says so.
};

/// Counts what comes: requests, and attempts to connect that come to nothing.
struct Service {
  explicit Service(Outage way) : outage(way) {}
  const Outage outage;
  std::vector<size_t> load = std::vector<size_t>(kEnd / kBucket);

  static bool is_down(Instant now) { return now.ms >= kOutageBegins && now.ms < kOutageEnds; }
  bool is_silent(Instant now) const { return outage == Outage::kSilent && is_down(now); }
  bool serve(Instant now) {
    if (now.ms < kEnd) ++load[static_cast<size_t>(now.ms / kBucket)];
    return !is_down(now);
  }
};

/// A call as the library makes it, reduced to when it sends: the library's own Backoff and RetryQuota, and the rules
/// of ClientOptions::max_attempts.
class ModelCaller {
 public:
  ModelCaller(const Instant& now, Service& service, uint64_t seed) : board_(now, seed), service_(service) {}

  void start(Instant now, uint8_t max_attempts) {
    max_attempts_ = max_attempts;
    borrowed_ = 0;
    backoff_.start();
    send(now);
  }
  /// Something is due. True when the call has ended.
  bool step(Instant now) {
    if (!is_sent_) {
      send(now);
      return false;
    }
    if (ok_) quota_.give_back(borrowed_ > 0 ? borrowed_ : 1);
    if (ok_) return true;
    const Instant due = backoff_.next(now, board_);
    if (backoff_.attempts() >= max_attempts_ || !quota_.take(RetryQuota::kTransientCost)) return true;
    borrowed_ = RetryQuota::kTransientCost;
    is_sent_ = false;
    due_ = due;
    return false;
  }
  Instant due() const { return due_; }
  bool ok() const { return ok_; }

 private:
  void send(Instant now) {
    backoff_.count();
    ok_ = service_.serve(now);
    is_sent_ = true;
    due_ = now + (service_.is_silent(now) ? kConnectMs : kAnswerMs);
  }

  Board board_;
  Service& service_;
  Backoff backoff_;
  RetryQuota quota_;
  Instant due_;
  uint16_t borrowed_ = 0;
  uint8_t max_attempts_ = 3;
  bool is_sent_ = false, ok_ = false;
};

/// A line to the service that is there at once, and answers after a while.
class Line final : public Transport {
 public:
  Line(const Instant& now, Service& service) : now_(now), service_(service) {}

  Status open(const Endpoint&) override {
    answer_ = {};
    state_ = State::kConnecting;
    is_lost_ = service_.is_silent(now_);
    if (is_lost_) (void)service_.serve(now_);
    return advance(now_);
  }
  Status advance(Instant) override {
    if (is_lost_) return Status::kPending;
    state_ = State::kOpen;
    return Status::kOk;
  }
  State state() const override { return state_; }
  IoResult send(Bytes bytes) override {
    const bool ok = service_.serve(now_);
    answer_ = ok ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                 : "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
    due_ = now_ + kAnswerMs;
    return {Status::kOk, bytes.size()};
  }
  IoResult recv(MutBytes space) override {
    if (answer_.empty() || now_ < due_) return {Status::kPending, 0};
    const size_t n = answer_.size() < space.size() ? answer_.size() : space.size();
    std::memcpy(space.data(), answer_.data(), n);
    answer_.remove_prefix(n);
    return {Status::kOk, n};
  }
  void close() override { state_ = State::kClosed; }
  Interest interest(bool, bool) const override { return {}; }
  bool ready() const override { return false; }
  Str describe() const override { return {}; }
  Instant due() const { return answer_.empty() ? kNever : due_; }

 private:
  const Instant& now_;
  Service& service_;
  State state_ = State::kClosed;
  Str answer_;
  Instant due_;
  bool is_lost_ = false;
};

class Keys final : public CredentialsProvider {
 public:
  Status get(Instant, UnixTime, Credentials& credentials, Call*&) override {
    credentials = {"AKIDEXAMPLE", "secret"};
    return Status::kOk;
  }
  Str describe() const override { return "keys"; }
  IoResult explain(MutBytes) const override { return {}; }
};

class NoVariables final : public Environment {
 public:
  Str variable(const char*) const override { return {}; }
};

/// The library itself.
class RealCaller {
 public:
  RealCaller(const Instant& now, Service& service, uint64_t seed) : board_(now, seed), line_(now, service) {
    request_.method = "POST";
    request_.body = "a record";
    options_.region = "eu-west-1";
    options_.timeouts.connect_ms = kConnectMs;
    once_ = options_;
    once_.max_attempts = 1;
    client_.emplace(AsyncPort{board_, environment_, {&slot_, 1}}, keys_, options_);
  }
  RealCaller(const RealCaller&) = delete;
  RealCaller& operator=(const RealCaller&) = delete;

  void start(Instant now, uint8_t max_attempts) {
    const ApiContext& all = client_->context();
    call_.emplace(request_, response_,
                  ApiContext{all.signer, all.credentials, max_attempts == 1 ? once_ : all.options, all.environment,
                             all.platform, all.quota});
    (void)client_->start(*call_);
    (void)step(now);
  }
  bool step(Instant) {
    client_->poll();
    return call_->status() != Status::kPending;
  }
  Instant due() const { return earlier(client_->next_deadline(), line_.due()); }
  bool ok() const { return call_->status() == Status::kOk; }

 private:
  Board board_;
  Line line_;
  NoVariables environment_;
  Keys keys_;
  ClientOptions options_, once_;
  char buffer_[1024];
  Slot slot_{line_, MutBytes(buffer_)};
  ApiRequest request_{"kinesis"};
  Response response_;
  std::optional<AsyncClient> client_;
  std::optional<ApiCall> call_;
};

template <class Caller>
class Device {
 public:
  Device(const Instant& now, Service& service, Manner manner, uint64_t seed)
      : caller_(now, service, seed), manner_(manner), random_{seed * 0xd1342543de82ef95u + 7} {
    (void)random_.next();
    tick_ = {random_.below(kPeriod)};
  }

  Instant due() const { return is_busy_ ? earlier(tick_, caller_.due()) : earlier(tick_, again_); }
  size_t made() const { return made_; }
  size_t waiting() const { return waiting_; }

  void go_on(Instant now) {
    if (is_busy_ && caller_.due() <= now && caller_.step(now)) end(now);
    if (tick_ <= now) {
      tick_ = tick_ + kPeriod;
      ++waiting_;
      ++made_;
      if (!is_busy_ && (manner_ != Manner::kImpatient || again_ == kNever)) send(now);
      if (manner_ == Manner::kOneByOne && !has_failed_ && waiting_ > 1 && again_ == kNever && random_.below(2) == 0) {
        again_ = now + kSecond + random_.below(kPeriod - 2 * kSecond);
      }
    }
    if (!is_busy_ && again_ <= now) {
      again_ = kNever;
      if (waiting_ > 0) send(now);
    }
  }

 private:
  void send(Instant now) {
    is_busy_ = true;
    const bool takes_all = manner_ == Manner::kBatch || manner_ == Manner::kCareful;
    sent_ = takes_all ? waiting_ : 1;
    const bool is_careful = manner_ == Manner::kCareful || manner_ == Manner::kOneByOne;
    caller_.start(now, is_careful && has_failed_ ? 1 : 3);
  }
  void end(Instant now) {
    is_busy_ = false;
    has_failed_ = !caller_.ok();
    if (!has_failed_) waiting_ -= sent_;
    if (manner_ != Manner::kImpatient) return;
    if (has_failed_) {
      again_ = now + 10 * kSecond;
    } else if (waiting_ > 0) {
      send(now);
    }
  }

  Caller caller_;
  Manner manner_;
  Random random_;
  Instant tick_, again_ = kNever;
  size_t waiting_ = 0, sent_ = 0, made_ = 0;
  bool is_busy_ = false, has_failed_ = false;
};

}  // namespace fleet
