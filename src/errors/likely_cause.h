// From a difference to what is usually behind it, in words.
#pragma once

#include "errors/canonical_difference.h"
#include "tinyaws/bytes.h"

namespace tinyaws {

/// Lives for ever. REQUIRES: there is a difference.
Str likely_cause(const CanonicalDifference& difference);

}  // namespace tinyaws
