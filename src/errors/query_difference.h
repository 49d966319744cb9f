// Where two canonical queries part.
#pragma once

#include "errors/escaped_text.h"

namespace tinyaws {

struct QueryDifference {
  enum class Kind : uint8_t {
    kOrder,    ///< Each has the other's parameter, elsewhere.
    kMissing,  ///< `ours` does not stand in their query.
    kAdded,    ///< `theirs` does not stand in our query.
    kChanged,  ///< Neither does; they may have the same name.
  };
  Kind kind = Kind::kChanged;
  EscapedText ours;  ///< The first parameters that differ; empty where a query has ended.
  EscapedText theirs;
};

/// REQUIRES: they differ.
QueryDifference compare_queries(EscapedText ours, EscapedText theirs);

/// "name" of "name=value".
EscapedText parameter_name(EscapedText parameter);

}  // namespace tinyaws
