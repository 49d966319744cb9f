#include "errors/text_comparison.h"

namespace tinyaws {

size_t common_size(EscapedText a, EscapedText b) {
  size_t size = 0;
  char in_a;
  char in_b;
  while (a.next(in_a) && b.next(in_b) && in_a == in_b) ++size;
  return size;
}

bool starts_with_text(EscapedText text, EscapedText prefix) {
  return common_size(text, prefix) == prefix.size();
}

bool ends_with_text(EscapedText text, EscapedText suffix) {
  const size_t size = text.size();
  const size_t wanted = suffix.size();
  if (wanted > size) return false;
  char c;
  for (size_t i = wanted; i < size; ++i) (void)text.next(c);
  return same_text(text, suffix);
}

bool is_before(EscapedText a, EscapedText b) {
  for (;;) {
    char in_a;
    char in_b;
    if (!b.next(in_b)) return false;
    if (!a.next(in_a)) return true;
    if (in_a != in_b) return static_cast<unsigned char>(in_a) < static_cast<unsigned char>(in_b);
  }
}

bool contains_ignoring_case(EscapedText text, Str part) {
  char c;
  do {
    EscapedText ahead = text;
    size_t matched = 0;
    while (matched < part.size() && ahead.next(c) && to_lower(c) == part[matched]) ++matched;
    if (matched == part.size()) return true;
  } while (text.next(c));
  return false;
}

}  // namespace tinyaws
