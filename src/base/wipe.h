// Forgetting secrets.
#pragma once

#include <cstddef>

namespace tinyaws {

/// Overwrites memory with zeros in a way that no optimiser removes.
void wipe(void* memory, size_t size);

}  // namespace tinyaws
