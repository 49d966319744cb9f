// The query of the canonical request.
#pragma once

#include "sigv4/hash_writer.h"
#include "tinyaws/bytes.h"

namespace tinyaws {

/// Takes the parameters of a query in wire form apart, one after the other. Empty ones are passed over.
class QueryReader {
 public:
  struct Part {
    Str name;   // still encoded
    Str value;  // still encoded; empty also without '='
  };

  explicit QueryReader(Str query) : rest_(query) {}
  bool next(Part& part);

 private:
  Str rest_;
};

/// Writes the parameters decoded, encoded anew and sorted by encoded name, then encoded value. Takes no memory:
/// each parameter is found by a pass over the query.
void put_canonical_query(Str query, HashWriter& out);

}  // namespace tinyaws
