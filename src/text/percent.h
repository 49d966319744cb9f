// Percent-encoding as SigV4 defines it ("UriEncode" in the Amazon S3 API Reference, "Signature Calculations for the
// Authorization Header"): every byte but A-Z a-z 0-9 - . _ ~ becomes %XX in upper case.
#pragma once

#include <cstddef>

#include "base/ascii.h"
#include "text/hex.h"
#include "tinyaws/bytes.h"

namespace tinyaws {

enum class Slash : bool { kEncode, kKeep };

/// Encodes `raw` into anything that has `put(char)` and `put(Str)`.
template <class Out>
void percent_encode(Str raw, Slash slash, Out& out) {
  constexpr char kDigits[] = "0123456789ABCDEF";
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

/// Reads bytes of encoded text one by one; a '%' without two hex digits stands for itself.
class PercentDecoder {
 public:
  explicit PercentDecoder(Str encoded) : rest_(encoded) {}

  bool done() const { return rest_.empty(); }
  unsigned char next();

 private:
  Str rest_;
};

}  // namespace tinyaws
