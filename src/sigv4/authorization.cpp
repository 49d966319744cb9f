#include "base/writer.h"
#include "sigv4/signed_headers.h"
#include "sigv4/string_to_sign.h"
#include "tinyaws/sigv4.h"

namespace tinyaws {

IoResult write_authorization(const SigningInput& input, const Credentials& credentials, const Scope& scope,
                             const SigningPolicy& policy, const Signature& signature, MutBytes out) {
  SignedHeaders headers;
  const Status status = collect_for_header_signing(input, credentials, policy, signature.date(), headers);
  if (status != Status::kOk) return {status, 0};
  Writer writer(out);
  writer.put("AWS4-HMAC-SHA256 Credential=");
  writer.put(credentials.access_key_id);
  writer.put('/');
  put_scope(signature.date(), scope, writer);
  writer.put(", SignedHeaders=");
  headers.put_names(writer);
  writer.put(", Signature=");
  writer.put(signature.text());
  return writer.result();
}

}  // namespace tinyaws
