/* Many requests at once, in C: a fixed table of connections, driven by whichever loop the program has. The same as
 * async_client.h. */
#ifndef TINYAWS_C_ASYNC_CLIENT_H
#define TINYAWS_C_ASYNC_CLIENT_H

#include "tinyaws/c_client.h"
#include "tinyaws/c_credentials.h"
#include "tinyaws/c_http.h"
#include "tinyaws/c_port.h"
#include "tinyaws/c_status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A row of the table: a connection, and whose call it runs. */
TINYAWS_OBJECT(tinyaws_slot, TINYAWS_SLOT_BYTES);

/* `buffer` holds one exchange: see tinyaws_port. It and `transport` must outlive the slot, and serve no other one. */
void tinyaws_slot_init(tinyaws_slot* self, tinyaws_transport* transport, char* buffer, size_t buffer_size);

/* After the client that used it. */
void tinyaws_slot_destroy(tinyaws_slot* self);

/* A call that waits for a slot. */
TINYAWS_OBJECT(tinyaws_queued_call, TINYAWS_QUEUED_CALL_BYTES);

/* What an async client stands on. */
typedef struct tinyaws_async_port {
  tinyaws_board board;
  tinyaws_slot* slots; /* An array of slots that are initialised. */
  size_t slot_count;   /* At least 1. */

  /* An array in which calls wait for a slot; the client initialises it. With none, a call that finds no slot is
   * turned away. */
  tinyaws_queued_call* queue;
  size_t queue_size;
} tinyaws_async_port;

/* Runs as many calls at once as there are slots, on one thread, and never waits itself. A program's loop asks it what
 * to wait for and until when, and polls it:
 *
 *   while (tinyaws_async_client_busy(&client)) {
 *     size_t count = tinyaws_async_client_interests(&client, interests, SLOTS);
 *     wait_for(interests, count, tinyaws_async_client_next_deadline(&client));    the program's own: poll(2), say
 *     tinyaws_async_client_poll(&client);
 *   }
 *
 * Connections are kept by endpoint, whichever slot they were opened in. A poll does bounded work and comes back after
 * 20 ms; what costs most is a TLS handshake. */
TINYAWS_OBJECT(tinyaws_async_client, TINYAWS_ASYNC_CLIENT_BYTES);

/* What `port` and the views in `options` refer to, and `credentials`, must outlive the client; the structs are
 * copied. The slots are its own as long as it lives. `options` may be NULL: the defaults. */
void tinyaws_async_client_init(tinyaws_async_client* self, const tinyaws_async_port* port,
                               tinyaws_credentials_provider* credentials, const tinyaws_client_options* options);

/* Abandons what still runs or waits, as `cancel` does, and closes all connections. */
void tinyaws_async_client_destroy(tinyaws_async_client* self);

/* One request on its way. */
TINYAWS_OBJECT(tinyaws_api_call, TINYAWS_API_CALL_BYTES);

/* Makes a call of a client. The struct `request` is copied; what it refers to, `response` and `client` must outlive
 * the call. */
void tinyaws_api_call_init(tinyaws_api_call* self, const tinyaws_api_request* request, tinyaws_response* response,
                           tinyaws_async_client* client);

/* TINYAWS_PENDING until the call has ended. Then TINYAWS_OK for an answer of 2xx, TINYAWS_SERVICE_ERROR for any
 * other, and Amazon S3's 200 with an error in its body, or why there is none: TINYAWS_CANCELLED, when it was
 * abandoned. */
tinyaws_status tinyaws_api_call_status(const tinyaws_api_call* self);

/* What there is to say about the last failure, in words. May be empty. Valid inside of `on_done` only. */
tinyaws_str tinyaws_api_call_detail(const tinyaws_api_call* self);

/* Makes a call that has ended ready to be started once more, with what is in `request` now; the response remains.
 * REQUIRES: it does not run. */
void tinyaws_api_call_reset(tinyaws_api_call* self, const tinyaws_api_request* request);

/* Wipes what is left of hashes. REQUIRES: it does not run. */
void tinyaws_api_call_destroy(tinyaws_api_call* self);

/* Is told the end of a call, from inside of `poll`. The call may be gone when this returns; others may be started and
 * cancelled here, the same one again among them. */
typedef void (*tinyaws_completion)(tinyaws_api_call* call, void* context);

/* Takes on a call that was made of this client; not one that it has already. The call must live until it has ended;
 * `on_done` is then called with `context`, unless it is NULL. Nothing is sent before the next `poll`. May be called
 * at any time, from within callbacks too. Errors: TINYAWS_BUSY: slots and queue are full; nothing was changed. */
tinyaws_status tinyaws_async_client_start(tinyaws_async_client* self, tinyaws_api_call* call,
                                          tinyaws_completion on_done, void* context);

/* Abandons a call that runs or waits: its status is TINYAWS_CANCELLED, its completion is not told, and its connection
 * is closed. Not from within that call's body source or sink. TINYAWS_NOT_FOUND: no such call. */
tinyaws_status tinyaws_async_client_cancel(tinyaws_async_client* self, tinyaws_api_call* call);

/* Goes on with everything that can go on, and comes back. Tries every slot that runs a call. Neither this nor the
 * other one may be called from within a callback. */
void tinyaws_async_client_poll(tinyaws_async_client* self);

/* The same for a loop that knows which of the handles that `interests` named can go on, as epoll tells it: only their
 * slots are tried, new ones, and those whose time has come. */
void tinyaws_async_client_poll_handles(tinyaws_async_client* self, const int* handles, size_t count);

/* Writes what to wait for to `out`, one for each slot that waits for a handle; answers how many there are. REQUIRES:
 * `out` has room for as many as there are slots. */
size_t tinyaws_async_client_interests(const tinyaws_async_client* self, tinyaws_interest* out, size_t size);

/* Until when to wait at most, in ms on the platform's clock: then `poll` has something to do whatever happens. In the
 * past, when there is something to do already; TINYAWS_NEVER when nothing runs and no connection is kept. */
int64_t tinyaws_async_client_next_deadline(const tinyaws_async_client* self);

/* Some call runs or waits; how many do. */
bool tinyaws_async_client_busy(const tinyaws_async_client* self);
size_t tinyaws_async_client_running(const tinyaws_async_client* self);
size_t tinyaws_async_client_queued(const tinyaws_async_client* self);

/* Closes the connections that are kept for later calls. */
void tinyaws_async_client_close_idle(tinyaws_async_client* self);

#ifdef __cplusplus
}
#endif

#endif
