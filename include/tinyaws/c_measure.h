// For libraries in C++ whose objects are allocated by programs in C: the objects' sizes as lines of a header. They
// stand as text in an object file, and are read from there (src/c/sizes.cmake): right for every target, also one
// whose programs can't be run here.
#pragma once

#include <cstddef>

namespace tinyaws::c {

/// "#define NAME      1234", and a NUL.
struct SizeLine {
  char text[80];
};

template <size_t N>
constexpr SizeLine size_line(const char (&name)[N], size_t bytes) {
  constexpr char kDefine[] = "#define ";
  constexpr size_t kNameAt = sizeof kDefine - 1;
  static_assert(kNameAt + N + 12 < sizeof(SizeLine));
  SizeLine line{};
  for (char& c : line.text) c = ' ';
  for (size_t i = 0; i < kNameAt; ++i) line.text[i] = kDefine[i];
  for (size_t i = 0; i + 1 < N; ++i) line.text[kNameAt + i] = name[i];
  size_t at = sizeof line.text - 1;
  line.text[at] = '\0';
  for (; bytes != 0; bytes /= 10) line.text[--at] = static_cast<char>('0' + bytes % 10);
  return line;
}

}  // namespace tinyaws::c
