#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "tinyaws/posix.h"

namespace tinyaws::posix {
namespace {

ssize_t read_some(int file, char* out, size_t size) {
  ssize_t n;
  do {
    n = read(file, out, size);
  } while (n < 0 && errno == EINTR);
  return n;
}

size_t size_needed(int file, size_t at_least) {
  struct stat about {};
  if (fstat(file, &about) != 0 || about.st_size < 0) return at_least;
  const size_t told = static_cast<size_t>(about.st_size);
  return told > at_least ? told : at_least;
}

IoResult read_all(int file, MutBytes out) {
  size_t size = 0;
  for (;;) {
    char one_more;
    const bool full = size == out.size();
    const ssize_t n = full ? read_some(file, &one_more, 1) : read_some(file, out.data() + size, out.size() - size);
    if (n < 0) return {Status::kUnsupported, 0};
    if (n == 0) return {Status::kOk, size};
    if (full) return {Status::kBufferTooSmall, size_needed(file, size + 1)};
    size += static_cast<size_t>(n);
  }
}

int open_to_read(const char* path) {
  int file;
  do {
    file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  } while (file < 0 && errno == EINTR);
  return file;
}

}  // namespace

IoResult read_file(const char* path, MutBytes out) {
  const int file = open_to_read(path);
  if (file < 0) {
    const bool missing = errno == ENOENT || errno == ENOTDIR;
    return {missing ? Status::kNotFound : Status::kUnsupported, 0};
  }
  const IoResult result = read_all(file, out);
  const int error = errno;
  close(file);
  errno = error;
  return result;
}

}  // namespace tinyaws::posix
