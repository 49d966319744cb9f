#include "config_lines.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace tinyaws::posix {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

// Neither pipes nor devices that go on for ever. Files of /proc do not tell where it is. fstat would say it, in 800
// bytes of text and 600 of stack where a C library of 32 bits has times of 64.
bool has_end(int file) {
  const off_t end = lseek(file, 0, SEEK_END);
  return end > 0 ? lseek(file, 0, SEEK_SET) == 0 : end < 0 && errno == EINVAL;
}

char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

}  // namespace

void LineCutter::fed(size_t size) {
  Str text(line_, size_ + size);
  for (size_t end = text.find('\n', size_); end != Str::npos; end = text.find('\n')) {
    give({text.data(), end});
    text.remove_prefix(end + 1);
  }
  size_ = text.size();
  if (size_ > kMaxConfigLineBytes) {
    overlong_ = true;
    size_ = 0;
  }
  if (size_ > 0) memmove(line_, text.data(), size_);
}

void LineCutter::finish() {
  if (size_ > 0) give({line_, size_});
  size_ = 0;
}

void LineCutter::give(Str line) {
  if (!overlong_) sink_.on_line(line);
  overlong_ = false;
}

void cut_lines(Str text, LineSink& sink) {
  LineCutter cutter(sink);
  while (!text.empty()) {
    const MutBytes space = cutter.space();
    const size_t size = text.size() < space.size() ? text.size() : space.size();
    memcpy(space.data(), text.data(), size);
    text.remove_prefix(size);
    cutter.fed(size);
  }
  cutter.finish();
}

void cut_lines(int file, LineSink& sink) {
  LineCutter cutter(sink);
  for (;;) {
    const MutBytes space = cutter.space();
    const ssize_t n = ::read(file, space.data(), space.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    cutter.fed(static_cast<size_t>(n));
  }
  cutter.finish();
}

int open_config(const char* path) {
  int file;
  do {
    file = ::open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  } while (file < 0 && errno == EINTR);
  if (file < 0 || has_end(file)) return file;
  ::close(file);
  errno = EINVAL;
  return -1;
}

Str take_word(Str& line) {
  while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
  if (!line.empty() && (line.front() == '#' || line.front() == ';')) line = {};
  size_t size = 0;
  while (size < line.size() && !is_blank(line[size])) size++;
  const Str word(line.data(), size);
  line.remove_prefix(size);
  return word;
}

bool equals_ignoring_case(Str a, Str b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); i++) {
    if (to_lower(a[i]) != to_lower(b[i])) return false;
  }
  return true;
}

}  // namespace tinyaws::posix
