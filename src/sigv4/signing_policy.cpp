#include "base/ascii.h"
#include "sigv4/s3_family.h"
#include "tinyaws/sigv4.h"

namespace tinyaws {
bool is_s3_family(Str service) {
  return is_listed(service, "s3 s3- s3express");
}

SigningPolicy SigningPolicy::for_service(Str service) {
  SigningPolicy policy;
  policy.content_sha256 = is_s3_family(service);
  policy.normalize_path = policy.double_encode = !policy.content_sha256;
  policy.sign_token = !is_listed(service, "iotdevicegateway");
  return policy;
}

}  // namespace tinyaws
