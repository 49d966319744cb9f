// What the fuzzers share: checks, inputs taken apart, and memory that ends where it should.
#pragma once

#include <sanitizer/asan_interface.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tinyaws/bytes.h"
#include "tinyaws/status.h"

namespace tinyaws::fuzz {

inline void check(bool ok, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  if (ok) return;
  fprintf(stderr, "%s:%d: does not hold\n", file, line);
  abort();
}

inline bool is_within(Str part, Str whole) {
  if (part.empty()) return true;
  const auto begin = reinterpret_cast<uintptr_t>(part.data());
  const auto whole_begin = reinterpret_cast<uintptr_t>(whole.data());
  return begin >= whole_begin && begin + part.size() <= whole_begin + whole.size();
}

/// Takes choices and texts off the front of an input. Once it is empty every choice is 0.
class Input {
 public:
  Input(const unsigned char* data, size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}
  explicit Input(Str text) : rest_(text) {}

  bool empty() const { return rest_.empty(); }
  Str rest() const { return rest_; }

  unsigned char byte() {
    if (rest_.empty()) return 0;
    const auto first = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return first;
  }

  /// One of 0 to n - 1, at most 256 of them.
  size_t below(size_t n) { return byte() % n; }

  bool flag() { return (byte() & 1) != 0; }

  uint32_t number() {
    const uint32_t high = byte();
    return high * 256 + byte();
  }

  Str text(size_t n) {
    const Str front(rest_.data(), n < rest_.size() ? n : rest_.size());
    rest_.remove_prefix(front.size());
    return front;
  }

  /// What stands before `mark`; all when there is none. The mark is dropped.
  Str text_before(char mark) {
    const size_t end = rest_.find(mark);
    const Str front = text(end);
    if (end != Str::npos) rest_.remove_prefix(1);
    return front;
  }

 private:
  Str rest_;
};

/// Memory of its own of exactly this size: a byte beside it is a fault.
class Block {
 public:
  explicit Block(size_t size) : data_(static_cast<char*>(malloc(size))), size_(size) { check(data_ != nullptr); }
  explicit Block(Str text) : Block(text.size()) {
    if (!text.empty()) memcpy(data_, text.data(), text.size());
  }
  ~Block() {
    reveal(size_);
    free(data_);
  }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;

  MutBytes bytes() const { return {data_, size_}; }
  Str text() const { return {data_, size_}; }

  /// From now on a byte behind the first `n` is a fault, too.
  Str reveal(size_t n) const {
    ASAN_UNPOISON_MEMORY_REGION(data_, n);
    ASAN_POISON_MEMORY_REGION(data_ + n, size_ - n);
    return {data_, n};
  }

 private:
  char* data_;
  size_t size_;
};

/// Sizes of the pieces in which something arrives.
class Pieces {
 public:
  /// Seed 0: byte by byte.
  explicit Pieces(uint32_t seed) : seed_(seed), state_(seed) {}

  size_t next(size_t most) {
    if (seed_ == 0) return most < 1 ? most : 1;
    state_ = state_ * 1664525u + 1013904223u;
    const size_t wanted = 1 + (state_ >> 24) % (1 + seed_ % 61);
    return wanted < most ? wanted : most;
  }

 private:
  uint32_t seed_;
  uint32_t state_;
};

}  // namespace tinyaws::fuzz
