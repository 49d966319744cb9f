/* AWS Signature Version 4 in C, in headers and in presigned URLs, for programs that send requests themselves. The
 * same as sigv4.h. */
#ifndef TINYAWS_C_SIGV4_H
#define TINYAWS_C_SIGV4_H

#include "tinyaws/c_credentials.h"
#include "tinyaws/c_http.h"
#include "tinyaws/c_status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The region and service of the credential scope: "eu-west-1", "dynamodb". The service is the signing name, which is
 * not always the first label of the host. */
typedef struct tinyaws_scope {
  tinyaws_str region;
  tinyaws_str service;
} tinyaws_scope;

/* How a service reads a request before it verifies the signature. */
typedef struct tinyaws_signing_policy {
  bool normalize_path; /* Take out "//", "/./" and "/../" of the canonical path. */
  bool double_encode;  /* Percent-encode the wire form of the path once more. */
  bool content_sha256; /* Send and sign `x-amz-content-sha256`. */
  bool sign_token;     /* false: the session token is sent but not signed (AWS IoT Core: MQTT over WebSocket). */
} tinyaws_signing_policy;

/* What the service of this signing name expects. */
tinyaws_signing_policy tinyaws_signing_policy_for_service(tinyaws_str service);

/* The parts of a request that a signature covers, in wire form. */
typedef struct tinyaws_signing_input {
  tinyaws_str method;
  tinyaws_str host;   /* The value of the Host header, with the port unless it is the scheme's own. */
  tinyaws_str target; /* Path and query, "/a%20b?x=1"; an empty path is "/". */

  /* All are signed but those that a proxy may change (connection, expect, user-agent, transfer-encoding ...). "Host"
   * is passed over, for it stands above. */
  const tinyaws_header* headers;
  size_t header_count;

  tinyaws_str payload_hash; /* 64 hex digits of a tinyaws_payload_hash, "UNSIGNED-PAYLOAD" ... */
} tinyaws_signing_input;

/* Hashes a payload, in as many pieces as it comes in. */
TINYAWS_OBJECT(tinyaws_payload_hash, TINYAWS_PAYLOAD_HASH_BYTES);
void tinyaws_payload_hash_init(tinyaws_payload_hash* self);
void tinyaws_payload_hash_update(tinyaws_payload_hash* self, const char* bytes, size_t size);

/* Writes 64 lower-case hex digits, without a NUL. Then only `restart` and `destroy` may follow. Errors:
 * TINYAWS_CRYPTO_FAILED, TINYAWS_UNSUPPORTED (no SHA-256). */
tinyaws_status tinyaws_payload_hash_finish(tinyaws_payload_hash* self, char hex[64]);

/* Forgets what was hashed. */
void tinyaws_payload_hash_restart(tinyaws_payload_hash* self);

/* Wipes the hash. */
void tinyaws_payload_hash_destroy(tinyaws_payload_hash* self);

/* What signing adds to a request that is signed in its headers. No NUL at their ends. */
typedef struct tinyaws_signature {
  char amz_date[16]; /* "20150830T123600Z", the value of X-Amz-Date. */
  char hex[64];      /* The signature. */
} tinyaws_signature;

/* Signs. Keeps the derived signing key, so that a further signature of the same day, region, service and secret costs
 * no key derivation. Use from one thread at a time. */
TINYAWS_OBJECT(tinyaws_signer, TINYAWS_SIGNER_BYTES);
void tinyaws_signer_init(tinyaws_signer* self);

/* Signs `input` as of `unix_time`. The request must then be sent with these headers and no second of their name:
 *   X-Amz-Date            signature->amz_date
 *   X-Amz-Security-Token  credentials->session_token, when there is one
 *   X-Amz-Content-Sha256  input->payload_hash, when policy->content_sha256
 *   Authorization         what `tinyaws_write_authorization` writes
 * Errors: TINYAWS_INVALID_ARGUMENT (CR, LF or NUL anywhere; an empty method, host, region, service, key id, secret or
 * payload hash; a header name that is no token; one of the four names above among the headers; a time outside the
 * years 1970..9999), TINYAWS_TOO_MANY_HEADERS, TINYAWS_CRYPTO_FAILED, TINYAWS_UNSUPPORTED. The signer remains usable.
 */
tinyaws_status tinyaws_signer_sign(tinyaws_signer* self, const tinyaws_signing_input* input,
                                   const tinyaws_credentials* credentials, const tinyaws_scope* scope,
                                   const tinyaws_signing_policy* policy, int64_t unix_time,
                                   tinyaws_signature* signature);

/* Writes the presigned URL of a request: its scheme, host, target, the X-Amz- parameters and the signature. Whoever
 * uses the URL must send `input`'s headers with it. `expires` in 1..604800 seconds, which the URL says unless the
 * credentials end sooner. Services of the S3 family presign with the payload hash "UNSIGNED-PAYLOAD", others take the
 * hash of the body. TINYAWS_OK with the URL's length, or TINYAWS_BUFFER_TOO_SMALL with the length needed. Other
 * errors: as for `tinyaws_signer_sign`; also TINYAWS_INVALID_ARGUMENT for an X-Amz- parameter of presigning that the
 * target already has; TINYAWS_CREDENTIALS_EXPIRED. */
tinyaws_io_result tinyaws_signer_presign(tinyaws_signer* self, const tinyaws_signing_input* input, bool tls,
                                         const tinyaws_credentials* credentials, const tinyaws_scope* scope,
                                         const tinyaws_signing_policy* policy, int64_t unix_time, uint32_t expires,
                                         char* url, size_t size);

/* Wipes the cached key; the signer remains usable. */
void tinyaws_signer_forget(tinyaws_signer* self);

/* Wipes the cached key. */
void tinyaws_signer_destroy(tinyaws_signer* self);

/* Writes the value of the Authorization header for a signature that `tinyaws_signer_sign` made of the same arguments:
 * about 130 bytes, the key id, the scope and the names of the signed headers. TINYAWS_OK with its length, or
 * TINYAWS_BUFFER_TOO_SMALL with the length needed. */
tinyaws_io_result tinyaws_write_authorization(const tinyaws_signing_input* input,
                                              const tinyaws_credentials* credentials, const tinyaws_scope* scope,
                                              const tinyaws_signing_policy* policy,
                                              const tinyaws_signature* signature, char* out, size_t size);

#ifdef __cplusplus
}
#endif

#endif
