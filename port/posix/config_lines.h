// Small files of settings, line by line.
#pragma once

#include "tinyaws/bytes.h"
#include "tinyaws/posix_resolver.h"

namespace tinyaws::posix {

class LineSink {
 public:
  /// A line without its end. Valid during the call.
  virtual void on_line(Str line) = 0;

 protected:
  ~LineSink() = default;
};

/// Cuts what it is fed into lines; a line longer than kMaxConfigLineBytes is left out as a whole.
class LineCutter {
 public:
  explicit LineCutter(LineSink& sink) : sink_(sink) {}

  /// Room for what comes next; never empty.
  MutBytes space() { return {line_ + size_, sizeof line_ - size_}; }

  /// `size` bytes have been written to `space`.
  void fed(size_t size);

  /// The last line may have no end.
  void finish();

 private:
  void give(Str line);

  LineSink& sink_;
  size_t size_ = 0;
  bool overlong_ = false;
  char line_[kMaxConfigLineBytes + 1];
};

/// The lines of a text.
void cut_lines(Str text, LineSink& sink);

/// The lines of a file that is open, to its end.
void cut_lines(int file, LineSink& sink);

/// Opens a file to read that has something in it, and an end. Below 0: there is none, or no descriptor (errno).
int open_config(const char* path);

/// Takes the next word, which ends at blanks, off the front of `line`. Empty at the end of the line, or when a
/// comment begins: with '#' or ';'.
Str take_word(Str& line);

bool equals_ignoring_case(Str a, Str b);

}  // namespace tinyaws::posix
