// One world: an AsyncClient with a few slots and a cache of credentials, on a board whose clock may be wrong, among
// services and lines as chance has them. Whatever is seen is checked against what the headers promise.
#pragma once

#include <memory>

#include "simulated_calls.h"
#include "tinyaws/async_client.h"
#include "tinyaws/cached_credentials.h"

namespace tinyaws::fakes {

constexpr size_t kWorldCalls = 2000;

/// What was counted, in one world or in many.
struct Outcomes {
  size_t statuses[static_cast<size_t>(Status::kServiceError) + 1] = {};
  size_t mishaps[kMishaps] = {};
  size_t requests[12] = {};  ///< Calls by how many requests they took.
  size_t calls = 0, troubled = 0, repeated = 0, freed = 0, clock_or_keys = 0, moved = 0, leaves = 0, dry = 0;
  size_t keys = 0, signed_requests = 0;

  void add(const Outcomes& other) {
    const auto* from = reinterpret_cast<const size_t*>(&other);
    auto* to = reinterpret_cast<size_t*>(this);
    for (size_t i = 0; i < sizeof other / sizeof *from; ++i) to[i] += from[i];
  }
};

/// A board whose wall clock is right, wrong, unset, or not there.
class SimulatedBoard final : public Platform {
 public:
  explicit SimulatedBoard(Chances& chances) : chances_(chances), random_(chances.dice.below(1u << 30)) {
    const uint32_t kind = chances.dice.below(10);
    has_clock_ = kind != 0;
    counts_from_1970_ = kind == 1;
    if (kind >= 5) off_ = chances.dice.one_in(2) ? chances.dice.between(-3000, 3000) : years();
    if (kind >= 8) steps_ = true;
    service_clock().set_floor({kFirstSecond - chances.dice.between(0, 100000000)});
  }

  bool steps() const { return steps_; }
  void step() {
    if (!steps_) return;
    chances_.note(Mishap::kClockStep);
    off_ = chances_.dice.one_in(3) ? 0 : chances_.dice.between(-20000, 20000);
  }

  Instant now() override { return chances_.now; }
  UnixTime unix_time() override {
    if (!has_clock_) return kUnknownTime;
    return {counts_from_1970_ ? chances_.now.ms / 1000 : true_time(chances_.now) + off_};
  }
  Status random(MutBytes out) override {
    for (char& c : out) c = static_cast<char>(random_.below(256));
    return Status::kOk;
  }
  void wait(Span<const Interest>, Instant) override { CHECK(false, "an AsyncClient never waits"); }

 private:
  int64_t years() { return chances_.dice.between(-300000000, 300000000); }

  Chances& chances_;
  Dice random_;
  bool has_clock_ = true, counts_from_1970_ = false, steps_ = false;
  int64_t off_ = 0;
};

/// Has one variable at most.
class SimulatedEnvironment final : public Environment {
 public:
  bool sets_attempts = false;

  Str variable(const char* wanted) const override {
    return sets_attempts && Str(wanted) == "AWS_MAX_ATTEMPTS" ? Str("5") : Str();
  }
};

class World final : public Watch, public Observer, public Completion {
 public:
  static constexpr size_t kSlots = 6, kQueue = 3, kBuffer = 2048;
  static constexpr unsigned kExtra = 1 + 1 + 1 + 1 + kMaxRedirects;  // dead connection, clock, newer keys, 417

  explicit World(uint64_t seed) : chances_(seed), dice_(chances_.dice) {
    choose_options();
    auto* slots = std::allocator<Slot>().allocate(kSlots);
    for (size_t i = 0; i < kSlots; ++i) {
      wires_.push_back(std::make_unique<Wire>(chances_, service_, static_cast<int>(i)));
      new (slots + i) Slot(*wires_[i], MutBytes(buffers_[i]));
    }
    slots_ = {slots, kSlots};
    client_.emplace(AsyncPort{board_, environment_, slots_, Span<QueuedCall>(queue_)}, cache_, options_);
    for (size_t i = 0; i < kSlots + kQueue; ++i) calls_.push_back(std::make_unique<WatchedCall>(dice_));
  }
  ~World() {
    client_.reset();
    for (Slot& slot : slots_) slot.~Slot();
    std::allocator<Slot>().deallocate(slots_.data(), kSlots);
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  Outcomes run() {
    for (size_t turns = 0; outcomes_.calls < kWorldCalls || client_->busy(); ++turns) {
      CHECK(turns < 1000 * kWorldCalls, "hang: too many turns");
      if (next_start_ <= chances_.now) start_one();
      if (dice_.one_in(300)) cancel_one();
      if (weather_until_ <= chances_.now) change_weather();
      poll();
      wait();
    }
    check_end();
    for (size_t i = 0; i < kMishaps; ++i) outcomes_.mishaps[i] = chances_.mishaps[i];
    outcomes_.keys = issuer_.sets.size();
    return outcomes_;
  }

 private:
  Outcomes outcomes_;

  CredentialsManner choose_manner() {
    CredentialsManner manner;
    manner.life_seconds = dice_.between(60, 3600);
    manner.is_dated = !dice_.one_in(3);
    manner.outlives_expiration = dice_.one_in(5);
    return manner;
  }

  void choose_options() {
    constexpr uint32_t kTotals[] = {0, 2000, 5000, 20000, 60000};
    options_.region = SimulatedService::kHome;
    options_.timeouts = {1000, 1000, 1500, 1500, dice_.one_in(4) ? 4000u : 0u, kTotals[dice_.below(5)], 300, 4000};
    options_.max_attempts = static_cast<uint8_t>(dice_.one_in(3) ? 1 + dice_.below(6) : 0);
    options_.observer = this;
    options_.correct_clock = !dice_.one_in(25);
    environment_.sets_attempts = dice_.one_in(8);
  }

  unsigned most_attempts(const WatchedCall& call) const {
    if (options_.max_attempts > 0) return options_.max_attempts;
    if (environment_.sets_attempts) return 5;
    return call.request.service == "dynamodb" ? 4 : 3;
  }

  void change_weather() {
    constexpr Weather kWeathers[] = {{8, 10, 5, 3},    {8, 10, 5, 3},    {40, 30, 20, 10}, {40, 30, 20, 10},
                                     {90, 60, 20, 20}, {30, 900, 20, 5}, {10, 20, 800, 5}, {20, 50, 30, 200},
                                     {400, 50, 20, 5}, {0, 0, 0, 0}};
    chances_.weather = kWeathers[dice_.below(10)];
    weather_until_ = chances_.now + dice_.between(5000, 200000);
    if (dice_.one_in(4)) board_.step();
  }

  // Starting and ending.

  void start_one() {
    next_start_ = chances_.now + pause();
    if (outcomes_.calls == kWorldCalls) return;
    WatchedCall* free = nullptr;
    for (auto& call : calls_) {
      if (!call->is_live) free = call.get();
    }
    if (free == nullptr) return;
    const Outside outside;
    free->choose(outcomes_.calls++, dice_);
    if (free->call && !dice_.one_in(4)) {
      free->call->reset();
    } else {
      free->call.emplace(free->request, free->response, client_->context());
    }
    CHECK_STATUS(client_->start(*free->call, this), Status::kOk, "start");
    free->is_live = true;
  }
  int64_t pause() {
    const uint32_t kind = dice_.below(100);
    return dice_.between(0, kind < 60 ? 20 : kind < 97 ? 1500 : 30000);
  }

  void cancel_one() {
    WatchedCall& call = *calls_[dice_.below(static_cast<uint32_t>(calls_.size()))];
    if (!call.is_live) return;
    chances_.note(Mishap::kCancelled);
    CHECK_STATUS(client_->cancel(*call.call), Status::kOk, "cancel");
    CHECK_STATUS(call.call->status(), Status::kCancelled, "a call that was cancelled");
    count_end(call);
  }

  void on_done(Call& ended) override {
    const Outside outside;
    WatchedCall& call = watched(&ended);
    CHECK(call.is_live, "a call has ended twice");
    const Status status = call.call->status();
    CHECK(status != Status::kPending, "a call has ended without an outcome");
    const Instant deadline = call.call->deadline();
    CHECK(chances_.now <= deadline || polled_ < deadline, "a call has ended after its deadline");
    if (status == Status::kOk) check_answer(call);
    if (status == Status::kServiceError) {
      CHECK(call.response.error().is_error() || call.asked.lied_to, "a refusal without an error");
      CHECK(call.asked.last != Verdict::kDone || call.asked.lied_to, "done, and called an error");
    }
    count_end(call);
    if (dice_.one_in(10)) start_one();
  }

  void check_answer(const WatchedCall& call) const {
    CHECK(call.asked.performed > 0, "kOk for what was never done");
    if (call.asked.lied_to) return;
    CHECK_TEXT(call.received(), call.request.method == "HEAD" ? "" : body_for(call.id), "kOk with a wrong body");
  }

  void count_end(WatchedCall& call) {
    call.is_live = false;
    CHECK(call.request.repeatable || call.asked.performed <= 1, "what must not be repeated was done twice");
    const Status status = call.call->status();
    ++outcomes_.statuses[static_cast<size_t>(status)];
    ++outcomes_.requests[std::min<size_t>(call.exchanges, 11)];
    outcomes_.troubled += call.met_trouble || status != Status::kOk || call.exchanges > 1 ? 1 : 0;
  }

  WatchedCall& watched(const Call* call) {
    for (auto& one : calls_) {
      if (one->call && static_cast<const Call*>(&*one->call) == call) return *one;
    }
    CHECK(false, "nobody's call");
    return *calls_[0];
  }

  // What the service sees.

  Asked& asked_by(size_t id) override {
    for (auto& call : calls_) {
      if (call->is_live && call->id == id) return call->asked;
    }
    CHECK(false, "a request of a call that is over");
    return calls_[0]->asked;
  }

  void on_signed(size_t id, size_t set, UnixTime date) override {
    ++outcomes_.signed_requests;
    if (getenv("TRACE")) printf("%lld id %zu set %zu date-true %lld ends in %lld, tod-true %lld\n", (long long)chances_.now.ms, id, set, (long long)(date.seconds - true_time(chances_.now)), (long long)(issuer_.sets[set].ends - chances_.now), (long long)(board_.time_of_day(chances_.now).seconds - true_time(chances_.now)));
    for (auto& call : calls_) {
      if (call->is_live && call->id == id) check_keys(*call, set, date);
    }
  }

  /// Nothing is signed with what has expired as far as the client can know: by the source's clock where it says what
  /// time it is there, else by its own, corrected. There, corrections below a minute are not followed.
  void check_keys(const WatchedCall& call, size_t set, UnixTime date) const {
    if (issuer_.manner.outlives_expiration) return;
    if (issuer_.manner.is_dated) {
      CHECK(call.signed_at < issuer_.sets[set].ends, "signed with credentials that have expired");
    } else if (!board_.steps()) {
      CHECK(date.seconds < issuer_.expiration(set).seconds + 61,
            "signed with credentials that have expired by our clock");
    }
  }

  // What the client says of itself.

  void on_event(const Event& event) override {
    const Outside outside;
    watch_tokens();
    WatchedCall& call = watched(event.call);
    CHECK(call.is_live, "a step of a call that is over");
    switch (event.kind) {
      case Event::Kind::kResolving:
      case Event::Kind::kReused:
        call.in_fetch = event.text == kIssuer;
        if (!call.in_fetch) begin_exchange(call);
        if (!call.in_fetch) call.was_reused = event.kind == Event::Kind::kReused;
        break;
      case Event::Kind::kDone:
        if (!call.in_fetch) call.before = Before::kAnswered;
        if (!call.in_fetch && call.asked.last != Verdict::kDone) call.met_trouble = true;
        break;
      case Event::Kind::kFailed:
        call.met_trouble = true;
        if (call.in_fetch) break;
        call.before = Before::kFailed;
        call.failure = event.status;
        call.was_heard = event.bytes_in > 0;
        break;
      default:
        break;
    }
  }

  void begin_exchange(WatchedCall& call) {
    const bool limited = call.call->deadline() < kNever;
    CHECK(!limited || chances_.now < call.call->deadline(), "a request is begun after the deadline");
    call.signed_at = chances_.now;
    ++call.exchanges;
    if (call.before == Before::kNothing) {
      ++call.counted;
    } else if (call.before == Before::kAnswered) {
      repeat_answered(call);
    } else {
      repeat_failed(call);
    }
    call.asked.last = Verdict::kNone;
    CHECK(call.counted <= most_attempts(call), "more attempts than there may be");
    CHECK(call.freed <= 1 && call.overruled <= 2 && call.leaves <= 1 && call.moved <= kMaxRedirects,
          "more requests that are not counted than there may be");
    CHECK(call.exchanges <= most_attempts(call) + kExtra, "more requests than there may be");
  }

  void repeat_answered(WatchedCall& call) {
    switch (call.asked.last) {
      case Verdict::kThrottled:
        return repeat_paid(call);
      case Verdict::kTransient:
        CHECK(call.request.repeatable, "repeated, though the service may have done it");
        return repeat_paid(call);
      case Verdict::kClock:
      case Verdict::kCredentials:
        ++call.overruled;
        ++outcomes_.clock_or_keys;
        return;
      case Verdict::kMoved:
        ++call.moved;
        ++outcomes_.moved;
        return;
      case Verdict::kNoLeave:
        ++call.leaves;
        ++outcomes_.leaves;
        return;
      default:
        CHECK(false, "repeated after an answer that was the last one: verdict " +
                         std::to_string(static_cast<int>(call.asked.last)) + ", status " +
                         std::to_string(call.response.status()));
    }
  }

  void repeat_failed(WatchedCall& call) {
    const bool died = call.failure == Status::kConnectionLost || call.failure == Status::kTlsFailed;
    if (died && call.was_reused && !call.was_heard && call.freed == 0 && call.request.repeatable) {
      ++call.freed;
      ++outcomes_.freed;
      return;
    }
    CHECK(is_transient(call.failure), "repeated after " + text(call.failure));
    repeat_paid(call);
  }

  void repeat_paid(WatchedCall& call) {
    ++call.counted;
    ++outcomes_.repeated;
    CHECK(outcomes_.repeated <= paid_, "a repetition that nobody paid for");
  }

  /// Tokens are taken in the amounts that the header names, and were there.
  void watch_tokens() {
    const uint16_t tokens = client_->context().quota->tokens();
    CHECK(tokens <= RetryQuota::kTokens, "a bucket of " + std::to_string(tokens));
    if (tokens < RetryQuota::kThrottlingCost) ++outcomes_.dry;
    if (tokens < tokens_) {
      const int taken = tokens_ - tokens;
      CHECK(taken == RetryQuota::kThrottlingCost || taken == RetryQuota::kTransientCost,
            "tokens taken: " + std::to_string(taken));
      ++paid_;
    }
    tokens_ = tokens;
  }

  // The loop.

  void poll() {
    std::vector<int> handles;
    for (const Interest& one : client_->interests(Span<Interest>(interests_))) {
      if (wire_of(one).met_at(one) <= chances_.now) handles.push_back(one.handle);
    }
    if (dice_.one_in(10)) handles.push_back(static_cast<int>(dice_.below(5000)));
    const size_t before = Outside::of_the_library();
    if (dice_.one_in(8)) {
      client_->poll();
    } else {
      client_->poll({handles.data(), handles.size()});
    }
    const size_t after = Outside::of_the_library();
    CHECK(after == before, "the library has allocated");
    watch_tokens();
    polled_ = chances_.now;
  }

  const Wire& wire_of(const Interest& interest) const {
    const size_t index = static_cast<size_t>(interest.handle) % 100;
    CHECK(index < kSlots && wires_[index]->handle() == interest.handle, "an interest in a handle that nobody has");
    return *wires_[index];
  }

  void wait() {
    Instant until = earlier(client_->next_deadline(), next_start_);
    for (const Interest& one : client_->interests(Span<Interest>(interests_))) {
      until = earlier(until, wire_of(one).met_at(one));
    }
    if (chances_.now < until) chances_.now = until;
    if (!dice_.one_in(400)) return;
    chances_.note(Mishap::kLatePoll);
    chances_.now = chances_.now + dice_.between(1, dice_.one_in(50) ? 600000 : 3000);
  }

  void check_end() {
    chances_.now = chances_.now + options_.timeouts.idle_ms;
    client_->poll();
    CHECK(client_->running() == 0 && client_->queued() == 0, "counts at the end");
    CHECK(client_->next_deadline() == kNever, "something to do after the idle time");
    CHECK(!source_.is_running(), "a fetch that nobody runs");
    for (const auto& wire : wires_) CHECK(wire->is_closed(), "a connection that nobody closed");
  }

  Chances chances_;
  Dice& dice_;
  SimulatedEnvironment environment_;
  ClientOptions options_;
  SimulatedBoard board_{chances_};
  Issuer issuer_{chances_, choose_manner()};
  IssuedCredentials source_{issuer_};
  CachedCredentials cache_{source_, board_};
  SimulatedService service_{chances_, issuer_, *this};
  std::vector<std::unique_ptr<Wire>> wires_;
  char buffers_[kSlots][kBuffer];
  Span<Slot> slots_;
  QueuedCall queue_[kQueue];
  Interest interests_[kSlots];
  std::optional<AsyncClient> client_;
  std::vector<std::unique_ptr<WatchedCall>> calls_;
  Instant next_start_, weather_until_, polled_;
  uint16_t tokens_ = RetryQuota::kTokens;
  size_t paid_ = 0;
};

}  // namespace tinyaws::fakes
