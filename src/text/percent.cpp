#include "text/percent.h"

#include "base/ascii.h"
#include "text/hex.h"
#include "tinyaws/http.h"

namespace tinyaws {

void percent_encode(Str raw, Slash slash, Writer& out) {
  constexpr Str kDigits = "0123456789ABCDEF";
  for (char c : raw) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_unreserved(byte) || (c == '/' && slash == Slash::kKeep)) {
      out.put(c);
    } else {
      out.put('%');
      out.put(kDigits[byte >> 4]);
      out.put(kDigits[byte & 15]);
    }
  }
}

unsigned char PercentDecoder::next() {
  const char c = rest_.front();
  if (c == '%' && rest_.size() >= 3) {
    const int high = hex_value(rest_[1]);
    const int low = hex_value(rest_[2]);
    if (high >= 0 && low >= 0) {
      rest_.remove_prefix(3);
      return static_cast<unsigned char>(high * 16 + low);
    }
  }
  rest_.remove_prefix(1);
  return static_cast<unsigned char>(c);
}

namespace {

bool may_stand_in_target(char c) {
  constexpr Str kReserved = "!$&'()*+,;=:@/?";
  return is_unreserved(static_cast<unsigned char>(c)) || kReserved.find(c) != Str::npos;
}

bool is_escape(Str text, size_t at) {
  return text.size() - at >= 3 && hex_value(text[at + 1]) >= 0 && hex_value(text[at + 2]) >= 0;
}

}  // namespace

size_t find_forbidden_byte(Str target) {
  for (size_t i = 0; i < target.size(); ++i) {
    const bool allowed = target[i] == '%' ? is_escape(target, i) : may_stand_in_target(target[i]);
    if (!allowed) return i;
  }
  return Str::npos;
}

}  // namespace tinyaws
