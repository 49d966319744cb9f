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

/// A document may begin with a byte order mark, which is passed over; in content it is a character.
enum class XmlExtent : bool { kDocument, kContent };

class XmlScanner {
 public:
  explicit XmlScanner(Bytes text, XmlExtent extent = XmlExtent::kDocument);

  /// The next piece that is neither a comment nor a processing instruction. Attributes are passed over.
  XmlPiece next();

  /// The last piece: the name of a tag; text as it stands.
  Str text() const { return text_; }

  /// Where it begins and ends in the document, marks included.
  size_t begin() const { return begin_; }
  size_t end() const { return at_; }

 private:
  Str rest() const { return document_.substr(at_); }
  bool skip(Str mark);
  bool skip_past(Str mark);
  bool skip_blanks();
  bool skip_attribute();
  void take_name();
  XmlPiece characters();
  XmlPiece verbatim();
  XmlPiece start_tag();
  XmlPiece end_tag();

  Bytes document_;
  Str text_;
  size_t begin_ = 0;
  size_t at_ = 0;
};

/// A name without its prefix.
Str local_name(Str name);

}  // namespace tinyaws
