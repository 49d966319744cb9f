#include "base/ascii.h"
#include "sigv4/s3_family.h"
#include "tinyaws/sigv4.h"

namespace tinyaws {
bool is_s3_family(Str service) {
  return is_listed(service, "s3 s3express s3-");
}

SigningPolicy SigningPolicy::for_service(Str service) {
  const bool s3 = is_s3_family(service);
  SigningPolicy policy;
  policy.normalize_path = !s3;
  policy.double_encode = !s3;
  policy.content_sha256 = s3;
  policy.sign_token = service != "iotdevicegateway";
  return policy;
}

}  // namespace tinyaws
