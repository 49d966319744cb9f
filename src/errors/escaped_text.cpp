#include "errors/escaped_text.h"

#include <cstring>

#include "base/ascii.h"
#include "text/escape.h"
#include "text/hex.h"

namespace tinyaws {

bool EscapedText::next(char& c) {
  if (left_ == 0) return false;
  do {
    if (utf8_begin_ < utf8_end_) {
      c = utf8_[utf8_begin_++];
    } else if (!decode(c)) {
      return false;
    }
  } while (c == '\r');
  if (left_ != SIZE_MAX) --left_;
  return true;
}

bool EscapedText::decode(char& c) {
  if (escapes_ == Escapes::kHexPairs) return decode_hex(c);
  while (escapes_ == Escapes::kXml && skip(verbatim_ ? "]]>" : "<![CDATA[")) verbatim_ = !verbatim_;
  if (raw_.empty()) return false;
  c = raw_.front();
  const bool is_markup = escapes_ == Escapes::kXml && !verbatim_;
  if (is_markup && c == '<') return false;
  Escape escape;
  if (is_markup && c == '&') return read_xml_reference(raw_, escape) && take(escape, c);
  if (escapes_ == Escapes::kJson && c == '\\') return read_json_escape(raw_, escape) && take(escape, c);
  raw_.remove_prefix(1);
  return true;
}

bool EscapedText::take(const Escape& escape, char& c) {
  raw_.remove_prefix(escape.length);
  std::memcpy(utf8_, escape.utf8, sizeof utf8_);
  utf8_begin_ = 1;
  utf8_end_ = static_cast<uint8_t>(escape.size);
  c = utf8_[0];
  return true;
}

bool EscapedText::decode_hex(char& c) {
  while (!raw_.empty() && is_space(static_cast<unsigned char>(raw_.front()))) raw_.remove_prefix(1);
  if (raw_.size() < 2) return false;
  const int high = hex_value(raw_[0]);
  const int low = hex_value(raw_[1]);
  if (high < 0 || low < 0) return false;
  c = static_cast<char>(high * 16 + low);
  raw_.remove_prefix(2);
  return true;
}

bool EscapedText::skip(Str text) {
  if (!starts_with(raw_, text)) return false;
  raw_.remove_prefix(text.size());
  return true;
}

EscapedText EscapedText::take_line(bool& ended) {
  return take_until('\n', ended);
}

EscapedText EscapedText::take_until(char end, bool& ended) {
  const EscapedText begin = *this;
  size_t size = 0;
  char c;
  ended = false;
  while (!ended && next(c)) {
    ended = c == end;
    size += ended ? 0 : 1;
  }
  return begin.first(size);
}

EscapedText EscapedText::first(size_t size) const {
  EscapedText text = *this;
  if (size < text.left_) text.left_ = size;
  return text;
}

bool EscapedText::empty() const {
  EscapedText copy = *this;
  char c;
  return !copy.next(c);
}

size_t EscapedText::size() const {
  EscapedText copy = *this;
  size_t size = 0;
  char c;
  while (copy.next(c)) ++size;
  return size;
}

}  // namespace tinyaws
