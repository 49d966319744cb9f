#include "sigv4/scope.h"

namespace tinyaws {

void put_scope(const Signature& signature, const Scope& scope, Writer& out) {
  for (Str part : {Str(signature.amz_date, kDayBytes), scope.region, scope.service}) {
    out.put(part);
    out.put('/');
  }
  out.put(kScopeEnd);
}

void put_credential(const Signature& signature, const SigningConfig& config, Writer& out) {
  out.put(config.credentials.access_key_id);
  out.put('/');
  put_scope(signature, config.scope, out);
}

}  // namespace tinyaws
