// The one thing that the core asks of a crypto library: SHA-256 (FIPS 180-4). A crypto port defines these five
// functions; they are bound when the program is linked. port/mbedtls has two definitions, port/none refuses.
#pragma once

#include <cstddef>

#include "tinyaws/bytes.h"
#include "tinyaws/config.h"
#include "tinyaws/status.h"

namespace tinyaws {

constexpr size_t kSha256Bytes = 32;
constexpr size_t kSha256BlockBytes = 64;

/// A hash in progress. Plain storage: it lives wherever its owner puts it, is used by one thread at a time,
/// and never allocates. After `sha256_start`, `sha256_stop` must follow before the storage goes away.
struct Sha256State {
  alignas(8) unsigned char storage[kSha256StateBytes];
};

/// An HMAC key made ready: the hash states after its inner and its outer pad (RFC 2104). To compute from them costs
/// two blocks less than to start with the key.
struct HmacKey {
  Sha256State inner;
  Sha256State outer;
};

/// Begins a hash in uninitialised storage.
void sha256_start(Sha256State& state);

/// Takes in bytes; empty input is fine. An error of the library is kept until `sha256_finish`.
void sha256_update(Sha256State& state, Bytes bytes);

/// Writes the digest; afterwards only `sha256_stop` may follow.
/// Errors: kCryptoFailed, kUnsupported (port/none); then `digest` must not be used.
Status sha256_finish(Sha256State& state, unsigned char (&digest)[kSha256Bytes]);

/// Makes uninitialised `copy` a second hash in progress, independent of `state`.
void sha256_clone(Sha256State& copy, const Sha256State& state);

/// Ends a hash, finished or not, and wipes the state.
void sha256_stop(Sha256State& state);

}  // namespace tinyaws
