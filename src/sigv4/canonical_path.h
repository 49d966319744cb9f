// The path of the canonical request.
#pragma once

#include "sigv4/hash_writer.h"
#include "tinyaws/bytes.h"
#include "tinyaws/sigv4.h"

namespace tinyaws {

void put_canonical_path(Str path, const SigningPolicy& policy, HashWriter& out);

}  // namespace tinyaws
