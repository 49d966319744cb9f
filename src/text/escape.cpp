#include "text/escape.h"

#include "base/ascii.h"
#include "text/hex.h"

namespace tinyaws {
namespace {

constexpr size_t kUnicodeEscape = 6;      // "\u00e9"
constexpr size_t kLongestReference = 10;  // "&#x10FFFF;"

bool is_high_surrogate(uint32_t code) {
  return code >= 0xd800 && code <= 0xdbff;
}

// A code point, or the half of one.
bool read_code(Str digits, uint32_t base, uint32_t& code) {
  code = 0;
  for (char c : digits) {
    const int digit = hex_value(c);
    if (digit < 0 || static_cast<uint32_t>(digit) >= base) return false;
    code = code * base + static_cast<uint32_t>(digit);
    if (code > 0x10ffff) return false;
  }
  return true;
}

// The code of "\u00e9", with which `text` begins.
bool read_unicode_escape(Str text, uint32_t& code) {
  return text.size() >= kUnicodeEscape && starts_with(text, "\\u") && read_code(text.substr(2, 4), 16, code);
}

// The code point of "lt", "#38" or "#x26". U+0000 stands for none.
uint32_t code_point_of(Str reference) {
  const char* character = "<>&\"'";
  for (Str names = "lt gt amp quot apos"; !names.empty(); ++character) {
    if (take_until(names, ' ') == reference) return static_cast<unsigned char>(*character);
  }
  uint32_t code_point = 0;
  if (!take_char(reference, '#')) return 0;
  const uint32_t base = take_char(reference, 'x') ? 16 : 10;
  return read_code(reference, base, code_point) && is_xml_char(code_point) ? code_point : 0;
}

size_t sequence_size(unsigned char lead) {
  return lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

Str whole_utf8(Str text) {
  for (size_t back = 1; back < 4 && back <= text.size(); ++back) {
    const auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if ((byte & 0xc0) == 0x80) continue;
    if (sequence_size(byte) > back) text.remove_suffix(back);
    break;
  }
  return text;
}

// Bytes that the escape takes which `text` begins with, or would take if it were there as a whole.
size_t escape_length(Str text) {
  if (text.size() < 2 || text[1] != 'u') return 2;
  uint32_t code = 0;
  const bool is_half = read_unicode_escape(text, code) && is_high_surrogate(code);
  return is_half ? 2 * kUnicodeEscape : kUnicodeEscape;
}

}  // namespace

bool read_json_escape(Str text, Escape& escape) {
  constexpr Str kEscapes = "\"\\/bfnrt";
  constexpr char kMeanings[] = "\"\\/\b\f\n\r\t";
  if (text.size() < 2 || text[0] != '\\') return false;
  const size_t which = kEscapes.find(text[1]);
  if (which != Str::npos) {
    escape.utf8[0] = kMeanings[which];
    escape.size = 1;
    escape.length = 2;
    return true;
  }
  uint32_t code = 0;
  if (!read_unicode_escape(text, code)) return false;
  escape.length = kUnicodeEscape;
  if (is_high_surrogate(code)) {
    uint32_t low = 0;
    text.remove_prefix(kUnicodeEscape);
    if (!read_unicode_escape(text, low) || low < 0xdc00 || low > 0xdfff) return false;
    code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    escape.length = 2 * kUnicodeEscape;
  }
  escape.size = write_utf8(code, escape.utf8);
  return escape.size != 0;
}

bool read_xml_reference(Str text, Escape& escape) {
  if (text.empty() || text[0] != '&') return false;
  const Str ahead(text.data(), text.size() < kLongestReference ? text.size() : kLongestReference);
  const size_t end = ahead.find(';');
  if (end == Str::npos) return false;
  const uint32_t code_point = code_point_of({text.data() + 1, end - 1});
  escape.length = end + 1;
  escape.size = code_point == 0 ? 0 : write_utf8(code_point, escape.utf8);
  return escape.size != 0;
}

size_t write_utf8(uint32_t code_point, char (&out)[4]) {
  if (code_point > 0x10ffff || (code_point >= 0xd800 && code_point <= 0xdfff)) return 0;
  if (code_point < 0x80) {
    out[0] = static_cast<char>(code_point);
    return 1;
  }
  const size_t size = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
  constexpr unsigned kLead[] = {0, 0, 0xc0, 0xe0, 0xf0};
  for (size_t i = size; i-- > 1;) {
    out[i] = static_cast<char>(0x80 | (code_point & 0x3f));
    code_point >>= 6;
  }
  out[0] = static_cast<char>(kLead[size] | code_point);
  return size;
}

Str whole_json_characters(Str text) {
  for (size_t at = 0; at < text.size();) {
    const Str rest(text.data() + at, text.size() - at);
    const size_t length = text[at] == '\\' ? escape_length(rest) : 1;
    if (length > rest.size()) return {text.data(), at};
    at += length;
  }
  return whole_utf8(text);
}

Str whole_xml_characters(Str text) {
  const size_t mark = text.rfind('&');
  const size_t behind = mark == Str::npos ? 0 : text.size() - mark;
  if (behind > 0 && behind < kLongestReference && text.find(';', mark) == Str::npos) return {text.data(), mark};
  return whole_utf8(text);
}

}  // namespace tinyaws
