// Views of memory that somebody else owns. Nothing here allocates, copies or checks a range.
#pragma once

#include <cstddef>
#include <string_view>

namespace tinyaws {

/// Text: a pointer and a length, no terminating NUL.
using Str = std::string_view;

/// Any bytes, NULs among them. The same type as Str: the name says what to expect inside.
using Bytes = std::string_view;

/// A view of `size` consecutive objects.
template <class T>
class Span {
 public:
  constexpr Span() = default;
  constexpr Span(T* data, size_t size) : data_(data), size_(size) {}
  template <size_t N>
  constexpr Span(T (&array)[N]) : data_(array), size_(N) {}  // NOLINT(google-explicit-constructor)

  constexpr T* data() const { return data_; }
  constexpr size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr T* begin() const { return data_; }
  constexpr T* end() const { return data_ + size_; }
  constexpr T& operator[](size_t i) const { return data_[i]; }

  /// REQUIRES: n <= size().
  constexpr Span first(size_t n) const { return {data_, n}; }
  constexpr Span drop(size_t n) const { return {data_ + n, size_ - n}; }

 private:
  T* data_ = nullptr;
  size_t size_ = 0;
};

/// Memory to write to.
using MutBytes = Span<char>;

}  // namespace tinyaws
