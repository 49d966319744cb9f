// Deriving the signing key and knowing when the one at hand will do ("Derive a signing key", AWS IAM User Guide).
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
    if (take_until(known, '\0') != input) return false;
  }
  return true;
}

}  // namespace

Status Signer::use_key(Span<const Str> inputs) {
  if (key_.live && are(inputs, {key_.inputs, sizeof key_.inputs})) return Status::kOk;
  forget();
  key_.live = true;
  Writer known(MutBytes(key_.inputs));
  Status status = Status::kOk;
  for (size_t i = 0; i < inputs.size() && status == Status::kOk; ++i) {
    status = i == 0 ? hmac_key_start("AWS4", inputs[i], key_.hmac) : hmac_key_derive(key_.hmac, inputs[i]);
    known.put(inputs[i]).put('\0');
  }
  if (status != Status::kOk) forget();
  if (!known.fits()) wipe(key_.inputs, sizeof key_.inputs);
  return status;
}

void Signer::forget() {
  if (key_.live) hmac_key_stop(key_.hmac);
  wipe(&key_, sizeof key_);
}

}  // namespace tinyaws
