#include "error_words.h"

#include <cstring>

#include "tinyaws/config.h"

namespace tinyaws::posix {
#if TINYAWS_WITH_WORDS
namespace {

// glibc answers a pointer that need not be the buffer, musl and POSIX a number: overloads take either.
[[maybe_unused]] Str words_of(const char* answer, const char*) {
  return answer;
}
[[maybe_unused]] Str words_of(int answer, const char* buffer) {
  return answer == 0 ? Str(buffer) : Str("unknown error");
}

}  // namespace

size_t write_error_words(int error, MutBytes out) {
  return copy_words(words_of(strerror_r(error, out.data(), out.size()), out.data()), out);
}
#else
size_t write_error_words(int error, MutBytes out) {
  const size_t size = copy_words("error ", out);
  return size + write_number(static_cast<size_t>(error), {out.data() + size, out.size() - size});
}
#endif

size_t copy_words(Str text, MutBytes out) {
  const size_t size = text.size() < out.size() ? text.size() : out.size();
  if (size > 0 && text.data() != out.data()) memcpy(out.data(), text.data(), size);
  return size;
}

size_t write_number(size_t number, MutBytes out) {
  char digits[20];
  size_t i = sizeof digits;
  do {
    digits[--i] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number > 0);
  return copy_words({digits + i, sizeof digits - i}, out);
}

}  // namespace tinyaws::posix
