#include "tinyaws/connection.h"

namespace tinyaws {
namespace {

// In the order of the enumeration.
constexpr Str kNames[] = {"resolving", "resolved", "connected", "verified", "reused", "head sent",
                          "body sent", "status",   "done",      "failed",   "waiting"};
static_assert(sizeof kNames / sizeof kNames[0] == static_cast<size_t>(Event::Kind::kWaiting) + 1,
              "one name for each kind");

}  // namespace

Str name(Event::Kind kind) {
  return kNames[static_cast<size_t>(kind)];
}

}  // namespace tinyaws
