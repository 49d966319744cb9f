#include "base/ascii.h"
#include "base/writer.h"
#include "tinyaws/api_call.h"

namespace tinyaws {
namespace {

struct Partition {
  Str region_prefix;
  Str suffix;
};

// The partitions whose domain is not amazonaws.com ("Partitions", AWS Fault Isolation Boundaries).
constexpr Partition kPartitions[] = {
    {"cn-", "amazonaws.com.cn"},    {"us-iso-", "c2s.ic.gov"},      {"us-isob-", "sc2s.sgov.gov"},
    {"eu-isoe-", "cloud.adc-e.uk"}, {"us-isof-", "csp.hci.ic.gov"}, {"eusc-", "amazonaws.eu"},
};

bool is_host_part(Str text) {
  for (char c : text) {
    if (!is_alnum(static_cast<unsigned char>(c)) && c != '-' && c != '.') return false;
  }
  return !text.empty();
}

Status compose(Str service, Str region, Destination& destination) {
  if (!is_host_part(service) || !is_host_part(region)) return Status::kInvalidArgument;
  Writer host{MutBytes(destination.host)};
  host.put(service);
  host.put('.');
  host.put(region);
  host.put('.');
  host.put(partition_suffix(region));
  if (!host.fits()) return Status::kInvalidArgument;
  destination.endpoint = {host.text(), default_port(true), true};
  destination.base_path = {};
  return Status::kOk;
}

}  // namespace

Str choose_region(Str request_region, Str client_region, const Environment& environment) {
  if (!request_region.empty()) return request_region;
  if (!client_region.empty()) return client_region;
  const Str region = environment.variable("AWS_REGION");
  return is_blank_text(region) ? environment.variable("AWS_DEFAULT_REGION") : region;
}

Str partition_suffix(Str region) {
  for (const Partition& partition : kPartitions) {
    if (starts_with(region, partition.region_prefix)) return partition.suffix;
  }
  return "amazonaws.com";
}

Status choose_destination(Str service, Str region, Str endpoint_url, const Environment& environment,
                          Destination& destination) {
  const Str text = endpoint_url.empty() ? environment.variable("AWS_ENDPOINT_URL") : endpoint_url;
  if (is_blank_text(text)) return compose(service, region, destination);
  Url url;
  const Status status = parse_url(text, url);
  if (status != Status::kOk) return status;
  if (find_forbidden_byte(url.target) != Str::npos || url.target.find('?') != Str::npos) {
    return Status::kInvalidArgument;
  }
  destination.endpoint = url.endpoint;
  destination.base_path = url.target;
  return Status::kOk;
}

Status PreparedRequest::prepare(const ApiRequest& api, const ClientOptions& options, const Environment& environment) {
  scope.service = api.service;
  scope.region = choose_region(api.region, options.region, environment);
  if (scope.service.empty()) return Status::kInvalidArgument;
  if (is_blank_text(scope.region)) return Status::kNoRegion;
  const Status status =
      choose_destination(scope.service, scope.region, options.endpoint_url, environment, destination);
  if (status != Status::kOk) return status;
  policy = api.policy != nullptr ? *api.policy : SigningPolicy::for_service(api.service);
  request.method = api.method;
  request.endpoint = destination.endpoint;
  request.base_path = destination.base_path;
  request.path = api.path;
  request.query = api.query;
  request.target = api.target;
  request.headers = api.headers;
  request.body = api.body;
  return Status::kOk;
}

}  // namespace tinyaws
