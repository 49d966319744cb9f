#include "tinyaws/api_call.h"

namespace tinyaws {

PreparedRequest::PreparedRequest() = default;

Status PreparedRequest::prepare(const ApiRequest& api, const ClientOptions& options, const Environment& environment,
                                Settings* settings, Instant now, UnixTime wall, Call*& fetch) {
  if (api.service.empty()) return Status::kInvalidArgument;
  DestinationQuery query;
  query.service = api.service;
  query.region = api.region.empty() ? options.region : api.region;
  query.endpoint_url = options.endpoint_url;
  query.bucket = api.bucket;
  query.use_fips_endpoint = options.use_fips_endpoint;
  query.use_dualstack_endpoint = options.use_dualstack_endpoint;
  query.s3_path_style = options.s3_path_style;
  query.s3_accelerate = options.s3_accelerate;
  const Status status = destination.find(query, environment, settings, now, wall, fetch);
  if (status == Status::kOk) fill_in(api);
  return status;
}

void PreparedRequest::fill_in(const ApiRequest& api) {
  const ResolvedEndpoint& resolved = destination.resolved();
  scope = {resolved.signing_region, resolved.signing_name};
  policy = api.policy != nullptr ? *api.policy : SigningPolicy::for_service(resolved.signing_name);
  request.method = api.method;
  request.endpoint = resolved.endpoint;
  request.base_path = resolved.base_path;
  request.path = api.path;
  request.query = api.query;
  request.target = api.target;
  request.headers = api.headers;
  request.body = api.body;
}

Status PreparedRequest::move_to_region(const ApiRequest& api, Str region) {
  const Status status = destination.move_to_region(region);
  if (destination.endpoint_origin() != Origin::kRedirect) fill_in(api);
  return status;
}

Status PreparedRequest::move_to(Str location) {
  const Status status = destination.move_to(location, request.target);
  if (status != Status::kOk) return status;
  request.endpoint = destination.resolved().endpoint;
  request.base_path = {};
  return Status::kOk;
}

}  // namespace tinyaws
