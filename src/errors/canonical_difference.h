// Where two canonical requests, or two strings to sign, part ("Create a signed AWS API request", AWS IAM User Guide).
#pragma once

#include <cstddef>
#include <cstdint>

#include "errors/escaped_text.h"
#include "errors/shown_request.h"

namespace tinyaws {

enum class CanonicalPart : uint8_t {
  kNone,        ///< No difference.
  kEnd,         ///< None in the beginning that the service shows; the answer ends there.
  kUnreadable,  ///< What the service shows is not made of the lines of a canonical request.
  kMethod,
  kPath,
  kQuery,          ///< `ours` and `theirs` are the whole queries.
  kHeader,         ///< `name`; `ours` and `theirs` are values.
  kHeaderMissing,  ///< The service has no header `name`; `ours` is its value.
  kHeaderAdded,    ///< `name` is not among those that were signed; `theirs` is its value.
  kSignedHeaders,
  kPayloadHash,
  // Of the string to sign.
  kAlgorithm,
  kDate,
  kScope,
  kRequestHash,
};

struct CanonicalDifference {
  CanonicalPart part = CanonicalPart::kNone;
  EscapedText name;
  EscapedText ours;
  EscapedText theirs;
};

CanonicalDifference compare_canonical_requests(EscapedText ours, const ShownText& theirs);
CanonicalDifference compare_strings_to_sign(EscapedText ours, const ShownText& theirs);

}  // namespace tinyaws
