#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "error_words.h"
#include "tinyaws/posix.h"

namespace tinyaws::posix {

void FileSink::open(const char* path) {
  begin(path, -1);
}

void FileSink::attach(int descriptor) {
  begin(nullptr, descriptor);
}

void FileSink::begin(const char* path, int descriptor) {
  abandon();
  path_ = path;
  file_ = descriptor;
  written_ = failed_ = finished_ = false;
  words_size_ = 0;
}

bool FileSink::create() {
  if (file_ >= 0 || !path_) return true;
  // O_NONBLOCK: a named pipe without a reader must be an error, not waited for.
  do {
    file_ = ::open(path_, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666);
  } while (file_ < 0 && errno == EINTR);
  return file_ >= 0;
}

IoResult FileSink::write(Bytes bytes) {
  if (failed_ || finished_) return {Status::kBodySinkFailed, 0};
  if (bytes.empty()) return {Status::kOk, 0};
  if (!create()) return {failure(errno), 0};
  ssize_t n;
  do {
    n = ::write(file_, bytes.data(), bytes.size());
  } while (n < 0 && errno == EINTR);
  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return {Status::kPending, 0};
  if (n < 0) return {failure(errno), 0};
  written_ = written_ || n > 0;
  return {n > 0 ? Status::kOk : Status::kPending, static_cast<size_t>(n)};
}

Status FileSink::restart() {
  if (finished_) return Status::kUnsupported;
  if (written_ && (!path_ || ftruncate(file_, 0) != 0 || lseek(file_, 0, SEEK_SET) != 0)) return Status::kUnsupported;
  written_ = failed_ = false;
  words_size_ = 0;
  return Status::kOk;
}

Status FileSink::finish() {
  if (failed_) return Status::kBodySinkFailed;
  if (finished_) return Status::kOk;
  finished_ = true;
  if (!path_) return Status::kOk;
  if (!create()) return failure(errno);
  const int closed = ::close(file_);
  file_ = -1;
  // Linux has closed the descriptor even when it answers EINTR.
  return closed == 0 || errno == EINTR ? Status::kOk : failure(errno);
}

void FileSink::abandon() {
  if (path_ && file_ >= 0) ::close(file_);
  file_ = -1;
}

Status FileSink::failure(int error) {
  failed_ = true;
  words_size_ = write_error_words(error, words_);
  return Status::kBodySinkFailed;
}

}  // namespace tinyaws::posix
