// The mbedTLS port with each of the cipher suites that it is to have, whatever mbedTLS was built without.
// Covers C33: every suite, both kinds of certificates.
#include <mbedtls/aes.h>
#include <mbedtls/platform.h>

#include "port_mbedtls_fixture.h"

using namespace test;  // NOLINT: a test reads better so

namespace {

void moves_data(Link& link, const char* suite, const int (&only)[2]) {
  mbedtls_ssl_conf_ciphersuites(&link.server.config(), only);
  assert_status(link.connect(), Status::kOk);
  if (words(link.client).find(suite) == std::string::npos) fail_msg("%s: %s", suite, words(link.client).c_str());
  const std::string up = noise(5000);
  const std::string down = noise(50000);
  std::string got;
  assert_status(link.exchange(up, down, got), Status::kOk);
  assert_true(link.server.received == up);
  assert_true(got == down);
}

void has_each_suite_of_tls_12(void**) {
  const struct {
    int ecdsa;
    int rsa;
    const char* name;
  } suites[] = {
      {MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
       "-WITH-AES-128-GCM-SHA256"},
      {MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
       "-WITH-AES-256-GCM-SHA384"},
      {MBEDTLS_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, MBEDTLS_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
       "-WITH-CHACHA20-POLY1305-SHA256"},
  };
  for (const auto& suite : suites) {
    Link with_ecdsa;
    with_ecdsa.server.speak_tls12_at_most();
    moves_data(with_ecdsa, suite.name, {suite.ecdsa, 0});
    Link with_rsa(pki().rsa({}), pki().rsa_key);
    with_rsa.server.speak_tls12_at_most();
    moves_data(with_rsa, suite.name, {suite.rsa, 0});
  }
}

#if defined(MBEDTLS_SSL_PROTO_TLS1_3)
void has_each_suite_of_tls_13(void**) {
  const struct {
    int id;
    const char* name;
  } suites[] = {{MBEDTLS_TLS1_3_AES_128_GCM_SHA256, "AES-128-GCM-SHA256"},
                {MBEDTLS_TLS1_3_AES_256_GCM_SHA384, "AES-256-GCM-SHA384"},
                {MBEDTLS_TLS1_3_CHACHA20_POLY1305_SHA256, "CHACHA20-POLY1305-SHA256"}};
  for (const auto& suite : suites) {
    Link link;
    mbedtls_ssl_conf_min_tls_version(&link.server.config(), MBEDTLS_SSL_VERSION_TLS1_3);
    moves_data(link, suite.name, {suite.id, 0});
  }
}
#endif

#if defined(MBEDTLS_AES_DECRYPT_ALT)
void decryption_of_blocks_is_refused(void**) {
  mbedtls_aes_context aes;
  mbedtls_aes_init(&aes);
  const unsigned char key[16] = {};
  unsigned char block[16] = {};
  assert_int_equal(mbedtls_aes_setkey_dec(&aes, key, 128), MBEDTLS_ERR_PLATFORM_FEATURE_UNSUPPORTED);
  assert_int_equal(mbedtls_aes_setkey_enc(&aes, key, 128), 0);
  assert_int_equal(mbedtls_aes_crypt_ecb(&aes, MBEDTLS_AES_DECRYPT, block, block),
                   MBEDTLS_ERR_PLATFORM_FEATURE_UNSUPPORTED);
  mbedtls_aes_free(&aes);
}
#endif

}  // namespace

int main() {
  const CMUnitTest tests[] = {
    cmocka_unit_test(has_each_suite_of_tls_12),
#if defined(MBEDTLS_SSL_PROTO_TLS1_3)
    cmocka_unit_test(has_each_suite_of_tls_13),
#endif
#if defined(MBEDTLS_AES_DECRYPT_ALT)
    cmocka_unit_test(decryption_of_blocks_is_refused),
#endif
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
