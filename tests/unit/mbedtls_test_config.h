// Before the configuration for devices: what the tests of the port need of mbedTLS besides, for the server at the
// other end and its certificates. Nothing of it changes how a client works or what it allocates, but for the larger
// records that a server's certificates go out in.
#define MBEDTLS_SSL_SRV_C
#define MBEDTLS_SSL_TICKET_C
#define MBEDTLS_SSL_CACHE_C
#define MBEDTLS_SSL_OUT_CONTENT_LEN 4096
#define MBEDTLS_CTR_DRBG_C
#define MBEDTLS_ENTROPY_C
#define MBEDTLS_GENPRIME
#define MBEDTLS_PEM_WRITE_C
#define MBEDTLS_PK_WRITE_C
#define MBEDTLS_SHA1_C  // the key's identifier in a certificate
#define MBEDTLS_X509_CREATE_C
#define MBEDTLS_X509_CRT_WRITE_C
