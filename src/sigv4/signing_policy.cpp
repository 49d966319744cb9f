#include "sigv4/s3_family.h"
#include "tinyaws/sigv4.h"

namespace tinyaws {
namespace {

constexpr Str kS3Family[] = {"s3", "s3express", "s3-outposts", "s3-object-lambda"};

}  // namespace

bool is_s3_family(Str service) {
  for (Str member : kS3Family) {
    if (service == member) return true;
  }
  return false;
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
