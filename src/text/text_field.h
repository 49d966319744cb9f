// What is wanted of a document, JSON or XML.
#pragma once

#include "tinyaws/bytes.h"

namespace tinyaws {

/// A text that is wanted. What `path` means is told by whoever reads: read_json, read_xml.
struct TextField {
  Str path;
  Str text = {};           ///< In the document; data() is null when it is not there.
  bool is_string = false;  ///< It is there, and is text: not a number, a truth value, an object or an array.

  bool found() const { return text.data() != nullptr; }
};

/// As if nothing had been found.
inline void clear(Span<TextField> fields) {
  for (TextField& field : fields) {
    field.text = {};
    field.is_string = false;
  }
}

}  // namespace tinyaws
