// mbedTLS's heap under the eyes of a test: what lives in it, and allocations of the client's that fail. For a program
// that is linked with mbedTLS's static libraries and with --wrap=calloc and --wrap=free, by one source file of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

namespace test {

/// Which allocations of the client's fail, by their numbers.
struct Shortage {
  size_t from = SIZE_MAX;
  size_t until = SIZE_MAX;

  bool holds(size_t number) const { return from <= number && number < until; }
};

struct Heap {
  bool is_clients = false;  // what is allocated now is the client's, not the server's
  size_t count = 0;
  Shortage shortage;
  size_t refused = 0;                      // the size of the first allocation that failed
  std::unordered_map<void*, size_t> live;  // and their sizes; the server's as well: PSA Crypto's blocks are for both

  size_t bytes() const {
    size_t sum = 0;
    for (const auto& block : live) sum += block.second;
    return sum;
  }
  void refuse(Shortage some) {
    count = 0;
    refused = 0;
    shortage = some;
  }
};

inline Heap& heap() {
  static Heap* made = new Heap();
  return *made;
}

/// While it lives it is the client that allocates.
class Clients {
 public:
  Clients() { heap().is_clients = true; }
  ~Clients() { heap().is_clients = false; }
};

}  // namespace test

extern "C" {
void* __real_calloc(size_t number, size_t size);
void __real_free(void* space);

void* __wrap_calloc(size_t number, size_t size) {
  test::Heap& heap = test::heap();
  if (heap.is_clients && heap.shortage.holds(heap.count++)) {
    if (heap.refused == 0) heap.refused = number * size;
    return nullptr;
  }
  void* space = __real_calloc(number, size);
  if (space != nullptr) heap.live[space] = number * size;
  return space;
}
void __wrap_free(void* space) {
  if (space != nullptr) test::heap().live.erase(space);
  __real_free(space);
}
}
