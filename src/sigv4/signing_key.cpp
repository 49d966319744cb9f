// Deriving the signing key and knowing when the one at hand will do ("Derive a signing key", AWS IAM User Guide).
#include <cstring>

#include "base/wipe.h"
#include "crypto/hmac.h"
#include "tinyaws/sigv4.h"

namespace tinyaws {
namespace {

// Replaces a key by the HMAC that it makes of `message`, as a key.
Status derive_next(HmacKey& key, Bytes message) {
  unsigned char mac[kSha256Bytes];
  Status status = hmac(key, message, mac);
  if (status == Status::kOk) {
    hmac_key_stop(key);
    status = hmac_key_start({}, {reinterpret_cast<const char*>(mac), sizeof mac}, key);
  }
  wipe(mac, sizeof mac);
  return status;
}

}  // namespace

// Whether the key at hand was made of the same. They are written over those of the last time.
bool Signer::remember(Span<const Str> inputs) {
  bool same = key_known_;
  MutBytes rest(key_inputs_);
  for (Str input : inputs) {
    key_known_ = input.size() < rest.size();
    if (!key_known_) return false;
    same = same && std::memcmp(rest.data(), input.data(), input.size()) == 0 && rest[input.size()] == '\0';
    std::memcpy(rest.data(), input.data(), input.size());
    rest[input.size()] = '\0';
    rest = rest.drop(input.size() + 1);
  }
  return same;
}

Status Signer::use_key(Span<const Str> inputs) {
  if (remember(inputs)) return Status::kOk;
  forget();
  key_live_ = true;
  Status status = hmac_key_start("AWS4", inputs[0], key_);
  for (size_t i = 1; i < inputs.size() && status == Status::kOk; ++i) status = derive_next(key_, inputs[i]);
  if (status == Status::kOk) {
    (void)remember(inputs);
  } else {
    forget();
  }
  return status;
}

void Signer::forget() {
  if (key_live_) hmac_key_stop(key_);
  wipe(&key_, sizeof key_);
  wipe(key_inputs_, sizeof key_inputs_);
  key_live_ = key_known_ = false;
}

}  // namespace tinyaws
