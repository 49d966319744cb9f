#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "error_words.h"
#include "tinyaws/posix.h"

namespace tinyaws::posix {
namespace {

bool is_directory(int file) {
  char none;
  return read(file, &none, 0) < 0 && errno == EISDIR;
}

// Files of /proc tell no length and have one all the same; so may devices, later. What can't be read shows that.
bool hides_its_length(int file, off_t start) {
  char byte;
  const ssize_t n = pread(file, &byte, 1, start);
  return n > 0 || (n < 0 && errno != EBADF);
}

}  // namespace

Status FileSource::open(const char* path) {
  close();
  // O_NONBLOCK: a named pipe must be refused, not waited for.
  do {
    file_ = ::open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  } while (file_ < 0 && errno == EINTR);
  if (file_ < 0) {
    const bool missing = errno == ENOENT || errno == ENOTDIR;
    return failure(errno, missing ? Status::kNotFound : Status::kBodySourceFailed);
  }
  owned_ = true;
  return measured();
}

Status FileSource::attach(int descriptor) {
  close();
  file_ = descriptor;
  return measured();
}

Status FileSource::measured() {
  const Status status = measure();
  if (status != Status::kOk) close();
  return status;
}

Status FileSource::measure() {
  if (is_directory(file_)) return failure(EISDIR, Status::kBodySourceFailed);
  const off_t start = lseek(file_, 0, SEEK_CUR);
  if (start < 0 && errno == ESPIPE) return refuse("not a regular file");
  if (start < 0) return failure(errno, Status::kBodySourceFailed);
  const off_t end = lseek(file_, 0, SEEK_END);
  if (lseek(file_, start, SEEK_SET) < 0) return failure(errno, Status::kBodySourceFailed);
  const off_t size = end > start ? end - start : 0;
  if (size == 0 && hides_its_length(file_, start)) return refuse("does not tell its length");
  start_ = start;
  size_ = left_ = static_cast<uint64_t>(size);
  words_size_ = 0;
  return Status::kOk;
}

IoResult FileSource::read(MutBytes out) {
  const size_t most = left_ < out.size() ? static_cast<size_t>(left_) : out.size();
  ssize_t n;
  do {
    n = ::read(file_, out.data(), most);
  } while (n < 0 && errno == EINTR);
  if (n < 0) return {failure(errno, Status::kBodySourceFailed), 0};
  left_ -= static_cast<uint64_t>(n);
  return {Status::kOk, static_cast<size_t>(n)};
}

Status FileSource::rewind() {
  if (lseek(file_, static_cast<off_t>(start_), SEEK_SET) < 0) return failure(errno, Status::kBodySourceFailed);
  left_ = size_;
  return Status::kOk;
}

void FileSource::close() {
  if (owned_) ::close(file_);
  file_ = -1;
  owned_ = false;
  size_ = left_ = 0;
}

Status FileSource::failure(int error, Status status) {
  words_size_ = write_error_words(error, words_);
  return status;
}

Status FileSource::refuse(Str words) {
  words_size_ = copy_words(words, words_);
  return Status::kUnsupported;
}

}  // namespace tinyaws::posix
