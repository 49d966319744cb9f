// Memory that grows to what is to be written into it.
#pragma once

#include <tinyaws/tinyaws.h>

#include <cstdlib>

namespace awsfetch {

class Text {
 public:
  Text() = default;
  ~Text() { std::free(data_); }
  Text(const Text&) = delete;
  Text& operator=(const Text&) = delete;

  tinyaws::MutBytes space() { return {data_, size_}; }

  /// Makes new room; what was there is gone. False: out of memory.
  bool resize(size_t size) {
    std::free(data_);
    data_ = static_cast<char*>(std::malloc(size));
    size_ = data_ != nullptr ? size : 0;
    return data_ != nullptr;
  }

 private:
  char* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace awsfetch
