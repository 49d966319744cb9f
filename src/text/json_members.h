// String members of a JSON object that need not be whole: errors are read in what came of an answer, or in the
// beginning of one that is too long to be kept. Changes nothing. For documents that must be right there is json.h.
#pragma once

#include <cstddef>

#include "tinyaws/bytes.h"
#include "tinyaws/status.h"

namespace tinyaws {

/// Objects and arrays that stand in one another, with the names before them. Cost: 16 bytes each on the stack of
/// read_json_members. Error: kValueTooLong.
constexpr size_t kMaxOpenJsonValues = 64;

/// A member that is wanted.
struct JsonMember {
  Str name;  ///< As it stands in the document, with escapes in it. Case matters.

  /// Of the last string of this name, without quotes and with escapes; data() is null when there is none.
  Str text = {};

  /// The document ends within this text. No escape and no UTF-8 character at its end is cut off.
  bool cut = false;

  bool found() const { return text.data() != nullptr; }
};

/// Fills in members of the object that the document is. Members that are no strings count as missing; what is within
/// them is passed over. Any number of them, for those that were read are forgotten. Errors: kInvalidArgument when
/// the document is no object, holds a NUL or is no JSON in some way that jsmn notices; no member then has a text.
/// kTruncated when it has no end, kValueTooLong where it holds more than kMaxOpenJsonValues in one another: members
/// then have what was read until there.
Status read_json_members(Bytes document, Span<JsonMember> members);

}  // namespace tinyaws
