// Whether and when to try again.
#pragma once

#include <cstdint>

#include "tinyaws/call.h"
#include "tinyaws/port.h"
#include "tinyaws/status.h"
#include "tinyaws/time.h"

namespace tinyaws {

/// Answers and failures that may be others the next time: 429, 500, 502, 503 and 504; no way to the peer, lost
/// connections, truncated answers and the time limits of a single attempt.
bool is_transient(uint16_t http_status);
bool is_transient(Status status);

/// A kept connection that was closed at the other end before the request came: worth another attempt at once, and
/// not the peer's fault.
bool died_while_idle(const Failure& failure);

/// What the first wait is below: after a transient error, after one of DynamoDB, and when a service throttles.
constexpr int64_t kTransientBaseMs = 50;
constexpr int64_t kDynamoDbBaseMs = 25;
constexpr int64_t kThrottlingBaseMs = 1000;

/// Counts attempts and spreads them: full jitter, a random wait below `base_ms` * 2^(n-1) and at most 20 s
/// ("Retry behavior", AWS SDKs and Tools Reference Guide).
class Backoff {
 public:
  void start() { attempts_ = 0; }

  /// Another attempt is on its way; `take_back`: it did not count.
  void count() {
    if (attempts_ < UINT8_MAX) ++attempts_;
  }
  void take_back() {
    if (attempts_ > 0) --attempts_;
  }

  uint8_t attempts() const { return attempts_; }

  /// When the next attempt is due.
  Instant next(Instant now, Platform& platform, int64_t base_ms = kTransientBaseMs) const;

 private:
  uint8_t attempts_ = 0;
};

/// What a client may spend on repetitions: when a service is down, or throttles, most of its calls must not make it
/// worse. ("Retry behavior", AWS SDKs and Tools Reference Guide: the retry quota of the standard mode.)
class RetryQuota {
 public:
  static constexpr uint16_t kTokens = 500;
  static constexpr uint16_t kTransientCost = 14;
  static constexpr uint16_t kThrottlingCost = 5;

  /// False, and nothing is taken, when there are not so many.
  bool take(uint16_t cost);

  /// Gives tokens back, up to kTokens.
  void give_back(uint16_t tokens);

  uint16_t tokens() const { return tokens_; }

 private:
  uint16_t tokens_ = kTokens;
};

/// A random number of 0..`limit`; `limit` itself where there is no randomness.
int64_t random_below(int64_t limit, Platform& platform);

}  // namespace tinyaws
