// Deriving the signing key and knowing when the one at hand will do ("Derive a signing key", AWS IAM User Guide).
#include <cstring>

#include "base/ascii.h"
#include "base/wipe.h"
#include "base/writer.h"
#include "crypto/hmac.h"
#include "tinyaws/sigv4.h"

namespace tinyaws {
namespace {

// Replaces a key by the HMAC that it makes of `message`, as a key.
Status derive_next(HmacKey& key, Bytes message) {
  unsigned char mac[kSha256Bytes];
  const Status mac_status = hmac(key, message, mac);
  hmac_key_stop(key);
  const Status key_status = hmac_key_start(key, {}, {reinterpret_cast<const char*>(mac), sizeof mac});
  wipe(mac, sizeof mac);
  return mac_status != Status::kOk ? mac_status : key_status;
}

Status derive(HmacKey& key, Str secret, Str date, const Scope& scope) {
  Status status = hmac_key_start(key, "AWS4", secret);
  for (Str message : {date, scope.region, scope.service, Str("aws4_request")}) {
    const Status next = derive_next(key, message);
    if (status == Status::kOk) status = next;
  }
  return status;
}

// Takes `part`, and the NUL behind it, off the front.
bool take_part(Str& inputs, Str part) {
  const Str rest = inputs.substr(part.size());
  if (!starts_with(inputs, part) || rest.empty() || rest.front() != '\0') return false;
  inputs = rest.substr(1);
  return true;
}

}  // namespace

bool Signer::has_key(const Credentials& credentials, const Scope& scope, Str date) const {
  Str inputs(key_inputs_, key_inputs_size_);
  return key_live_ && date == Str(key_date_, sizeof key_date_) && take_part(inputs, credentials.secret_access_key) &&
         take_part(inputs, scope.region) && take_part(inputs, scope.service);
}

void Signer::remember_inputs(const Credentials& credentials, const Scope& scope) {
  Writer out{MutBytes(key_inputs_)};
  for (Str input : {credentials.secret_access_key, scope.region, scope.service}) {
    out.put(input);
    out.put('\0');
  }
  if (out.fits()) key_inputs_size_ = out.size();
}

Status Signer::use_key(const Credentials& credentials, const Scope& scope, Str date) {
  if (has_key(credentials, scope, date)) return Status::kOk;
  forget();
  key_live_ = true;
  const Status status = derive(key_, credentials.secret_access_key, date, scope);
  if (status != Status::kOk) {
    forget();
    return status;
  }
  std::memcpy(key_date_, date.data(), sizeof key_date_);
  remember_inputs(credentials, scope);
  return Status::kOk;
}

void Signer::forget() {
  if (key_live_) hmac_key_stop(key_);
  wipe(&key_, sizeof key_);
  wipe(key_inputs_, sizeof key_inputs_);
  key_inputs_size_ = 0;
  key_live_ = false;
}

}  // namespace tinyaws
