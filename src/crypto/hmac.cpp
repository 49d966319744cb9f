#include "crypto/hmac.h"

#include "base/wipe.h"
#include "base/writer.h"

namespace tinyaws {
namespace {

Bytes as_bytes(const unsigned char* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

void start_with_pad(Sha256State& state, unsigned char (&block)[kSha256BlockBytes], unsigned char pad) {
  for (unsigned char& byte : block) byte ^= pad;
  sha256_start(state);
  sha256_update(state, as_bytes(block, sizeof block));
}

}  // namespace

Status sha256_end(Sha256State& state, unsigned char (&digest)[kSha256Bytes]) {
  const Status status = sha256_finish(state, digest);
  sha256_stop(state);
  return status;
}

// RFC 2104 section 2: a key longer than a block is replaced by its hash, which covers a prefix that is in the block.
Status hmac_key_start(Bytes prefix, Bytes bytes, HmacKey& key) {
  constexpr unsigned char kInner = 0x36;
  constexpr unsigned char kOuter = 0x5c;
  unsigned char block[kSha256BlockBytes] = {};
  Status status = Status::kOk;
  Writer out(MutBytes(reinterpret_cast<char*>(block), sizeof block));
  out.put(prefix).put(bytes);
  if (!out.fits()) {
    sha256_start(key.inner);
    sha256_update(key.inner, prefix);
    sha256_update(key.inner, bytes);
    status = sha256_end(key.inner, reinterpret_cast<unsigned char(&)[kSha256Bytes]>(block));
  }
  start_with_pad(key.inner, block, kInner);
  start_with_pad(key.outer, block, kInner ^ kOuter);
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
  Status status = hmac_finish(key, state, mac);
  if (status == Status::kOk) {
    hmac_key_stop(key);
    status = hmac_key_start({}, as_bytes(mac, sizeof mac), key);
  }
  wipe(mac, sizeof mac);
  return status;
}

}  // namespace tinyaws
