// Views of memory that somebody else owns. Nothing here allocates, copies or checks a range.
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace tinyaws {

/// Text: a pointer and a length, no terminating NUL. What it views has to live as long as it is used.
///
/// Converts from and to std::string_view, and from whatever that takes (std::string). It is no std::string_view
/// because flash counts: a literal's length is known when the program is compiled, not looked up by strlen; nothing
/// throws, so nothing of libstdc++ is asked for; and aligned to 8 bytes the two words travel in registers on 32-bit
/// boards too, which saves a twelfth of the library there.
class alignas(8) Str {
 public:
  // NOLINTNEXTLINE(readability-identifier-naming): as std::string_view has it
  static constexpr size_t npos = static_cast<size_t>(-1);

  constexpr Str() = default;
  constexpr Str(const char* data, size_t size) : data_(data), size_(size) {}
  [[gnu::always_inline]] constexpr Str(const char* text)  // NOLINT(google-explicit-constructor)
      : data_(text), size_(__builtin_strlen(text)) {}
  template <class View, class = std::enable_if_t<std::is_convertible_v<const View&, std::string_view>>>
  constexpr Str(const View& text)  // NOLINT(google-explicit-constructor)
      : Str(std::string_view(text).data(), std::string_view(text).size()) {}
  constexpr operator std::string_view() const { return {data_, size_}; }  // NOLINT(google-explicit-constructor)

  constexpr const char* data() const { return data_; }
  constexpr size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr const char* begin() const { return data_; }
  constexpr const char* end() const { return data_ + size_; }

  /// REQUIRES: i < size(), and for the ends: not empty.
  constexpr const char& operator[](size_t i) const { return data_[i]; }
  constexpr const char& front() const { return data_[0]; }
  constexpr const char& back() const { return data_[size_ - 1]; }

  /// REQUIRES: n <= size().
  constexpr void remove_prefix(size_t n) {
    data_ += n;
    size_ -= n;
  }
  constexpr void remove_suffix(size_t n) { size_ -= n; }

  /// At most `n` bytes from `at` on; empty where there are none.
  constexpr Str substr(size_t at, size_t n = npos) const {
    if (at > size_) at = size_;
    return {data_ + at, n < size_ - at ? n : size_ - at};
  }

  /// What stands before the first `c`; all of it where there is none.
  Str before(char c) const;

  /// How much that is.
  size_t size_before(char c) const;

  bool has(char c) const;

  /// Where it begins, at or behind `from`; npos: nowhere.
  size_t find(char c, size_t from = 0) const;
  size_t find(Str text, size_t from = 0) const;
  /// Where it begins for the last time.
  size_t rfind(char c) const;
  size_t rfind(Str text) const;
  /// The first byte at or behind `from` that is one of `set`, or none of it.
  size_t find_first_of(Str set, size_t from = 0) const;
  size_t find_first_not_of(Str set, size_t from = 0) const;

 private:
  const char* data_ = nullptr;
  size_t size_ = 0;
};

bool operator==(Str a, Str b);
inline bool operator!=(Str a, Str b) {
  return !(a == b);
}

/// Any bytes, NULs among them. The same type as Str: the name says what to expect inside.
using Bytes = Str;

/// A view of `size` consecutive objects.
template <class T>
class alignas(8) Span {
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
