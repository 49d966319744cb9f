#include "body.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace awsfetch {
namespace {

using tinyaws::Status;

// What a pipe gives up to here stays in memory.
constexpr size_t kSmallBytes = 64 * 1024;

bool is_file_name(const char* data) {
  return data[0] == '@';
}

// Reads until `space` is full or the input ends. Negative: an error, in errno.
ssize_t read_fully(int descriptor, char* space, size_t size) {
  size_t done = 0;
  while (done < size) {
    const ssize_t n = read(descriptor, space + done, size - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return -1;
    if (n == 0) break;
    done += static_cast<size_t>(n);
  }
  return static_cast<ssize_t>(done);
}

bool write_fully(int descriptor, const char* bytes, size_t size) {
  while (size > 0) {
    const ssize_t n = write(descriptor, bytes, size);
    if (n < 0 && errno != EINTR) return false;
    if (n < 0) continue;
    bytes += n;
    size -= static_cast<size_t>(n);
  }
  return true;
}

// A file without a name: it goes away with its descriptor.
int open_temporary_file() {
  const char* directory = getenv("TMPDIR");
  if (directory == nullptr || *directory == '\0') directory = "/tmp";
  constexpr char kName[] = "/awsfetch-XXXXXX";
  char path[1024];
  if (std::strlen(directory) > sizeof path - sizeof kName) {
    errno = ENAMETOOLONG;
    return -1;
  }
  stpcpy(stpcpy(path, directory), kName);
  const int file = mkostemp(path, O_CLOEXEC);
  if (file >= 0) unlink(path);
  return file;
}

}  // namespace

RequestBody::~RequestBody() {
  std::free(memory_);
  if (opened_ >= 0) close(opened_);
}

MaybeExit RequestBody::open(const Options& options) {
  if (options.data_count == 0) return {};
  const char* first = options.data[0];
  if (options.data_count > 1) return join(options);
  if (!is_file_name(first)) {
    text_ = first;
    return {};
  }
  if (first[1] == '\0') return usage_error("--data @: a file name is missing after the \"@\"");
  return std::strcmp(first, "@-") == 0 ? open_standard_input() : open_file(first + 1);
}

MaybeExit RequestBody::join(const Options& options) {
  size_t size = 0;
  for (size_t i = 0; i < options.data_count; ++i) {
    if (is_file_name(options.data[i])) {
      return usage_error("--data {}: a file can't be joined with other data", {options.data[i]});
    }
    size += std::strlen(options.data[i]) + 1;
  }
  memory_ = static_cast<char*>(std::malloc(size));
  if (memory_ == nullptr) return usage_error("out of memory for the body");
  char* end = memory_;
  for (size_t i = 0; i < options.data_count; ++i) {
    if (i > 0) *end++ = '&';
    end = stpcpy(end, options.data[i]);
  }
  text_ = {memory_, static_cast<size_t>(end - memory_)};
  return {};
}

MaybeExit RequestBody::open_file(const char* path) {
  name_ = path;
  opened_ = ::open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  return opened_ < 0 ? cannot_read(words_of_error(errno)) : attach(opened_);
}

MaybeExit RequestBody::open_standard_input() {
  name_ = "standard input";
  return attach(STDIN_FILENO);
}

MaybeExit RequestBody::attach(int descriptor) {
  const Status status = source_.attach(descriptor);
  streamed_ = status == Status::kOk;
  if (streamed_) return {};
  return status == Status::kUnsupported ? copy(descriptor) : cannot_read(source_.describe());
}

MaybeExit RequestBody::copy(int descriptor) {
  memory_ = static_cast<char*>(std::malloc(kSmallBytes));
  if (memory_ == nullptr) return usage_error("out of memory for the body");
  const ssize_t size = read_fully(descriptor, memory_, kSmallBytes);
  if (size < 0) return cannot_read(words_of_error(errno));
  if (static_cast<size_t>(size) == kSmallBytes) return copy_to_file(descriptor, kSmallBytes);
  text_ = {memory_, static_cast<size_t>(size)};
  return {};
}

MaybeExit RequestBody::copy_to_file(int descriptor, size_t read_already) {
  const int file = open_temporary_file();
  if (file < 0) return usage_error("no temporary file for the body in $TMPDIR or /tmp: {}", {words_of_error(errno)});
  auto size = static_cast<ssize_t>(read_already);
  while (size > 0) {
    if (!write_fully(file, memory_, static_cast<size_t>(size))) {
      const int reason = errno;
      close(file);
      return usage_error("could not write the temporary file of the body: {}", {words_of_error(reason)});
    }
    size = read_fully(descriptor, memory_, kSmallBytes);
  }
  const int reason = errno;
  if (opened_ >= 0) close(opened_);
  opened_ = file;
  if (size < 0) return cannot_read(words_of_error(reason));
  lseek(file, 0, SEEK_SET);
  streamed_ = source_.attach(file) == Status::kOk;
  return streamed_ ? MaybeExit() : cannot_read(source_.describe());
}

tinyaws::Body RequestBody::view() {
  return streamed_ ? tinyaws::Body(source_, source_.size()) : tinyaws::Body(text_);
}

MaybeExit RequestBody::hash(char (&hex)[64]) {
  tinyaws::PayloadHash hash;
  if (!streamed_) hash.update(text_);
  char piece[4096];
  for (uint64_t left = streamed_ ? source_.size() : 0; left > 0;) {
    const tinyaws::IoResult got = source_.read(tinyaws::MutBytes(piece));
    if (got.status != Status::kOk || got.size == 0) {
      return cannot_read(got.status == Status::kOk ? "it has become shorter" : source_.describe());
    }
    hash.update({piece, got.size});
    left -= got.size;
  }
  if (hash.finish(hex) == Status::kOk) return {};
  return complain(kFailed, "the crypto library could not hash the body");
}

MaybeExit RequestBody::cannot_read(Str why) {
  return usage_error("could not read the body from {}: {}", {name_, why});
}

}  // namespace awsfetch
