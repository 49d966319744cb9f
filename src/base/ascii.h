// Character classes of the protocols, free of any locale.
#pragma once

#include <cstdint>

#include "tinyaws/bytes.h"

namespace tinyaws {

constexpr bool is_digit(unsigned char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_blank(unsigned char c) {
  return c == ' ' || c == '\t';
}
constexpr bool is_alpha(unsigned char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}
constexpr bool is_alnum(unsigned char c) {
  return is_alpha(c) || is_digit(c);
}
constexpr char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

/// Blank, or one of the control characters that SigV4 implementations fold like a blank (TAB, VT, FF ...).
constexpr bool is_space(unsigned char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// Unreserved characters of RFC 3986 section 2.3: those that stand for themselves everywhere.
bool is_unreserved(unsigned char c);

/// Letters, digits and characters of `marks`, one of them at least.
bool is_word(Str text, Str marks);

/// A character of a token (RFC 9110 section 5.6.2): of methods and field names.
bool is_token_char(unsigned char c);
bool is_token(Str text);

/// How much of a text stands before the first of `marks`: all of it where there is none. A search for each mark is
/// faster on long texts than a loop, and none goes further than those before it.
size_t size_before(Str text, Str marks);

/// No CR, LF or NUL: what no caller may put into a request.
bool is_clean(Str text);

/// Clean, and not empty.
bool is_filled(Str text);

/// Below 0, 0 or above 0 as `a` comes before `b`, with it or behind it when both are in lower case. REQUIRES: neither
/// has 2 GB.
int compare_ignoring_case(Str a, Str b);
inline bool equals_ignoring_case(Str a, Str b) {
  return compare_ignoring_case(a, b) == 0;
}
bool starts_with(Str text, Str prefix);
bool starts_with(Str text, char c);

/// One of the words of `list`, in any case; one that ends with a hyphen stands for all that begin with it. The list
/// is in lower case and in order: "expect keep-alive proxy-".
bool is_listed(Str name, Str list);

/// One of the words of `list`, "iam route53". A list of words is a pointer less for each than an array of them.
bool has_word(Str list, Str word);

/// Which of the words of `list`, counted from 0, this is in any case; npos: none.
size_t find_word(Str list, Str word);

/// Takes what stands before the first `separator`, or all there is, off the front of `rest`, and the separator.
Str take_until(Str& rest, char separator);

/// Takes one character off the front of `rest`. False: another one stands there, or none.
bool take_char(Str& rest, char c);

/// The n-th of the parts of a text, counted from 0, with a `separator` between them; empty where there is none.
Str nth_part(Str text, size_t n, char separator);

/// Reads decimal digits, one at least and nothing else; a number above `most` is `most`. False: `number` is left
/// alone.
bool read_decimal(Str text, uint32_t most, uint32_t& number);

/// Text without the blanks at either end.
Str trim_blanks(Str text);

/// Text without the white space at either end.
Str trim_space(Str text);

/// "true" in any case, as settings have it: blanks around it are fine, and everything else is false.
bool is_true(Str text);

/// True for the empty string and for one of nothing but white space.
bool is_blank_text(Str text);

}  // namespace tinyaws
