// How long to wait in one go.
#pragma once

#include <cstdint>

#include "tinyaws/time.h"

namespace tinyaws::posix {

/// The kernel's waits do not count the time that the board sleeps, so the clock is looked at once a second.
constexpr int64_t kSliceMs = 1000;

/// Milliseconds from `now` to `until`: none if that is in the past, `most` at most.
inline int time_slice(Instant until, Instant now, int64_t most) {
  if (until <= now) return 0;
  return static_cast<int>(until < now + most ? until - now : most);
}

}  // namespace tinyaws::posix
