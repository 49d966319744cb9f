#include "base/writer.h"

#include <cstring>

#include "base/ascii.h"

namespace tinyaws {

Writer& Writer::put(char c) {
  if (size_ >= out_.size()) return put(Str(&c, 1));
  out_[size_++] = c;
  return *this;
}

Writer& Writer::put(Str text) {
  if (drain_ != nullptr && size_ + text.size() > out_.size()) {
    flush();
    if (text.size() > out_.size()) {
      drain_->take(text);
      return *this;
    }
  }
  const size_t begin = size_;
  size_ += text.size();
  if (fits() && !text.empty()) std::memcpy(out_.data() + begin, text.data(), text.size());
  return *this;
}

Writer& Writer::put_lower(Str text) {
  for (char c : text) put(to_lower(c));
  return *this;
}

Writer& Writer::put_number(uint64_t number) {
  char digits[20];
  size_t begin = sizeof digits;
  do {
    digits[--begin] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  return put(Str(digits + begin, sizeof digits - begin));
}

void Writer::flush() {
  if (size_ > 0) drain_->take(text());
  size_ = 0;
}

Str Writer::text_from(size_t begin) const {
  return fits() ? Str(out_.data() + begin, size_ - begin) : Str();
}

}  // namespace tinyaws
