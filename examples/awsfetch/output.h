// Where the answer goes: standard output or a file.
#pragma once

#include <tinyaws/posix.h>
#include <tinyaws/tinyaws.h>

#include "report.h"

namespace awsfetch {

/// The body, and with --include the head before it.
class Output final : public tinyaws::BodySink {
 public:
  /// `path` null: standard output. `response` is the one that this is the sink of.
  Output(const char* path, bool include, const tinyaws::Response& response);

  tinyaws::IoResult write(tinyaws::Bytes bytes) override;
  tinyaws::Status restart() override;

  /// After an answer: writes what is missing. Answers the exit code of what it has complained about, if anything.
  /// Of an answer that brought nothing an empty file is made only if `to_head` (the request's method was HEAD) is
  /// false and the status 2xx: a file that has not changed (304), or was refused, is not empty.
  MaybeExit finish(bool to_head);

  /// The request would have been sent again, but a part of the body was out already.
  bool refused_restart() const { return refused_restart_; }

  Exit complain() const { return complain_about_output(name_, file_.describe()); }

 private:
  tinyaws::Status write_head();
  bool has_bytes() const { return head_written_ > 0 || response_.body_size() > 0; }

  const char* path_;
  Str name_;
  const bool include_;
  const tinyaws::Response& response_;
  tinyaws::posix::FileSink file_;
  size_t head_written_ = 0;
  bool refused_restart_ = false;
};

}  // namespace awsfetch
