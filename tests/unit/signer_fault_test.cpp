// The signer on a SHA-256 that fails at the k-th digest, for every k. The hash here is a toy; what counts is which
// states are alive, how many digests are taken, and what becomes of an error.
#include <cstring>
#include <set>

#include "check.h"
#include "tinyaws/sigv4.h"

namespace {

struct Toy {
  uint64_t hash;
};

std::set<const void*> alive;
int digests = 0;
int failing_digest = 0;  // 0: none

Toy& toy(tinyaws::Sha256State& state) {
  assert_int_equal(alive.count(&state), 1);
  return *reinterpret_cast<Toy*>(state.storage);
}

}  // namespace

namespace tinyaws {

void sha256_start(Sha256State& state) {
  assert_true(alive.insert(&state).second);
  toy(state).hash = 14695981039346656037u;
}

void sha256_update(Sha256State& state, Bytes bytes) {
  for (char c : bytes) toy(state).hash = (toy(state).hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
}

Status sha256_finish(Sha256State& state, unsigned char (&digest)[kSha256Bytes]) {
  for (unsigned char& byte : digest) byte = static_cast<unsigned char>((toy(state).hash *= 1099511628211u) >> 56);
  return ++digests == failing_digest ? Status::kCryptoFailed : Status::kOk;
}

void sha256_clone(Sha256State& copy, const Sha256State& state) {
  assert_true(alive.insert(&copy).second);
  toy(copy) = toy(const_cast<Sha256State&>(state));
}

void sha256_stop(Sha256State& state) {
  assert_int_equal(alive.erase(&state), 1);
  memset(&state, 0, sizeof state);
}

}  // namespace tinyaws

using namespace tinyaws;

namespace {

constexpr UnixTime kTime = {1440938160};
constexpr Scope kScope = {"eu-west-1", "dynamodb"};
constexpr SigningInput kInput = {"GET", "example.com", "/", {}, "UNSIGNED-PAYLOAD"};

const std::string kLongSecret(100, 's');
const std::string kEndlessSecret(2 * kSigningKeyCacheBytes, 's');

Status sign(Signer& signer, const std::string& secret, Signature& signature, int failing = 0) {
  digests = 0;
  failing_digest = failing;
  const Status status = signer.sign(kInput, {{"id", secret, {}}, kScope, {}, kTime}, signature);
  failing_digest = 0;
  return status;
}

std::string signature_by(Signer& signer, const std::string& secret) {
  Signature signature;
  assert_status(sign(signer, secret, signature), Status::kOk);
  return std::string(signature.text());
}

int digests_of(Signer& signer, const std::string& secret) {
  signature_by(signer, secret);
  return digests;
}

constexpr int kDigestsOfASignature = 3;  // canonical request; inner and outer of the HMAC
constexpr int kDigestsOfAKey = 8;        // four HMACs

void a_cached_key_costs_no_derivation(void**) {
  Signer signer;
  assert_int_equal(digests_of(signer, "secret"), kDigestsOfAKey + kDigestsOfASignature);
  assert_int_equal(digests_of(signer, "secret"), kDigestsOfASignature);
  assert_int_equal(digests_of(signer, kLongSecret), 1 + kDigestsOfAKey + kDigestsOfASignature);
  assert_int_equal(digests_of(signer, kLongSecret), kDigestsOfASignature);
  signer.forget();
  assert_int_equal(digests_of(signer, kLongSecret), 1 + kDigestsOfAKey + kDigestsOfASignature);
}

void a_secret_beyond_the_cache_is_derived_every_time(void**) {
  Signer signer;
  for (int i = 0; i < 3; ++i) {
    assert_int_equal(digests_of(signer, kEndlessSecret), 1 + kDigestsOfAKey + kDigestsOfASignature);
  }
}

void every_failing_digest_is_told_and_leaves_the_signer_usable(void**) {
  for (const std::string& secret : {std::string("secret"), kLongSecret, kEndlessSecret}) {
    Signer good;
    const int count = digests_of(good, secret);
    const std::string expected = signature_by(good, secret);
    for (int k = 1; k <= count; ++k) {
      Signer signer;
      Signature signature;
      assert_status(sign(signer, secret, signature, k), Status::kCryptoFailed);
      assert_text(signature_by(signer, secret), expected);
      assert_text(signature_by(signer, secret), expected);
    }
  }
  assert_true(alive.empty());
}

void failing_with_a_cached_key(void**) {
  Signer signer;
  const std::string expected = signature_by(signer, "secret");
  for (int k = 1; k <= kDigestsOfASignature; ++k) {
    Signature signature;
    assert_status(sign(signer, "secret", signature, k), Status::kCryptoFailed);
    assert_text(signature_by(signer, "secret"), expected);
  }
  // The old key must not serve for the new secret whose derivation failed.
  Signer other;
  const std::string expected_of_other = signature_by(other, "other");
  for (int k = 1; k <= kDigestsOfAKey; ++k) {
    signature_by(signer, "secret");
    Signature signature;
    assert_status(sign(signer, "other", signature, k), Status::kCryptoFailed);
    assert_text(signature_by(signer, "other"), expected_of_other);
  }
}

void failing_while_presigning(void**) {
  Signer signer;
  char url[1024];
  for (int k = 1; k <= kDigestsOfAKey + kDigestsOfASignature; ++k) {
    signer.forget();
    digests = 0;
    failing_digest = k;
    const IoResult result = signer.presign(kInput, {{"id", "secret", {}}, kScope, {}, kTime}, true, 60, url);
    failing_digest = 0;
    assert_status(result.status, Status::kCryptoFailed);
    assert_int_equal(result.size, 0);
  }
}

void every_state_is_stopped_once(void**) {
  {
    PayloadHash unfinished, finished;
    unfinished.update("abc");
    char hex[64];
    assert_status(finished.finish(hex), Status::kOk);
    Signer signer;
    signature_by(signer, "secret");
    signer.forget();
    signature_by(signer, "secret");
    signature_by(signer, "other");
    assert_int_equal(alive.size(), 4);  // two payloads, the inner and outer pad of one key
  }
  assert_true(alive.empty());
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_cached_key_costs_no_derivation),
      cmocka_unit_test(a_secret_beyond_the_cache_is_derived_every_time),
      cmocka_unit_test(every_failing_digest_is_told_and_leaves_the_signer_usable),
      cmocka_unit_test(failing_with_a_cached_key),
      cmocka_unit_test(failing_while_presigning),
      cmocka_unit_test(every_state_is_stopped_once),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
