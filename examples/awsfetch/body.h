// The request's body: text, a file or standard input.
#pragma once

#include <tinyaws/posix.h>

#include "options.h"

namespace awsfetch {

/// Files are streamed and never held in memory; what comes through a pipe is first copied to a temporary file, for a
/// body is read twice: hashed, then sent.
class RequestBody {
 public:
  RequestBody() = default;
  ~RequestBody();
  RequestBody(const RequestBody&) = delete;
  RequestBody& operator=(const RequestBody&) = delete;

  /// Answers the exit code of what it has complained about, if anything.
  MaybeExit open(const Options& options);

  /// Valid while this object lives.
  tinyaws::Body view();

  /// Hashes the body for a signature that is not sent with it.
  MaybeExit hash(char (&hex)[64]);

  /// The file's name, for messages; empty when the body is text.
  Str name() const { return name_; }
  /// What went wrong with the file, in words.
  Str failure() const { return source_.describe(); }

 private:
  MaybeExit join(const Options& options);
  MaybeExit open_file(const char* path);
  MaybeExit open_standard_input();
  MaybeExit attach(int descriptor);
  MaybeExit copy(int descriptor);
  MaybeExit copy_to_file(int descriptor, size_t read_already);
  MaybeExit cannot_read(Str why);

  Str name_;
  Str text_;
  char* memory_ = nullptr;
  int opened_ = -1;  // a descriptor to close in the end
  bool streamed_ = false;
  tinyaws::posix::FileSource source_;
};

}  // namespace awsfetch
