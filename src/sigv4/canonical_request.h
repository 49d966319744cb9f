// The canonical request, streamed ("Create a canonical request", AWS IAM User Guide).
#pragma once

#include "base/writer.h"
#include "sigv4/signed_headers.h"
#include "tinyaws/bytes.h"
#include "tinyaws/sigv4.h"

namespace tinyaws {

struct CanonicalRequest {
  const SigningInput& input;
  Str target;  ///< In wire form: that of `input`, or with what presigning adds.
  const SigningConfig& config;
  const SignedHeaders& headers;
};

void put_canonical_request(const CanonicalRequest& request, Writer& out);

}  // namespace tinyaws
