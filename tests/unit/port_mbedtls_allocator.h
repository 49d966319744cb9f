// An allocator that runs dry, in the place of the C library's calloc. To be included by one source file of a program.
#pragma once

#include <stdlib.h>

#include "port_mbedtls_fixture.h"

// mbedTLS's allocations come here, from its shared libraries as well: a program's own symbols go before theirs.
namespace {
struct Allocator {
  bool counts = false;
  size_t count = 0;
  size_t fail_at = SIZE_MAX;
} allocator;
}  // namespace

extern "C" void* calloc(size_t number, size_t size) {
  if (allocator.counts && allocator.count++ == allocator.fail_at) return nullptr;
  size_t bytes = 0;
  if (__builtin_mul_overflow(number, size, &bytes)) return nullptr;
  void* volatile space = malloc(bytes);  // volatile: or the compiler would make this a call of calloc
  if (space != nullptr) memset(space, 0, bytes);
  return space;
}

namespace {

/// Counts what the client allocates, not the server.
class Counting {
 public:
  Counting() { allocator.counts = true; }
  ~Counting() { allocator.counts = false; }
};

}  // namespace
