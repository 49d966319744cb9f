// Text streamed into a hash, gathered so that the hash is called for pieces worth the call.
#pragma once

#include <cstddef>
#include <cstring>

#include "tinyaws/bytes.h"
#include "tinyaws/sha256.h"
#include "tinyaws/sigv4.h"

namespace tinyaws {

class HashWriter {
 public:
  using Show = void (SigningTee::*)(Bytes);

  /// `tee` may be null; otherwise it is shown every piece through `show`.
  HashWriter(Sha256State& state, SigningTee* tee, Show show) : state_(state), tee_(tee), show_(show) {}

  void put(char c) {
    if (size_ == sizeof gathered_) flush();
    gathered_[size_++] = c;
  }

  void put(Str text) {
    if (text.size() > sizeof gathered_ - size_) {
      flush();
      if (text.size() > sizeof gathered_) return pass_on(text);
    }
    if (text.empty()) return;
    std::memcpy(gathered_ + size_, text.data(), text.size());
    size_ += text.size();
  }

  void flush() {
    if (size_ > 0) pass_on({gathered_, size_});
    size_ = 0;
  }

 private:
  void pass_on(Str text) {
    sha256_update(state_, text);
    if (tee_ != nullptr) (tee_->*show_)(text);
  }

  Sha256State& state_;
  SigningTee* tee_;
  Show show_;
  size_t size_ = 0;
  char gathered_[kSha256BlockBytes];
};

}  // namespace tinyaws
