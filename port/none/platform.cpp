#include "tinyaws/none.h"

namespace tinyaws::none {

Status NullPlatform::random(MutBytes) {
  return Status::kUnsupported;
}

void NullPlatform::wait(Span<const Interest>, Instant) {}

}  // namespace tinyaws::none
