#include "text/xml_scanner.h"

#include "base/ascii.h"

namespace tinyaws {
namespace {

bool is_xml_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_name_char(char c) {
  constexpr Str kMarks = "<>/=\"'&!?;";
  return static_cast<unsigned char>(c) > ' ' && kMarks.find(c) == Str::npos;
}

}  // namespace

XmlScanner::XmlScanner(Bytes text, XmlExtent extent) : document_(text) {
  if (extent == XmlExtent::kDocument) skip("\xef\xbb\xbf");
}

XmlPiece XmlScanner::next() {
  for (;;) {
    begin_ = at_;
    if (at_ == document_.size()) return XmlPiece::kEnd;
    if (document_[at_] != '<') return characters();
    if (skip("<!--")) {
      if (!skip_past("-->")) return XmlPiece::kBad;
    } else if (skip("<?")) {
      if (!skip_past("?>")) return XmlPiece::kBad;
    } else if (skip("<![CDATA[")) {
      return verbatim();
    } else if (skip("<!")) {
      return XmlPiece::kDocumentType;
    } else {
      return skip("</") ? end_tag() : start_tag();
    }
  }
}

XmlPiece XmlScanner::characters() {
  text_ = rest().before('<');
  at_ += text_.size();
  return XmlPiece::kText;
}

XmlPiece XmlScanner::verbatim() {
  const size_t begin = at_;
  if (!skip_past("]]>")) return XmlPiece::kBad;
  text_ = document_.substr(begin, at_ - 3 - begin);
  return XmlPiece::kVerbatim;
}

XmlPiece XmlScanner::start_tag() {
  ++at_;
  take_name();
  const Str name = text_;
  bool has_blank = skip_blanks();
  while (has_blank && at_ < document_.size() && is_name_char(document_[at_])) {
    if (!skip_attribute()) return XmlPiece::kBad;
    has_blank = skip_blanks();
  }
  text_ = name;
  const bool is_empty = skip("/");
  if (name.empty() || !skip(">")) return XmlPiece::kBad;
  return is_empty ? XmlPiece::kEmptyTag : XmlPiece::kStartTag;
}

XmlPiece XmlScanner::end_tag() {
  take_name();
  skip_blanks();
  return skip(">") ? XmlPiece::kEndTag : XmlPiece::kBad;
}

bool XmlScanner::skip_attribute() {
  take_name();
  skip_blanks();
  if (text_.empty() || !skip("=")) return false;
  skip_blanks();
  if (at_ == document_.size()) return false;
  const char quote = document_[at_++];
  if (quote != '"' && quote != '\'') return false;
  while (at_ < document_.size() && document_[at_] != quote) {
    if (document_[at_++] == '<') return false;
  }
  return skip({&quote, 1});
}

void XmlScanner::take_name() {
  const size_t begin = at_;
  while (at_ < document_.size() && is_name_char(document_[at_])) ++at_;
  text_ = document_.substr(begin, at_ - begin);
}

bool XmlScanner::skip(Str mark) {
  if (!starts_with(rest(), mark)) return false;
  at_ += mark.size();
  return true;
}

bool XmlScanner::skip_past(Str mark) {
  const size_t found = document_.find(mark, at_);
  if (found == Str::npos) return false;
  at_ = found + mark.size();
  return true;
}

bool XmlScanner::skip_blanks() {
  const size_t begin = at_;
  while (at_ < document_.size() && is_xml_blank(document_[at_])) ++at_;
  return at_ > begin;
}

Str local_name(Str name) {
  const size_t colon = name.find(':');
  if (colon != Str::npos) name.remove_prefix(colon + 1);
  return name;
}

}  // namespace tinyaws
