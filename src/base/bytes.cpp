#include "tinyaws/bytes.h"

#include <cstring>

namespace tinyaws {

bool operator==(Str a, Str b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

size_t Str::size_before(char c) const {
  const void* found = size_ == 0 ? nullptr : std::memchr(data_, c, size_);
  return found == nullptr ? size_ : static_cast<size_t>(static_cast<const char*>(found) - data_);
}

Str Str::before(char c) const {
  return {data_, size_before(c)};
}

bool Str::has(char c) const {
  return size_before(c) < size_;
}

size_t Str::find(char c, size_t from) const {
  if (from >= size_) return npos;
  const void* found = std::memchr(data_ + from, c, size_ - from);
  return found == nullptr ? npos : static_cast<size_t>(static_cast<const char*>(found) - data_);
}

size_t Str::find(Str text, size_t from) const {
  for (; text.size() <= size_ && from <= size_ - text.size(); ++from) {
    if (Str(data_ + from, text.size()) == text) return from;
  }
  return npos;
}

size_t Str::rfind(char c) const {
  return rfind(Str(&c, 1));
}

size_t Str::rfind(Str text) const {
  if (text.size() > size_) return npos;
  for (size_t at = size_ - text.size() + 1; at-- > 0;) {
    if (Str(data_ + at, text.size()) == text) return at;
  }
  return npos;
}

size_t Str::find_first_of(Str set, size_t from) const {
  while (from < size_ && set.find(data_[from]) == npos) ++from;
  return from < size_ ? from : npos;
}

size_t Str::find_first_not_of(Str set, size_t from) const {
  while (from < size_ && set.find(data_[from]) != npos) ++from;
  return from < size_ ? from : npos;
}

}  // namespace tinyaws
