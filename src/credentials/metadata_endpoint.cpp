#include "credentials/metadata_endpoint.h"

#include "base/ascii.h"

namespace tinyaws {
namespace {

Status use_url(Str text, MetadataEndpoint& found) {
  Url url;
  const Status status = parse_url(trim_blanks(text), url);
  if (status != Status::kOk) return status;
  const bool is_path = url.target.find_first_of("?#") == Str::npos && find_forbidden_byte(url.target) == Str::npos;
  if (!is_path) return Status::kInvalidArgument;
  found = {url.endpoint, url.target, true};
  return Status::kOk;
}

void use_address(bool ipv6, MetadataEndpoint& found) {
  found = {{ipv6 ? "fd00:ec2::254" : "169.254.169.254", 80, false}, {}, false};
}

Status use_mode(Str mode, MetadataEndpoint& found) {
  mode = trim_blanks(mode);
  const bool ipv6 = equals_ignoring_case(mode, "ipv6");
  if (!ipv6 && !equals_ignoring_case(mode, "ipv4")) return Status::kInvalidArgument;
  use_address(ipv6, found);
  return Status::kOk;
}

struct Place {
  Str value;
  Str problem;
};

const Place* first_set(Span<const Place> places) {
  for (const Place& place : places) {
    if (!is_blank_text(place.value)) return &place;
  }
  return nullptr;
}

}  // namespace

Status find_metadata_endpoint(const InstanceMetadataOptions& options, const Environment& environment,
                              MetadataEndpoint& found, Str& problem) {
  const Place urls[] = {
      {options.endpoint_url, "the endpoint given is no URL"},
      {environment.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT"), "AWS_EC2_METADATA_SERVICE_ENDPOINT is no URL"},
      {options.profile.endpoint, "ec2_metadata_service_endpoint in the profile is no URL"}};
  const Place modes[] = {
      {environment.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"),
       "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE is neither IPv4 nor IPv6"},
      {options.profile.endpoint_mode, "ec2_metadata_service_endpoint_mode in the profile is neither IPv4 nor IPv6"}};
  problem = {};
  Status status = Status::kOk;
  const Place* place = first_set(urls);
  if (place != nullptr) {
    status = use_url(place->value, found);
  } else if (options.address != MetadataAddress::kConfigured) {
    use_address(options.address == MetadataAddress::kIpv6, found);
  } else if ((place = first_set(modes)) != nullptr) {
    status = use_mode(place->value, found);
  } else {
    use_address(false, found);
  }
  if (status != Status::kOk) problem = place->problem;
  return status;
}

}  // namespace tinyaws
