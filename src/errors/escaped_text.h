// Texts as they stand in an answer, decoded while they are read: nothing is copied, whatever their length.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"

namespace tinyaws {

struct Escape;

enum class Escapes : uint8_t {
  kNone,
  kXml,       ///< References and CDATA sections; any other markup ends the text.
  kJson,      ///< Inside of a string.
  kHexPairs,  ///< "47 45 54"
};

/// A position in a text and how much may follow. To read something twice, copy it.
class EscapedText {
 public:
  EscapedText() = default;
  explicit EscapedText(Str raw, Escapes escapes = Escapes::kNone) : raw_(raw), escapes_(escapes) {}

  /// The next byte; false at the end, or at an escape that can't be read. Carriage returns are passed over: they are
  /// in no canonical request, only in line ends that somebody changed.
  bool next(char& c);

  /// Takes one line and its line feed off; the line without it. `ended`: there was a line feed.
  EscapedText take_line(bool& ended);
  /// The same with any byte instead of the line feed.
  EscapedText take_until(char end, bool& ended);

  /// The first `size` bytes.
  EscapedText first(size_t size) const;

  bool empty() const;
  size_t size() const;

 private:
  bool decode(char& c);
  bool decode_hex(char& c);
  bool skip(Str text);
  bool take(const Escape& escape, char& c);

  Str raw_;
  size_t left_ = SIZE_MAX;
  Escapes escapes_ = Escapes::kNone;
  bool verbatim_ = false;  // inside of a CDATA section
  uint8_t utf8_begin_ = 0;
  uint8_t utf8_end_ = 0;
  char utf8_[4];  // the rest of a character that an escape stands for
};

}  // namespace tinyaws
