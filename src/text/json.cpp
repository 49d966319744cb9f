#include "text/json.h"

#include <new>

#include "base/ascii.h"
#include "text/escape.h"
#include "text/json_tokens.h"

namespace tinyaws {
namespace {

bool is_json_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_digit_at(Str text, size_t at) {
  return at < text.size() && is_digit(static_cast<unsigned char>(text[at]));
}

bool skip_digits(Str text, size_t& at) {
  if (!is_digit_at(text, at)) return false;
  while (is_digit_at(text, at)) ++at;
  return true;
}

// RFC 8259 section 6.
bool is_number(Str text) {
  size_t at = text.front() == '-' ? 1 : 0;
  const bool leading_zero = at < text.size() && text[at] == '0';
  if (leading_zero && is_digit_at(text, at + 1)) return false;
  if (!skip_digits(text, at)) return false;
  if (at < text.size() && text[at] == '.' && !skip_digits(text, ++at)) return false;
  if (at < text.size() && to_lower(text[at]) == 'e') {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (!skip_digits(text, at)) return false;
  }
  return at == text.size();
}

bool is_literal(Str text) {
  return text == "true" || text == "false" || text == "null" || (!text.empty() && is_number(text));
}

// jsmn splits without asking for the commas and colons between values, for pairs in objects or for an end; it takes
// any run of characters for a number and stops at a NUL. So every byte between its tokens is looked at.
class Grammar {
 public:
  Grammar(MutBytes document, Span<jsmntok_t> tokens) : document_(document), tokens_(tokens) {}

  Status check_and_unescape() {
    for (jsmntok_t& token : tokens_) {
      const Status status = take(token);
      if (status != Status::kOk) return status;
    }
    while (depth_ > 0) {
      if (!close()) return Status::kInvalidArgument;
    }
    return lead_up('\0', document_.size()) ? Status::kOk : Status::kInvalidArgument;
  }

 private:
  struct Container {
    const jsmntok_t* token;
    size_t children;
  };

  Status take(jsmntok_t& token) {
    while (depth_ > 0 && container().token->end <= token.start) {
      if (!close()) return Status::kInvalidArgument;
    }
    const size_t quote = token.type == JSMN_STRING ? 1 : 0;
    const size_t begin = static_cast<size_t>(token.start) - quote;
    char mark = '\0';
    if (!mark_before(token, mark) || !lead_up(mark, begin)) return Status::kInvalidArgument;
    at_ = static_cast<size_t>(token.end) + quote;
    if (token.type == JSMN_STRING) return unescape(token);
    if (token.type == JSMN_PRIMITIVE) {
      return is_literal({document_.data() + begin, at_ - begin}) ? Status::kOk : Status::kInvalidArgument;
    }
    at_ = begin + 1;
    return open(token);
  }

  // What has to stand before a value: '\0' is nothing but white space.
  bool mark_before(const jsmntok_t& token, char& mark) {
    mark = '\0';
    if (depth_ == 0) return at_ == 0;
    Container& parent = container();
    const bool in_object = parent.token->type == JSMN_OBJECT;
    const bool is_name = in_object && parent.children % 2 == 0;
    const bool is_first = parent.children++ == 0;
    if (in_object && !is_name) {
      mark = ':';
    } else if (!is_first) {
      mark = ',';
    }
    return !is_name || token.type == JSMN_STRING;
  }

  bool lead_up(char mark, size_t end) {
    for (; at_ < end; ++at_) {
      const char c = document_[at_];
      if (mark != '\0' && c == mark) {
        mark = '\0';
      } else if (!is_json_blank(c)) {
        return false;
      }
    }
    return mark == '\0';
  }

  Status open(const jsmntok_t& token) {
    if (depth_ == kMaxJsonDepth) return Status::kValueTooLong;
    open_[depth_++] = {&token, 0};
    return Status::kOk;
  }

  bool close() {
    const Container closed = container();
    --depth_;
    const auto end = static_cast<size_t>(closed.token->end);
    if (closed.token->type == JSMN_OBJECT && closed.children % 2 != 0) return false;
    if (!lead_up('\0', end - 1)) return false;
    at_ = end;
    return true;
  }

  Status unescape(jsmntok_t& token) {
    size_t size = 0;
    const MutBytes text(document_.data() + token.start, static_cast<size_t>(token.end - token.start));
    if (!unescape_json(text, size)) return Status::kInvalidArgument;
    token.end = token.start + static_cast<int>(size);
    return Status::kOk;
  }

  Container& container() { return open_[depth_ - 1]; }

  MutBytes document_;
  Span<jsmntok_t> tokens_;
  Container open_[kMaxJsonDepth];
  size_t depth_ = 0;
  size_t at_ = 0;
};

const jsmntok_t& token_in(const unsigned char* tokens, size_t index) {
  return reinterpret_cast<const jsmntok_t*>(tokens)[index];
}

}  // namespace

Status Json::parse(MutBytes document) {
  static_assert(sizeof(jsmntok_t) <= kTokenBytes && alignof(jsmntok_t) <= alignof(int), "see json.h");
  count_ = 0;
  document_ = document.data();
  if (document.empty() || document.size() > INT32_MAX) return Status::kInvalidArgument;
  auto* const tokens = new (tokens_) jsmntok_t[kMaxJsonValues];
  jsmn_parser parser = kJsonStart;
  const int count = split_json(parser, {document.data(), document.size()}, {tokens, kMaxJsonValues});
  if (count == JSMN_ERROR_NOMEM) return Status::kValueTooLong;
  if (count <= 0 || tokens[0].type != JSMN_OBJECT) return Status::kInvalidArgument;
  const Status status = Grammar(document, {tokens, parser.toknext}).check_and_unescape();
  if (status == Status::kOk) count_ = parser.toknext;
  return status;
}

JsonObject Json::root(NameCase names) const {
  return count_ == 0 ? JsonObject() : JsonObject(this, 0, names);
}

Str Json::text(size_t index) const {
  const jsmntok_t& token = token_in(tokens_, index);
  return {document_ + token.start, static_cast<size_t>(token.end - token.start)};
}

bool Json::is_of_type(size_t index, int type) const {
  return token_in(tokens_, index).type == type;
}

bool Json::is_inside(size_t index, size_t container) const {
  return index < count_ && token_in(tokens_, index).start < token_in(tokens_, container).end;
}

size_t Json::after(size_t index) const {
  size_t next = index + 1;
  while (is_inside(next, index)) ++next;
  return next;
}

Status JsonObject::find(Str name, size_t& value) const {
  if (!exists()) return Status::kNotFound;
  Status status = Status::kNotFound;
  for (size_t at = index_ + 1; json_->is_inside(at, index_); at = json_->after(at + 1)) {
    const Str found = json_->text(at);
    if (names_ == NameCase::kIgnored ? !equals_ignoring_case(found, name) : found != name) continue;
    value = at + 1;
    const bool is_null = json_->is_of_type(value, JSMN_PRIMITIVE) && json_->text(value) == "null";
    status = is_null ? Status::kNotFound : Status::kOk;
  }
  return status;
}

Status JsonObject::string(Str name, Str& text) const {
  size_t value = 0;
  const Status status = find(name, value);
  if (status != Status::kOk) return status;
  if (!json_->is_of_type(value, JSMN_STRING)) return Status::kInvalidArgument;
  text = json_->text(value);
  return Status::kOk;
}

Status JsonObject::integer(Str name, int64_t& number) const {
  size_t value = 0;
  const Status status = find(name, value);
  if (status != Status::kOk) return status;
  Str digits = json_->text(value);
  const bool is_negative = digits.size() > 1 && digits.front() == '-';
  if (is_negative) digits.remove_prefix(1);
  if (!json_->is_of_type(value, JSMN_PRIMITIVE) || digits.size() > 18) return Status::kInvalidArgument;
  int64_t sum = 0;
  for (char c : digits) {
    if (!is_digit(static_cast<unsigned char>(c))) return Status::kInvalidArgument;
    sum = sum * 10 + (c - '0');
  }
  number = is_negative ? -sum : sum;
  return Status::kOk;
}

JsonObject JsonObject::object(Str name) const {
  size_t value = 0;
  if (find(name, value) != Status::kOk || !json_->is_of_type(value, JSMN_OBJECT)) return {};
  return {json_, value, names_};
}

bool unescape_json(MutBytes text, size_t& size) {
  bool readable = true;
  size_t to = 0;
  for (size_t from = 0; from < text.size();) {
    const char c = text[from];
    Escape escape;
    if (c == '\\' && read_json_escape({text.data() + from, text.size() - from}, escape)) {
      for (char byte : escape.character()) text[to++] = byte;
      from += escape.length;
      continue;
    }
    if (c == '\\' || static_cast<unsigned char>(c) < ' ') readable = false;
    text[to++] = c;
    ++from;
  }
  size = to;
  return readable;
}

}  // namespace tinyaws
