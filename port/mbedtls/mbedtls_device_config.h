// The configuration of mbedTLS 2.28 and 3.6 for devices: a TLS client that serves AWS, and nothing else. Installed as
// mbedtls/config.h (2.28) or mbedtls/mbedtls_config.h (3.6) by build_mbedtls.sh. README.md has what each choice
// costs.
//
// To be defined before, where the default does not suit:
//   TINYAWS_MBEDTLS_NO_TLS13        3.6 without TLS 1.3 and PSA: less flash, and half of the RAM beside the buffers
//   MBEDTLS_SSL_OUT_CONTENT_LEN     bytes of a record that is sent
#ifndef MBEDTLS_CONFIG_H
#define MBEDTLS_CONFIG_H

#if defined(__has_include)
#if __has_include("mbedtls/build_info.h")
#define TINYAWS_MBEDTLS_3
#endif
#endif

// System. Dates are judged by the port, by the platform's clock: no MBEDTLS_HAVE_TIME_DATE. One thread: no
// MBEDTLS_THREADING_C. The port reads files by itself: no MBEDTLS_FS_IO. Memory by the hook that TlsArena uses.
#define MBEDTLS_HAVE_ASM
#define MBEDTLS_PLATFORM_C
#define MBEDTLS_PLATFORM_MEMORY

// Records. Services send whole ones of 16 KB, whatever is asked of them: no MBEDTLS_SSL_MAX_FRAGMENT_LENGTH. What is
// sent goes out in pieces of any size; a client certificate with its chain must fit into one (RSA 2048 with an
// intermediate: 1.9 KB). No MBEDTLS_SSL_VARIABLE_BUFFER_LENGTH: it shrinks the input buffer to the output's size.
#define MBEDTLS_SSL_IN_CONTENT_LEN 16384
#if !defined(MBEDTLS_SSL_OUT_CONTENT_LEN)
#define MBEDTLS_SSL_OUT_CONTENT_LEN 2048
#endif

// TLS.
#define MBEDTLS_SSL_TLS_C
#define MBEDTLS_SSL_CLI_C
#define MBEDTLS_SSL_PROTO_TLS1_2
#define MBEDTLS_SSL_SERVER_NAME_INDICATION
#define MBEDTLS_SSL_ALPN
#define MBEDTLS_SSL_SESSION_TICKETS
#define MBEDTLS_SSL_EXTENDED_MASTER_SECRET
#define MBEDTLS_KEY_EXCHANGE_ECDHE_RSA_ENABLED
#define MBEDTLS_KEY_EXCHANGE_ECDHE_ECDSA_ENABLED
#if defined(TINYAWS_MBEDTLS_3) && !defined(TINYAWS_MBEDTLS_NO_TLS13)
#define MBEDTLS_SSL_PROTO_TLS1_3
#define MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL_ENABLED
#define MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_PSK_EPHEMERAL_ENABLED
#define MBEDTLS_SSL_TLS1_3_COMPATIBILITY_MODE
#define MBEDTLS_SSL_KEEP_PEER_CERTIFICATE  // else TLS 1.3 does not compile; costs the heap of the server's chain
#define MBEDTLS_HAVE_TIME                  // the age of a ticket; else the C library's clock is not asked
#define MBEDTLS_PSA_CRYPTO_C
#define MBEDTLS_ENTROPY_C  // PSA's own randomness, from getrandom(2)
#define MBEDTLS_CTR_DRBG_C
#define MBEDTLS_HKDF_C
#define MBEDTLS_PKCS1_V21  // RSA-PSS: the only RSA signatures of TLS 1.3
#define MBEDTLS_X509_RSASSA_PSS_SUPPORT
#define TINYAWS_MBEDTLS_TLS13_SUITES \
  MBEDTLS_TLS1_3_AES_128_GCM_SHA256, MBEDTLS_TLS1_3_CHACHA20_POLY1305_SHA256, MBEDTLS_TLS1_3_AES_256_GCM_SHA384,
#else
#define TINYAWS_MBEDTLS_TLS13_SUITES
#endif
#define MBEDTLS_SSL_CIPHERSUITES                                                                            \
  TINYAWS_MBEDTLS_TLS13_SUITES MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,                             \
      MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, MBEDTLS_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, \
      MBEDTLS_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, \
      MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384

// Ciphers and hashes. Tables in flash, and a quarter of them.
#define MBEDTLS_CIPHER_C
#define MBEDTLS_AES_C
#define MBEDTLS_AES_ROM_TABLES
#define MBEDTLS_AES_FEWER_TABLES
#if defined(TINYAWS_MBEDTLS_3)
#define MBEDTLS_BLOCK_CIPHER_NO_DECRYPT  // GCM encrypts blocks only, to read as well as to write
#else
#define MBEDTLS_AES_SETKEY_DEC_ALT  // the same, see aes_encrypts_only.c
#define MBEDTLS_AES_DECRYPT_ALT
#endif
#define MBEDTLS_GCM_C
#define MBEDTLS_CHACHA20_C
#define MBEDTLS_POLY1305_C
#define MBEDTLS_CHACHAPOLY_C
#define MBEDTLS_MD_C
#define MBEDTLS_SHA256_C
#define MBEDTLS_SHA224_C  // 2.28 has no SHA-256 without it
#define MBEDTLS_SHA512_C  // SHA-384: AES-256-GCM's suites, certificates on P-384
#define MBEDTLS_SHA384_C
#define MBEDTLS_SHA256_SMALLER
#define MBEDTLS_SHA512_SMALLER

// Keys. RSA up to 4096 bits. Small windows: a point's multiples are computed anew rather than kept.
#define MBEDTLS_BIGNUM_C
#define MBEDTLS_MPI_MAX_SIZE 512
#define MBEDTLS_MPI_WINDOW_SIZE 1
#define MBEDTLS_ECP_C
#define MBEDTLS_ECP_WINDOW_SIZE 2
#define MBEDTLS_ECP_FIXED_POINT_OPTIM 0
#define MBEDTLS_ECP_NIST_OPTIM
#define MBEDTLS_ECP_NO_INTERNAL_RNG  // 2.28: all that is secret is computed with the port's randomness anyway
#define MBEDTLS_ECP_DP_SECP256R1_ENABLED
#define MBEDTLS_ECP_DP_SECP384R1_ENABLED
#define MBEDTLS_ECP_DP_CURVE25519_ENABLED
#define MBEDTLS_ECDH_C
#define MBEDTLS_ECDSA_C
#define MBEDTLS_RSA_C
#define MBEDTLS_PKCS1_V15
#define MBEDTLS_PK_C
#define MBEDTLS_PK_PARSE_C

// Certificates: DER and PEM.
#define MBEDTLS_X509_USE_C
#define MBEDTLS_X509_CRT_PARSE_C
#define MBEDTLS_OID_C
#define MBEDTLS_ASN1_PARSE_C
#define MBEDTLS_ASN1_WRITE_C  // the client's ECDSA signatures
#define MBEDTLS_BASE64_C
#define MBEDTLS_PEM_PARSE_C
// 2.28 looks at the purpose of a certificate only where it is asked to; 3.6 always does.
#define MBEDTLS_X509_CHECK_KEY_USAGE
#define MBEDTLS_X509_CHECK_EXTENDED_KEY_USAGE

#if !defined(TINYAWS_MBEDTLS_3)
#include <mbedtls/check_config.h>
#endif

#endif
