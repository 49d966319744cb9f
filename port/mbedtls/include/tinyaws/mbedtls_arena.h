// All of mbedTLS's memory from a block of the caller's, of a size that is known: what does not fit is an error, and
// the most that was ever in use says how large the block has to be.
#pragma once

#include <mbedtls/platform.h>

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/status.h"

namespace tinyaws::mbedtls {

/// What mbedTLS allocates from, in the place of calloc and free, for one thread: all of the program's use of mbedTLS
/// belongs to that. When it runs out, calls answer kTlsFailed with the words "out of memory", as they do without it.
///
/// It needs a build of mbedTLS with MBEDTLS_PLATFORM_MEMORY, such as build_mbedtls.sh makes. Debian's packages have
/// none; `static_assert(TlsArena::kSupported)` where a program can't do without.
///
///   alignas(8) static char memory[30 * 1024];
///   tinyaws::mbedtls::TlsArena arena(memory);
///   if (arena.install() != Status::kOk) ...   // before the TlsConfig
class TlsArena {
 public:
#if defined(MBEDTLS_PLATFORM_MEMORY) && !defined(MBEDTLS_PLATFORM_CALLOC_MACRO)
  static constexpr bool kSupported = true;
#else
  static constexpr bool kSupported = false;
#endif

  /// Takes nothing from `memory`, which must outlive the arena, before `install`. Up to 4 GiB of it are used.
  explicit TlsArena(MutBytes memory);

  /// Gives mbedTLS back the C library's allocator. REQUIRES: in_use() is 0, once PSA (TLS 1.3) has given its own
  /// back, which this sees to.
  ~TlsArena();
  TlsArena(const TlsArena&) = delete;
  TlsArena& operator=(const TlsArena&) = delete;

  /// mbedTLS allocates here from now on. What it has allocated before goes back to where it came from when it is
  /// freed. Again: kOk, and nothing changes. Errors: kUnsupported, see kSupported; kBusy when another arena is
  /// installed.
  Status install();

  /// Bytes of blocks and of their headers (4 bytes each; sizes are rounded up to 8).
  size_t in_use() const {
    return in_use_;
  }

  /// The size of the smallest memory, so aligned, in which all would have gone as it has: where blocks are placed
  /// does not depend on the size. Gaps between blocks count.
  size_t high_water() const {
    return most_;
  }

  /// Allocations that found no room.
  size_t shortages() const {
    return shortages_;
  }

  // What mbedTLS calls.
  void* allocate(size_t number, size_t size);
  void release(void* space);
  bool owns(const void* space) const;

 private:
  uint32_t& head(size_t at) const;
  size_t find_place(size_t size);
  size_t join_free(size_t at);
  void take(size_t at, size_t size);

  char* memory_;
  size_t capacity_;
  size_t top_;    // no block is behind it
  size_t first_;  // no free block is before it
  size_t in_use_ = 0;
  size_t most_ = 0;
  size_t shortages_ = 0;
};

}  // namespace tinyaws::mbedtls
