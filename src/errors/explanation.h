// The lines of an explanation.
#pragma once

#include <cstddef>

#include "base/writer.h"
#include "errors/escaped_text.h"
#include "tinyaws/bytes.h"
#include "tinyaws/status.h"

namespace tinyaws {

class Explanation {
 public:
  explicit Explanation(MutBytes text) : out_(text) {}

  /// Begins a line.
  void line(Str text);
  /// Begins one that names the cause.
  void cause(Str text);

  void put(Str text) { out_.put(text); }
  /// Printable: other bytes as \xHH.
  void put(EscapedText text);

  /// Two lines: both sides of a difference, around where they part. `secret`: their lengths only.
  void sides(EscapedText ours, EscapedText theirs, bool secret);

  IoResult result() const { return out_.result(); }

 private:
  void side(Str title, EscapedText text, size_t at, bool secret);
  void put_printable(char c);

  Writer out_;
};

}  // namespace tinyaws
