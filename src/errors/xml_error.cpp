#include "errors/xml_error.h"

#include <cstddef>

#include "base/ascii.h"
#include "errors/error_form.h"
#include "text/datetime.h"
#include "text/escape.h"
#include "text/xml_scanner.h"

namespace tinyaws {
namespace {

bool ends_with(Str text, Str end) {
  if (text.size() < end.size()) return false;
  text.remove_prefix(text.size() - end.size());
  return text == end;
}

void keep_first(Str text, Str& kept) {
  if (kept.empty() && is_plain(text)) kept = text;
}

class XmlErrorReader {
 public:
  XmlErrorReader(Bytes document, Extent extent, ErrorInfo& error)
      : document_(document), scanner_(document), extent_(extent), error_(error) {}

  void run() {
    XmlPiece piece = scanner_.next();
    while (take(piece)) piece = scanner_.next();
    if (extent_ == Extent::kBeginning && is_leaf_) {
      take_cut_message(piece == XmlPiece::kEnd ? cut_end() : scanner_.begin());
    }
    if (!has_error_element_ && (has_message_ || ends_with(names_[0], "Exception"))) {
      keep_first(names_[0], error_.code);
    }
  }

 private:
  // The way to the codes is this long; further elements are only counted, whatever their depth.
  static constexpr size_t kLevels = 4;

  bool take(XmlPiece piece) {
    switch (piece) {
      case XmlPiece::kText:
        last_text_ = scanner_.text();
        return true;
      case XmlPiece::kVerbatim:
        return true;
      case XmlPiece::kStartTag:
        open();
        return true;
      case XmlPiece::kEmptyTag:
        open();
        return close(scanner_.end());
      case XmlPiece::kEndTag:
        return depth_ > 0 && close(scanner_.begin());
      default:
        return false;
    }
  }

  void open() {
    if (depth_ < kLevels) names_[depth_] = local_name(scanner_.text());
    ++depth_;
    has_error_element_ |= is_error(depth_);
    is_leaf_ = true;
    text_begin_ = scanner_.end();
  }

  // False after the root, or where tags do not fit together.
  bool close(size_t text_end) {
    if (depth_ <= kLevels && names_[depth_ - 1] != local_name(scanner_.text())) return false;
    if (is_leaf_) deliver(trim_space({document_.data() + text_begin_, text_end - text_begin_}));
    is_leaf_ = false;
    error_is_over_ |= is_error(depth_);
    --depth_;
    return depth_ > 0;
  }

  bool is_error(size_t depth) const {
    if (depth == 0 || depth > kLevels || names_[depth - 1] != "Error") return false;
    if (depth == 1) return true;
    const Str parent = names_[depth - 2];
    return depth == 2 ? parent == "Errors" || parent == "ErrorResponse" : depth == 3 && parent == "Errors";
  }

  bool is_in_error() const { return is_error(depth_ - 1) && !error_is_over_; }

  bool is_message() const {
    if (depth_ < 2 || depth_ > kLevels || names_[depth_ - 1] != "Message" || has_message_) return false;
    return is_in_error() || (depth_ == 2 && !has_error_element_);
  }

  void deliver(Str text) {
    if (depth_ < 2 || depth_ > kLevels) return;
    const Str name = names_[depth_ - 1];
    if (is_message()) {
      error_.message = text;
      has_message_ = true;
    } else if (name == "RequestId" || name == "RequestID") {
      if (depth_ == 2 || is_in_error()) keep_first(text, error_.request_id);
    } else if (is_in_error()) {
      take_member(name, text);
    }
  }

  void take_member(Str name, Str text) {
    if (name == "Code") keep_first(text, error_.code);
    if (name == "HostId") keep_first(text, error_.extended_request_id);
    if (name == "Region") keep_first(text, error_.region);
    UnixTime time;
    if (name == "ServerTime" && parse_iso8601(text, time) == Status::kOk) error_.server_time = time;
  }

  // Of a document that ends in text: without the half of a character.
  size_t cut_end() const {
    const Str whole = whole_xml_characters(last_text_);
    const bool is_last = last_text_.data() + last_text_.size() == document_.data() + document_.size();
    return document_.size() - (is_last ? last_text_.size() - whole.size() : 0);
  }

  void take_cut_message(size_t end) {
    if (!is_message()) return;
    error_.message = trim_space({document_.data() + text_begin_, end - text_begin_});
    error_.message_cut = true;
    has_message_ = true;
  }

  Bytes document_;
  XmlScanner scanner_;
  Extent extent_;
  ErrorInfo& error_;
  Str names_[kLevels];
  Str last_text_;
  size_t depth_ = 0;
  size_t text_begin_ = 0;
  bool is_leaf_ = false;
  bool has_message_ = false;
  bool has_error_element_ = false;
  bool error_is_over_ = false;
};

}  // namespace

Str xml_root(Bytes document) {
  XmlScanner scanner(document);
  XmlPiece piece = scanner.next();
  while (piece == XmlPiece::kText && is_blank_text(scanner.text())) piece = scanner.next();
  const bool is_tag = piece == XmlPiece::kStartTag || piece == XmlPiece::kEmptyTag;
  return is_tag ? local_name(scanner.text()) : Str();
}

void read_xml_error(Bytes document, Extent extent, ErrorInfo& error) {
  XmlErrorReader(document, extent, error).run();
}

}  // namespace tinyaws
