#include "crypto/hmac.h"

#include <cstring>

#include "base/wipe.h"

namespace tinyaws {
namespace {

Bytes as_bytes(const unsigned char* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

void start_with_pad(Sha256State& state, const unsigned char (&block)[kSha256BlockBytes], unsigned char pad) {
  unsigned char padded[kSha256BlockBytes];
  for (size_t i = 0; i < sizeof padded; ++i) padded[i] = block[i] ^ pad;
  sha256_start(state);
  sha256_update(state, as_bytes(padded, sizeof padded));
  wipe(padded, sizeof padded);
}

Status hash_key(Bytes prefix, Bytes bytes, unsigned char (&block)[kSha256BlockBytes]) {
  unsigned char hash[kSha256Bytes] = {};
  Sha256State state;
  sha256_start(state);
  sha256_update(state, prefix);
  sha256_update(state, bytes);
  const Status status = sha256_finish(state, hash);
  sha256_stop(state);
  std::memcpy(block, hash, sizeof hash);
  wipe(hash, sizeof hash);
  return status;
}

// RFC 2104 section 2: a key longer than a block is replaced by its hash.
Status key_block(Bytes prefix, Bytes bytes, unsigned char (&block)[kSha256BlockBytes]) {
  std::memset(block, 0, sizeof block);
  if (prefix.size() + bytes.size() > sizeof block) return hash_key(prefix, bytes, block);
  if (!prefix.empty()) std::memcpy(block, prefix.data(), prefix.size());
  if (!bytes.empty()) std::memcpy(block + prefix.size(), bytes.data(), bytes.size());
  return Status::kOk;
}

}  // namespace

Status hmac_key_start(HmacKey& key, Bytes prefix, Bytes bytes) {
  unsigned char block[kSha256BlockBytes];
  const Status status = key_block(prefix, bytes, block);
  start_with_pad(key.inner, block, 0x36);
  start_with_pad(key.outer, block, 0x5c);
  wipe(block, sizeof block);
  return status;
}

void hmac_key_stop(HmacKey& key) {
  sha256_stop(key.inner);
  sha256_stop(key.outer);
}

Status hmac_finish(const HmacKey& key, Sha256State& state, unsigned char (&mac)[kSha256Bytes]) {
  const Status inner_status = sha256_finish(state, mac);
  sha256_stop(state);
  sha256_clone(state, key.outer);
  sha256_update(state, as_bytes(mac, sizeof mac));
  const Status status = sha256_finish(state, mac);
  sha256_stop(state);
  return inner_status == Status::kOk ? status : inner_status;
}

Status hmac(const HmacKey& key, Bytes message, unsigned char (&mac)[kSha256Bytes]) {
  std::memset(mac, 0, sizeof mac);
  Sha256State state;
  sha256_clone(state, key.inner);
  sha256_update(state, message);
  return hmac_finish(key, state, mac);
}

}  // namespace tinyaws
