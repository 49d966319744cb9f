// The canonical request, streamed ("Create a canonical request", AWS IAM User Guide).
#pragma once

#include "sigv4/hash_writer.h"
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

void put_canonical_request(const CanonicalRequest& request, HashWriter& out);

/// The parts of a target: up to the first '?', and what follows it.
Str path_of(Str target);
Str query_of(Str target);

}  // namespace tinyaws
