// What a service that refuses a signature shows of its own computation.
#pragma once

#include "errors/escaped_text.h"
#include "tinyaws/bytes.h"

namespace tinyaws {

struct ShownText {
  EscapedText text;
  bool found = false;
  bool whole = false;  ///< false: the answer ends within it.
};

struct ShownRequest {
  ShownText canonical_request;
  ShownText string_to_sign;
};

/// Finds both, in elements of XML or in a message. Views into `answer`.
ShownRequest find_shown_request(Bytes answer);

}  // namespace tinyaws
