// What the POSIX port says of an error of the system: the C library's words, or a number in a build without words.
#pragma once

#include <cstring>
#include <string>

#include "tinyaws/config.h"

namespace test {

inline std::string error_words(int error) {
  return TINYAWS_WITH_WORDS ? strerror(error) : "error " + std::to_string(error);
}

}  // namespace test
