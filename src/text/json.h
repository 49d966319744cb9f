// JSON (RFC 8259) documents that stand in memory as a whole, and must be right: one that was cut short or tampered
// with yields nothing.
#pragma once

#include <cstddef>

#include "text/json_scanner.h"
#include "text/text_field.h"
#include "tinyaws/bytes.h"
#include "tinyaws/status.h"

namespace tinyaws {

enum class NameCase : bool { kExact, kIgnored };

/// Checks the whole document, which must be one object, and fills in the fields. A path is the name of a member,
/// "Code", or that of an object in it and of a member of that, "credentials/accessKeyId"; how they are compared: byte
/// by byte, or regardless of the case of ASCII letters. Strings are unescaped in place, so that the bytes are no JSON
/// any more; they may hold any byte, NUL too. Of members that have the same path the last one counts, and null is as
/// good as none; a number or a truth value has its literal as text, an object or an array its bracket. That bytes
/// above 127 are UTF-8 is not checked. Errors: kInvalidArgument when it is not JSON, or not an object; kValueTooLong
/// beyond kMaxJsonDepth. The fields then have no text.
Status read_json(MutBytes document, Span<TextField> fields, NameCase names = NameCase::kExact);

/// Replaces the escapes in a JSON string by what they stand for, in place; `size` is how long it then is. False when
/// it holds a control character, or a backslash that begins no escape: those stay as they are.
bool unescape_json(MutBytes text, size_t& size);

}  // namespace tinyaws
