// CMocka for C++, and checks whose failure says which case failed.
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
extern "C" {
#include <cmocka.h>
}
#undef fail  // Exchange::fail

#include <string>

#include "tinyaws/bytes.h"
#include "tinyaws/status.h"

namespace tinyaws::fakes {

/// Text as it can be printed: other bytes as \xHH, long ones cut.
inline std::string printable(Bytes bytes, size_t most = 400) {
  static const char kHex[] = "0123456789abcdef";
  std::string out;
  for (unsigned char c : bytes.substr(0, most)) {
    if (c == '\r') {
      out += "\\r";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c >= ' ' && c < 127) {
      out += static_cast<char>(c);
    } else {
      out += std::string("\\x") + kHex[c >> 4] + kHex[c & 15];
    }
  }
  return bytes.size() > most ? out + "..." : out;
}

inline std::string text(Status status) {
  return std::string(name(status));
}

inline void check_at(bool ok, const std::string& what, const char* file, int line) {
  if (ok) return;
  print_error("%s\n", what.c_str());
  _fail(file, line);
}

inline void check_status_at(Status actual, Status expected, const std::string& what, const char* file, int line) {
  check_at(actual == expected, what + ": is " + text(actual) + ", expected " + text(expected), file, line);
}

inline void check_text_at(Bytes actual, Bytes expected, const std::string& what, const char* file, int line) {
  check_at(actual == expected,
           what + "\n  is       \"" + printable(actual) + "\"\n  expected \"" + printable(expected) + "\"", file,
           line);
}

inline bool contains(Bytes text, Bytes part) {
  return text.find(part) != Bytes::npos;
}

/// How often `part` stands in `text`.
inline size_t count(Bytes text, Bytes part) {
  size_t n = 0;
  for (size_t at = text.find(part); at != Bytes::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

}  // namespace tinyaws::fakes

/// `what` names the case: it is printed when the check fails.
#define CHECK(condition, what) ::tinyaws::fakes::check_at((condition), (what), __FILE__, __LINE__)
#define CHECK_STATUS(actual, expected, what) \
  ::tinyaws::fakes::check_status_at((actual), (expected), (what), __FILE__, __LINE__)
#define CHECK_TEXT(actual, expected, what) \
  ::tinyaws::fakes::check_text_at((actual), (expected), (what), __FILE__, __LINE__)
