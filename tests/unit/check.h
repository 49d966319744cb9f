// CMocka from C++, with the assertions that the library's types want.
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
extern "C" {
#include <cmocka.h>
}

#include <string>

#include "tinyaws/bytes.h"
#include "tinyaws/status.h"

namespace test {

/// A view as CMocka's printf functions want it.
inline std::string printable(tinyaws::Str text) {
  std::string out;
  for (char c : text) {
    char escape[8];
    const auto byte = static_cast<unsigned char>(c);
    snprintf(escape, sizeof escape, byte >= 0x20 && byte < 0x7f ? "%c" : byte == '\n' ? "\\n\n" : "\\x%02X", byte);
    out += escape;
  }
  return out;
}

inline void check_status(tinyaws::Status actual, tinyaws::Status expected, const char* file, int line) {
  if (actual == expected) return;
  print_error("got %s, not %s\n", printable(tinyaws::name(actual)).c_str(),
              printable(tinyaws::name(expected)).c_str());
  _fail(file, line);
}

inline void check_text(tinyaws::Str actual, tinyaws::Str expected, const char* file, int line) {
  if (actual == expected) return;
  print_error("got      \"%s\"\nexpected \"%s\"\n", printable(actual).c_str(), printable(expected).c_str());
  _fail(file, line);
}

}  // namespace test

#define assert_status(actual, expected) test::check_status((actual), (expected), __FILE__, __LINE__)
#define assert_text(actual, expected) test::check_text((actual), (expected), __FILE__, __LINE__)
