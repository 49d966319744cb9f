// The pieces of an XML document, one after the other. Reads only, and looks no further than the piece at hand:
// whether tags fit together is for others to ask.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"

namespace tinyaws {

enum class XmlPiece : uint8_t {
  kStartTag,
  kEmptyTag,  ///< "<a/>"
  kEndTag,
  kText,      ///< With references.
  kVerbatim,  ///< The inside of a CDATA section.
  kDocumentType,
  kEnd,  ///< Of the document.
  kBad,  ///< No XML, or cut off. Nothing follows.
};

struct XmlToken {
  XmlPiece piece;
  Str text;      ///< The name of a tag; text as it stands.
  size_t begin;  ///< Where the piece begins and ends in the document, marks included.
  size_t end;
};

/// A document may begin with a byte order mark, which is passed over; in content it is a character.
enum class XmlExtent : bool { kDocument, kContent };

class XmlScanner {
 public:
  explicit XmlScanner(Bytes text, XmlExtent extent = XmlExtent::kDocument);

  /// The next piece that is neither a comment nor a processing instruction. Attributes are passed over.
  XmlToken next();

 private:
  Str rest() const { return {document_.data() + at_, document_.size() - at_}; }
  Str since(size_t begin) const { return {document_.data() + begin, at_ - begin}; }
  XmlToken token(XmlPiece piece, Str text) const { return {piece, text, begin_, at_}; }

  bool skip(Str text);
  bool skip_past(Str text);
  bool skip_blanks();
  bool skip_attribute();
  Str take_name();
  XmlToken text();
  XmlToken verbatim();
  XmlToken start_tag();
  XmlToken end_tag();

  Bytes document_;
  size_t begin_ = 0;
  size_t at_ = 0;
};

/// A name without its prefix.
Str local_name(Str name);

}  // namespace tinyaws
