// An object of the library in memory of the caller's.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

namespace tinyaws::c {

/// Makes a `T` in the storage of its counterpart in C, whose size was taken from it when this library was built.
template <class T, class Storage, class... Arguments>
T& make(Storage* storage, Arguments&&... arguments) {
  static_assert(sizeof(T) <= sizeof(Storage), "it does not fit");
  static_assert(sizeof(Storage) < sizeof(T) + alignof(Storage), "it wastes memory");
  static_assert(alignof(T) <= alignof(Storage), "it may stand where it must not");
  assert(storage != nullptr && reinterpret_cast<uintptr_t>(storage) % alignof(Storage) == 0);
  return *new (storage->bytes) T(std::forward<Arguments>(arguments)...);
}

template <class T, class Storage>
T& object(Storage* storage) {
  return *std::launder(reinterpret_cast<T*>(storage->bytes));
}

template <class T, class Storage>
const T& object(const Storage* storage) {
  return *std::launder(reinterpret_cast<const T*>(storage->bytes));
}

template <class T, class Storage>
void destroy(Storage* storage) {
  object<T>(storage).~T();
}

}  // namespace tinyaws::c
