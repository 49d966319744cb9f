#include "text/json_scanner.h"

#include "base/ascii.h"

namespace tinyaws {
namespace {

constexpr Str kBlanks = " \t\n\r";

bool take_digits(Str& text) {
  const size_t before = text.size();
  while (!text.empty() && is_digit(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  return text.size() < before;
}

// RFC 8259 section 6.
bool is_number(Str text) {
  take_char(text, '-');
  if (!take_char(text, '0') && !take_digits(text)) return false;
  if (take_char(text, '.') && !take_digits(text)) return false;
  if (take_char(text, 'e') || take_char(text, 'E')) {
    if (!take_char(text, '+')) take_char(text, '-');
    if (!take_digits(text)) return false;
  }
  return text.empty();
}

}  // namespace

JsonPiece JsonScanner::next() {
  for (;;) {
    text_ = {};
    at_ = document_.find_first_not_of(kBlanks, at_);
    if (at_ >= document_.size()) {
      at_ = document_.size();
      return expected_ == 0 ? JsonPiece::kEnd : JsonPiece::kCut;
    }
    const char c = document_[at_];
    text_ = {document_.data() + at_, 1};
    if (c == '"') return string();
    if (c == '{' || c == '[') return open(c == '{');
    if (c == '}' || c == ']') return close(c == '}');
    if (c != ':' && c != ',') return literal();
    if (!expects(c == ':' ? kColon : kComma)) return JsonPiece::kBad;
    expected_ = c == ',' && is_in_object() ? kMember : kValue;
    ++at_;
  }
}

JsonPiece JsonScanner::string() {
  const bool is_name = expects(kMember);
  if (depth_ == 0 || !expects(kMember | kValue)) return JsonPiece::kBad;
  const size_t begin = ++at_;
  while (at_ < document_.size() && document_[at_] != '"') at_ += document_[at_] == '\\' ? 2 : 1;
  const bool is_cut = at_ >= document_.size();
  text_ = document_.substr(begin, at_ - begin);
  if (is_cut) at_ = document_.size();
  if (is_cut) return is_name ? JsonPiece::kCut : JsonPiece::kCutString;
  ++at_;
  expect_next();
  if (is_name) expected_ = kColon;
  return is_name ? JsonPiece::kName : JsonPiece::kString;
}

JsonPiece JsonScanner::open(bool object) {
  if (!expects(kValue) || (depth_ == 0 && !object)) return JsonPiece::kBad;
  if (depth_ == kMaxJsonDepth) return JsonPiece::kTooDeep;
  ++at_;
  ++depth_;
  objects_ = objects_ * 2 + (object ? 1 : 0);
  expected_ = kBracket | (object ? kMember : kValue);
  return JsonPiece::kOpen;
}

JsonPiece JsonScanner::close(bool object) {
  if (!expects(kBracket) || object != is_in_object()) return JsonPiece::kBad;
  ++at_;
  --depth_;
  objects_ /= 2;
  expect_next();
  return JsonPiece::kClose;
}

JsonPiece JsonScanner::literal() {
  const size_t end = document_.find_first_of(" \t\n\r,:]}\"[{", at_);
  text_ = document_.substr(at_, end - at_);
  const bool is_cut = end == Str::npos;
  if (depth_ == 0 || !expects(kValue)) return JsonPiece::kBad;
  if (is_cut) return JsonPiece::kCut;
  if (!has_word("true false null", text_) && !is_number(text_)) return JsonPiece::kBad;
  at_ = end;
  expect_next();
  return JsonPiece::kLiteral;
}

}  // namespace tinyaws
