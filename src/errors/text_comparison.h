// Comparing texts that are decoded while they are read. A reader is anything with `bool next(char&)`; each comparison
// takes copies.
#pragma once

#include "base/ascii.h"
#include "errors/escaped_text.h"
#include "text/hex.h"

namespace tinyaws {

template <class A, class B>
bool same_text(A a, B b) {
  for (;;) {
    char in_a;
    char in_b;
    const bool more_a = a.next(in_a);
    const bool more_b = b.next(in_b);
    if (more_a != more_b) return false;
    if (!more_a) return true;
    if (in_a != in_b) return false;
  }
}

/// How many bytes the two have in common at their beginnings.
size_t common_size(EscapedText a, EscapedText b);

bool starts_with_text(EscapedText text, EscapedText prefix);
bool ends_with_text(EscapedText text, EscapedText suffix);

/// Byte order.
bool is_before(EscapedText a, EscapedText b);

/// `part` in lower case.
bool contains_ignoring_case(EscapedText text, Str part);

/// Percent-encoded text, decoded; a '%' without two hex digits stands for itself.
class Decoded {
 public:
  explicit Decoded(EscapedText text) : text_(text) {}

  bool next(char& c) {
    if (!text_.next(c)) return false;
    EscapedText ahead = text_;
    char high;
    char low;
    if (c != '%' || !ahead.next(high) || !ahead.next(low) || hex_value(high) < 0 || hex_value(low) < 0) return true;
    c = static_cast<char>(hex_value(high) * 16 + hex_value(low));
    text_ = ahead;
    return true;
  }

 private:
  EscapedText text_;
};

/// A query whose blanks are written "+", "%20" or, by mistake, "%2B": "+" for all of them.
class PlusForBlanks {
 public:
  explicit PlusForBlanks(EscapedText text) : text_(text) {}

  bool next(char& c) {
    if (!text_.next(c)) return false;
    if (c == ' ') c = '+';
    return true;
  }

 private:
  Decoded text_;
};

/// Without white space.
class Squeezed {
 public:
  explicit Squeezed(EscapedText text) : text_(text) {}

  bool next(char& c) {
    do {
      if (!text_.next(c)) return false;
    } while (is_space(static_cast<unsigned char>(c)));
    return true;
  }

 private:
  EscapedText text_;
};

/// In lower case.
class Lowered {
 public:
  explicit Lowered(EscapedText text) : text_(text) {}

  bool next(char& c) {
    if (!text_.next(c)) return false;
    c = to_lower(c);
    return true;
  }

 private:
  EscapedText text_;
};

}  // namespace tinyaws
