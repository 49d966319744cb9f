#include "crypto/hmac.h"

#include <cstring>

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

// RFC 2104 section 2: a key longer than a block is replaced by its hash.
Status hmac_key_start(Bytes prefix, Bytes bytes, HmacKey& key) {
  constexpr unsigned char kInner = 0x36;
  constexpr unsigned char kOuter = 0x5c;
  unsigned char block[kSha256BlockBytes] = {};
  Status status = Status::kOk;
  Writer out(MutBytes(reinterpret_cast<char*>(block), sizeof block));
  out.put(prefix);
  out.put(bytes);
  if (!out.fits()) {
    std::memset(block, 0, sizeof block);
    sha256_start(key.inner);
    sha256_update(key.inner, prefix);
    sha256_update(key.inner, bytes);
    status = sha256_finish(key.inner, reinterpret_cast<unsigned char(&)[kSha256Bytes]>(block));
    sha256_stop(key.inner);
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
  Status status = sha256_finish(state, mac);
  sha256_stop(state);
  if (status != Status::kOk) return status;
  sha256_clone(state, key.outer);
  sha256_update(state, as_bytes(mac, sizeof mac));
  status = sha256_finish(state, mac);
  sha256_stop(state);
  return status;
}

Status hmac(const HmacKey& key, Bytes message, unsigned char (&mac)[kSha256Bytes]) {
  Sha256State state;
  sha256_clone(state, key.inner);
  sha256_update(state, message);
  return hmac_finish(key, state, mac);
}

}  // namespace tinyaws
