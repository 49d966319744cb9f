#include "sigv4/string_to_sign.h"

namespace tinyaws {

void put_scope(Str amz_date, const Scope& scope, Writer& out) {
  out.put(Str(amz_date.data(), kDayBytes));
  out.put('/');
  out.put(scope.region);
  out.put('/');
  out.put(scope.service);
  out.put("/aws4_request");
}

void put_string_to_sign(Str amz_date, const Scope& scope, Str request_hash, Writer& out) {
  out.put("AWS4-HMAC-SHA256\n");
  out.put(amz_date);
  out.put('\n');
  put_scope(amz_date, scope, out);
  out.put('\n');
  out.put(request_hash);
}

}  // namespace tinyaws
