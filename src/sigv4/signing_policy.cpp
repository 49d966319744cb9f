#include "tinyaws/sigv4.h"

namespace tinyaws {
namespace {

constexpr Str kS3Family[] = {"s3", "s3express", "s3-outposts", "s3-object-lambda"};

}  // namespace

SigningPolicy SigningPolicy::for_service(Str service) {
  SigningPolicy policy;
  for (Str member : kS3Family) {
    if (service != member) continue;
    policy.normalize_path = false;
    policy.double_encode = false;
    policy.content_sha256 = true;
  }
  policy.sign_token = service != "iotdevicegateway";
  return policy;
}

}  // namespace tinyaws
