#include "tinyaws/none.h"

namespace tinyaws::none {

Status NullTransport::open(const Endpoint&) {
  return Status::kUnsupported;
}

Status NullTransport::advance(Instant) {
  return Status::kUnsupported;
}

IoResult NullTransport::send(Bytes) {
  return {Status::kUnsupported, 0};
}

IoResult NullTransport::recv(MutBytes) {
  return {Status::kUnsupported, 0};
}

Interest NullTransport::interest(bool, bool) const {
  return {};
}

Str NullTransport::describe() const {
  return "this build has no network";
}

}  // namespace tinyaws::none
