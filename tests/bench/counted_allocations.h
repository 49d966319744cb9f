// Counts what a program allocates. It replaces malloc, calloc and realloc of the C library: whoever allocates, other
// libraries among them, passes here. To be included by one source file of a program.
#pragma once

#include <cstddef>

extern "C" void* __libc_malloc(size_t size);
extern "C" void* __libc_calloc(size_t count, size_t size);
extern "C" void* __libc_realloc(void* memory, size_t size);

static size_t allocations = 0;

extern "C" void* malloc(size_t size) {
  ++allocations;
  return __libc_malloc(size);
}
extern "C" void* calloc(size_t count, size_t size) {
  ++allocations;
  return __libc_calloc(count, size);
}
extern "C" void* realloc(void* memory, size_t size) {
  ++allocations;
  return __libc_realloc(memory, size);
}
