#include "tinyaws/none.h"

namespace tinyaws::none {

Status NullFiles::open(const char*) {
  return Status::kUnsupported;
}

IoResult NullFiles::read(MutBytes) {
  return {Status::kUnsupported, 0};
}

Str NullFiles::describe() const {
  return "this build has no files";
}

}  // namespace tinyaws::none
