// Characters that stand for others: escapes of JSON strings, references of XML. One at a time; nothing is changed.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"

namespace tinyaws {

/// A character that was written in another way.
struct Escape {
  char utf8[4];
  size_t size = 0;    ///< Bytes in `utf8`; never more than `length`.
  size_t length = 0;  ///< Bytes that were read.

  Str character() const { return {utf8, size}; }
};

/// Reads the escape that `text` begins with: "\n", "\u00e9", or a pair of surrogates (RFC 8259 section 7). False,
/// with `escape` left in any state, when it begins with none.
bool read_json_escape(Str text, Escape& escape);

/// Reads the reference that `text` begins with: "&lt;" and its like, "&#38;", "&#x26;" (XML 1.0 section 4.1). False,
/// with `escape` left in any state, when it begins with none, or with one of a character that XML does not have.
bool read_xml_reference(Str text, Escape& escape);

/// XML 1.0 section 2.2: a control character other than TAB, LF and CR may not stand in a document, not even as a
/// reference.
constexpr bool is_xml_char(uint32_t code_point) {
  return code_point >= ' ' || code_point == '\t' || code_point == '\n' || code_point == '\r';
}

/// Writes the UTF-8 form of a code point to `out`; the number of bytes, or 0 for one that stands for no character
/// (surrogates, beyond U+10FFFF: RFC 3629 section 3).
size_t write_utf8(uint32_t code_point, char (&out)[4]);

/// What is left of a JSON string, or of XML text, that was cut somewhere, without the half of a character at its end:
/// of UTF-8, of an escape, of a reference.
Str whole_json_characters(Str text);
Str whole_xml_characters(Str text);

}  // namespace tinyaws
