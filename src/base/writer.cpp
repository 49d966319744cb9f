#include "base/writer.h"

#include <cstring>

#include "base/ascii.h"

namespace tinyaws {

Writer& Writer::put(char c) {
  if (size_ < out_.size()) {
    out_[size_++] = c;
    return *this;
  }
  const char copy = c;
  return put(Str(&copy, 1));
}

Writer& Writer::put(Str text) {
  size_t end = size_ + text.size();
  if (end > out_.size() && drain_ != nullptr) {
    flush();
    end = text.size();
    if (end > out_.size()) {
      drain_->take(text);
      return *this;
    }
  }
  if (end <= out_.size() && !text.empty()) std::memcpy(out_.data() + size_, text.data(), text.size());
  size_ = end;
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
