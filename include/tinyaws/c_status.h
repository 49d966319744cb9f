/* The words of tinyaws in C: text, times, how calls end. See tinyaws_c.h for the tour. */
#ifndef TINYAWS_C_STATUS_H
#define TINYAWS_C_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tinyaws/config_values.h"

#ifdef __cplusplus
extern "C" {
#endif

/* As the library has its text and its objects, on 32 and on 64 bits. */
#define TINYAWS_ALIGNED __attribute__((aligned(8)))

/* Memory for an object of the library: allocated by the caller, wherever and for how long the caller wants; its
 * inside is nobody's business, and it may not be moved or copied. Each has a function `..._init`, and where it has to
 * be let go of, `..._destroy`; neither allocates. */
#ifdef TINYAWS_MEASURING /* While the library is built: how large they are is being found out. */
#define TINYAWS_OBJECT(name, size) typedef union name name
#else
#include "tinyaws/c_sizes.h"
/* NOLINTBEGIN(bugprone-macro-parentheses): a name that is declared */
#define TINYAWS_OBJECT(name, size) \
  typedef union name {             \
    uint64_t align;                \
    unsigned char bytes[size];     \
  } TINYAWS_ALIGNED name
/* NOLINTEND(bugprone-macro-parentheses) */
#endif

/* Text or bytes that somebody else owns: no terminating NUL. What it views has to live as long as it is used. An
 * empty one may have a null pointer. To print: printf("%.*s", (int)text.size, text.data). */
typedef struct tinyaws_str {
  const char* data;
  size_t size;
} TINYAWS_ALIGNED tinyaws_str;

/* Initialises a tinyaws_str with a literal: `.service = TINYAWS_LITERAL("s3")`. */
#define TINYAWS_LITERAL(text) \
  { "" text, sizeof(text) - 1 }

/* A view of what ends with a NUL; empty for NULL. */
tinyaws_str tinyaws_text(const char* text);

/* Points on a clock that never steps back: milliseconds since an arbitrary start. A deadline that never comes: */
#define TINYAWS_NEVER INT64_MAX

/* Wall-clock times: seconds since 1970-01-01T00:00:00Z. What a clock says that was not set since the board started:
 */
#define TINYAWS_UNKNOWN_TIME INT64_MIN

/* The expiration of credentials that do not expire. */
#define TINYAWS_NO_EXPIRATION INT64_MAX

/* How calls end: the values of tinyaws::Status, in the same order. Misuse of the library asserts in debug builds;
 * everything that the world can do to a program is one of these. */
typedef enum tinyaws_status {
  TINYAWS_OK,
  TINYAWS_PENDING, /* Not finished and not failed: call again when something has happened. */

  /* What the caller handed over. */
  TINYAWS_INVALID_ARGUMENT, /* A value that can't be sent or signed: CR, LF or NUL, an empty name, a bad URL ... */
  TINYAWS_BUFFER_TOO_SMALL, /* The caller's buffer is too short; in a tinyaws_io_result `size` says what is needed. */
  TINYAWS_TOO_MANY_HEADERS, /* More than TINYAWS_MAX_HEADERS headers in a signed request. */
  TINYAWS_REQUEST_TOO_LARGE,  /* The request's head does not fit the connection's buffer. */
  TINYAWS_BUSY,               /* The object is at work on another call, or on as many as it has room for. */
  TINYAWS_CANCELLED,          /* The call was abandoned by its caller. */
  TINYAWS_NOT_FOUND,          /* Nothing of that name. */
  TINYAWS_UNSUPPORTED,        /* This build or port can't do that. */
  TINYAWS_BODY_SOURCE_FAILED, /* The request's body source reported an error, or ended before its length. */
  TINYAWS_BODY_SINK_FAILED,   /* The response's body sink reported an error. */
  TINYAWS_NO_CREDENTIALS,     /* No credentials were found, or incomplete ones. */
  TINYAWS_NO_REGION,          /* No region was given and none is configured. */
  TINYAWS_CLOCK_NOT_SET,      /* What time it is isn't known, and has to be. */
  TINYAWS_CRYPTO_FAILED,      /* The crypto library or the random generator reported an error. */

  /* Where credentials and settings come from. tinyaws_credentials_explain says which place, and why. */
  TINYAWS_FILE_UNREADABLE,         /* A file that is there can't be read, or one that was named is not there. */
  TINYAWS_MALFORMED_FILE,          /* A line of a shared file breaks its grammar. */
  TINYAWS_VALUE_TOO_LONG,          /* A value in a file, a variable or an answer is longer than its limit. */
  TINYAWS_PROFILE_NOT_FOUND,       /* The profile that was asked for stands in neither file. */
  TINYAWS_PROFILE_INVALID,         /* A profile is incomplete, contradicts itself or points to what is not there. */
  TINYAWS_CREDENTIALS_INCOMPLETE,  /* A key id without its secret, a token file without its role, or the reverse. */
  TINYAWS_CREDENTIALS_REFUSED,     /* A source of credentials answered with an error. */
  TINYAWS_CREDENTIALS_UNAVAILABLE, /* A source of credentials that is configured did not answer. */
  TINYAWS_MALFORMED_CREDENTIALS,   /* A source's answer is not what it should be, or lacks a field. */
  TINYAWS_CREDENTIALS_EXPIRED,     /* The credentials have expired and no newer ones could be had. */
  TINYAWS_PROCESS_FAILED,          /* A credential_process could not be run, or ended with an error. */

  /* The way to the peer. */
  TINYAWS_RESOLVE_FAILED,       /* The host name has no address, or no name server answered. */
  TINYAWS_CONNECT_FAILED,       /* No address of the host accepted a connection. */
  TINYAWS_TLS_FAILED,           /* The TLS handshake or a TLS record failed. */
  TINYAWS_CERTIFICATE_REJECTED, /* The peer's certificate is not one to trust for this host now. */
  TINYAWS_CONNECTION_LOST,      /* The peer closed or reset the connection before or while it answered. */
  TINYAWS_CONNECT_TIMED_OUT,    /* No connection within tinyaws_timeouts.connect_ms. */
  TINYAWS_TLS_TIMED_OUT,        /* No TLS session within tls_ms. */
  TINYAWS_FIRST_BYTE_TIMED_OUT, /* No answer within first_byte_ms after the request. */
  TINYAWS_STALLED,              /* Nothing moved in either direction for stall_ms. */
  TINYAWS_ATTEMPT_TIMED_OUT,    /* attempt_ms is over. */
  TINYAWS_DEADLINE_EXCEEDED,    /* total_ms is over. */

  /* An answer that is not HTTP/1.1 as RFC 9112 has it. The connection is closed. */
  TINYAWS_MALFORMED_HEAD,             /* The status line or a header field breaks the grammar. */
  TINYAWS_FORBIDDEN_BYTE,             /* NUL or a bare CR in a header field. */
  TINYAWS_MALFORMED_LENGTH,           /* Content-Length is not one decimal number. */
  TINYAWS_CONFLICTING_LENGTH,         /* Content-Length stands twice, or beside Transfer-Encoding. */
  TINYAWS_UNKNOWN_CODING,             /* A Transfer-Encoding other than "chunked". */
  TINYAWS_MALFORMED_CHUNK,            /* A chunk's size or end breaks the grammar. */
  TINYAWS_TRUNCATED,                  /* The connection ended before the answer did. */
  TINYAWS_HEAD_TOO_LARGE,             /* The answer's head does not fit the connection's buffer. */
  TINYAWS_TRAILERS_TOO_LARGE,         /* More than TINYAWS_MAX_TRAILER_BYTES of trailer fields. */
  TINYAWS_CHUNK_EXTENSIONS_TOO_LARGE, /* More than TINYAWS_MAX_CHUNK_EXTENSION_BYTES of chunk extensions. */
  TINYAWS_TOO_MANY_INTERIMS,          /* More than TINYAWS_MAX_INTERIM_RESPONSES answers with a 1xx status. */
  TINYAWS_UNEXPECTED_UPGRADE,         /* 101 Switching Protocols, which was not asked for. */

  TINYAWS_SERVICE_ERROR /* The service refuses, or can't: see tinyaws_response_error. */
} tinyaws_status;

/* The value's name as the C++ headers and the documentation have it: "kTruncated". Lives for ever. */
tinyaws_str tinyaws_status_name(tinyaws_status status);

/* What happened, for a person, in a few words without a full stop. Lives for ever. */
tinyaws_str tinyaws_status_describe(tinyaws_status status);

/* A status and a number of bytes: moved (TINYAWS_OK), or needed (TINYAWS_BUFFER_TOO_SMALL); else 0. */
typedef struct tinyaws_io_result {
  tinyaws_status status;
  size_t size;
} tinyaws_io_result;

#ifdef __cplusplus
}
#endif

#endif
