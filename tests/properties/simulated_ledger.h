// Keeps the books of what a client does: each request beyond a call's first has a reason, and where it costs tokens
// they were paid.
#pragma once

#include "simulated_calls.h"

namespace tinyaws::fakes {

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

class Ledger {
 public:
  static constexpr unsigned kExtra = 1 + 1 + 1 + 1 + kMaxRedirects;  // dead connection, clock, newer keys, 417

  static constexpr size_t kMostHeadBytes = 400;  // of a refusal

  explicit Ledger(const Chances& chances) : chances_(chances) {}

  Outcomes outcomes;

  void on_event(const Event& event, WatchedCall& call) {
    CHECK(call.is_live, "a step of a call that is over");
    switch (event.kind) {
      case Event::Kind::kResolving:
      case Event::Kind::kReused:
        call.in_fetch = event.text == kIssuer;
        if (!call.in_fetch) begin_exchange(call);
        if (!call.in_fetch) call.was_reused = event.kind == Event::Kind::kReused;
        break;
      case Event::Kind::kDone:
        if (call.in_fetch) break;
        call.before = Before::kAnswered;
        call.answered_at = chances_.now;
        call.met_trouble |= call.asked.last != Verdict::kDone;
        break;
      case Event::Kind::kFailed:
        call.met_trouble = true;
        if (call.in_fetch) break;
        call.before = Before::kFailed;
        call.failure = event.status;
        call.heard = event.bytes_in;
        break;
      default:
        break;
    }
  }

  /// Tokens are taken in the amounts that the header names, and were there.
  void watch(uint16_t tokens) {
    CHECK(tokens <= RetryQuota::kTokens, "a bucket of " + std::to_string(tokens));
    if (tokens < RetryQuota::kThrottlingCost) ++outcomes.dry;
    if (tokens < tokens_) {
      const int taken = tokens_ - tokens;
      CHECK(taken == RetryQuota::kThrottlingCost || taken == RetryQuota::kTransientCost,
            "tokens taken: " + std::to_string(taken));
      ++paid_;
    }
    tokens_ = tokens;
  }

 private:
  void begin_exchange(WatchedCall& call) {
    const bool limited = call.call->deadline() < kNever;
    CHECK(!limited || chances_.now < call.call->deadline(), "a request is begun after the deadline");
    call.signed_at = chances_.now;
    call.knows_time = false;
    ++call.exchanges;
    if (call.before == Before::kNothing) {
      ++call.counted;
    } else if (call.before == Before::kAnswered) {
      repeat_answered(call);
    } else {
      repeat_failed(call);
    }
    call.asked.last = Verdict::kNone;
    CHECK(call.counted <= call.most_attempts, "more attempts than there may be");
    CHECK(call.freed <= 1 && call.overruled <= 2 && call.leaves <= 1 && call.moved <= kMaxRedirects,
          "more requests that are not counted than there may be");
    CHECK(call.exchanges <= call.most_attempts + kExtra, "more requests than there may be");
  }

  void repeat_answered(WatchedCall& call) {
    switch (call.asked.last) {
      case Verdict::kThrottled:
        return repeat_paid(call);
      case Verdict::kTransient:
        CHECK(call.request.repeatable, "repeated, though the service may have done it");
        return repeat_paid(call);
      case Verdict::kClock:
        call.knows_time = call.asked.told_time && call.answered_at == chances_.now;
        [[fallthrough]];
      case Verdict::kCredentials:
        ++call.overruled;
        ++outcomes.clock_or_keys;
        return;
      case Verdict::kMoved:
        ++call.moved;
        ++outcomes.moved;
        return;
      case Verdict::kNoLeave:
        ++call.leaves;
        ++outcomes.leaves;
        return;
      default:
        CHECK(false, "repeated after an answer that was the last one: verdict " +
                         std::to_string(static_cast<int>(call.asked.last)) + ", status " +
                         std::to_string(call.response.status()));
    }
  }

  void repeat_failed(WatchedCall& call) {
    const bool goes_on = call.asked.last != Verdict::kFinal && call.asked.last != Verdict::kDone;
    if (goes_on && call.heard > kMaxErrorBytes + kMostHeadBytes) return repeat_answered(call);
    if (goes_on && call.heard > kMaxErrorBytes) return;  // it was judged already, or not
    const bool died = call.failure == Status::kConnectionLost || call.failure == Status::kTlsFailed;
    if (died && call.was_reused && call.heard == 0 && call.freed == 0 && call.request.repeatable) {
      ++call.freed;
      ++outcomes.freed;
      return;
    }
    CHECK(is_transient(call.failure), "repeated after " + text(call.failure));
    repeat_paid(call);
  }

  void repeat_paid(WatchedCall& call) {
    ++call.counted;
    ++outcomes.repeated;
    CHECK(outcomes.repeated <= paid_, "a repetition that nobody paid for");
  }

  const Chances& chances_;
  uint16_t tokens_ = RetryQuota::kTokens;
  size_t paid_ = 0;
};

}  // namespace tinyaws::fakes
