// HMAC-SHA-256 (RFC 2104) over the SHA-256 of the crypto port.
#pragma once

#include "tinyaws/bytes.h"
#include "tinyaws/sha256.h"

namespace tinyaws {

/// Writes the digest of a hash, and stops it.
Status sha256_end(Sha256State& state, unsigned char (&digest)[kSha256Bytes]);

/// Makes the key `prefix` + `bytes` ready in uninitialised storage. `hmac_key_stop` must follow.
Status hmac_key_start(Bytes prefix, Bytes bytes, HmacKey& key);
void hmac_key_stop(HmacKey& key);

/// Replaces a key by the HMAC that it makes of `message`, as a key. After an error it is to be stopped, no more.
Status hmac_key_derive(HmacKey& key, Bytes message);

/// Finishes an HMAC whose message went into `state`, a clone of key.inner, and stops that.
Status hmac_finish(const HmacKey& key, Sha256State& state, unsigned char (&mac)[kSha256Bytes]);

}  // namespace tinyaws
