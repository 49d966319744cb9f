// The credential scope ("Create a string to sign", AWS IAM User Guide).
#pragma once

#include "base/writer.h"
#include "tinyaws/bytes.h"
#include "tinyaws/sigv4.h"

namespace tinyaws {

constexpr size_t kDayBytes = 8;  // "20150830"

constexpr Str scope_end() {
  return "aws4_request";
}

/// Writes "20150830/us-east-1/service/aws4_request".
Writer& put_scope(const Scope& scope, const Signature& signature, Writer& out);

/// Writes the key id, a slash and the scope.
Writer& put_credential(const Signature& signature, const SigningConfig& config, Writer& out);

}  // namespace tinyaws
