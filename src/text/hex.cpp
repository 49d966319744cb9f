#include "text/hex.h"

namespace tinyaws {

void write_hex(const unsigned char* bytes, size_t size, char* out) {
  for (const unsigned char* end = bytes + size; bytes != end; ++bytes) {
    const unsigned byte = *bytes;
    *out++ = static_cast<char>(hex_digit(byte >> 4) | 0x20);  // in lower case
    *out++ = static_cast<char>(hex_digit(byte & 15) | 0x20);
  }
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const int letter = (c | 0x20) - 'a';
  return letter >= 0 && letter < 6 ? letter + 10 : -1;
}

}  // namespace tinyaws
