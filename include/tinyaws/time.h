// The two times of the library. Core code never reads a clock: both arrive as arguments.
#pragma once

#include <cstdint>

namespace tinyaws {

/// A point on a clock that never steps back, in milliseconds since an arbitrary start (boot, say).
/// Deadlines are Instants, so that a corrected wall clock neither fires nor postpones one.
struct Instant {
  int64_t ms = 0;
};

constexpr Instant kNever{INT64_MAX};

/// `t` moved by `ms`, stopping at kNever. REQUIRES: ms >= 0.
constexpr Instant operator+(Instant t, int64_t ms) {
  const auto sum = static_cast<int64_t>(static_cast<uint64_t>(t.ms) + static_cast<uint64_t>(ms));
  return {sum < t.ms ? kNever.ms : sum};
}
constexpr int64_t operator-(Instant a, Instant b) {
  return a.ms - b.ms;
}
constexpr bool operator<(Instant a, Instant b) {
  return a.ms < b.ms;
}
constexpr bool operator<=(Instant a, Instant b) {
  return a.ms <= b.ms;
}
constexpr bool operator==(Instant a, Instant b) {
  return a.ms == b.ms;
}
constexpr Instant earlier(Instant a, Instant b) {
  return {a.ms < b.ms ? a.ms : b.ms};
}

/// Wall-clock time: seconds since 1970-01-01T00:00:00Z, without leap seconds. Signatures carry this time.
struct UnixTime {
  int64_t seconds = 0;
};

/// What a wall clock says that has not been set since the board started.
constexpr UnixTime kUnknownTime{INT64_MIN};

}  // namespace tinyaws
