#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>

#include "error_words.h"
#include "tinyaws/posix.h"

namespace tinyaws::posix {

namespace {

Status status_of(int error) {
  if (error == ENOENT || error == ENOTDIR) return Status::kNotFound;
  return error == EMFILE || error == ENFILE || error == ENOMEM ? Status::kBusy : Status::kFileUnreadable;
}

}  // namespace

Status Files::open(const char* path) {
  close();
  words_size_ = 0;
  // O_NONBLOCK: a named pipe must not be waited for without an end.
  do {
    file_ = ::open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  } while (file_ < 0 && errno == EINTR);
  if (file_ < 0) {
    return failure(errno, status_of(errno));
  }
  const Status status = look_at();
  if (status != Status::kOk) close();
  return status;
}

// Without fstat, which takes 600 bytes of stack where a C library of 32 bits has times of 64.
Status Files::look_at() {
  char none;
  if (::read(file_, &none, 0) < 0 && errno == EISDIR) return failure(EISDIR, Status::kFileUnreadable);
  silent_pipe_ = fcntl(file_, F_GETPIPE_SZ) >= 0;
  patience_ends_ = kNever;
  return Status::kOk;
}

IoResult Files::read(MutBytes out) {
  assert(file_ >= 0 && !out.empty());
  for (;;) {
    const ssize_t n = ::read(file_, out.data(), out.size());
    if (n > 0) silent_pipe_ = false;
    if (n > 0 || (n == 0 && !silent_pipe_)) return {Status::kOk, static_cast<size_t>(n)};
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK) return {failure(errno, Status::kFileUnreadable), 0};
    const int events = wait();
    if (events == 0) return no_data();
    // A pipe's writer has come and gone, and has left nothing.
    if (n == 0 && (events & POLLIN) == 0) return {Status::kOk, 0};
  }
}

int Files::wait() {
  Platform clock;
  if (patience_ends_ == kNever) patience_ends_ = clock.now() + kMaxPipeWaitMs;
  for (;;) {
    const int64_t left = patience_ends_ - clock.now();
    if (left <= 0) return 0;
    pollfd watched{file_, POLLIN, 0};
    const int result = poll(&watched, 1, static_cast<int>(left));
    if (result > 0) return watched.revents;
    if (result < 0 && errno != EINTR) return 0;
  }
}

void Files::close() {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
}

Status Files::failure(int error, Status status) {
  words_size_ = write_error_words(error, words_);
  return status;
}

IoResult Files::no_data() {
  words_size_ = copy_words("no data", words_);
  return {Status::kFileUnreadable, 0};
}

}  // namespace tinyaws::posix
