#include "c/client.h"

#include <new>

#include "c/provider.h"
#include "tinyaws/c_object.h"

using namespace tinyaws;
using namespace tinyaws::c;

namespace {

Client& client(tinyaws_client* self) {
  return object<CClient>(self).client;
}

// Kept until the next one.
const ApiRequest& keep_request(tinyaws_client* self, const tinyaws_api_request* request) {
  auto& own = object<CClient>(self);
  return *new (&own.request) ApiRequest(to_request(*request, own.source));
}

}  // namespace

void tinyaws_client_init(tinyaws_client* self, const tinyaws_port* port, tinyaws_credentials_provider* credentials,
                         const tinyaws_client_options* options) {
  const Board board = from_c(port->board);
  const Port own{board.platform, board.environment, from_c(port->transport), {port->buffer, port->buffer_size},
                 board.files,    board.processes};
  make<CClient>(self, own, from_c(credentials), options);
}

void tinyaws_client_destroy(tinyaws_client* self) {
  client(self).close();
  destroy<CClient>(self);
}

tinyaws_status tinyaws_client_fetch(tinyaws_client* self, const tinyaws_api_request* request,
                                    tinyaws_response* response) {
  return to_c(client(self).fetch(keep_request(self, request), object<CResponse>(response).response));
}

tinyaws_io_result tinyaws_client_presign(tinyaws_client* self, const tinyaws_api_request* request, uint32_t seconds,
                                         char* url, size_t size) {
  return to_c(client(self).presign(keep_request(self, request), seconds, {url, size}));
}

tinyaws_status tinyaws_client_find_credentials(tinyaws_client* self, tinyaws_credentials* credentials) {
  Credentials found;
  const Status status = client(self).find_credentials(found);
  *credentials = to_c(found);
  return to_c(status);
}

tinyaws_str tinyaws_client_failure(const tinyaws_client* self) {
  return to_c(object<CClient>(self).client.failure());
}

void tinyaws_client_close(tinyaws_client* self) {
  client(self).close();
}
