// Foreign text in messages.
#pragma once

#include "base/writer.h"
#include "tinyaws/bytes.h"

namespace tinyaws {

/// Writes text on one line: blanks in place of control characters.
inline void put_printable(Str text, Writer& out) {
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out.put(byte < ' ' || byte == 0x7f ? ' ' : c);
  }
}

}  // namespace tinyaws
