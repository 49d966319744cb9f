#include "c/async_client.h"

#include "tinyaws/c_object.h"

using namespace tinyaws;
using namespace tinyaws::c;

static_assert(sizeof(tinyaws_slot) == sizeof(Slot) && sizeof(tinyaws_queued_call) == sizeof(QueuedCall),
              "arrays of them are handed on as they are");

namespace tinyaws::c {

void CCall::on_done(Call&) {
  if (function_ != nullptr) function_(reinterpret_cast<tinyaws_api_call*>(this), context_);
}

}  // namespace tinyaws::c

namespace {

AsyncClient& client(tinyaws_async_client* self) {
  return object<CAsyncClient>(self).client;
}

const AsyncClient& client(const tinyaws_async_client* self) {
  return object<CAsyncClient>(self).client;
}

Span<QueuedCall> make_queue(tinyaws_queued_call* queue, size_t size) {
  for (size_t i = 0; i < size; ++i) make<QueuedCall>(&queue[i]);
  return {reinterpret_cast<QueuedCall*>(queue), size};
}

}  // namespace

void tinyaws_slot_init(tinyaws_slot* self, tinyaws_transport* transport, char* buffer, size_t buffer_size) {
  make<Slot>(self, from_c(transport), MutBytes(buffer, buffer_size));
}

void tinyaws_slot_destroy(tinyaws_slot* self) {
  destroy<Slot>(self);
}

void tinyaws_async_client_init(tinyaws_async_client* self, const tinyaws_async_port* port,
                               tinyaws_credentials_provider* credentials, const tinyaws_client_options* options) {
  const Board board = from_c(port->board);
  const AsyncPort own{board.platform,
                      board.environment,
                      {reinterpret_cast<Slot*>(port->slots), port->slot_count},
                      make_queue(port->queue, port->queue_size)};
  make<CAsyncClient>(self, own, from_c(credentials), options);
}

void tinyaws_async_client_destroy(tinyaws_async_client* self) {
  destroy<CAsyncClient>(self);
}

void tinyaws_api_call_init(tinyaws_api_call* self, const tinyaws_api_request* request, tinyaws_response* response,
                           tinyaws_async_client* client_) {
  make<CCall>(self, *request, object<CResponse>(response).response, client(client_).context());
}

tinyaws_status tinyaws_api_call_status(const tinyaws_api_call* self) {
  return to_c(object<CCall>(self).call().status());
}

tinyaws_str tinyaws_api_call_detail(const tinyaws_api_call* self) {
  return to_c(object<CCall>(self).call().detail());
}

void tinyaws_api_call_reset(tinyaws_api_call* self, const tinyaws_api_request* request) {
  object<CCall>(self).reset(*request);
}

void tinyaws_api_call_destroy(tinyaws_api_call* self) {
  destroy<CCall>(self);
}

tinyaws_status tinyaws_async_client_start(tinyaws_async_client* self, tinyaws_api_call* call,
                                          tinyaws_completion on_done, void* context) {
  CCall& own = object<CCall>(call);
  own.tell(on_done, context);
  return to_c(client(self).start(own.call(), &own));
}

tinyaws_status tinyaws_async_client_cancel(tinyaws_async_client* self, tinyaws_api_call* call) {
  return to_c(client(self).cancel(object<CCall>(call).call()));
}

void tinyaws_async_client_poll(tinyaws_async_client* self) {
  client(self).poll();
}

void tinyaws_async_client_poll_handles(tinyaws_async_client* self, const int* handles, size_t count) {
  client(self).poll({handles, count});
}

size_t tinyaws_async_client_interests(const tinyaws_async_client* self, tinyaws_interest* out, size_t size) {
  return client(self).interests({reinterpret_cast<Interest*>(out), size}).size();
}

int64_t tinyaws_async_client_next_deadline(const tinyaws_async_client* self) {
  return client(self).next_deadline().ms;
}

bool tinyaws_async_client_busy(const tinyaws_async_client* self) {
  return client(self).busy();
}

size_t tinyaws_async_client_running(const tinyaws_async_client* self) {
  return client(self).running();
}

size_t tinyaws_async_client_queued(const tinyaws_async_client* self) {
  return client(self).queued();
}

void tinyaws_async_client_close_idle(tinyaws_async_client* self) {
  client(self).close_idle();
}
