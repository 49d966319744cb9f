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

XmlToken XmlScanner::next() {
  for (;;) {
    begin_ = at_;
    if (at_ == document_.size()) return token(XmlPiece::kEnd, {});
    if (document_[at_] != '<') return text();
    if (skip("<!--")) {
      if (!skip_past("-->")) return token(XmlPiece::kBad, {});
    } else if (skip("<?")) {
      if (!skip_past("?>")) return token(XmlPiece::kBad, {});
    } else if (skip("<![CDATA[")) {
      return verbatim();
    } else if (skip("<!")) {
      return token(XmlPiece::kDocumentType, {});
    } else {
      return skip("</") ? end_tag() : start_tag();
    }
  }
}

XmlToken XmlScanner::text() {
  const size_t size = rest().find('<');
  at_ = size == Str::npos ? document_.size() : at_ + size;
  return token(XmlPiece::kText, since(begin_));
}

XmlToken XmlScanner::verbatim() {
  const Str inside = rest();
  const size_t size = inside.find("]]>");
  if (size == Str::npos) return token(XmlPiece::kBad, {});
  at_ += size + 3;
  return token(XmlPiece::kVerbatim, {inside.data(), size});
}

XmlToken XmlScanner::start_tag() {
  ++at_;
  const Str name = take_name();
  bool has_blank = skip_blanks();
  while (has_blank && at_ < document_.size() && is_name_char(document_[at_])) {
    if (!skip_attribute()) return token(XmlPiece::kBad, {});
    has_blank = skip_blanks();
  }
  const bool is_empty = skip("/");
  if (name.empty() || !skip(">")) return token(XmlPiece::kBad, {});
  return token(is_empty ? XmlPiece::kEmptyTag : XmlPiece::kStartTag, name);
}

XmlToken XmlScanner::end_tag() {
  const Str name = take_name();
  skip_blanks();
  return skip(">") ? token(XmlPiece::kEndTag, name) : token(XmlPiece::kBad, {});
}

bool XmlScanner::skip_attribute() {
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

Str XmlScanner::take_name() {
  const size_t begin = at_;
  while (at_ < document_.size() && is_name_char(document_[at_])) ++at_;
  return since(begin);
}

bool XmlScanner::skip(Str text) {
  if (!starts_with(rest(), text)) return false;
  at_ += text.size();
  return true;
}

bool XmlScanner::skip_past(Str text) {
  const size_t found = rest().find(text);
  if (found == Str::npos) return false;
  at_ += found + text.size();
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
