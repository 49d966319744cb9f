// HMAC-SHA-256 (RFC 2104) over the SHA-256 of the crypto port.
#pragma once

#include "tinyaws/bytes.h"
#include "tinyaws/sha256.h"

namespace tinyaws {

/// Makes the key `prefix` + `bytes` ready in uninitialised storage. `hmac_key_stop` must follow.
Status hmac_key_start(Bytes prefix, Bytes bytes, HmacKey& key);
void hmac_key_stop(HmacKey& key);

/// Finishes an HMAC whose message went into `state`, a clone of key.inner, and stops that.
Status hmac_finish(const HmacKey& key, Sha256State& state, unsigned char (&mac)[kSha256Bytes]);

/// The HMAC of a message in one piece.
Status hmac(const HmacKey& key, Bytes message, unsigned char (&mac)[kSha256Bytes]);

}  // namespace tinyaws
