#include "error_words.h"

#include <cstring>

namespace tinyaws::posix {
namespace {

// glibc answers a pointer that need not be the buffer, musl and POSIX a number: overloads take either.
Str words_of(const char* answer, const char*) {
  return answer;
}
[[maybe_unused]] Str words_of(int answer, const char* buffer) {
  return answer == 0 ? Str(buffer) : Str("unknown error");
}

}  // namespace

size_t write_error_words(int error, MutBytes out) {
  char buffer[128];
  return copy_words(words_of(strerror_r(error, buffer, sizeof buffer), buffer), out);
}

size_t copy_words(Str text, MutBytes out) {
  const size_t size = text.size() < out.size() ? text.size() : out.size();
  memcpy(out.data(), text.data(), size);
  return size;
}

}  // namespace tinyaws::posix
