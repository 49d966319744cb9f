#include <cstdlib>

#include "tinyaws/posix.h"

namespace tinyaws::posix {

Str Environment::variable(const char* name) const {
  const char* value = getenv(name);
  return value ? Str(value) : Str();
}

}  // namespace tinyaws::posix
