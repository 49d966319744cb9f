#include "base/ascii.h"
#include "tinyaws/connection.h"

namespace tinyaws {
namespace {

// In the order of the enumeration.
constexpr Str kNames = "resolving,resolved,connected,verified,reused,head sent,body sent,status,done,failed,waiting";

}  // namespace

Str name(Event::Kind kind) {
  return nth_part(kNames, static_cast<size_t>(kind), ',');
}

}  // namespace tinyaws
