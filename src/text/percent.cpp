#include "text/percent.h"

#include "base/ascii.h"
#include "text/hex.h"
#include "tinyaws/http.h"

namespace tinyaws {

void put_escape(unsigned char byte, Writer& out) {
  out.put('%').put(hex_digit(byte >> 4)).put(hex_digit(byte & 15));
}

void percent_encode(Str raw, Slash slash, Writer& out) {
  for (char c : raw) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_unreserved(byte) || c == static_cast<char>(slash)) {
      out.put(c);
    } else {
      put_escape(byte, out);
    }
  }
}

unsigned char take_decoded(Str& encoded) {
  int byte = static_cast<unsigned char>(encoded.front());
  size_t size = 1;
  if (byte == '%' && encoded.size() >= 3) {
    const int high = hex_value(encoded[1]);
    const int low = hex_value(encoded[2]);
    if ((high | low) >= 0) {
      byte = high * 16 + low;
      size = 3;
    }
  }
  encoded.remove_prefix(size);
  return static_cast<unsigned char>(byte);
}

size_t find_forbidden_byte(Str target) {
  constexpr Str kReserved = "!$&'()*+,;=:@/?";
  for (Str rest = target; !rest.empty();) {
    const char c = rest.front();
    const size_t left = rest.size();
    (void)take_decoded(rest);
    const bool is_escape = left - rest.size() > 1;
    if (!is_escape && !is_unreserved(static_cast<unsigned char>(c)) && !kReserved.has(c)) return target.size() - left;
  }
  return Str::npos;
}

}  // namespace tinyaws
