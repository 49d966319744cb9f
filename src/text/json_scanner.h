// The pieces of a JSON document (RFC 8259) that is one object, one after the other. Reads only; what stands between
// the pieces is checked, what escapes stand for is for others to ask.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"

namespace tinyaws {

/// Objects and arrays that stand in one another. Cost: a bit each. Error: JsonPiece::kTooDeep.
constexpr size_t kMaxJsonDepth = 32;

enum class JsonPiece : uint8_t {
  kName,       ///< Of a member; its value is next.
  kString,     ///< A value, as are the next three.
  kLiteral,    ///< A number, true, false or null.
  kOpen,       ///< An object or an array begins.
  kClose,      ///< The innermost of them ends.
  kEnd,        ///< Of the document, behind its object. Nothing follows this and the next four.
  kCut,        ///< The document ends before its object does.
  kCutString,  ///< It ends within a string that is a value.
  kBad,        ///< No JSON.
  kTooDeep,    ///< See kMaxJsonDepth.
};

class JsonScanner {
 public:
  explicit JsonScanner(Bytes document) : document_(document) {}

  JsonPiece next();

  /// The last piece: of names and strings what stands between the quotes, with escapes.
  Str text() const { return text_; }

  /// Objects and arrays that are open.
  size_t depth() const { return depth_; }

 private:
  enum Expected : unsigned { kValue = 1, kMember = 2, kColon = 4, kComma = 8, kBracket = 16 };

  bool is_in_object() const { return (objects_ & 1) != 0; }
  bool expects(unsigned what) const { return (expected_ & what) != 0; }
  void expect_next() { expected_ = depth_ > 0 ? kComma | kBracket : 0; }
  JsonPiece separator(char c);
  JsonPiece string();
  JsonPiece open(bool object);
  JsonPiece close(bool object);
  JsonPiece literal();

  Bytes document_;
  Str text_;
  size_t at_ = 0;
  size_t depth_ = 0;
  uint32_t objects_ = 0;  // of what is open, the innermost in the lowest bit: objects are 1, arrays 0
  unsigned expected_ = kValue;
};

}  // namespace tinyaws
