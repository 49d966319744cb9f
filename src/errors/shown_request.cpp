#include "errors/shown_request.h"

#include "base/ascii.h"
#include "errors/error_form.h"

namespace tinyaws {
namespace {

constexpr Str kStringWords = "String-to-Sign should have been";

Escapes escapes_of(Bytes answer) {
  const ErrorForm form = form_of(bare_document(answer));
  if (form == ErrorForm::kXml) return Escapes::kXml;
  return form == ErrorForm::kJson ? Escapes::kJson : Escapes::kNone;
}

struct Element {
  Str start;
  Str end;
};

ShownText find_element(Bytes answer, const Element& element, Escapes escapes) {
  ShownText shown;
  const size_t begin = answer.find(element.start);
  if (begin == Str::npos) return shown;
  answer.remove_prefix(begin + element.start.size());
  const size_t size = answer.find(element.end);
  shown.whole = size != Str::npos;
  shown.text = EscapedText(shown.whole ? Str(answer.data(), size) : answer, escapes);
  shown.found = !shown.text.empty();
  return shown;
}

// Where the string or element that `rest` begins in ends; npos: `rest` may end first.
size_t end_of_value(Str rest, Escapes escapes) {
  const char end = escapes == Escapes::kJson ? '"' : '<';
  for (size_t i = 0; i < rest.size() && escapes != Escapes::kNone; ++i) {
    if (rest[i] == end) return i;
    if (escapes == Escapes::kJson && rest[i] == '\\') ++i;
  }
  return Str::npos;
}

// Up to the quotation mark that opens; false: there is none.
bool skip_to_quote(EscapedText& text) {
  char c;
  while (text.next(c)) {
    if (c == '\'') return true;
    if (!is_space(static_cast<unsigned char>(c)) && c != ':') return false;
  }
  return false;
}

// What stands before the last quotation mark; all of it when there is none.
EscapedText before_last_quote(EscapedText text) {
  EscapedText rest = text;
  size_t size = SIZE_MAX;
  char c;
  for (size_t i = 0; rest.next(c); ++i) {
    if (c == '\'') size = i;
  }
  return text.first(size);
}

// Takes off what stands before and with `words`.
bool skip_past(Bytes& answer, Str words) {
  const size_t begin = answer.find(words);
  if (begin == Str::npos) return false;
  answer.remove_prefix(begin + words.size());
  return true;
}

// May hold quotation marks itself: where it ends is known from what follows.
ShownText find_quoted_request(Bytes answer, Escapes escapes) {
  ShownText shown;
  if (!skip_past(answer, "Canonical String for this request should have been")) return shown;
  const size_t value = end_of_value(answer, escapes);
  const size_t next = answer.find(kStringWords);
  const size_t size = value < next ? value : next;
  EscapedText text(size == Str::npos ? answer : Str(answer.data(), size), escapes);
  if (!skip_to_quote(text)) return shown;
  shown.whole = size != Str::npos;
  shown.text = before_last_quote(text);
  shown.found = !shown.text.empty();
  return shown;
}

ShownText find_quoted_string(Bytes answer, Escapes escapes) {
  ShownText shown;
  if (!skip_past(answer, kStringWords)) return shown;
  EscapedText text(answer, escapes);
  if (!skip_to_quote(text)) return shown;
  shown.text = text.take_until('\'', shown.whole);
  shown.found = !shown.text.empty();
  return shown;
}

}  // namespace

ShownRequest find_shown_request(Bytes answer) {
  constexpr Element kCanonicalRequest = {"<CanonicalRequest>", "</CanonicalRequest>"};
  constexpr Element kCanonicalBytes = {"<CanonicalRequestBytes>", "</CanonicalRequestBytes>"};
  constexpr Element kStringToSign = {"<StringToSign>", "</StringToSign>"};
  const Escapes escapes = escapes_of(answer);
  ShownRequest shown;
  shown.canonical_request = find_element(answer, kCanonicalRequest, Escapes::kXml);
  if (!shown.canonical_request.found) {
    shown.canonical_request = find_element(answer, kCanonicalBytes, Escapes::kHexPairs);
  }
  if (!shown.canonical_request.found) shown.canonical_request = find_quoted_request(answer, escapes);
  shown.string_to_sign = find_element(answer, kStringToSign, Escapes::kXml);
  if (!shown.string_to_sign.found) shown.string_to_sign = find_quoted_string(answer, escapes);
  return shown;
}

}  // namespace tinyaws
