#include "base/writer.h"
#include "sigv4/scope.h"
#include "sigv4/signed_headers.h"
#include "tinyaws/sigv4.h"

namespace tinyaws {

IoResult write_authorization(const SigningInput& input, const SigningConfig& config, const Signature& signature,
                             MutBytes out) {
  SignedHeaders headers(input, config, signature.amz_date);
  const Status status = headers.collect();
  if (status != Status::kOk) return {status, 0};
  Writer writer(out);
  put_credential(signature, config, writer.put("AWS4-HMAC-SHA256 Credential=")).put(", SignedHeaders=");
  headers.put_names(writer).put(", Signature=").put(signature.text());
  return writer.result();
}

}  // namespace tinyaws
