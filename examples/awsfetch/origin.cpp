#include "origin.h"

namespace awsfetch {

using tinyaws::MutBytes;
using tinyaws::Origin;

Place OriginName::region() const {
  if (job_.region_of_host()) return {{}, "the endpoint's host", {}, {}};
  switch (job_.destination().region_origin()) {
    case Origin::kCaller:
      return {{}, "--region", {}, {}};
    case Origin::kVariable:
      return {{}, "AWS_REGION", {}, {}};
    case Origin::kProfile:
      return of_profile();
    default:
      return {{}, tinyaws::name(job_.destination().region_origin()), {}, {}};
  }
}

Place OriginName::endpoint(MutBytes space) const {
  switch (job_.destination().endpoint_origin()) {
    case Origin::kCaller:
      return {{}, options_.endpoint_url.empty() ? "the URL" : "--endpoint-url", {}, {}};
    case Origin::kVariable:
      return {{}, "AWS_ENDPOINT_URL", {}, {}};
    case Origin::kServiceVariable:
      return {{}, service_variable(job_.request().service, space), {}, {}};
    case Origin::kProfile:
      return of_profile();
    default:
      return {{}, tinyaws::name(job_.destination().endpoint_origin()), {}, {}};
  }
}

}  // namespace awsfetch
