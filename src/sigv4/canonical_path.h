// The path of the canonical request.
#pragma once

#include "base/writer.h"
#include "tinyaws/bytes.h"
#include "tinyaws/sigv4.h"

namespace tinyaws {

void put_canonical_path(Str path, SigningPolicy policy, Writer& out);

}  // namespace tinyaws
