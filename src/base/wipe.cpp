#include "base/wipe.h"

#include <cstring>

namespace tinyaws {

void wipe(void* memory, size_t size) {
  if (size == 0) return;
  std::memset(memory, 0, size);
  __asm__ __volatile__("" : : "r"(memory) : "memory");
}

}  // namespace tinyaws
