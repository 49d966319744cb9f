// An allocator for a program of one thread on 32 bits, in 600 bytes: musl's takes 6 KB (AWSFETCH_SMALL_MALLOC).
// What awsfetch does not call, to resize a block or to align it further, is always out of memory.
#include <sys/mman.h>
#include <tinyaws/mbedtls_arena.h>

#include <cerrno>
#include <cstddef>
#include <new>

using tinyaws::mbedtls::TlsArena;

static_assert(alignof(std::max_align_t) <= 8, "TlsArena aligns to 8 bytes");

namespace {

/// The most that can be in use. Cost: nothing but addresses, for the system gives pages when they are written to; all
/// of the public CAs take 0.4 MB. Error: that of any allocator, "out of memory".
constexpr size_t kMemoryBytes = 8 << 20;

tinyaws::MutBytes reserve() {
  void* const memory = mmap(nullptr, kMemoryBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return {static_cast<char*>(memory), memory == MAP_FAILED ? 0 : kMemoryBytes};
}

// Never destroyed: memory is freed up to the end.
TlsArena& arena() {
  alignas(TlsArena) static char room[sizeof(TlsArena)];
  static TlsArena* const arena = new (room) TlsArena(reserve());
  return *arena;
}

}  // namespace

extern "C" {

void* calloc(size_t number, size_t size) {
  void* const space = arena().allocate(number, size);
  if (space == nullptr) errno = ENOMEM;
  return space;
}

void* malloc(size_t size) {
  return calloc(1, size);
}

void free(void* space) {
  if (space != nullptr) arena().release(space);
}

void* realloc(void* space, size_t size) {
  if (space == nullptr) return malloc(size);
  errno = ENOMEM;
  return nullptr;
}

void* aligned_alloc(size_t, size_t) {
  errno = ENOMEM;
  return nullptr;
}

}  // extern "C"
