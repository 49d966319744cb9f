/* The words of HTTP in C: what to send, what came back. Views throughout: whoever fills them in keeps the memory
 * until the call has ended. The same as http.h and error_info.h. */
#ifndef TINYAWS_C_HTTP_H
#define TINYAWS_C_HTTP_H

#include "tinyaws/c_status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A server. `host` is a name or an address; IPv6 addresses stand without brackets. */
typedef struct tinyaws_endpoint {
  tinyaws_str host;
  uint16_t port;
  bool tls;
} tinyaws_endpoint;

/* A header field. Names compare without regard to case. */
typedef struct tinyaws_header {
  tinyaws_str name;
  tinyaws_str value;
} tinyaws_header;

/* A query parameter, not yet percent-encoded. */
typedef struct tinyaws_parameter {
  tinyaws_str name;
  tinyaws_str value;
} tinyaws_parameter;

/* A body that is pulled piece by piece. */
typedef struct tinyaws_body_source_functions {
  /* Writes at most `size` bytes to `out`. TINYAWS_OK with how many (0: the body ends here), TINYAWS_PENDING when
   * there are none just now (it is asked again within 10 ms), any other status ends the call with
   * TINYAWS_BODY_SOURCE_FAILED. */
  tinyaws_io_result (*read)(void* context, char* out, size_t size);

  /* Starts again at the first byte: after the body was hashed, and before it is sent again. TINYAWS_UNSUPPORTED when
   * that can't be done; then `payload_hash` has to be given, and the request is not repeated. */
  tinyaws_status (*rewind)(void* context);
} tinyaws_body_source_functions;

/* The body of a request: bytes in memory, or a source of known length. All zero: none. */
typedef struct tinyaws_body {
  tinyaws_str bytes;
  const tinyaws_body_source_functions* source; /* Used instead of `bytes` when not NULL. */
  void* source_context;
  uint64_t length; /* Of the source, in bytes. */

  /* What is signed in place of the content's hash: 64 hex digits known beforehand, "UNSIGNED-PAYLOAD", or another
   * text that the service's documentation names. Empty: the hash of the content, for which a source is read twice. */
  tinyaws_str payload_hash;
} tinyaws_body;

/* Receives the body of a response piece by piece. */
typedef struct tinyaws_body_sink_functions {
  /* Takes `bytes` or a part of them. TINYAWS_OK with how many were taken; TINYAWS_PENDING for none just now (asked
   * again within 10 ms); any other status ends the call with TINYAWS_BODY_SINK_FAILED. */
  tinyaws_io_result (*write)(void* context, const char* bytes, size_t size);

  /* Forgets all that was written: the request is repeated and a new body begins. TINYAWS_UNSUPPORTED when that can't
   * be done; then the request is not repeated. */
  tinyaws_status (*restart)(void* context);
} tinyaws_body_sink_functions;

/* The one word for an error, for logs and for a program's own decisions. */
typedef enum tinyaws_error_class {
  TINYAWS_ERROR_NONE,        /* No error. */
  TINYAWS_ERROR_THROTTLING,  /* Send less; try again later. */
  TINYAWS_ERROR_TRANSIENT,   /* Try again. */
  TINYAWS_ERROR_CLOCK,       /* The clocks differ too much. */
  TINYAWS_ERROR_CREDENTIALS, /* Other credentials are needed. */
  TINYAWS_ERROR_PERMANENT    /* The same request will be refused again. */
} tinyaws_error_class;

/* "throttling", "permanent". Lives for ever. */
tinyaws_str tinyaws_error_class_name(tinyaws_error_class error_class);

/* What a service says when it refuses, or can't: read from whatever form the answer has. */
typedef struct tinyaws_error_info {
  uint16_t status; /* HTTP's; 0: there is no error here. */

  /* "ThrottlingException", without a namespace before it or a type behind it. What has none in the answer has its
   * status here: "503". At most 128 bytes without control characters. */
  tinyaws_str code;

  tinyaws_str message;             /* In the service's words, which may hold any byte. */
  tinyaws_str request_id;          /* x-amzn-RequestId, x-amz-request-id, or the body's. */
  tinyaws_str extended_request_id; /* Amazon S3's x-amz-id-2, or the body's HostId. */
  tinyaws_str region;              /* Where Amazon S3 says that the bucket is; empty where it does not say. */
  int64_t server_time;             /* The body's ServerTime (Amazon S3), Unix time; 0 where there is none. */
  tinyaws_error_class error_class;
  bool retryable;   /* Another attempt may succeed: transient, or throttling. */
  bool parsed;      /* The code is the service's own. */
  bool message_cut; /* Of the message only this beginning fitted. */
} tinyaws_error_info;

/* Where the answer goes, and what it was. May be used again for the next call. Its size is TINYAWS_MAX_ERROR_BYTES
 * and some 200 bytes. */
TINYAWS_OBJECT(tinyaws_response, TINYAWS_RESPONSE_BYTES);

/* Drops the body, counting it, until one of the next two is called. */
void tinyaws_response_init(tinyaws_response* self);

/* Stores bodies in memory of the caller's from now on. A body that does not fit ends the call with
 * TINYAWS_BUFFER_TOO_SMALL; of an error's body the beginning is kept. Not during a call. */
void tinyaws_response_store_in(tinyaws_response* self, char* body, size_t size);

/* Hands bodies on from now on. `functions` and `context` must outlive the response's last call. Not during a call. */
void tinyaws_response_hand_to(tinyaws_response* self, const tinyaws_body_sink_functions* functions, void* context);

/* Wipes what is left of an error. Not during a call. */
void tinyaws_response_destroy(tinyaws_response* self);

/* 200, 404 ...; 0 when no answer came. */
uint16_t tinyaws_response_status(const tinyaws_response* self);

/* The status line without its CRLF: "HTTP/1.1 200 OK"; the value of the first header field of this name, blanks
 * around it taken off, empty when there is none. Views of the connection's buffer: valid until the next call on the
 * same client; with tinyaws_async_client inside of `on_done` only. */
tinyaws_str tinyaws_response_status_line(const tinyaws_response* self);
tinyaws_str tinyaws_response_header(const tinyaws_response* self, tinyaws_str name);

/* What was stored: a view of the caller's memory; empty with a sink. */
tinyaws_str tinyaws_response_body(const tinyaws_response* self);

/* Bytes of the body received, wherever they went. */
uint64_t tinyaws_response_body_size(const tinyaws_response* self);

/* Of an error's body only this beginning fitted. */
bool tinyaws_response_body_cut(const tinyaws_response* self);

/* What the service said in an error: when the call ended with TINYAWS_SERVICE_ERROR, and when the answer broke off or
 * could not be passed on. Request ids are valid as header fields are, the rest until the next call with this
 * response. */
tinyaws_error_info tinyaws_response_error(const tinyaws_response* self);

#ifdef __cplusplus
}
#endif

#endif
