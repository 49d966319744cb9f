// JSON, against a slow reader of RFC 8259 that was written for this alone.
#include <string>
#include <vector>

#include "fuzz.h"
#include "text/escape.h"
#include "text/json.h"

using namespace tinyaws;
using namespace tinyaws::fuzz;

namespace {

/// Reads one object by recursion, and remembers its strings.
class Reference {
 public:
  explicit Reference(Str text) : text_(text) {}

  size_t values = 0;
  size_t depth = 0;                  ///< The greatest.
  std::vector<std::string> strings;  ///< Unescaped.

  bool run() {
    blanks();
    const bool good = at() == '{' && value(1);
    blanks();
    return good && at_ == text_.size();
  }

 private:
  int at() const { return at_ < text_.size() ? static_cast<unsigned char>(text_[at_]) : -1; }
  bool take(char c) { return at() == static_cast<unsigned char>(c) && ++at_ > 0; }
  bool take(Str word) {
    const bool good = text_.substr(at_, word.size()) == word;
    at_ += good ? word.size() : 0;
    return good;
  }
  void blanks() {
    while (at() == ' ' || at() == '\t' || at() == '\n' || at() == '\r') ++at_;
  }

  bool value(size_t level) {
    if (level > 200) return false;
    ++values;
    if (take('{')) return members('}', level);
    if (take('[')) return members(']', level);
    if (at() == '"') return string();
    return take("true") || take("false") || take("null") || number();
  }

  bool members(char end, size_t level) {
    if (level > depth) depth = level;
    blanks();
    if (take(end)) return true;
    do {
      blanks();
      if (end == '}' && !name()) return false;
      blanks();
      if (!value(level + 1)) return false;
      blanks();
    } while (take(','));
    return take(end);
  }

  bool name() {
    ++values;
    if (!string()) return false;
    blanks();
    return take(':');
  }

  bool digits() {
    const size_t begin = at_;
    while (at() >= '0' && at() <= '9') ++at_;
    return at_ > begin;
  }

  bool number() {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (!take('e') && !take('E')) return true;
    if (!take('+')) take('-');
    return digits();
  }

  bool string() {
    if (!take('"')) return false;
    std::string out;
    while (at() != '"') {
      if (at() < ' ') return false;
      if (take('\\')) {
        if (!escape(out)) return false;
      } else {
        out += text_[at_++];
      }
    }
    strings.push_back(out);
    return take('"');
  }

  bool escape(std::string& out) {
    const int c = at();
    ++at_;
    if (c == 'u') return code_point(out);
    const Str from = "\"\\/bfnrt";
    const size_t which = from.find(static_cast<char>(c));
    if (c < 0 || which == Str::npos) return false;
    out += "\"\\/\b\f\n\r\t"[which];
    return true;
  }

  bool code_point(std::string& out) {
    uint32_t code = 0;
    if (!hex(code)) return false;
    if (code >= 0xd800 && code < 0xdc00) {
      uint32_t low = 0;
      if (!take("\\u") || !hex(low) || low < 0xdc00 || low > 0xdfff) return false;
      code = 0x10000 + (code - 0xd800) * 0x400 + (low - 0xdc00);
    }
    char utf8[4];
    const size_t size = write_utf8(code, utf8);
    out.append(utf8, size);
    return size > 0;
  }

  bool hex(uint32_t& code) {
    code = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      if (at() < 0 || isxdigit(at()) == 0) return false;
      code = code * 16 + static_cast<uint32_t>(at() <= '9' ? at() - '0' : (at() | 0x20) - 'a' + 10);
    }
    return true;
  }

  Str text_;
  size_t at_ = 0;
};

bool has(const std::vector<std::string>& strings, Str text) {
  for (const std::string& each : strings) {
    if (each == text) return true;
  }
  return false;
}

void ask(const JsonObject& object, const Reference& reference, Str document, int level) {
  for (const std::string& name : reference.strings) {
    Str text = "untouched";
    int64_t number = -7;
    const Status string_status = object.string(name, text);
    const Status integer_status = object.integer(name, number);
    const JsonObject inner = object.object(name);
    check(string_status == Status::kOk || text == "untouched");
    check(integer_status == Status::kOk || number == -7);
    check((string_status == Status::kNotFound) == (integer_status == Status::kNotFound));
    check((string_status == Status::kOk) + (integer_status == Status::kOk) + inner.exists() <= 1);
    if (string_status == Status::kOk) check(is_within(text, document) && has(reference.strings, text));
    if (inner.exists() && level < 4) ask(inner, reference, document, level + 1);
  }
}

std::string write_json(const std::vector<std::string>& strings) {
  std::string out = "{";
  for (size_t i = 0; i < strings.size(); ++i) {
    out += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":\"";
    for (char c : strings[i]) {
      char escape[8];
      snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned char>(c));
      const bool plain = c != '"' && c != '\\' && static_cast<unsigned char>(c) >= ' ';
      out += plain ? std::string(1, c) : std::string(escape);
    }
    out += '"';
  }
  return out + "}";
}

void check_written(const std::vector<std::string>& strings) {
  const Block document(write_json(strings));
  Json json;
  check(json.parse(document.bytes()) == Status::kOk);
  for (size_t i = 0; i < strings.size(); ++i) {
    Str text;
    check(json.root().string(std::to_string(i), text) == Status::kOk && text == strings[i]);
  }
}

// Of a document that was cut short nothing remains.
void check_cut(Str text, size_t stride) {
  for (size_t size = text.rfind('}'); size > stride; size -= stride) {
    const Block document(Str(text.data(), size));
    Json json;
    check(json.parse(document.bytes()) != Status::kOk && !json.root().exists());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  const Str text(reinterpret_cast<const char*>(data), size);
  Reference reference(text);
  const bool good = reference.run();
  const bool within = reference.values <= kMaxJsonValues && reference.depth <= kMaxJsonDepth;
  const Block document(text);
  Json json;
  const Status status = json.parse(document.bytes());
  check((status == Status::kOk) == (good && within) && json.root().exists() == (status == Status::kOk));
  if (good && !within) check(status == Status::kValueTooLong);
  if (status != Status::kOk) return 0;
  ask(json.root(), reference, document.text(), 0);
  ask(json.root(NameCase::kIgnored), reference, document.text(), 0);
  if (2 * reference.strings.size() < kMaxJsonValues) check_written(reference.strings);
  check_cut(text, 1 + size / 16);
  return 0;
}
