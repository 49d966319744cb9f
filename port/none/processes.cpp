#include "tinyaws/none.h"

namespace tinyaws::none {

Status NullProcesses::start(Str) {
  return Status::kUnsupported;
}

IoResult NullProcesses::read(MutBytes) {
  return {Status::kUnsupported, 0};
}

Str NullProcesses::describe() const {
  return "this build runs no programs";
}

}  // namespace tinyaws::none
