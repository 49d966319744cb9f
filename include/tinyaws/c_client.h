/* The blocking client in C: one connection, one call at a time. The same as api_call.h and client.h. */
#ifndef TINYAWS_C_CLIENT_H
#define TINYAWS_C_CLIENT_H

#include "tinyaws/c_credentials.h"
#include "tinyaws/c_http.h"
#include "tinyaws/c_port.h"
#include "tinyaws/c_sigv4.h"
#include "tinyaws/c_status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What to ask of which service. What is zero has its default. Views: they must live until the call has ended. */
typedef struct tinyaws_api_request {
  tinyaws_str
      service;        /* Its signing name, or its name as an endpoint: "dynamodb". The only one that must be given. */
  tinyaws_str region; /* Empty: the client's, then AWS_REGION, the profile's, the instance's. */
  tinyaws_str method; /* Empty: "GET". */
  tinyaws_str path;   /* As the service knows it; percent-encoded once when it is sent. Empty: "/". */
  const tinyaws_header* headers; /* All are signed but those that proxies change: see tinyaws_signing_input. */
  size_t header_count;
  tinyaws_body body;
  const tinyaws_parameter* query; /* Not yet percent-encoded. */
  size_t query_count;
  tinyaws_str target;                   /* Path and query in wire form, instead of `path` and `query`. */
  const tinyaws_signing_policy* policy; /* NULL: that of the service. */
  tinyaws_str bucket;                   /* S3: goes into the host or before the path. The path is then the key's. */

  /* What the service may have done already is not asked for again: only what was refused, and what never reached the
   * service, is repeated. */
  bool not_repeatable;
} tinyaws_api_request;

/* How long to wait for what, in milliseconds. 0: no limit. */
typedef struct tinyaws_timeouts {
  uint32_t connect_ms;    /* From the start to a connection, all addresses together. TINYAWS_CONNECT_TIMED_OUT */
  uint32_t tls_ms;        /* From the connection to a TLS session. TINYAWS_TLS_TIMED_OUT */
  uint32_t first_byte_ms; /* From the last byte sent to the first byte of an answer. TINYAWS_FIRST_BYTE_TIMED_OUT */
  uint32_t stall_ms;      /* Without a byte moving while either side should send. TINYAWS_STALLED */
  uint32_t attempt_ms;    /* One exchange, from its start to its last byte. TINYAWS_ATTEMPT_TIMED_OUT */
  uint32_t total_ms;      /* The call as a whole, repetitions included. TINYAWS_DEADLINE_EXCEEDED */
  uint32_t continue_ms;   /* From the head to leave to send a large body; then it is sent. 0: not asked for. */
  uint32_t idle_ms;       /* An idle connection that old is not used again. */
} tinyaws_timeouts;

typedef enum tinyaws_event_kind {
  TINYAWS_EVENT_RESOLVING, /* `text`: the host. */
  TINYAWS_EVENT_RESOLVED,  /* `text`: the address that is tried first. */
  TINYAWS_EVENT_CONNECTED, /* `text`: the peer's address. */
  TINYAWS_EVENT_VERIFIED,  /* There is a TLS session. `text`: version and suite. */
  TINYAWS_EVENT_REUSED,    /* The connection of an earlier exchange serves again. `text`: the host. */
  TINYAWS_EVENT_HEAD_SENT, /* `text`: method and path, without the query. */
  TINYAWS_EVENT_BODY_SENT,
  TINYAWS_EVENT_STATUS, /* The head of the final answer is here. `text`: its status line. */
  TINYAWS_EVENT_DONE,   /* The exchange is complete. */
  TINYAWS_EVENT_FAILED, /* The exchange failed. `status` and `text`: why. */
  TINYAWS_EVENT_WAITING /* The call waits before it goes on. */
} tinyaws_event_kind;

/* The event's name, "connected". Lives for ever. */
tinyaws_str tinyaws_event_name(tinyaws_event_kind kind);

/* A step of a connection, for logs. Never holds a secret: neither header fields nor bodies are shown. */
typedef struct tinyaws_event {
  tinyaws_event_kind kind;
  tinyaws_status status;
  tinyaws_str text;  /* Dies with the callback; may be empty. */
  uint64_t bytes_in; /* Of this exchange so far, heads included, TLS not. */
  uint64_t bytes_out;
} tinyaws_event;

/* What is the same for all calls of a client. */
typedef struct tinyaws_client_options {
  tinyaws_str region;       /* Empty: AWS_REGION, the profile's, the instance's. */
  tinyaws_str endpoint_url; /* "https://host:port/base". Empty: AWS_ENDPOINT_URL..., the profile's, AWS's rules. */
  tinyaws_timeouts timeouts;

  /* How often a request is sent at most; 1 turns repetitions off. 0: AWS_MAX_ATTEMPTS, else 3, and 4 for DynamoDB.
   * What is repeated, when and how often is told in README.md, "When it fails". A variable that is no number from 1
   * on ends calls with TINYAWS_INVALID_ARGUMENT. */
  uint8_t max_attempts;

  /* Correct the time of day by what services say, unless AWS_DISABLE_CLOCK_SKEW_CORRECTION is "true". Without it a
   * call ends with TINYAWS_CLOCK_NOT_SET where the time isn't known. */
  bool correct_clock;
  bool use_fips_endpoint;
  bool use_dualstack_endpoint;
  bool s3_path_style;
  bool s3_accelerate;

  /* Is told every step of a connection; NULL: nobody is. */
  void (*on_event)(void* context, const tinyaws_event* event);
  void* on_event_context;
} tinyaws_client_options;

/* Sets the defaults: 10 s to connect, 10 s for TLS, 60 s to the first byte, 30 s without a byte, no limit for an
 * attempt or a call, 1 s for leave, 4 s idle; the clock is corrected. */
void tinyaws_client_options_init(tinyaws_client_options* options);

/* Sends signed requests and waits for the answers. Use from one thread at a time; clients share nothing. */
TINYAWS_OBJECT(tinyaws_client, TINYAWS_CLIENT_BYTES);

/* What `port` and the views in `options` refer to, and `credentials`, must outlive the client; the structs are
 * copied. `options` may be NULL: the defaults. */
void tinyaws_client_init(tinyaws_client* self, const tinyaws_port* port, tinyaws_credentials_provider* credentials,
                         const tinyaws_client_options* options);

/* Closes the connection and wipes the signing key. */
void tinyaws_client_destroy(tinyaws_client* self);

/* Sends one request and returns when the answer is complete. TINYAWS_OK: an answer of 2xx. TINYAWS_SERVICE_ERROR: any
 * other, and Amazon S3's 200 with an error in its body; `response` holds it. Else what went wrong on the way, and
 * `tinyaws_client_failure` says more. The client remains usable. Takes 1.5 KB of stack besides what it calls. */
tinyaws_status tinyaws_client_fetch(tinyaws_client* self, const tinyaws_api_request* request,
                                    tinyaws_response* response);

/* Writes the presigned URL of a request, valid for `seconds` (1..604800) from now. Sends nothing but what it takes to
 * find region and credentials. The payload hash is "UNSIGNED-PAYLOAD" for the S3 family and the body's hash for
 * others, unless `request->body.payload_hash` says otherwise. TINYAWS_OK with the URL's length, or
 * TINYAWS_BUFFER_TOO_SMALL with the length needed. Other errors: as for tinyaws_signer_presign and
 * tinyaws_client_find_credentials; TINYAWS_NO_REGION; TINYAWS_CLOCK_NOT_SET; TINYAWS_INVALID_ARGUMENT for a body
 * source without a payload hash. */
tinyaws_io_result tinyaws_client_presign(tinyaws_client* self, const tinyaws_api_request* request, uint32_t seconds,
                                         char* url, size_t size);

/* Asks the client's provider for credentials, and fetches them where necessary. Their views are valid until the
 * provider is asked again, by whomever. Errors: TINYAWS_NO_CREDENTIALS; those of the provider, whose explanation says
 * more; TINYAWS_DEADLINE_EXCEEDED. */
tinyaws_status tinyaws_client_find_credentials(tinyaws_client* self, tinyaws_credentials* credentials);

/* What there is to say, in words, about the last failure: "certificate has expired". May be empty. Valid until the
 * next call. */
tinyaws_str tinyaws_client_failure(const tinyaws_client* self);

/* Closes the connection kept from the last call. */
void tinyaws_client_close(tinyaws_client* self);

#ifdef __cplusplus
}
#endif

#endif
