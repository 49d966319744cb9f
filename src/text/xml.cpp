#include "text/xml.h"

#include <cstdint>

#include "base/ascii.h"
#include "text/hex.h"
#include "text/json.h"

namespace tinyaws {
namespace {

bool is_xml_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// XML 1.0 section 2.2: no other control characters, not even as references.
bool is_xml_char(uint32_t code_point) {
  return code_point >= ' ' || code_point == '\t' || code_point == '\n' || code_point == '\r';
}

bool is_name_char(char c) {
  constexpr Str kMarks = "<>/=\"'&!?;";
  return static_cast<unsigned char>(c) > ' ' && kMarks.find(c) == Str::npos;
}

Str local_name(Str name) {
  const size_t colon = name.find(':');
  if (colon != Str::npos) name.remove_prefix(colon + 1);
  return name;
}

// The code point of "lt", "#38" or "#x26". U+0000 stands for none.
uint32_t code_point_of(Str reference) {
  if (reference == "lt") return '<';
  if (reference == "gt") return '>';
  if (reference == "amp") return '&';
  if (reference == "quot") return '"';
  if (reference == "apos") return '\'';
  if (!starts_with(reference, "#")) return 0;
  reference.remove_prefix(1);
  const bool is_hex = starts_with(reference, "x");
  if (is_hex) reference.remove_prefix(1);
  uint32_t code_point = 0;
  for (char c : reference) {
    const int digit = hex_value(c);
    if (digit < 0 || (digit > 9 && !is_hex)) return 0;
    code_point = code_point * (is_hex ? 16 : 10) + static_cast<uint32_t>(digit);
    if (code_point > 0x10ffff) return 0;
  }
  return is_xml_char(code_point) ? code_point : 0;
}

class XmlReader {
 public:
  XmlReader(MutBytes document, Span<XmlField> fields) : document_(document), fields_(fields) {}

  Status run() {
    skip("\xef\xbb\xbf");
    while (at_ < document_.size()) {
      const Status status = document_[at_] == '<' ? markup() : good(character());
      if (status != Status::kOk) return status;
    }
    return good(has_root_ && depth_ == 0);
  }

 private:
  static Status good(bool well_formed) { return well_formed ? Status::kOk : Status::kInvalidArgument; }

  Str rest() const { return {document_.data() + at_, document_.size() - at_}; }

  bool skip(Str text) {
    if (!starts_with(rest(), text)) return false;
    at_ += text.size();
    return true;
  }

  bool skip_past(Str text) {
    const size_t found = rest().find(text);
    if (found == Str::npos) return false;
    at_ += found + text.size();
    return true;
  }

  bool skip_blanks() {
    const size_t begin = at_;
    while (at_ < document_.size() && is_xml_blank(document_[at_])) ++at_;
    return at_ > begin;
  }

  Status markup() {
    if (skip("<!--")) return good(skip_past("-->"));
    if (skip("<![CDATA[")) return good(verbatim());
    if (skip("<!")) return Status::kUnsupported;
    if (skip("<?")) return good(skip_past("?>"));
    if (skip("</")) return good(end_tag());
    ++at_;
    return start_tag();
  }

  Str take_name() {
    const size_t begin = at_;
    while (at_ < document_.size() && is_name_char(document_[at_])) ++at_;
    return {document_.data() + begin, at_ - begin};
  }

  Status start_tag() {
    const Str name = take_name();
    if (name.empty() || (depth_ == 0 && has_root_)) return Status::kInvalidArgument;
    if (depth_ == kMaxXmlDepth) return Status::kValueTooLong;
    bool has_blank = skip_blanks();
    while (has_blank && at_ < document_.size() && is_name_char(document_[at_])) {
      if (!skip_attribute()) return Status::kInvalidArgument;
      has_blank = skip_blanks();
    }
    const bool is_empty = skip("/");
    if (!skip(">")) return Status::kInvalidArgument;
    open_element(name);
    if (is_empty) close_element();
    return Status::kOk;
  }

  bool skip_attribute() {
    if (take_name().empty()) return false;
    skip_blanks();
    if (!skip("=")) return false;
    skip_blanks();
    if (at_ == document_.size()) return false;
    const char quote = document_[at_++];
    if (quote != '"' && quote != '\'') return false;
    while (at_ < document_.size() && document_[at_] != quote) {
      if (document_[at_++] == '<') return false;
    }
    return skip({&quote, 1});
  }

  bool end_tag() {
    const Str name = take_name();
    skip_blanks();
    if (!skip(">") || depth_ == 0 || open_[depth_ - 1] != name) return false;
    close_element();
    return true;
  }

  void open_element(Str name) {
    open_[depth_++] = name;
    has_root_ = true;
    is_leaf_ = true;
    text_begin_ = text_end_ = at_;
  }

  void close_element() {
    if (is_leaf_) deliver({document_.data() + text_begin_, text_end_ - text_begin_});
    is_leaf_ = false;
    --depth_;
  }

  void deliver(Str text) {
    for (XmlField& field : fields_) {
      if (!field.found() && is_at(field.path)) field.text = text;
    }
  }

  bool is_at(Str path) const {
    for (size_t level = depth_; level > 0; --level) {
      const size_t slash = path.rfind('/');
      Str last = path;
      if (slash != Str::npos) last.remove_prefix(slash + 1);
      if (last != local_name(open_[level - 1])) return false;
      if (slash == Str::npos) return true;
      if (slash == 0) return level == 1;
      path = {path.data(), slash};
    }
    return false;
  }

  bool character() {
    const char c = document_[at_++];
    if (depth_ == 0) return is_xml_blank(c);
    if (c == '&') return reference();
    return put(c);
  }

  bool verbatim() {
    const size_t size = rest().find("]]>");
    if (depth_ == 0 || size == Str::npos) return false;
    for (size_t i = 0; i < size; ++i) {
      if (!put(document_[at_++])) return false;
    }
    return skip("]]>");
  }

  bool reference() {
    constexpr size_t kLongest = 9;  // "#x10FFFF;"
    const Str ahead(rest().data(), rest().size() < kLongest ? rest().size() : kLongest);
    const size_t end = ahead.find(';');
    if (end == Str::npos) return false;
    const uint32_t code_point = code_point_of({ahead.data(), end});
    char utf8[4];
    const size_t size = code_point == 0 ? 0 : write_utf8(code_point, utf8);
    at_ += end + 1;
    for (size_t i = 0; i < size; ++i) put(utf8[i]);
    return size != 0;
  }

  // Never overtakes what is read. Texts that were delivered end before it, names of open elements too.
  bool put(char c) {
    if (!is_xml_char(static_cast<unsigned char>(c))) return false;
    document_[text_end_++] = c;
    return true;
  }

  MutBytes document_;
  Span<XmlField> fields_;
  Str open_[kMaxXmlDepth];
  size_t depth_ = 0;
  size_t at_ = 0;
  size_t text_begin_ = 0;
  size_t text_end_ = 0;
  bool is_leaf_ = false;
  bool has_root_ = false;
};

}  // namespace

Status read_xml(MutBytes document, Span<XmlField> fields) {
  for (XmlField& field : fields) field.text = {};
  const Status status = XmlReader(document, fields).run();
  if (status == Status::kOk) return status;
  for (XmlField& field : fields) field.text = {};
  return status;
}

}  // namespace tinyaws
