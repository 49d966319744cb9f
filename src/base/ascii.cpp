#include "base/ascii.h"

namespace tinyaws {
namespace {

constexpr bool is_trimmed(char c, char last) {
  return c == ' ' || (c >= '\t' && c <= last);
}

// Without the blanks, and what stands from TAB to `last` in ASCII, at either end. Not inlined: it would stand there
// twice.
[[gnu::noinline]] Str trim(Str text, char last) {
  while (!text.empty() && is_trimmed(text.front(), last)) text.remove_prefix(1);
  while (!text.empty() && is_trimmed(text.back(), last)) text.remove_suffix(1);
  return text;
}

}  // namespace

bool is_unreserved(unsigned char c) {
  return is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

bool is_word(Str text, Str marks) {
  for (char c : text) {
    if (!is_alnum(static_cast<unsigned char>(c)) && !marks.has(c)) return false;
  }
  return !text.empty();
}

bool is_token_char(unsigned char c) {
  const char text = static_cast<char>(c);
  return is_token({&text, 1});
}

bool is_token(Str text) {
  return is_word(text, "!#$%&'*+-.^_`|~");
}

size_t size_before(Str text, Str marks) {
  for (char mark : marks) text = {text.data(), text.size_before(mark)};
  return text.size();
}

bool is_clean(Str text) {
  return size_before(text, {"\r\n", 3}) == text.size();  // with its NUL
}

bool is_filled(Str text) {
  return !text.empty() && is_clean(text);
}

int compare_ignoring_case(Str a, Str b) {
  for (size_t i = 0; i < a.size() && i < b.size(); ++i) {
    const int difference = to_lower(a[i]) - to_lower(b[i]);
    if (difference != 0) return difference;
  }
  return static_cast<int>(a.size() - b.size());
}

bool starts_with(Str text, Str prefix) {
  return text.size() >= prefix.size() && Str(text.data(), prefix.size()) == prefix;
}

bool starts_with(Str text, char c) {
  return !text.empty() && text.front() == c;
}

bool is_listed(Str name, Str list) {
  while (!list.empty()) {
    const Str word = take_until(list, ' ');
    const Str begin = word.back() == '-' ? name.substr(0, word.size()) : name;
    const int order = compare_ignoring_case(begin, word);
    if (order <= 0) return order == 0;
  }
  return false;
}

bool has_word(Str list, Str word) {
  while (!list.empty()) {
    if (take_until(list, ' ') == word) return true;
  }
  return false;
}

size_t find_word(Str list, Str word) {
  for (size_t i = 0; !list.empty(); ++i) {
    if (equals_ignoring_case(take_until(list, ' '), word)) return i;
  }
  return Str::npos;
}

Str take_until(Str& rest, char separator) {
  const Str taken(rest.data(), rest.size_before(separator));
  rest.remove_prefix(taken.size() < rest.size() ? taken.size() + 1 : taken.size());
  return taken;
}

bool take_char(Str& rest, char c) {
  if (!starts_with(rest, c)) return false;
  rest.remove_prefix(1);
  return true;
}

Str nth_part(Str text, size_t n, char separator) {
  while (n-- > 0) (void)take_until(text, separator);
  return text.before(separator);
}

Str trim_blanks(Str text) {
  return trim(text, '\t');
}

Str trim_space(Str text) {
  return trim(text, '\r');
}

bool is_true(Str text) {
  return equals_ignoring_case(trim_blanks(text), "true");
}

bool is_blank_text(Str text) {
  return trim_space(text).empty();
}

bool read_decimal(Str text, uint32_t most, uint32_t& number) {
  uint64_t value = 0;
  for (char c : text) {
    if (!is_digit(static_cast<unsigned char>(c))) return false;
    value = value * 10 + static_cast<unsigned>(c - '0');
    if (value > most) value = most;
  }
  if (text.empty()) return false;
  number = static_cast<uint32_t>(value);
  return true;
}

}  // namespace tinyaws
