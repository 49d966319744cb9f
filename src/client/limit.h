// Time limits, of which 0 is none, and how soon to ask again.
#pragma once

#include <cstdint>

#include "tinyaws/time.h"

namespace tinyaws {

/// How soon a body source or sink that was not ready is asked again.
constexpr int64_t kBodyPollMs = 10;

inline Instant after(Instant since, uint32_t limit_ms) {
  return limit_ms == 0 ? kNever : since + limit_ms;
}

}  // namespace tinyaws
