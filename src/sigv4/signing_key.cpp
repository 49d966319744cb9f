// Deriving the signing key and knowing when the one at hand will do ("Derive a signing key", AWS IAM User Guide).
#include <cstring>

#include "base/ascii.h"
#include "base/wipe.h"
#include "base/writer.h"
#include "crypto/hmac.h"
#include "tinyaws/sigv4.h"

namespace tinyaws {
namespace {

// Whether those are the inputs that a key is known to be made of.
bool are(Span<const Str> inputs, Str known) {
  for (Str input : inputs) {
    if (input.size() >= known.size() || known[input.size()] != '\0') return false;
    if (std::memcmp(input.data(), known.data(), input.size()) != 0) return false;
    known.remove_prefix(input.size() + 1);
  }
  return true;
}

}  // namespace

Status Signer::use_key(Span<const Str> inputs) {
  if (key_known_ && are(inputs, {key_.inputs, sizeof key_.inputs})) return Status::kOk;
  forget();
  Writer known(MutBytes(key_.inputs));  // none of them: the secret is the first key, all others make the next one
  Status status = hmac_key_start("AWS4", inputs[0], key_.hmac);
  key_live_ = true;
  for (Str input : inputs) {
    if (!is_filled(input)) status = Status::kInvalidArgument;
    if (status == Status::kOk && known.size() > 0) status = hmac_key_derive(key_.hmac, input);
    known.put(input).put('\0');
  }
  key_known_ = known.fits();
  if (status != Status::kOk) forget();
  return status;
}

void Signer::forget() {
  if (key_live_) hmac_key_stop(key_.hmac);
  wipe(&key_, sizeof key_);
  key_known_ = key_live_ = false;
}

}  // namespace tinyaws
