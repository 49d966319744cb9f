#include "text/ini.h"

#include "base/ascii.h"

namespace tinyaws {
namespace {

bool blank(char c) {
  return is_blank(static_cast<unsigned char>(c));
}

bool starts_comment(char c) {
  return c == '#' || c == ';';
}

constexpr Str kErrorNames =
    "none unterminated-section property-outside-section continuation-outside-property missing-equals empty-key "
    "sub-property-missing-equals sub-property-empty-key";

}  // namespace

Str name(IniError error) {
  return nth_part(kErrorNames, static_cast<size_t>(error), ' ');
}

bool is_ini_identifier(Str text) {
  return text.empty() || is_word(text, "_-/.%@:+");
}

Status IniParser::feed(Bytes bytes) {
  for (char c : bytes) {
    if (error_ != IniError::kNone) break;
    read(c);
  }
  return error_ == IniError::kNone ? Status::kOk : Status::kMalformedFile;
}

Status IniParser::end() {
  held_cr_ = false;
  if (error_ == IniError::kNone) end_line();
  return error_ == IniError::kNone ? Status::kOk : Status::kMalformedFile;
}

void IniParser::read(char c) {
  if (c == '\n') {
    held_cr_ = false;
    return end_line();
  }
  if (held_cr_) read_byte('\r');
  held_cr_ = c == '\r';
  if (!held_cr_ && error_ == IniError::kNone) read_byte(c);
}

void IniParser::read_byte(char c) {
  if (raw_) put_value(c);
  switch (part_) {
    case Part::kStart:
      return start_line(c);
    case Part::kIndent:
      if (!blank(c)) continue_property(c);
      return;
    case Part::kSection:
      return read_section(c);
    case Part::kKey:
    case Part::kSubKey:
      return read_key(c);
    case Part::kValue:
    case Part::kSubValue:
      return read_value(c);
    case Part::kContinued:
    case Part::kComment:
      return;
  }
}

void IniParser::start_line(char c) {
  if (blank(c)) {
    part_ = Part::kIndent;
  } else if (starts_comment(c)) {
    part_ = Part::kComment;
  } else if (c == '[') {
    part_ = Part::kSection;
    clear_name();
  } else if (place_ == Place::kNowhere) {
    refuse(IniError::kPropertyOutsideSection);
  } else {
    part_ = Part::kKey;
    clear_name();
    read_key(c);
  }
}

void IniParser::continue_property(char c) {
  if (place_ == Place::kNowhere) return refuse(IniError::kPropertyOutsideSection);
  if (place_ == Place::kSection) return refuse(IniError::kContinuationOutsideProperty);
  put_value('\n');
  put_value(c);
  raw_ = true;
  part_ = nested_ ? Part::kSubKey : Part::kContinued;
  clear_name();
  if (nested_) read_key(c);
}

void IniParser::read_section(char c) {
  if (!starts_comment(c)) return put_name(c);
  end_section();
  part_ = Part::kComment;
}

void IniParser::end_section() {
  if (last_ != ']') return refuse(IniError::kUnterminatedSection);
  place_ = Place::kSection;
  wanted_ = false;
  if (long_name_) return sink_.long_section();
  --name_size_;
  sink_.section(trim_blanks(name_text()));
}

void IniParser::read_key(char c) {
  const bool sub = part_ == Part::kSubKey;
  if (c == '=') return end_key();
  if (after_blank_ && starts_comment(c)) {
    return refuse(sub ? IniError::kSubPropertyMissingEquals : IniError::kMissingEquals);
  }
  put_name(to_lower(c));
}

void IniParser::end_key() {
  const bool sub = part_ == Part::kSubKey;
  after_blank_ = false;
  if (last_ == 0) return refuse(sub ? IniError::kSubPropertyEmptyKey : IniError::kEmptyKey);
  if (sub) {
    part_ = Part::kSubValue;
    sub_empty_ = true;
    sub_wanted_ = wanted_ && !long_name_ && sink_.sub_property(name_text());
  } else {
    part_ = Part::kValue;
    place_ = Place::kProperty;
    nested_ = true;
    wanted_ = !long_name_ && is_ini_identifier(name_text()) && sink_.property(name_text());
  }
}

void IniParser::read_value(char c) {
  const bool sub = part_ == Part::kSubValue;
  if (after_blank_ && starts_comment(c)) {
    part_ = Part::kComment;
    return;
  }
  after_blank_ = blank(c);
  bool& empty = sub ? sub_empty_ : nested_;
  if (empty && after_blank_) return;
  empty = false;
  if (sub) {
    put_sub_value(c);
  } else {
    put_value(c);
  }
}

void IniParser::put_value(char c) {
  if (!wanted_) return;
  sink_.value(c);
  value_blanks_ = blank(c) ? value_blanks_ + 1 : 0;
}

void IniParser::put_sub_value(char c) {
  if (!sub_wanted_) return;
  sink_.sub_value(c);
  sub_blanks_ = blank(c) ? sub_blanks_ + 1 : 0;
}

void IniParser::end_line() {
  if (part_ == Part::kSection) end_section();
  if (part_ == Part::kKey) refuse(IniError::kMissingEquals);
  if (part_ == Part::kSubKey) refuse(IniError::kSubPropertyMissingEquals);
  if (error_ != IniError::kNone) return;
  if (value_blanks_ > 0) sink_.drop(value_blanks_);
  if (sub_blanks_ > 0) sink_.drop_sub(sub_blanks_);
  value_blanks_ = sub_blanks_ = 0;
  raw_ = false;
  part_ = Part::kStart;
  ++line_;
}

void IniParser::clear_name() {
  name_size_ = 0;
  last_ = 0;
  long_name_ = after_blank_ = false;
}

// Blanks inside are kept as one, and only once it is known that something follows.
void IniParser::put_name(char c) {
  if (blank(c)) {
    after_blank_ = true;
    return;
  }
  if (after_blank_ && last_ != 0) put_name_byte(' ');
  after_blank_ = false;
  last_ = c;
  put_name_byte(c);
}

void IniParser::put_name_byte(char c) {
  if (name_size_ == names_.size()) {
    long_name_ = true;
  } else {
    names_[name_size_++] = c;
  }
}

}  // namespace tinyaws
