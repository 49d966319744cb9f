#include "text/json.h"

#include "base/ascii.h"
#include "text/escape.h"

namespace tinyaws {
namespace {

class JsonReader {
 public:
  JsonReader(MutBytes document, Span<TextField> fields, NameCase names)
      : document_(document), scanner_({document.data(), document.size()}), fields_(fields), case_(names) {}

  Status run() {
    for (;;) {
      const JsonPiece piece = scanner_.next();
      if (piece == JsonPiece::kEnd) return Status::kOk;
      if (piece == JsonPiece::kTooDeep) return Status::kValueTooLong;
      if (piece > JsonPiece::kEnd || !take(piece)) return Status::kInvalidArgument;
    }
  }

 private:
  // Of the objects in which names are looked for: the document's, and those in that.
  static constexpr size_t kLevels = 2;

  bool take(JsonPiece piece) {
    size_t level = scanner_.depth();
    Str text = scanner_.text();
    const bool is_string = piece == JsonPiece::kName || piece == JsonPiece::kString;
    if (is_string && !unescape(text)) return false;
    if (piece == JsonPiece::kClose) return true;
    if (piece == JsonPiece::kName) {
      if (level <= kLevels) names_[level - 1] = text;
      return true;
    }
    if (piece == JsonPiece::kOpen) {
      if (level <= kLevels) names_[level - 1] = {};
      --level;
    }
    if (piece == JsonPiece::kLiteral && text == "null") text = {};
    if (level > 0 && level <= kLevels) deliver(level, text, is_string);
    return true;
  }

  bool unescape(Str& text) {
    const MutBytes bytes = document_.drop(static_cast<size_t>(text.data() - document_.data())).first(text.size());
    size_t size = 0;
    const bool good = unescape_json(bytes, size);
    text = {bytes.data(), size};
    return good;
  }

  void deliver(size_t level, Str text, bool is_string) {
    for (TextField& field : fields_) {
      Str member = field.path;
      const Str object = take_until(member, '/');
      const bool is_here = level == 1 ? member.empty() : !member.empty() && is_same(member, names_[1]);
      if (!is_here || !is_same(object, names_[0])) continue;
      field.text = text;
      field.is_string = is_string;
    }
  }

  bool is_same(Str a, Str b) const { return case_ == NameCase::kIgnored ? equals_ignoring_case(a, b) : a == b; }

  MutBytes document_;
  JsonScanner scanner_;
  Span<TextField> fields_;
  Str names_[kLevels];
  NameCase case_;
};

}  // namespace

Status read_json(MutBytes document, Span<TextField> fields, NameCase names) {
  clear(fields);
  const Status status = JsonReader(document, fields, names).run();
  if (status == Status::kOk) return status;
  clear(fields);
  return status;
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
