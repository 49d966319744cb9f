#include "crypto/hmac.h"

#include "base/wipe.h"

namespace tinyaws {
namespace {

Bytes as_bytes(const unsigned char* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace

Status sha256_end(Sha256State& state, unsigned char (&digest)[kSha256Bytes]) {
  const Status status = sha256_finish(state, digest);
  sha256_stop(state);
  return status;
}

// RFC 2104 section 2: a key longer than a block is replaced by its hash.
Status hmac_key_start(Bytes prefix, Bytes bytes, HmacKey& key) {
  constexpr unsigned char kInner = 0x36;
  constexpr unsigned char kOuter = 0x5c;
  unsigned char block[kSha256BlockBytes];
  wipe(block, sizeof block);
  Status status = Status::kOk;
  if (prefix.size() + bytes.size() > sizeof block) {
    sha256_start(key.inner);
    sha256_update(key.inner, prefix);
    sha256_update(key.inner, bytes);
    status = sha256_end(key.inner, reinterpret_cast<unsigned char(&)[kSha256Bytes]>(block));
  } else {
    unsigned char* out = block;
    for (char c : prefix) *out++ = static_cast<unsigned char>(c);
    for (char c : bytes) *out++ = static_cast<unsigned char>(c);
  }
  unsigned char pad = kInner;
  for (Sha256State* state : {&key.inner, &key.outer}) {
    for (unsigned char& byte : block) byte ^= pad;
    sha256_start(*state);
    sha256_update(*state, as_bytes(block, sizeof block));
    pad = kInner ^ kOuter;
  }
  wipe(block, sizeof block);
  return status;
}

void hmac_key_stop(HmacKey& key) {
  sha256_stop(key.inner);
  sha256_stop(key.outer);
}

Status hmac_finish(const HmacKey& key, Sha256State& state, unsigned char (&mac)[kSha256Bytes]) {
  const Status status = sha256_end(state, mac);
  if (status != Status::kOk) return status;
  sha256_clone(state, key.outer);
  sha256_update(state, as_bytes(mac, sizeof mac));
  return sha256_end(state, mac);
}

Status hmac_key_derive(HmacKey& key, Bytes message) {
  Sha256State state;
  unsigned char mac[kSha256Bytes];
  sha256_clone(state, key.inner);
  sha256_update(state, message);
  const Status status = hmac_finish(key, state, mac);
  if (status == Status::kOk) {
    hmac_key_stop(key);
    (void)hmac_key_start({}, as_bytes(mac, sizeof mac), key);  // can't fail: it needs not be hashed
  }
  wipe(mac, sizeof mac);
  return status;
}

}  // namespace tinyaws
