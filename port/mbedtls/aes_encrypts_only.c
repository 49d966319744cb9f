// Compiled into mbedTLS by build_mbedtls.sh. GCM only ever encrypts blocks, to read as well as to write; 2.28 has all
// that decrypts them linked in with it, for cipher modes that the configuration for devices does not have.
#include <mbedtls/aes.h>
#include <mbedtls/platform.h>

#if defined(MBEDTLS_AES_DECRYPT_ALT)

int mbedtls_aes_setkey_dec(mbedtls_aes_context* ctx, const unsigned char* key, unsigned int keybits) {
  (void)ctx;
  (void)key;
  (void)keybits;
  return MBEDTLS_ERR_PLATFORM_FEATURE_UNSUPPORTED;
}

int mbedtls_internal_aes_decrypt(mbedtls_aes_context* ctx, const unsigned char input[16], unsigned char output[16]) {
  (void)ctx;
  (void)input;
  (void)output;
  return MBEDTLS_ERR_PLATFORM_FEATURE_UNSUPPORTED;
}

#endif
