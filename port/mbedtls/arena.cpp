// Blocks lie one behind the other up to `top_`. Each has a head of 4 bytes, its size (a multiple of 8) and whether it
// is used, in such a place that what follows is aligned to 8. The first free place that is large enough is taken:
// long-lived blocks gather at the front, and where a block goes depends on nothing that lies behind it.
#include <mbedtls/version.h>

#include <cassert>
#include <cstdlib>
#include <cstring>

#if defined(MBEDTLS_PSA_CRYPTO_C)
#include <psa/crypto.h>
#endif

#include "tinyaws/mbedtls_arena.h"
#include "words.h"

namespace tinyaws::mbedtls {
namespace {

constexpr size_t kUnit = 8;
constexpr size_t kHeadBytes = sizeof(uint32_t);
constexpr uint32_t kUsed = 1;
constexpr size_t kMaxBytes = UINT32_MAX - kUnit;

TlsArena* installed = nullptr;
size_t shortages_seen = 0;

// Nobody calls these two where mbedTLS has no hook.
[[maybe_unused]] void* allocate_installed(size_t number, size_t size) {
  return installed->allocate(number, size);
}

[[maybe_unused]] void release_installed(void* space) {
  if (space == nullptr) return;
  if (installed->owns(space)) return installed->release(space);
  free(space);
}

bool has_run_short() {
  const bool short_now = installed->shortages() != shortages_seen;
  shortages_seen = installed->shortages();
  return short_now;
}

size_t size_of(uint32_t head) {
  return head & ~kUsed;
}
bool is_used(uint32_t head) {
  return (head & kUsed) != 0;
}

// The first place of a head: kHeadBytes before one that is aligned.
size_t first_place(const char* memory) {
  return kUnit - 1 - (reinterpret_cast<uintptr_t>(memory) + kHeadBytes + kUnit - 1) % kUnit;
}

}  // namespace

TlsArena::TlsArena(MutBytes memory)
    : memory_(memory.data()),
      capacity_(memory.size() < kMaxBytes ? memory.size() : kMaxBytes),
      top_(first_place(memory_)),
      first_(top_) {}

TlsArena::~TlsArena() {
  if (installed != this) return;
#if defined(MBEDTLS_PSA_CRYPTO_C)
  mbedtls_psa_crypto_free();
#endif
  assert(in_use_ == 0);
  installed = nullptr;
  ask_for_shortage(nullptr);
#if defined(MBEDTLS_PLATFORM_MEMORY) && !defined(MBEDTLS_PLATFORM_CALLOC_MACRO)
  (void)mbedtls_platform_set_calloc_free(calloc, free);
#endif
}

Status TlsArena::install() {
  if (!kSupported) return Status::kUnsupported;
  if (installed != nullptr && installed != this) return Status::kBusy;
  installed = this;
  ask_for_shortage(has_run_short);
#if defined(MBEDTLS_PLATFORM_MEMORY) && !defined(MBEDTLS_PLATFORM_CALLOC_MACRO)
  (void)mbedtls_platform_set_calloc_free(allocate_installed, release_installed);
#endif
  return Status::kOk;
}

bool TlsArena::owns(const void* space) const {
  const uintptr_t begin = reinterpret_cast<uintptr_t>(memory_);
  const uintptr_t at = reinterpret_cast<uintptr_t>(space);
  return at >= begin && at - begin < capacity_;
}

void* TlsArena::allocate(size_t number, size_t size) {
  size_t bytes = 0;
  const bool fits = !__builtin_mul_overflow(number, size, &bytes) && bytes <= capacity_;
  const size_t block = (bytes + kHeadBytes + kUnit - 1) / kUnit * kUnit;
  const size_t at = fits ? find_place(block) : capacity_;
  if (at > capacity_ || block > capacity_ - at) {
    ++shortages_;
    return nullptr;
  }
  take(at, block);
  char* const space = memory_ + at + kHeadBytes;
  memset(space, 0, bytes);
  return space;
}

// Where a block of `size` goes: into a free one, or at the top.
size_t TlsArena::find_place(size_t size) {
  bool first = true;
  for (size_t at = first_; at < top_; at += size_of(head(at))) {
    if (is_used(head(at))) continue;
    const size_t room = join_free(at);
    if (room == 0) break;
    if (first) first_ = at;
    first = false;
    if (room >= size) return at;
  }
  if (first) first_ = top_;
  return top_;
}

// The size of the free block with those that follow it; 0 when it was the last and is none any more.
size_t TlsArena::join_free(size_t at) {
  size_t room = size_of(head(at));
  while (at + room < top_ && !is_used(head(at + room))) room += size_of(head(at + room));
  if (at + room >= top_) {
    top_ = at;
    return 0;
  }
  head(at) = static_cast<uint32_t>(room);
  return room;
}

void TlsArena::take(size_t at, size_t size) {
  const size_t room = at < top_ ? size_of(head(at)) : size;
  if (room > size) head(at + size) = static_cast<uint32_t>(room - size);
  head(at) = static_cast<uint32_t>(size) | kUsed;
  if (at == top_) top_ += size;
  if (at == first_) first_ += size;
  in_use_ += size;
  if (top_ > most_) most_ = top_;
}

void TlsArena::release(void* space) {
  const size_t at = static_cast<size_t>(static_cast<char*>(space) - memory_) - kHeadBytes;
  assert(is_used(head(at)));
  head(at) &= ~kUsed;
  in_use_ -= size_of(head(at));
  if (at < first_) first_ = at;
}

uint32_t& TlsArena::head(size_t at) const {
  return *reinterpret_cast<uint32_t*>(memory_ + at);
}

}  // namespace tinyaws::mbedtls
