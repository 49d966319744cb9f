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
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace tinyaws
