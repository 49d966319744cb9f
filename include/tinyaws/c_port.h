/* The porting contract in C: what a board has to provide, as tables of functions. The same as port.h, whose notes for
 * writers of ports are in port/README.md.
 *
 * Each interface is a pointer that is handed on. It comes from a port of this project (system_c.h), or from a
 * `tinyaws_custom_...` object made of a table of functions and a context. Tables hold no state and may lie in flash;
 * table, context and object must outlive whoever uses the interface. Nothing has to be destroyed.
 *
 * Threads: objects of a port are used by the one thread that uses the client on top of them. Callbacks must not call
 * back into that client, except where that is said. */
#ifndef TINYAWS_C_PORT_H
#define TINYAWS_C_PORT_H

#include "tinyaws/c_http.h"
#include "tinyaws/c_status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tinyaws_transport tinyaws_transport;     /* A byte stream. */
typedef struct tinyaws_platform tinyaws_platform;       /* Clocks, chance and waiting. */
typedef struct tinyaws_environment tinyaws_environment; /* Named settings. */
typedef struct tinyaws_files tinyaws_files;             /* Small files to read. */
typedef struct tinyaws_processes tinyaws_processes;     /* Programs to run for what they print. */

/* What a transport waits for, in the terms of its platform. */
typedef struct tinyaws_interest {
  int handle; /* A file descriptor on POSIX; below 0: nothing to wait for but time. */
  bool read;
  bool write;
} tinyaws_interest;

/*   CLOSED --open--> RESOLVING --advance--> CONNECTING --advance--> [SECURING --advance-->] OPEN
 *      ^                                                                                     |
 *      '------------------- close, from every state ----------------------------------------'   */
typedef enum tinyaws_transport_state {
  TINYAWS_TRANSPORT_CLOSED,
  TINYAWS_TRANSPORT_RESOLVING,  /* Looking up the addresses of the host. */
  TINYAWS_TRANSPORT_CONNECTING, /* Trying one address after the other. */
  TINYAWS_TRANSPORT_SECURING,   /* TLS handshake. */
  TINYAWS_TRANSPORT_OPEN
} tinyaws_transport_state;

/* A byte stream to one endpoint at a time. Never blocks. After an error only `describe` and `close` may follow; after
 * a `send` that answered TINYAWS_CONNECTION_LOST also `recv`, for the peer may have answered before it left. */
typedef struct tinyaws_transport_functions {
  /* Begins to connect. REQUIRES: closed. `endpoint` must be copied: its views die with this call. A transport without
   * TLS answers TINYAWS_UNSUPPORTED when `endpoint->tls`. Returns TINYAWS_PENDING, or TINYAWS_OK when open already.
   */
  tinyaws_status (*open)(void* context, const tinyaws_endpoint* endpoint);

  /* Goes on connecting as far as it can without waiting. `now_ms` is the time on the caller's clock. Returns
   * TINYAWS_PENDING or TINYAWS_OK (open). Errors: TINYAWS_RESOLVE_FAILED, _CONNECT_FAILED, _TLS_FAILED,
   * _CERTIFICATE_REJECTED, _CLOCK_NOT_SET, _UNSUPPORTED. */
  tinyaws_status (*advance)(void* context, int64_t now_ms);

  tinyaws_transport_state (*state)(const void* context);

  /* Sends some of `bytes`. REQUIRES: open. TINYAWS_OK with how many (at least 1), TINYAWS_PENDING for none just now:
   * then the same bytes are offered again, and perhaps more behind them. Errors: TINYAWS_CONNECTION_LOST,
   * TINYAWS_TLS_FAILED. */
  tinyaws_io_result (*send)(void* context, const char* bytes, size_t size);

  /* Receives at most `size` bytes (at least 1) into `space`. REQUIRES: open. TINYAWS_OK with how many; with 0 at the
   * orderly end of the peer's side, which with TLS only a close_notify is; TINYAWS_PENDING for none just now. Errors:
   * TINYAWS_CONNECTION_LOST, TINYAWS_TLS_FAILED. */
  tinyaws_io_result (*recv)(void* context, char* space, size_t size);

  /* Ends the connection, at once and without waiting for the peer. Fine in every state. */
  void (*close)(void* context);

  /* What has to become possible before the next call gets any further: while connecting, for `advance`; when open,
   * for `send` if `sending` and for `recv` if `receiving`. */
  tinyaws_interest (*interest)(const void* context, bool sending, bool receiving);

  /* The next call gets further without waiting, and no `interest` would say so: `advance` right after `open`, `recv`
   * while there are decrypted bytes. */
  bool (*ready)(const void* context);

  /* When `advance` gets further although nothing that `interest` names has happened, in ms on the clock of the last
   * `advance`; TINYAWS_NEVER: not by time. May be NULL: never by time. */
  int64_t (*next_deadline)(const void* context);

  /* What there is to say, in words, about the last thing that happened. Never a secret. Valid until the next call;
   * `close` leaves it as it is. */
  tinyaws_str (*describe)(const void* context);
} tinyaws_transport_functions;

TINYAWS_OBJECT(tinyaws_custom_transport, TINYAWS_CUSTOM_TRANSPORT_BYTES);
tinyaws_transport* tinyaws_custom_transport_init(tinyaws_custom_transport* self,
                                                 const tinyaws_transport_functions* functions, void* context);

typedef struct tinyaws_platform_functions {
  /* Milliseconds on a clock that never steps back; its start does not matter. */
  int64_t (*now)(void* context);

  /* What the board's wall clock says, right or wrong, in seconds since 1970; TINYAWS_UNKNOWN_TIME where there is
   * none, or it has not been set. */
  int64_t (*unix_time)(void* context);

  /* Fills `out` with unpredictable bytes. Errors: TINYAWS_CRYPTO_FAILED, TINYAWS_UNSUPPORTED. */
  tinyaws_status (*random)(void* context, char* out, size_t size);

  /* Blocks until one of `interests` can go on, or until `until_ms` on the clock of `now`. May return early for no
   * reason. Only the blocking client calls it. */
  void (*wait)(void* context, const tinyaws_interest* interests, size_t count, int64_t until_ms);
} tinyaws_platform_functions;

TINYAWS_OBJECT(tinyaws_custom_platform, TINYAWS_CUSTOM_PLATFORM_BYTES);
tinyaws_platform* tinyaws_custom_platform_init(tinyaws_custom_platform* self,
                                               const tinyaws_platform_functions* functions, void* context);

/* `now`, `unix_time` of any platform. */
int64_t tinyaws_platform_now(tinyaws_platform* self);
int64_t tinyaws_platform_unix_time(tinyaws_platform* self);

/* The time of day as services see it, in seconds since 1970: the wall clock, corrected by what they have said.
 * Clients sign with it; a program may write it down, and set it as the floor after the next boot. */
int64_t tinyaws_platform_time_of_day(tinyaws_platform* self, int64_t now_ms);

/* There is a wall clock that was set, or a service has said what time it is. */
bool tinyaws_platform_knows_time(tinyaws_platform* self);

/* The earliest time that it can be: a wall clock that says less counts as not set. 0, as at first: no floor. */
void tinyaws_platform_set_time_floor(tinyaws_platform* self, int64_t unix_time);

typedef struct tinyaws_environment_functions {
  /* The value of a variable, empty when it is not set; `name` ends with a NUL. Valid until the variable is changed.
   */
  tinyaws_str (*variable)(const void* context, const char* name);
} tinyaws_environment_functions;

TINYAWS_OBJECT(tinyaws_custom_environment, TINYAWS_CUSTOM_ENVIRONMENT_BYTES);
tinyaws_environment* tinyaws_custom_environment_init(tinyaws_custom_environment* self,
                                                     const tinyaws_environment_functions* functions, void* context);

/* One file is open at a time. */
typedef struct tinyaws_files_functions {
  /* Opens a file at its start; one that was open is closed. `path` ends with a NUL. Errors: TINYAWS_NOT_FOUND (no
   * such file, or no directory on the way to it), TINYAWS_FILE_UNREADABLE (anything else), TINYAWS_BUSY (not now),
   * TINYAWS_UNSUPPORTED (no files here). */
  tinyaws_status (*open)(void* context, const char* path);

  /* Reads on into `out` (not empty). REQUIRES: open. TINYAWS_OK with how many bytes; with 0 at the end. Errors:
   * TINYAWS_FILE_UNREADABLE. */
  tinyaws_io_result (*read)(void* context, char* out, size_t size);

  /* Fine in every state. */
  void (*close)(void* context);

  /* The last error in words, "Permission denied"; empty when there was none. Valid until the next call. */
  tinyaws_str (*describe)(const void* context);
} tinyaws_files_functions;

TINYAWS_OBJECT(tinyaws_custom_files, TINYAWS_CUSTOM_FILES_BYTES);
tinyaws_files* tinyaws_custom_files_init(tinyaws_custom_files* self, const tinyaws_files_functions* functions,
                                         void* context);

/* What a board has besides connections. */
typedef struct tinyaws_board {
  tinyaws_platform* platform;
  tinyaws_environment* environment;
  tinyaws_files* files;         /* NULL: there are none. */
  tinyaws_processes* processes; /* NULL: none can be run. Only ports of this project have some. */
} tinyaws_board;

/* What a blocking client stands on. `buffer` holds one exchange at a time, request head and response head in turn:
 * 4,096 bytes are comfortable, a session token's length more when tokens are long. */
typedef struct tinyaws_port {
  tinyaws_board board;
  tinyaws_transport* transport;
  char* buffer;
  size_t buffer_size;
} tinyaws_port;

#ifdef __cplusplus
}
#endif

#endif
