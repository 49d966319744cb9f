// SHA-256 by mbedtls/sha256.h, which 2.28 and 3.x have. 4.x has PSA only: sha256_psa.cpp.
#include <mbedtls/sha256.h>
#include <mbedtls/version.h>

#include <new>

#include "tinyaws/sha256.h"

namespace tinyaws {
namespace {

#if MBEDTLS_VERSION_MAJOR >= 3
#define TINYAWS_SHA256(function) mbedtls_sha256_##function
#else
#define TINYAWS_SHA256(function) mbedtls_sha256_##function##_ret
#endif

// The library's own SHA-256 can't fail, and nothing is spent on it; a chip's replacement can.
#if defined(MBEDTLS_SHA256_ALT) || defined(MBEDTLS_SHA256_PROCESS_ALT)
struct Context {
  mbedtls_sha256_context sha;
  int error = 0;
  void keep(int result) { error |= result; }
  bool failed() const { return error != 0; }
};
#else
struct Context {
  mbedtls_sha256_context sha;
  void keep(int) {}
  bool failed() const { return false; }
};
#endif

static_assert(sizeof(Context) <= kSha256StateBytes, "raise TINYAWS_SHA256_STATE_BYTES");
static_assert(alignof(Context) <= alignof(Sha256State), "mbedTLS's state needs a stricter alignment");

Context& context(Sha256State& state) {
  return *reinterpret_cast<Context*>(state.storage);
}
const Context& context(const Sha256State& state) {
  return *reinterpret_cast<const Context*>(state.storage);
}

}  // namespace

void sha256_start(Sha256State& state) {
  Context& c = *new (state.storage) Context;
  mbedtls_sha256_init(&c.sha);
  c.keep(TINYAWS_SHA256(starts)(&c.sha, 0));
}

void sha256_update(Sha256State& state, Bytes bytes) {
  Context& c = context(state);
  c.keep(TINYAWS_SHA256(update)(&c.sha, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

Status sha256_finish(Sha256State& state, unsigned char (&digest)[kSha256Bytes]) {
  Context& c = context(state);
  const int result = TINYAWS_SHA256(finish)(&c.sha, digest);
  return result != 0 || c.failed() ? Status::kCryptoFailed : Status::kOk;
}

void sha256_clone(Sha256State& copy, const Sha256State& state) {
  Context& c = *new (copy.storage) Context;
  mbedtls_sha256_init(&c.sha);
  mbedtls_sha256_clone(&c.sha, &context(state).sha);
  c.keep(context(state).failed() ? 1 : 0);
}

void sha256_stop(Sha256State& state) {
  mbedtls_sha256_free(&context(state).sha);
}

}  // namespace tinyaws
