// What differs between mbedTLS 2.28 and 3.x, in one place.
#pragma once

#include <mbedtls/entropy.h>
#include <mbedtls/pk.h>
#include <mbedtls/ssl.h>
#include <mbedtls/version.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

#if defined(MBEDTLS_SSL_PROTO_TLS1_3) || defined(MBEDTLS_USE_PSA_CRYPTO)
#include <psa/crypto.h>
#endif

// After the handshake mbedTLS shrinks the input buffer to what the output's may hold, and the first whole record of a
// service does not fit any more (2.28 and 3.6, TLS 1.2).
#if defined(MBEDTLS_SSL_VARIABLE_BUFFER_LENGTH) && MBEDTLS_SSL_OUT_CONTENT_LEN < MBEDTLS_SSL_IN_CONTENT_LEN
#error \
    "mbedTLS with MBEDTLS_SSL_VARIABLE_BUFFER_LENGTH can't read large records when MBEDTLS_SSL_OUT_CONTENT_LEN is \
less than MBEDTLS_SSL_IN_CONTENT_LEN: build it without MBEDTLS_SSL_VARIABLE_BUFFER_LENGTH"
#endif
#if MBEDTLS_SSL_IN_CONTENT_LEN < 16384
#error "services send TLS records of 16384 bytes: build mbedTLS with MBEDTLS_SSL_IN_CONTENT_LEN 16384"
#endif

#if !defined(MBEDTLS_PRIVATE)
#define MBEDTLS_PRIVATE(member) member
#endif

namespace tinyaws::mbedtls {

using Random = int (*)(void*, unsigned char*, size_t);

/// Must have succeeded before a handshake. 0 or an error of mbedTLS.
inline int start_crypto() {
#if defined(MBEDTLS_SSL_PROTO_TLS1_3) || defined(MBEDTLS_USE_PSA_CRYPTO)
  const psa_status_t status = psa_crypto_init();
  if (status == PSA_ERROR_INSUFFICIENT_MEMORY) return MBEDTLS_ERR_SSL_ALLOC_FAILED;
  if (status != PSA_SUCCESS) return MBEDTLS_ERR_ENTROPY_SOURCE_FAILED;
#endif
  return 0;
}

inline void require_tls12(mbedtls_ssl_config& config) {
#if MBEDTLS_VERSION_NUMBER >= 0x03020000
  mbedtls_ssl_conf_min_tls_version(&config, MBEDTLS_SSL_VERSION_TLS1_2);
#else
  mbedtls_ssl_conf_min_version(&config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
#endif
}

// 3.6.6 and 4.1 offer RSA-PSS before RSA-PKCS1 and then fail with OpenSSL servers that speak TLS 1.2 alone, which
// choose it ("Server used unsupported value in SigAlg extension 0x0806"; mbedTLS issue 10668).
inline void order_signatures([[maybe_unused]] mbedtls_ssl_config& config) {
#if MBEDTLS_VERSION_NUMBER >= 0x03020000
  static const uint16_t kOrder[] = {
      MBEDTLS_TLS1_3_SIG_ECDSA_SECP256R1_SHA256, MBEDTLS_TLS1_3_SIG_ECDSA_SECP384R1_SHA384,
      MBEDTLS_TLS1_3_SIG_ECDSA_SECP521R1_SHA512, MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA256,
      MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA384,       MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA512,
      MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA256,    MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA384,
      MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA512,    MBEDTLS_TLS1_3_SIG_NONE,
  };
  mbedtls_ssl_conf_sig_algs(&config, kOrder);
#endif
}

/// True when all that happened is that the server sent a session ticket: the call has to be made again.
inline bool is_session_ticket([[maybe_unused]] int result) {
#if defined(MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET)
  return result == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET;
#else
  return false;
#endif
}

/// Servers may send session tickets. Without it TLS 1.3 ones are skipped, but for 3.6.0, which reports them always.
inline void accept_session_tickets([[maybe_unused]] mbedtls_ssl_config& config) {
#if defined(MBEDTLS_SSL_SESSION_TICKETS)
  mbedtls_ssl_conf_session_tickets(&config, MBEDTLS_SSL_SESSION_TICKETS_ENABLED);
#if defined(MBEDTLS_SSL_PROTO_TLS1_3) && defined(MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_ENABLED)
  mbedtls_ssl_conf_tls13_enable_signal_new_session_tickets(&config,
                                                           MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_ENABLED);
#endif
#endif
}

/// That of the finished handshake. mbedtls_ssl_get_session would copy it to the heap and parse its certificate.
inline const mbedtls_ssl_session* session_of(const mbedtls_ssl_context& ssl) {
  return ssl.MBEDTLS_PRIVATE(session);
}

inline bool is_tls13([[maybe_unused]] const mbedtls_ssl_context& ssl) {
#if defined(MBEDTLS_SSL_PROTO_TLS1_3) && MBEDTLS_VERSION_NUMBER >= 0x03020000
  return mbedtls_ssl_get_version_number(&ssl) == MBEDTLS_SSL_VERSION_TLS1_3;
#else
  return false;
#endif
}

inline std::string_view ticket_of([[maybe_unused]] const mbedtls_ssl_session& session) {
#if defined(MBEDTLS_SSL_SESSION_TICKETS)
  return {reinterpret_cast<const char*>(session.MBEDTLS_PRIVATE(ticket)), session.MBEDTLS_PRIVATE(ticket_len)};
#else
  return {};
#endif
}

/// In seconds.
inline uint32_t ticket_lifetime_of([[maybe_unused]] const mbedtls_ssl_session& session) {
#if defined(MBEDTLS_SSL_SESSION_TICKETS)
  return session.MBEDTLS_PRIVATE(ticket_lifetime);
#else
  return 0;
#endif
}

inline size_t session_id_size(const mbedtls_ssl_session& session) {
  return session.MBEDTLS_PRIVATE(id_len);
}

/// For a copy that owns nothing.
inline void drop_certificate([[maybe_unused]] mbedtls_ssl_session& session) {
#if defined(MBEDTLS_SSL_KEEP_PEER_CERTIFICATE)
  session.MBEDTLS_PRIVATE(peer_cert) = nullptr;
#endif
}

/// REQUIRES: mbedtls_ssl_* has just answered MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE. There is no function for it.
inline unsigned char alert_of(const mbedtls_ssl_context& ssl) {
  return ssl.MBEDTLS_PRIVATE(in_msg)[1];
}

inline int parse_key(mbedtls_pk_context& key, const unsigned char* bytes, size_t size, [[maybe_unused]] Random random,
                     [[maybe_unused]] void* source) {
#if MBEDTLS_VERSION_MAJOR >= 3
  return mbedtls_pk_parse_key(&key, bytes, size, nullptr, 0, random, source);
#else
  return mbedtls_pk_parse_key(&key, bytes, size, nullptr, 0);
#endif
}

/// An RSA key keeps two numbers against attacks by timing, and replaces both with each signature. An allocation that
/// fails between the two leaves numbers that don't belong together, and all signatures wrong that follow (seen in
/// 2.28.3). Without them the next signature draws new ones.
inline void forget_blinding([[maybe_unused]] mbedtls_pk_context& key) {
#if defined(MBEDTLS_RSA_C)
  if (mbedtls_pk_get_type(&key) != MBEDTLS_PK_RSA) return;
  mbedtls_rsa_context& rsa = *mbedtls_pk_rsa(key);
  mbedtls_mpi_free(&rsa.MBEDTLS_PRIVATE(Vi));
  mbedtls_mpi_free(&rsa.MBEDTLS_PRIVATE(Vf));
#endif
}

inline int check_pair(const mbedtls_pk_context& public_key, const mbedtls_pk_context& private_key,
                      [[maybe_unused]] Random random, [[maybe_unused]] void* source) {
#if MBEDTLS_VERSION_MAJOR >= 3
  return mbedtls_pk_check_pair(&public_key, &private_key, random, source);
#else
  return mbedtls_pk_check_pair(&public_key, &private_key);
#endif
}

}  // namespace tinyaws::mbedtls
