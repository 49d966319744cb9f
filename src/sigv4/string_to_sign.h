// The string to sign and its parts ("Create a string to sign", AWS IAM User Guide).
#pragma once

#include "base/writer.h"
#include "tinyaws/bytes.h"
#include "tinyaws/sigv4.h"

namespace tinyaws {

constexpr size_t kDayBytes = 8;  // "20150830"

/// Writes "20150830/us-east-1/service/aws4_request".
void put_scope(Str amz_date, const Scope& scope, Writer& out);

void put_string_to_sign(Str amz_date, const Scope& scope, Str request_hash, Writer& out);

}  // namespace tinyaws
