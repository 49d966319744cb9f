#include "output.h"

#include <poll.h>
#include <unistd.h>

namespace awsfetch {

using tinyaws::Bytes;
using tinyaws::IoResult;
using tinyaws::Status;

Output::Output(const char* path, bool include, const tinyaws::Response& response)
    : path_(path), name_(path != nullptr ? path : "standard output"), include_(include), response_(response) {
  if (path_ != nullptr) {
    file_.open(path_);
  } else {
    file_.attach(STDOUT_FILENO);
  }
}

IoResult Output::write(Bytes bytes) {
  const Status status = write_head();
  return status == Status::kOk ? file_.write(bytes) : IoResult{status, 0};
}

Status Output::write_head() {
  const Bytes head = include_ ? response_.head().bytes : Bytes();
  while (head_written_ < head.size()) {
    const IoResult written = file_.write({head.data() + head_written_, head.size() - head_written_});
    if (written.status != Status::kOk) return written.status;
    head_written_ += written.size;
  }
  return Status::kOk;
}

Status Output::restart() {
  const Status status = file_.restart();
  refused_restart_ = status != Status::kOk;
  if (!refused_restart_) head_written_ = 0;
  return status;
}

MaybeExit Output::finish(bool to_head) {
  Status status = write_head();
  // Standard output may be a pipe that does not block; by now there is nothing else to do but wait.
  while (status == Status::kPending) {
    (void)poll(nullptr, 0, 10);
    status = write_head();
  }
  const bool is_content = response_.status() >= 200 && response_.status() < 300 && !to_head;
  if (status == Status::kOk && (is_content || has_bytes())) status = file_.finish();
  if (status == Status::kOk) return {};
  return complain();
}

}  // namespace awsfetch
