// A short text about what went wrong, kept for a person.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/config.h"

namespace tinyaws {

#if TINYAWS_WITH_WORDS
/// What a source said when it gave no credentials. On one line; a longer text ends with "...".
class Remark {
 public:
  /// Cost: this many bytes in each source of credentials. Error: none, for it is only shown.
  static constexpr size_t kMaxBytes = 160;

  /// Keeps "a: b: c", without what is empty of it.
  void keep(Str a, Str b = {}, Str c = {});
  void clear() { size_ = 0; }
  Str text() const { return {text_, size_}; }
  bool empty() const { return size_ == 0; }

 private:
  char text_[kMaxBytes];
  uint8_t size_ = 0;
};
static_assert(Remark::kMaxBytes <= UINT8_MAX, "its length is one byte");
#else
/// Without words nothing is kept.
class Remark {
 public:
  static constexpr size_t kMaxBytes = 0;

  void keep(Str, Str = {}, Str = {}) {}
  void clear() {}
  Str text() const { return {}; }
  bool empty() const { return true; }
};
#endif

}  // namespace tinyaws
