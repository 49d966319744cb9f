#include "base/ascii.h"
#include "crypto/hmac.h"
#include "sigv4/canonical_request.h"
#include "sigv4/scope.h"
#include "text/datetime.h"
#include "text/hex.h"
#include "tinyaws/sigv4.h"

namespace tinyaws {
namespace {

// Takes text into a hash, and shows it.
class HashDrain final : public Drain {
 public:
  explicit HashDrain(SigningTee* tee) : tee_(tee) {}

  void take(Str text) override {
    sha256_update(state, text);
    if (tee_ == nullptr) return;
    if (takes_string) {
      tee_->string_to_sign(text);
    } else {
      tee_->canonical_request(text);
    }
  }

  bool takes_string = false;
  Sha256State state;

 private:
  SigningTee* tee_;
};

// The hash of the canonical request is read from where the signature will be.
void put_string_to_sign(const Signature& signature, const Scope& scope, Writer& out) {
  out.put("AWS4-HMAC-SHA256\n").put(signature.date()).put('\n');
  put_scope(scope, signature, out).put('\n').put(signature.text());
}

}  // namespace

// Not inlined, so that its frame is off the stack while the request is hashed.
[[gnu::noinline]] Status Signer::begin(const SigningInput& input, const SigningConfig& config, Signature& signature) {
  const Credentials& credentials = config.credentials;
  const Status status = write_amz_date(config.time, signature.amz_date);
  if (status != Status::kOk) return status;
  if (!is_token(input.method) || !is_clean(input.target) || !is_filled(input.payload_hash) ||
      !is_filled(credentials.access_key_id) || !is_clean(credentials.session_token)) {
    return Status::kInvalidArgument;
  }
  const Str key_inputs[] = {credentials.secret_access_key,
                            {signature.amz_date, kDayBytes},
                            config.scope.region,
                            config.scope.service,
                            scope_end()};
  return use_key(key_inputs);
}

Status Signer::sign(const SigningInput& input, const SigningConfig& config, Signature& signature) {
  SignedHeaders headers(input, config, signature.amz_date);
  Status status = begin(input, config, signature);
  if (status == Status::kOk) status = headers.collect();
  return status == Status::kOk ? sign_canonical({input, input.target, config, headers}, signature) : status;
}

Status Signer::sign_canonical(const CanonicalRequest& request, Signature& signature) {
  HashDrain hash(tee_);
  char gathered[kSha256BlockBytes];
  Writer out(MutBytes(gathered), &hash);
  sha256_start(hash.state);
  put_canonical_request(request, out);
  out.flush();
  unsigned char digest[kSha256Bytes];
  Status status = sha256_end(hash.state, digest);
  if (status != Status::kOk) return status;

  write_hex(digest, sizeof digest, signature.hex);
  hash.takes_string = true;
  sha256_clone(hash.state, key_.hmac.inner);
  put_string_to_sign(signature, request.config.scope, out);
  out.flush();
  status = hmac_finish(key_.hmac, hash.state, digest);
  if (status == Status::kOk) write_hex(digest, sizeof digest, signature.hex);
  return status;
}

}  // namespace tinyaws
