#include "async_memory.h"
#include "tinyaws/c_bridge.h"
#include "tinyaws/c_object.h"

using namespace tinyaws;
using namespace tinyaws::c;

namespace tinyaws::c {

CAsyncSystem::CAsyncSystem(const tinyaws_async_memory& memory) : SystemBoard(Trust::kSystem), memory_(memory) {
  const Status opened = poller_.open();
  for (size_t i = 0; i < memory_.count; ++i) add(opened == Status::kOk ? &poller_ : nullptr, i);
}

CAsyncSystem::~CAsyncSystem() {
  for (size_t i = 0; i < memory_.count; ++i) tinyaws_slot_destroy(&memory_.slots[i]);
  for (size_t i = 0; i < memory_.count; ++i) destroy<TlsOverTcp>(&memory_.transports[i]);
}

void CAsyncSystem::add(posix::Poller* poller, size_t i) {
  Transport& transport = make<TlsOverTcp>(&memory_.transports[i], resolver(), poller, tls_config(), sessions());
  tinyaws_slot_init(&memory_.slots[i], to_c(transport), memory_.buffers + i * memory_.buffer_size,
                    memory_.buffer_size);
}

tinyaws_async_port CAsyncSystem::port() {
  return {to_c(Board(*this)), memory_.slots, memory_.count, memory_.queue, memory_.queue_size};
}

}  // namespace tinyaws::c

void tinyaws_async_system_init(tinyaws_async_system* self, const tinyaws_async_memory* memory) {
  make<CAsyncSystem>(self, *memory);
}

void tinyaws_async_system_destroy(tinyaws_async_system* self) {
  destroy<CAsyncSystem>(self);
}

tinyaws_async_port tinyaws_async_system_port(tinyaws_async_system* self) {
  return object<CAsyncSystem>(self).port();
}

tinyaws_board tinyaws_async_system_board(tinyaws_async_system* self) {
  return to_c(Board(object<CAsyncSystem>(self)));
}

tinyaws_tls_config* tinyaws_async_system_tls_config(tinyaws_async_system* self) {
  return reinterpret_cast<tinyaws_tls_config*>(&object<CAsyncSystem>(self).tls_config());
}

size_t tinyaws_async_system_wait(tinyaws_async_system* self, int* handles, size_t size, int64_t until_ms) {
  return object<CAsyncSystem>(self).poller().wait({handles, size}, {until_ms}).size();
}

int tinyaws_async_system_descriptor(const tinyaws_async_system* self) {
  return object<CAsyncSystem>(self).poller().descriptor();
}
