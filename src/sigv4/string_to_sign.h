// The string to sign and its parts ("Create a string to sign", AWS IAM User Guide).
#pragma once

#include "tinyaws/bytes.h"
#include "tinyaws/sigv4.h"

namespace tinyaws {

constexpr Str kAlgorithm = "AWS4-HMAC-SHA256";

constexpr size_t kDayBytes = 8;  // "20150830"

/// Writes "20150830/us-east-1/service/aws4_request" into anything that has `put(char)` and `put(Str)`.
template <class Out>
void put_scope(Str amz_date, const Scope& scope, Out& out) {
  out.put(Str(amz_date.data(), kDayBytes));
  out.put('/');
  out.put(scope.region);
  out.put('/');
  out.put(scope.service);
  out.put(Str("/aws4_request"));
}

}  // namespace tinyaws
