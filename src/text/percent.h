// Percent-encoding as SigV4 defines it ("UriEncode" in the Amazon S3 API Reference, "Signature Calculations for the
// Authorization Header"): every byte but A-Z a-z 0-9 - . _ ~ becomes %XX in upper case.
#pragma once

#include <cstddef>

#include "base/writer.h"
#include "tinyaws/bytes.h"

namespace tinyaws {

/// Which character stands for itself besides those that always do: one of them again, or the slash.
enum class Slash : char { kEncode = 'a', kKeep = '/' };

/// Writes %XX.
void put_escape(unsigned char byte, Writer& out);

void percent_encode(Str raw, Slash slash, Writer& out);

/// Takes a byte off the front of encoded text; a '%' without two hex digits stands for itself.
/// REQUIRES: encoded is not empty.
unsigned char take_decoded(Str& encoded);

}  // namespace tinyaws
