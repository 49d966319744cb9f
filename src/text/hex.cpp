#include "text/hex.h"

namespace tinyaws {

void write_hex(const unsigned char* bytes, size_t size, char* out) {
  static constexpr char kDigits[] = "0123456789abcdef";
  for (const unsigned char* end = bytes + size; bytes != end; ++bytes) {
    *out++ = kDigits[*bytes >> 4];
    *out++ = kDigits[*bytes & 15];
  }
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const int letter = (c | 0x20) - 'a';
  return letter >= 0 && letter < 6 ? letter + 10 : -1;
}

}  // namespace tinyaws
