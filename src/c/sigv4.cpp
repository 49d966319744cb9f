#include "tinyaws/sigv4.h"

#include <cstring>

#include "c/provider.h"
#include "c/views.h"
#include "tinyaws/c_object.h"
#include "tinyaws/c_sigv4.h"

using namespace tinyaws;
using namespace tinyaws::c;

static_assert(sizeof(tinyaws_signature) == sizeof(Signature));

namespace {

SigningInput to_cpp(const tinyaws_signing_input& input) {
  return {from_c(input.method), from_c(input.host), from_c(input.target), from_c(input.headers, input.header_count),
          from_c(input.payload_hash)};
}

Scope to_cpp(const tinyaws_scope& scope) {
  return {from_c(scope.region), from_c(scope.service)};
}

}  // namespace

tinyaws_signing_policy tinyaws_signing_policy_for_service(tinyaws_str service) {
  const SigningPolicy policy = SigningPolicy::for_service(from_c(service));
  return {policy.normalize_path, policy.double_encode, policy.content_sha256, policy.sign_token};
}

void tinyaws_payload_hash_init(tinyaws_payload_hash* self) {
  make<PayloadHash>(self);
}

void tinyaws_payload_hash_update(tinyaws_payload_hash* self, const char* bytes, size_t size) {
  object<PayloadHash>(self).update({bytes, size});
}

tinyaws_status tinyaws_payload_hash_finish(tinyaws_payload_hash* self, char hex[64]) {
  return to_c(object<PayloadHash>(self).finish(*reinterpret_cast<char(*)[64]>(hex)));
}

void tinyaws_payload_hash_restart(tinyaws_payload_hash* self) {
  object<PayloadHash>(self).restart();
}

void tinyaws_payload_hash_destroy(tinyaws_payload_hash* self) {
  destroy<PayloadHash>(self);
}

void tinyaws_signer_init(tinyaws_signer* self) {
  make<Signer>(self);
}

tinyaws_status tinyaws_signer_sign(tinyaws_signer* self, const tinyaws_signing_input* input,
                                   const tinyaws_credentials* credentials, const tinyaws_scope* scope,
                                   const tinyaws_signing_policy* policy, int64_t unix_time,
                                   tinyaws_signature* signature) {
  Signature made{};
  const Credentials by = from_c(*credentials);
  const Status status =
      object<Signer>(self).sign(to_cpp(*input), {by, to_cpp(*scope), *from_c(policy), {unix_time}}, made);
  std::memcpy(signature, &made, sizeof made);
  return to_c(status);
}

tinyaws_io_result tinyaws_signer_presign(tinyaws_signer* self, const tinyaws_signing_input* input, bool tls,
                                         const tinyaws_credentials* credentials, const tinyaws_scope* scope,
                                         const tinyaws_signing_policy* policy, int64_t unix_time, uint32_t expires,
                                         char* url, size_t size) {
  const Credentials by = from_c(*credentials);
  return to_c(object<Signer>(self).presign(to_cpp(*input), {by, to_cpp(*scope), *from_c(policy), {unix_time}}, tls,
                                           expires, {url, size}));
}

void tinyaws_signer_forget(tinyaws_signer* self) {
  object<Signer>(self).forget();
}

void tinyaws_signer_destroy(tinyaws_signer* self) {
  destroy<Signer>(self);
}

tinyaws_io_result tinyaws_write_authorization(const tinyaws_signing_input* input,
                                              const tinyaws_credentials* credentials, const tinyaws_scope* scope,
                                              const tinyaws_signing_policy* policy,
                                              const tinyaws_signature* signature, char* out, size_t size) {
  Signature made;
  std::memcpy(&made, signature, sizeof made);
  const Credentials by = from_c(*credentials);
  return to_c(write_authorization(to_cpp(*input), {by, to_cpp(*scope), *from_c(policy), {}}, made, {out, size}));
}
