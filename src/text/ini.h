// The grammar of AWS's shared files, read as the bytes arrive ("Shared config and credentials files: Format of the
// config file", AWS SDKs and Tools Reference Guide).
//
//   [section]          # a comment, here after anything
//   key = value        ; here only after a blank
//     what continues the value, comments and all
//   nested =
//     key = value
//
// Lines end with LF or CRLF; a CR elsewhere is a byte like others, but for one at the very end. Blanks are space and
// tab. A blank line is skipped everywhere, and so is a line that begins with '#' or ';'. Bytes above 127 and NUL are
// fine in values. A byte order mark is not skipped: it makes the first line a property outside a section.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/status.h"

namespace tinyaws {

enum class IniError : uint8_t {
  kNone,
  kUnterminatedSection,
  kPropertyOutsideSection,
  kContinuationOutsideProperty,
  kMissingEquals,
  kEmptyKey,
  kSubPropertyMissingEquals,
  kSubPropertyEmptyKey,
};

/// In words, "missing-equals". Lives for ever.
Str name(IniError error);

/// The characters of names and keys, A-Z a-z 0-9 _ - / . % @ : + and no others. True for the empty text.
bool is_ini_identifier(Str text);

/// Who is told what a file holds. Views are valid during the call.
class IniSink {
 public:
  /// A section begins: what stands between the brackets, without blanks around it and with runs of them as one space.
  virtual void section(Str name) = 0;

  /// A section begins whose name is too long for the parser.
  virtual void long_section() = 0;

  /// A property begins, its key in lower case; the one before is complete. Not told of a key that is too long for the
  /// parser or no identifier. True: its value is wanted.
  virtual bool property(Str key) = 0;

  /// The next byte of the wanted value. Continued lines are told apart by LF; a nested property is such a line too.
  virtual void value(char c) = 0;

  /// The last `n` bytes of the value so far do not belong to it: they were blanks at the end of a line.
  virtual void drop(size_t n) = 0;

  /// A nested property begins, its key in lower case: these three are told in addition, for it alone, without
  /// comment.
  virtual bool sub_property(Str) { return false; }
  virtual void sub_value(char) {}
  virtual void drop_sub(size_t) {}

 protected:
  ~IniSink() = default;
};

class IniParser {
 public:
  /// `names` holds one section's name and its bracket, or one key, at a time. Both must outlive the parser.
  IniParser(IniSink& sink, MutBytes names) : sink_(sink), names_(names) {}

  /// Reads the next bytes of the file. kMalformedFile stays.
  Status feed(Bytes bytes);

  /// The file ends here. Errors: kMalformedFile.
  Status end();

  IniError error() const { return error_; }

  /// The line that is being read, or is malformed; the first is 1.
  uint32_t line() const { return line_; }

 private:
  enum class Place : uint8_t { kNowhere, kSection, kProperty };
  enum class Part : uint8_t { kStart, kIndent, kSection, kKey, kValue, kContinued, kSubKey, kSubValue, kComment };

  void read(char c);
  void read_byte(char c);
  void start_line(char c);
  void continue_property(char c);
  void read_section(char c);
  void read_key(char c);
  void read_value(char c);
  void put_value(char c);
  void put_sub_value(char c);
  void end_section();
  void end_key();
  void end_line();
  void refuse(IniError error) { error_ = error; }

  void clear_name();
  void put_name(char c);
  void put_name_byte(char c);
  Str name_text() const { return {names_.data(), name_size_}; }

  Place place_ = Place::kNowhere;
  Part part_ = Part::kStart;
  IniError error_ = IniError::kNone;
  char last_ = 0;  // of a name, blanks aside
  bool long_name_ = false;
  bool after_blank_ = false;
  bool held_cr_ = false;
  bool wanted_ = false;
  bool sub_wanted_ = false;
  bool raw_ = false;     // a continued line: all of it belongs to the value
  bool nested_ = false;  // the property's own line has no value
  bool sub_empty_ = false;
  IniSink& sink_;
  MutBytes names_;
  size_t name_size_ = 0;
  size_t value_blanks_ = 0;  // at the end of what was told so far
  size_t sub_blanks_ = 0;
  uint32_t line_ = 1;
};

}  // namespace tinyaws
