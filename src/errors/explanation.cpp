#include "errors/explanation.h"

#include "errors/text_comparison.h"

namespace tinyaws {
namespace {

// How much is shown before and from the first byte that differs.
constexpr size_t kBefore = 24;
constexpr size_t kAfter = 40;

}  // namespace

void Explanation::line(Str text) {
  if (out_.size() > 0) out_.put('\n');
  out_.put(text);
}

void Explanation::cause(Str text) {
  line("likely cause: ");
  put(text);
}

void Explanation::put(EscapedText text) {
  char c;
  while (text.next(c)) put_printable(c);
}

void Explanation::sides(EscapedText ours, EscapedText theirs, bool secret) {
  const size_t at = common_size(ours, theirs);
  side("signed:   ", ours, at, secret);
  side("expected: ", theirs, at, secret);
}

void Explanation::side(Str title, EscapedText text, size_t at, bool secret) {
  line(title);
  if (text.empty()) return put("nothing");
  if (secret) {
    out_.put_number(text.size());
    return put(" bytes, not shown");
  }
  const size_t begin = at > kBefore ? at - kBefore : 0;
  char c;
  for (size_t i = 0; i < begin; ++i) (void)text.next(c);
  const size_t shown = at - begin + kAfter;
  put(begin > 0 ? "...\"" : "\"");
  put(text.first(shown));
  put(text.size() > shown ? "\"..." : "\"");
}

void Explanation::put_printable(char c) {
  constexpr char kDigits[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x20 && byte < 0x7f) return (void)out_.put(c);
  out_.put(Str("\\x"));
  out_.put(kDigits[byte >> 4]);
  out_.put(kDigits[byte & 15]);
}

}  // namespace tinyaws
