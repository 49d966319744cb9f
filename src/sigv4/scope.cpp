#include "sigv4/scope.h"

namespace tinyaws {

Writer& put_scope(const Scope& scope, const Signature& signature, Writer& out) {
  Writer& day = out.put({signature.amz_date, kDayBytes}).put('/');
  return day.put(scope.region).put('/').put(scope.service).put('/').put(scope_end());
}

Writer& put_credential(const Signature& signature, const SigningConfig& config, Writer& out) {
  return put_scope(config.scope, signature, out.put(config.credentials.access_key_id).put('/'));
}

}  // namespace tinyaws
