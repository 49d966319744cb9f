// The canonical request, streamed ("Create a canonical request", AWS IAM User Guide).
#pragma once

#include "base/writer.h"
#include "sigv4/signed_headers.h"
#include "tinyaws/bytes.h"
#include "tinyaws/sigv4.h"

namespace tinyaws {

struct CanonicalRequest {
  Str method;
  Str target;  ///< Wire form.
  const SignedHeaders& headers;
  Str payload_hash;
  const SigningPolicy& policy;
};

void put_canonical_request(const CanonicalRequest& request, Writer& out);

}  // namespace tinyaws
