#include "base/ascii.h"
#include "crypto/hmac.h"
#include "sigv4/canonical_request.h"
#include "sigv4/string_to_sign.h"
#include "text/datetime.h"
#include "text/hex.h"
#include "tinyaws/sigv4.h"

namespace tinyaws {
namespace {

bool is_given(Str text) {
  return !text.empty() && is_clean(text);
}

bool is_signable(const SigningInput& input, const Credentials& credentials, const Scope& scope) {
  return is_token(input.method) && is_clean(input.target) && is_given(input.payload_hash) &&
         is_given(credentials.access_key_id) && is_given(credentials.secret_access_key) &&
         is_clean(credentials.session_token) && is_given(scope.region) && is_given(scope.service);
}

// Takes text into a hash, and shows it.
class HashDrain final : public Drain {
 public:
  using Show = void (SigningTee::*)(Bytes);

  HashDrain(Sha256State& state, SigningTee* tee, Show show) : state_(state), tee_(tee), show_(show) {}
  void take(Str text) override {
    sha256_update(state_, text);
    if (tee_ != nullptr) (tee_->*show_)(text);
  }

 private:
  Sha256State& state_;
  SigningTee* tee_;
  Show show_;
};

// Neither of these two is inlined: their hash states would add up on the stack.
[[gnu::noinline]] Status hash_canonical_request(const CanonicalRequest& request, SigningTee* tee,
                                                char (&hex)[2 * kSha256Bytes]) {
  Sha256State state;
  sha256_start(state);
  HashDrain drain(state, tee, &SigningTee::canonical_request);
  char gathered[kSha256BlockBytes];
  Writer out(MutBytes(gathered), &drain);
  put_canonical_request(request, out);
  out.flush();
  unsigned char digest[kSha256Bytes];
  const Status status = sha256_finish(state, digest);
  sha256_stop(state);
  if (status == Status::kOk) write_hex(digest, sizeof digest, hex);
  return status;
}

[[gnu::noinline]] Status sign_string(const HmacKey& key, Str amz_date, const Scope& scope, Str request_hash,
                                     SigningTee* tee, char (&hex)[2 * kSha256Bytes]) {
  Sha256State state;
  sha256_clone(state, key.inner);
  HashDrain drain(state, tee, &SigningTee::string_to_sign);
  char gathered[kSha256BlockBytes];
  Writer out(MutBytes(gathered), &drain);
  put_string_to_sign(amz_date, scope, request_hash, out);
  out.flush();
  unsigned char mac[kSha256Bytes] = {};
  const Status status = hmac_finish(key, state, mac);
  if (status == Status::kOk) write_hex(mac, sizeof mac, hex);
  return status;
}

}  // namespace

Status Signer::begin(const SigningInput& input, const Credentials& credentials, const Scope& scope, UnixTime time,
                     Signature& signature) {
  if (!is_signable(input, credentials, scope)) return Status::kInvalidArgument;
  const Status status = write_amz_date(time, signature.amz_date);
  return status == Status::kOk ? use_key(credentials, scope, {signature.amz_date, kDayBytes}) : status;
}

Status Signer::sign(const SigningInput& input, const Credentials& credentials, const Scope& scope,
                    const SigningPolicy& policy, UnixTime time, Signature& signature) {
  const Status status = begin(input, credentials, scope, time, signature);
  return status == Status::kOk ? sign_headers(input, credentials, scope, policy, signature) : status;
}

// Not inlined, so that its frame and that of the key's derivation are never on the stack together.
[[gnu::noinline]] Status Signer::sign_headers(const SigningInput& input, const Credentials& credentials,
                                              const Scope& scope, const SigningPolicy& policy, Signature& signature) {
  SignedHeaders headers;
  const Status status = collect_for_header_signing(input, credentials, policy, signature.date(), headers);
  if (status != Status::kOk) return status;
  return sign_canonical({input.method, input.target, headers, input.payload_hash, policy}, scope, signature);
}

Status Signer::sign_canonical(const CanonicalRequest& request, const Scope& scope, Signature& signature) {
  // The hash of the request stands where the signature will: signing reads it before it writes.
  const Status status = hash_canonical_request(request, tee_, signature.hex);
  if (status != Status::kOk) return status;
  return sign_string(key_, signature.date(), scope, signature.text(), tee_, signature.hex);
}

}  // namespace tinyaws
