// The canonical request, streamed ("Create a canonical request", AWS IAM User Guide).
#pragma once

#include "base/writer.h"
#include "sigv4/signed_headers.h"
#include "tinyaws/bytes.h"
#include "tinyaws/sigv4.h"

namespace tinyaws {

/// `target` in wire form: that of `input`, or with what presigning adds.
void put_canonical_request(const SigningInput& input, Str target, const SigningPolicy& policy,
                           const SignedHeaders& headers, Writer& out);

}  // namespace tinyaws
