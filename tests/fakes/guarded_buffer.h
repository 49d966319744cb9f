// Memory that ends exactly at a page which may not be touched: the first byte too many is a fault, also without
// sanitizers.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "tinyaws/bytes.h"

namespace tinyaws::fakes {

class GuardedBuffer {
 public:
  explicit GuardedBuffer(size_t size) : size_(size) {
    const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    const size_t room = (size + page - 1) / page * page;
    mapped_ = room + page;
    void* memory = mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) abort();
    memory_ = static_cast<char*>(memory);
    if (mprotect(memory_ + room, page, PROT_NONE) != 0) abort();
    data_ = memory_ + room - size;
    fill();
  }
  ~GuardedBuffer() { munmap(memory_, mapped_); }
  GuardedBuffer(const GuardedBuffer&) = delete;
  GuardedBuffer& operator=(const GuardedBuffer&) = delete;

  /// Something that is neither NUL nor HTTP, so that bytes nobody wrote are noticed.
  void fill() { memset(data_, 0x5a, size_); }

  MutBytes bytes() const { return {data_, size_}; }

  /// The last `n` bytes: they, too, end at the guard page.
  MutBytes last(size_t n) const { return {data_ + size_ - n, n}; }

 private:
  size_t size_;
  size_t mapped_;
  char* memory_;
  char* data_;
};

}  // namespace tinyaws::fakes
