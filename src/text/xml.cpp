#include "text/xml.h"

#include "base/ascii.h"
#include "text/escape.h"
#include "text/xml_scanner.h"

namespace tinyaws {
namespace {

bool is_blank_xml(Str text) {
  return text.find_first_not_of(" \t\r\n") == Str::npos;
}

// Writes characters over a document that is being read, and never overtakes the reading. What can't be read it copies
// as it stands.
class XmlText {
 public:
  explicit XmlText(MutBytes document) : document_(document) {}

  void start(size_t at) { begin_ = end_ = at; }
  Str text() const { return {document_.data() + begin_, end_ - begin_}; }

  /// False when something could not be read.
  bool put(Str text) {
    bool readable = true;
    while (!text.empty()) {
      Escape escape;
      if (text.front() != '&') {
        readable &= put(text.front());
        text.remove_prefix(1);
      } else if (read_xml_reference(text, escape)) {
        for (char c : escape.character()) put(c);
        text.remove_prefix(escape.length);
      } else {
        readable = false;
        put('&');
        text.remove_prefix(1);
      }
    }
    return readable;
  }

  bool put_verbatim(Str text) {
    bool readable = true;
    for (char c : text) readable &= put(c);
    return readable;
  }

 private:
  bool put(char c) {
    document_[end_++] = c;
    return is_xml_char(static_cast<unsigned char>(c));
  }

  MutBytes document_;
  size_t begin_ = 0;
  size_t end_ = 0;
};

class XmlReader {
 public:
  XmlReader(MutBytes document, Span<TextField> fields)
      : scanner_({document.data(), document.size()}), text_(document), fields_(fields) {}

  Status run() {
    for (;;) {
      const XmlPiece piece = scanner_.next();
      if (piece == XmlPiece::kEnd) return good(has_root_ && depth_ == 0);
      const Status status = take(piece, scanner_.text());
      if (status != Status::kOk) return status;
    }
  }

 private:
  static Status good(bool well_formed) { return well_formed ? Status::kOk : Status::kInvalidArgument; }

  Status take(XmlPiece piece, Str text) {
    switch (piece) {
      case XmlPiece::kStartTag:
      case XmlPiece::kEmptyTag:
        return start_tag(piece, text);
      case XmlPiece::kEndTag:
        return good(end_tag(text));
      case XmlPiece::kText:
        return good(depth_ == 0 ? is_blank_xml(text) : text_.put(text));
      case XmlPiece::kVerbatim:
        return good(depth_ > 0 && text_.put_verbatim(text));
      case XmlPiece::kDocumentType:
        return Status::kUnsupported;
      default:
        return Status::kInvalidArgument;
    }
  }

  Status start_tag(XmlPiece piece, Str name) {
    if (depth_ == 0 && has_root_) return Status::kInvalidArgument;
    if (depth_ == kMaxXmlDepth) return Status::kValueTooLong;
    open_[depth_++] = name;
    has_root_ = true;
    is_leaf_ = true;
    text_.start(scanner_.end());
    if (piece == XmlPiece::kEmptyTag) close_element();
    return Status::kOk;
  }

  bool end_tag(Str name) {
    if (depth_ == 0 || open_[depth_ - 1] != name) return false;
    close_element();
    return true;
  }

  void close_element() {
    if (is_leaf_) deliver(text_.text());
    is_leaf_ = false;
    --depth_;
  }

  void deliver(Str text) {
    for (TextField& field : fields_) {
      if (field.found() || !is_at(field.path)) continue;
      field.text = text;
      field.is_string = true;
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

  bool is_leaf_ = false;
  bool has_root_ = false;
  size_t depth_ = 0;
  XmlScanner scanner_;
  XmlText text_;  // begins behind the names of open elements and behind texts that were delivered
  Span<TextField> fields_;
  Str open_[kMaxXmlDepth];
};

}  // namespace

Status read_xml(MutBytes document, Span<TextField> fields) {
  clear(fields);
  const Status status = XmlReader(document, fields).run();
  if (status == Status::kOk) return status;
  clear(fields);
  return status;
}

Str decode_xml_text(MutBytes raw) {
  XmlScanner scanner({raw.data(), raw.size()}, XmlExtent::kContent);
  XmlText text(raw);
  for (;;) {
    const XmlPiece piece = scanner.next();
    if (piece == XmlPiece::kEnd) return text.text();
    if (piece == XmlPiece::kText) {
      text.put(scanner.text());
    } else if (piece == XmlPiece::kVerbatim) {
      text.put_verbatim(scanner.text());
    } else {
      text.put_verbatim({raw.data() + scanner.begin(), raw.size() - scanner.begin()});
      return text.text();
    }
  }
}

}  // namespace tinyaws
