// String members of a JSON object that need not be whole: errors are read in what came of an answer, or in the
// beginning of one that is too long to be kept. Changes nothing. For documents that must be right there is json.h.
#pragma once

#include "text/json_scanner.h"
#include "tinyaws/bytes.h"
#include "tinyaws/status.h"

namespace tinyaws {

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
/// them is passed over, and so is what stands behind the object. Errors: kInvalidArgument when the document is no
/// object or no JSON, whatever escapes its strings may hold, or holds a NUL; no member then has a text. kTruncated
/// when it has no end, kValueTooLong beyond kMaxJsonDepth: members then have what was read until there.
Status read_json_members(Bytes document, Span<JsonMember> members);

}  // namespace tinyaws
