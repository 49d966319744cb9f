#include "sigv4/scope.h"

namespace tinyaws {

const char kScopeEnd[] = "aws4_request";

Writer& put_scope(const Signature& signature, const Scope& scope, Writer& out) {
  out.put({signature.amz_date, kDayBytes}).put('/').put(scope.region).put('/').put(scope.service).put('/');
  return out.put({kScopeEnd, kScopeEndBytes});
}

Writer& put_credential(const Signature& signature, const SigningConfig& config, Writer& out) {
  return put_scope(signature, config.scope, out.put(config.credentials.access_key_id).put('/'));
}

}  // namespace tinyaws
