// Time limits of which 0 is none.
#pragma once

#include <cstdint>

#include "tinyaws/time.h"

namespace tinyaws {

inline Instant after(Instant since, uint32_t limit_ms) {
  return limit_ms == 0 ? kNever : since + limit_ms;
}

}  // namespace tinyaws
