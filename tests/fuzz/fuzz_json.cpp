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

// Whatever is asked for, what is found is of the document.
void ask(const Reference& reference, Str text, NameCase names) {
  for (const std::string& member : reference.strings) {
    const Block document(text);
    const std::string inner = reference.strings.front() + "/" + member;
    TextField fields[] = {{member}, {inner}};
    check(read_json(document.bytes(), fields, names) == Status::kOk);
    for (const TextField& field : fields) {
      check(field.found() || !field.is_string);
      check(!field.found() || is_within(field.text, document.text()));
      if (field.is_string) check(has(reference.strings, field.text));
    }
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
  const std::string written = write_json(strings);
  for (size_t i = 0; i < strings.size(); ++i) {
    const Block document(written);
    const std::string name = std::to_string(i);
    TextField field[] = {{name}};
    check(read_json(document.bytes(), field) == Status::kOk && field[0].is_string && field[0].text == strings[i]);
  }
}

// Of a document that was cut short nothing remains.
void check_cut(Str text, const Reference& reference, size_t stride) {
  for (size_t size = text.rfind('}'); size > stride; size -= stride) {
    const Block document(Str(text.data(), size));
    TextField field[] = {{reference.strings.empty() ? Str("x") : Str(reference.strings.front())}};
    check(read_json(document.bytes(), field) != Status::kOk && !field[0].found());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  const Str text(reinterpret_cast<const char*>(data), size);
  Reference reference(text);
  const bool good = reference.run();
  const bool within = reference.depth <= kMaxJsonDepth;
  const Block document(text);
  const Status status = read_json(document.bytes(), {});
  check((status == Status::kOk) == (good && within));
  if (good && !within) check(status == Status::kValueTooLong);
  if (status != Status::kOk) return 0;
  if (reference.strings.size() < 64) {
    ask(reference, text, NameCase::kExact);
    ask(reference, text, NameCase::kIgnored);
    check_written(reference.strings);
  }
  check_cut(text, reference, 1 + size / 16);
  return 0;
}
