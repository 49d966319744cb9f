// SHA-256 by PSA Crypto, as mbedTLS 2.28 (with MBEDTLS_PSA_CRYPTO_C), 3.x and 4.x have it.
//
// PSA has one global state. Every hash begins with psa_crypto_init, which does nothing but the first time. In
// 2.28 that first time is not locked: a program with several threads hashes once, or calls psa_crypto_init,
// before it starts the second. 3.6 with MBEDTLS_THREADING_C locks it.
#include <psa/crypto.h>

#include <new>

#include "tinyaws/sha256.h"

namespace tinyaws {
namespace {

static_assert(sizeof(psa_hash_operation_t) <= kSha256StateBytes, "raise TINYAWS_SHA256_STATE_BYTES");
static_assert(alignof(psa_hash_operation_t) <= alignof(Sha256State), "PSA's state needs a stricter alignment");

psa_hash_operation_t& operation(Sha256State& state) {
  return *reinterpret_cast<psa_hash_operation_t*>(state.storage);
}
const psa_hash_operation_t& operation(const Sha256State& state) {
  return *reinterpret_cast<const psa_hash_operation_t*>(state.storage);
}

}  // namespace

// Results are dropped here: PSA makes an operation inactive when anything fails, and an inactive one refuses
// every further call, psa_hash_finish among them.

void sha256_start(Sha256State& state) {
  auto* op = new (state.storage) psa_hash_operation_t(psa_hash_operation_init());
  if (psa_crypto_init() == PSA_SUCCESS) (void)psa_hash_setup(op, PSA_ALG_SHA_256);
}

void sha256_update(Sha256State& state, Bytes bytes) {
  (void)psa_hash_update(&operation(state), reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
}

Status sha256_finish(Sha256State& state, unsigned char (&digest)[kSha256Bytes]) {
  size_t size = 0;
  const psa_status_t result = psa_hash_finish(&operation(state), digest, sizeof digest, &size);
  return result == PSA_SUCCESS && size == sizeof digest ? Status::kOk : Status::kCryptoFailed;
}

void sha256_clone(Sha256State& copy, const Sha256State& state) {
  auto* op = new (copy.storage) psa_hash_operation_t(psa_hash_operation_init());
  (void)psa_hash_clone(&operation(state), op);
}

void sha256_stop(Sha256State& state) {
  (void)psa_hash_abort(&operation(state));
}

}  // namespace tinyaws
