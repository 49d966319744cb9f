// The signer on a board without SHA-256: it says so, and stays usable.
#include "check.h"
#include "tinyaws/sigv4.h"

using namespace tinyaws;

namespace {

constexpr Str kHost = "example.com";
constexpr Credentials kCredentials = {"id", "secret"};
constexpr SigningConfig kConfig = {kCredentials, {"eu-west-1", "s3"}, {}, {1440938160}};

void signing_is_not_supported(void**) {
  Signer signer;
  Signature signature;
  for (int i = 0; i < 2; ++i) {
    assert_status(signer.sign({"GET", kHost, "/", {}, "UNSIGNED-PAYLOAD"}, kConfig, signature), Status::kUnsupported);
  }
}

void presigning_is_not_supported(void**) {
  Signer signer;
  char url[1024];
  for (int i = 0; i < 2; ++i) {
    const IoResult result = signer.presign({"GET", kHost, "/", {}, "UNSIGNED-PAYLOAD"}, kConfig, true, 60, url);
    assert_status(result.status, Status::kUnsupported);
    assert_int_equal(result.size, 0);
  }
}

void hashing_is_not_supported(void**) {
  PayloadHash hash;
  hash.update("abc");
  char hex[64];
  assert_status(hash.finish(hex), Status::kUnsupported);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(signing_is_not_supported),
      cmocka_unit_test(presigning_is_not_supported),
      cmocka_unit_test(hashing_is_not_supported),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
