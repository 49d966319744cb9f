// Percent-encoding as SigV4 defines it ("UriEncode" in the Amazon S3 API Reference, "Signature Calculations for the
// Authorization Header"): every byte but A-Z a-z 0-9 - . _ ~ becomes %XX in upper case.
#pragma once

#include <cstddef>

#include "base/writer.h"
#include "tinyaws/bytes.h"

namespace tinyaws {

enum class Slash : bool { kEncode, kKeep };

void percent_encode(Str raw, Slash slash, Writer& out);

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
