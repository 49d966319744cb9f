/* Who signs, in C: the same as credentials.h, providers.h, cached_credentials.h and default_credentials.h.
 *
 * A provider is a pointer that is handed to clients; it comes from the `..._init` of one of the objects below, which
 * must outlive the clients that use it. Those without a `..._destroy` need none. */
#ifndef TINYAWS_C_CREDENTIALS_H
#define TINYAWS_C_CREDENTIALS_H

#include "tinyaws/c_port.h"
#include "tinyaws/c_status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What AWS calls security credentials. Views: the memory belongs to whoever provides them. No length limit follows
 * from signing; a session token of 4,096 bytes is ordinary. */
typedef struct tinyaws_credentials {
  tinyaws_str access_key_id;
  tinyaws_str secret_access_key;
  tinyaws_str session_token; /* Empty for long-term keys. */
  tinyaws_str account_id;    /* Empty where the source does not say. */
  int64_t expiration;        /* Unix time; 0 or TINYAWS_NO_EXPIRATION: they do not expire. */
  int64_t issued;            /* The source's time of day when it gave them, Unix time; 0 where it does not say. */
  bool outlives_expiration;  /* To be used beyond their expiration as long as there are no newer ones. */
  uint32_t version;          /* Which set of a provider's this is; 0 from a provider that keeps none. */
} tinyaws_credentials;

typedef struct tinyaws_credentials_provider tinyaws_credentials_provider;

/* Which place this is, or gave the last credentials, in a few words: "environment", "instance metadata". Lives as
 * long as the provider. */
tinyaws_str tinyaws_credentials_describe(const tinyaws_credentials_provider* self);

/* Writes what was looked at by the last search and what was found there, for a person: one line for each place,
 * without a secret, lines separated by LF. TINYAWS_OK with the length, or TINYAWS_BUFFER_TOO_SMALL with the length
 * needed. */
tinyaws_io_result tinyaws_credentials_explain(const tinyaws_credentials_provider* self, char* text, size_t size);

/* Credentials that the caller has. The struct is copied; what its views view must outlive the provider. Ends calls
 * with TINYAWS_NO_CREDENTIALS when key id and secret are both blank, TINYAWS_CREDENTIALS_INCOMPLETE when one of them
 * is. */
TINYAWS_OBJECT(tinyaws_static_credentials, TINYAWS_STATIC_CREDENTIALS_BYTES);
tinyaws_credentials_provider* tinyaws_static_credentials_init(tinyaws_static_credentials* self,
                                                              const tinyaws_credentials* credentials);

/* No credentials, on purpose: requests go unsigned, as public objects in S3 allow. */
TINYAWS_OBJECT(tinyaws_anonymous_credentials, TINYAWS_ANONYMOUS_CREDENTIALS_BYTES);
tinyaws_credentials_provider* tinyaws_anonymous_credentials_init(tinyaws_anonymous_credentials* self);

/* Environment variables, read anew at every call: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN,
 * AWS_CREDENTIAL_EXPIRATION, AWS_ACCOUNT_ID. `environment` must outlive the provider. Ends calls with
 * TINYAWS_NO_CREDENTIALS when key id or secret is not set, TINYAWS_MALFORMED_CREDENTIALS for an expiration that is no
 * date. */
TINYAWS_OBJECT(tinyaws_environment_credentials, TINYAWS_ENVIRONMENT_CREDENTIALS_BYTES);
tinyaws_credentials_provider* tinyaws_environment_credentials_init(tinyaws_environment_credentials* self,
                                                                   tinyaws_environment* environment);

/* The default chain: environment; profile (keys, role, web identity, process); web identity of the environment;
 * container; instance metadata. Cached and refreshed. Region and endpoint of the profile, and the instance's region,
 * count for the client as well. What a build leaves out is not asked, and costs nothing. */
TINYAWS_OBJECT(tinyaws_default_credentials, TINYAWS_DEFAULT_CREDENTIALS_BYTES);

/* All zero: nothing special. */
typedef struct tinyaws_default_credentials_options {
  /* A profile that the caller names: then the environment's keys are not asked, and it must be there. Empty:
   * AWS_PROFILE, AWS_DEFAULT_PROFILE, "default". Must outlive the credentials. */
  tinyaws_str profile;
  bool allow_imds_v1; /* Go on without a session token where the instance metadata service gives none. */

  /* For STS: the region, empty to be found as for any other service; which endpoint. */
  tinyaws_str sts_region;
  bool sts_use_fips_endpoint;
  bool sts_use_dualstack_endpoint;
} tinyaws_default_credentials_options;

/* What `board` refers to must outlive the credentials. `options` may be NULL. */
tinyaws_credentials_provider* tinyaws_default_credentials_init(tinyaws_default_credentials* self,
                                                               const tinyaws_board* board,
                                                               const tinyaws_default_credentials_options* options);

/* Drops what is cached. */
void tinyaws_default_credentials_invalidate(tinyaws_default_credentials* self);

/* Wipes what is cached. Not while a client uses it. */
void tinyaws_default_credentials_destroy(tinyaws_default_credentials* self);

/* Credentials from wherever the program has them. */
typedef struct tinyaws_credentials_functions {
  /* Answers TINYAWS_OK with `credentials` filled in (all zero before), whose views must be valid until the next call;
   * TINYAWS_NOT_FOUND: nothing is configured here; TINYAWS_PENDING: not yet, ask again within 20 ms or so; or an
   * error. `now_ms` is the time on the platform's clock, `unix_time` the time of day. Must not wait. */
  tinyaws_status (*get)(void* context, int64_t now_ms, int64_t unix_time, tinyaws_credentials* credentials);

  /* A service has refused what `get` gave as this version. True: it is no longer given, and another may be had from
   * `get`. May be NULL: there is no other. */
  bool (*renew)(void* context, uint32_t version, int64_t now_ms, int64_t unix_time);

  /* Which place this is, in a few words. */
  tinyaws_str (*describe)(const void* context);
} tinyaws_credentials_functions;

/* `functions` and `context` must outlive the provider. */
TINYAWS_OBJECT(tinyaws_custom_credentials, TINYAWS_CUSTOM_CREDENTIALS_BYTES);
tinyaws_credentials_provider* tinyaws_custom_credentials_init(tinyaws_custom_credentials* self,
                                                              const tinyaws_credentials_functions* functions,
                                                              void* context);

/* Several places, asked in order: one that is not configured passes on to the next; one that is and fails ends the
 * search with its own error. The array and its providers must outlive the chain. */
TINYAWS_OBJECT(tinyaws_credentials_chain, TINYAWS_CREDENTIALS_CHAIN_BYTES);
tinyaws_credentials_provider* tinyaws_credentials_chain_init(tinyaws_credentials_chain* self,
                                                             tinyaws_credentials_provider* const* places,
                                                             size_t count);

/* Keeps what `source` gives, copied, and replaces it before it expires (TINYAWS_MAX_CREDENTIALS_BYTES; longer ones
 * end calls with TINYAWS_VALUE_TOO_LONG). Source and platform must outlive it. */
TINYAWS_OBJECT(tinyaws_cached_credentials, TINYAWS_CACHED_CREDENTIALS_BYTES);
tinyaws_credentials_provider* tinyaws_cached_credentials_init(tinyaws_cached_credentials* self,
                                                              tinyaws_credentials_provider* source,
                                                              tinyaws_platform* platform);

/* Drops what is kept: a service has refused it. */
void tinyaws_cached_credentials_invalidate(tinyaws_cached_credentials* self);

/* Wipes what is kept. Not while a client uses it. */
void tinyaws_cached_credentials_destroy(tinyaws_cached_credentials* self);

#ifdef __cplusplus
}
#endif

#endif
