// Hexadecimal digits.
#pragma once

#include <cstddef>

#include "tinyaws/bytes.h"

namespace tinyaws {

/// The upper-case digit of a value from 0 to 15.
inline char hex_digit(unsigned value) {
  return "0123456789ABCDEF"[value];
}

/// Writes two lower-case digits for each byte. REQUIRES: room for 2 * size.
void write_hex(const unsigned char* bytes, size_t size, char* out);

/// The value of a digit of either case, or -1.
int hex_value(char c);

}  // namespace tinyaws
