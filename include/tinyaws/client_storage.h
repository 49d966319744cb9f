// The memory of an AsyncClient: one object, whose size is the bill.
#pragma once

#include <cstddef>
#include <new>

#include "tinyaws/async_client.h"
#include "tinyaws/bytes.h"
#include "tinyaws/port.h"

namespace tinyaws {

/// `kSlots` connections, each with a transport of its own and a buffer of `kBufferBytes` (see Port::buffer), and a
/// queue of `kQueued` calls in front of them. `T` is a Transport, or what converts to a reference to the one that it
/// holds (a TLS transport with the TCP transport under it, say).
///
/// Cost: sizeof, for all of it but what the transports allocate (mbedTLS's heap, while they are connected); the
/// AsyncClient itself, and what its calls and credentials take, come on top. Must outlive the client.
template <class T, size_t kSlots, size_t kBufferBytes, size_t kQueued = 0>
class ClientStorage {
  static_assert(kSlots > 0, "there is nothing to run a call in");
  static_assert(kBufferBytes >= Exchange::kMinBufferBytes, "see Exchange::kMinBufferBytes");

 public:
  /// Each transport is made of `arguments`.
  template <class... Arguments>
  explicit ClientStorage(Arguments&&... arguments) {
    for (size_t i = 0; i < kSlots; ++i) {
      T* transport = new (transports_ + i * sizeof(T)) T(arguments...);
      new (slots_ + i * sizeof(Slot)) Slot(*transport, MutBytes(buffers_[i]));
    }
  }
  ~ClientStorage() {
    for (Slot& slot : slots()) slot.~Slot();
    for (size_t i = 0; i < kSlots; ++i) transport(i).~T();
  }
  ClientStorage(const ClientStorage&) = delete;
  ClientStorage& operator=(const ClientStorage&) = delete;

  Span<Slot> slots() { return {std::launder(reinterpret_cast<Slot*>(slots_)), kSlots}; }
  Span<QueuedCall> queue() { return {queue_, kQueued}; }

  /// REQUIRES: i < kSlots. Which slot it serves changes with time.
  T& transport(size_t i) { return *std::launder(reinterpret_cast<T*>(transports_ + i * sizeof(T))); }

 private:
  alignas(T) char transports_[kSlots * sizeof(T)];
  alignas(Slot) char slots_[kSlots * sizeof(Slot)];
  char buffers_[kSlots][kBufferBytes];
  QueuedCall queue_[kQueued > 0 ? kQueued : 1];
};

}  // namespace tinyaws
