// One world: an AsyncClient with a few slots and a cache of credentials, on a board whose clock may be wrong, among
// services and lines as chance has them. Whatever is seen is checked against what the headers promise.
#pragma once

#include <memory>

#include "simulated_board.h"
#include "simulated_ledger.h"
#include "tinyaws/async_client.h"
#include "tinyaws/cached_credentials.h"

namespace tinyaws::fakes {

constexpr size_t kWorldCalls = 1000;

class World final : public Watch, public Observer, public Completion {
 public:
  static constexpr size_t kSlots = 6, kQueue = 3, kBuffer = 2048;

  explicit World(uint64_t seed) : chances_(seed), dice_(chances_.dice), board_(chances_, seed % 10) {
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
  CredentialsManner choose_manner() {
    CredentialsManner manner;
    manner.life_seconds = dice_.between(10, 900);
    manner.is_dated = !dice_.one_in(3);
    manner.outlives_expiration = dice_.one_in(5);
    if (dice_.one_in(3)) manner.refusing = 400;
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
    board_.step();
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
    free->most_attempts = most_attempts(*free);
    if (free->call && free->source.can_rewind() && !dice_.one_in(4)) {
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
    CHECK(status != Status::kPending && status != Status::kBodySourceFailed && status != Status::kBodySinkFailed,
          "a call has ended with " + text(status));
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
    for (auto& call : calls_) {
      if (!call->is_live || call->id != id) continue;
      check_keys(*call, set, date);
      check_date(*call, date);
    }
  }

  /// Who was refused for the time of its signature, and told the right one, signs with that.
  void check_date(const WatchedCall& call, UnixTime date) const {
    const int64_t off = date.seconds - true_time(chances_.now);
    CHECK(!call.knows_time || !options_.correct_clock || (off < 300 && off > -300), "signed with a wrong time again");
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

  void on_event(const Event& event) override {
    const Outside outside;
    ledger_.watch(client_->context().quota->tokens());
    ledger_.on_event(event, watched(event.call));
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
    ledger_.watch(client_->context().quota->tokens());
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

  size_t count_of(Mishap mishap) const { return chances_.mishaps[static_cast<size_t>(mishap)]; }

  void check_end() {
    chances_.now = chances_.now + options_.timeouts.idle_ms;
    client_->poll();
    CHECK(client_->running() == 0 && client_->queued() == 0, "counts at the end");
    CHECK(client_->next_deadline() == kNever, "something to do after the idle time");
    CHECK(!source_.is_running(), "a fetch that nobody runs");
    const size_t reasons = 1 + 2 * (count_of(Mishap::kWrongDate) + count_of(Mishap::kClockStep));
    const size_t moves = board_.service_clock().moves();
    CHECK(moves <= (options_.correct_clock ? reasons : 0), "the clock was moved " + std::to_string(moves) + " times");
    for (const auto& wire : wires_) CHECK(wire->is_closed(), "a connection that nobody closed");
  }

  Chances chances_;
  Ledger ledger_{chances_};
  Outcomes& outcomes_ = ledger_.outcomes;
  Dice& dice_;
  SimulatedEnvironment environment_;
  ClientOptions options_;
  SimulatedBoard board_;
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
};

}  // namespace tinyaws::fakes
