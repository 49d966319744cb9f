#include "tinyaws/none.h"

namespace tinyaws::none {

Str NullEnvironment::variable(const char*) const {
  return {};
}

}  // namespace tinyaws::none
