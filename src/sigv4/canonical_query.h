// The query of the canonical request.
#pragma once

#include "base/writer.h"
#include "tinyaws/bytes.h"

namespace tinyaws {

/// Writes the parameters of a query in wire form decoded, encoded anew and sorted by encoded name, then encoded
/// value; empty ones are passed over. Takes no memory: each parameter is found by a pass over the query.
void put_canonical_query(Str query, Writer& out);

}  // namespace tinyaws
