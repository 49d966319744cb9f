// Text into a buffer of fixed size.
#pragma once

#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/status.h"

namespace tinyaws {

/// Where the text of a Writer goes on to.
class Drain {
 public:
  virtual void take(Str text) = 0;

 protected:
  ~Drain() = default;
};

/// What does not fit is counted, not written, so that the size needed is known. With a drain everything fits: the
/// buffer gathers what is worth a call of it, and may be empty.
class Writer {
 public:
  explicit Writer(MutBytes out, Drain* drain = nullptr) : out_(out), drain_(drain) {}

  Writer& put(char c);
  Writer& put(Str text);
  Writer& put_lower(Str text);
  Writer& put_number(uint64_t number);

  /// Hands to the drain what the buffer holds.
  void flush();

  /// For somebody else to write to; `wrote` says how much that was, or would have been.
  MutBytes rest() const { return fits() ? out_.drop(size_) : MutBytes(); }
  void wrote(size_t size) { size_ += size; }

  bool fits() const { return size_ <= out_.size(); }

  /// Written so far, or needed when it did not fit.
  size_t size() const { return size_; }

  /// REQUIRES: fits(). `text_from`: what was written from there on; empty after what did not fit.
  Str text() const { return {out_.data(), size_}; }
  Str text_from(size_t begin) const;

  IoResult result() const { return {fits() ? Status::kOk : Status::kBufferTooSmall, size_}; }

 private:
  MutBytes out_;
  size_t size_ = 0;
  Drain* drain_;
};

}  // namespace tinyaws
