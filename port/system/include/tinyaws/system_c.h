/* A Linux system in one object, for programs in C: sockets, TLS with the CAs that the system trusts, clocks,
 * environment, files, programs, and the memory of one connection (tinyaws_system) or of many (tinyaws_async_system).
 * The same as system.h. Link tinyaws_system_c. */
#ifndef TINYAWS_SYSTEM_C_H
#define TINYAWS_SYSTEM_C_H

#include "tinyaws/c_async_client.h"
#include "tinyaws/c_client.h"
#include "tinyaws/c_port.h"
#include "tinyaws/c_status.h"
#ifndef TINYAWS_MEASURING
#include "tinyaws/system_c_sizes.h"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* For a tinyaws_client. Must outlive the clients and the credentials on top of it. A request's head (its session
 * token included) and a response's head may have 8,192 bytes. Cost: sizeof; besides, mbedTLS's heap
 * (port/mbedtls/README.md): about 0.5 MB for a whole bundle of CAs, 45 KB while a TLS connection is open. */
TINYAWS_OBJECT(tinyaws_system, TINYAWS_SYSTEM_BYTES);

/* Trusts the bundle of CAs that AWS_CA_BUNDLE names, else the system's. One that can't be read makes every TLS
 * connection fail with TINYAWS_CERTIFICATE_REJECTED. */
void tinyaws_system_init(tinyaws_system* self);

/* After the clients and the credentials on top of it. */
void tinyaws_system_destroy(tinyaws_system* self);

/* What a client stands on; what credentials stand on. */
tinyaws_port tinyaws_system_port(tinyaws_system* self);
tinyaws_board tinyaws_system_board(tinyaws_system* self);

/* What connections trust and show: of a system, or of an async system. */
typedef struct tinyaws_tls_config tinyaws_tls_config;
tinyaws_tls_config* tinyaws_system_tls_config(tinyaws_system* self);

/* Trusts one certificate in DER, or all those in a PEM text, from memory or from a file, beside what is trusted
 * already. Certificates in a PEM text that can't be read are left out, which `describe` then says, as long as one
 * can. Nothing of the memory is kept. Errors: TINYAWS_INVALID_ARGUMENT (no certificate to read), TINYAWS_NOT_FOUND
 * (the file can't be read), TINYAWS_TLS_FAILED (out of memory). After an error it trusts what it trusted before. */
tinyaws_status tinyaws_tls_config_add_ca(tinyaws_tls_config* self, const char* pem_or_der, size_t size);
tinyaws_status tinyaws_tls_config_add_ca_file(tinyaws_tls_config* self, const char* path);

/* The certificate (PEM with its intermediate certificates behind it, or DER) and private key (PEM or DER, not
 * encrypted) to show to servers that ask for one. Can be set once; after an error it can be tried again. Errors:
 * TINYAWS_INVALID_ARGUMENT when either can't be read, they do not belong together, or one is set already;
 * TINYAWS_UNSUPPORTED for a key with a password; TINYAWS_NOT_FOUND, TINYAWS_TLS_FAILED as above. */
tinyaws_status tinyaws_tls_config_set_client_certificate_files(tinyaws_tls_config* self, const char* certificate_path,
                                                               const char* key_path);

/* What there is to say about the last of these that failed. Lives until the next. */
tinyaws_str tinyaws_tls_config_describe(const tinyaws_tls_config* self);

/* For a tinyaws_async_client: all but the connections, which lie where the caller has room for them. */
TINYAWS_OBJECT(tinyaws_async_system, TINYAWS_ASYNC_SYSTEM_BYTES);

/* A TLS connection over TCP. */
TINYAWS_OBJECT(tinyaws_system_transport, TINYAWS_SYSTEM_TRANSPORT_BYTES);

/* The memory of `count` connections, at least 1:
 *
 *   static tinyaws_system_transport transports[8];
 *   static tinyaws_slot slots[8];
 *   static char buffers[8][4096];
 *   tinyaws_async_memory memory = {8, transports, slots, buffers[0], sizeof buffers[0], NULL, 0};
 *
 * Nothing of it has to be initialised. `buffer_size` is that of one connection (see tinyaws_port). The queue's calls
 * wait for a slot; there may be none. */
typedef struct tinyaws_async_memory {
  size_t count;
  tinyaws_system_transport* transports;
  tinyaws_slot* slots;
  char* buffers;
  size_t buffer_size;
  tinyaws_queued_call* queue;
  size_t queue_size;
} tinyaws_async_memory;

/* Trusts as tinyaws_system does. The struct is copied; what it points to must live as long as the system. */
void tinyaws_async_system_init(tinyaws_async_system* self, const tinyaws_async_memory* memory);

/* After the clients and the credentials on top of it. */
void tinyaws_async_system_destroy(tinyaws_async_system* self);

/* What an async client stands on: one client, for the slots are its own. */
tinyaws_async_port tinyaws_async_system_port(tinyaws_async_system* self);
tinyaws_board tinyaws_async_system_board(tinyaws_async_system* self);
tinyaws_tls_config* tinyaws_async_system_tls_config(tinyaws_async_system* self);

/* Waits until a socket can go on, or until `until_ms` on the platform's clock (in the past: not at all), and writes
 * the sockets that can to `handles`, for tinyaws_async_client_poll_handles; answers how many, at most `size` and 64.
 * Each time that something happens to a socket it is told once. Without sockets, when `until_ms` has come. REQUIRES:
 * `size` at least 1; `tinyaws_async_system_descriptor` is not -1. */
size_t tinyaws_async_system_wait(tinyaws_async_system* self, int* handles, size_t size, int64_t until_ms);

/* All sockets behind one descriptor, to be watched for reading by any other loop. -1 when there were too many
 * descriptors: then a program does with tinyaws_async_client_interests. */
int tinyaws_async_system_descriptor(const tinyaws_async_system* self);

#ifdef __cplusplus
}
#endif

#endif
