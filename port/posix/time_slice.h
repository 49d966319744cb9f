// How long to wait in one go.
#pragma once

#include <cstdint>

namespace tinyaws::posix {

/// The kernel's waits do not count the time that the board sleeps, so the clock is looked at once a second.
constexpr int64_t kSliceMs = 1000;

/// `left` milliseconds, none if that is below 0, `most` at most.
inline int time_slice(int64_t left, int64_t most) {
  if (left < 0) return 0;
  return static_cast<int>(left < most ? left : most);
}

}  // namespace tinyaws::posix
