// Text into a buffer of fixed size. What does not fit is counted, not written, so that the size needed is known.
#pragma once

#include <cstdint>
#include <cstring>

#include "tinyaws/bytes.h"
#include "tinyaws/status.h"

namespace tinyaws {

class Writer {
 public:
  explicit Writer(MutBytes out) : out_(out) {}

  void put(char c) {
    if (size_ < out_.size()) out_[size_] = c;
    ++size_;
  }

  void put(Str text) {
    if (text.empty()) return;
    if (text.size() <= room()) std::memcpy(out_.data() + size_, text.data(), text.size());
    size_ += text.size();
  }

  void put_number(uint64_t number) {
    char digits[20];
    size_t begin = sizeof digits;
    do {
      digits[--begin] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number != 0);
    put(Str(digits + begin, sizeof digits - begin));
  }

  /// For somebody else to write to; `wrote` says how much that was, or would have been.
  MutBytes rest() const { return fits() ? out_.drop(size_) : MutBytes(); }
  void wrote(size_t size) { size_ += size; }

  bool fits() const { return size_ <= out_.size(); }

  /// Written so far, or needed when it did not fit.
  size_t size() const { return size_; }

  /// REQUIRES: fits().
  Str text() const { return {out_.data(), size_}; }

  IoResult result() const { return {fits() ? Status::kOk : Status::kBufferTooSmall, size_}; }

 private:
  size_t room() const { return fits() ? out_.size() - size_ : 0; }

  MutBytes out_;
  size_t size_ = 0;
};

}  // namespace tinyaws
