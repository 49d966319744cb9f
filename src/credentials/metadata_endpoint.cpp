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
  found.endpoint = url.endpoint;
  found.base_path = url.target;
  found.named = true;
  return Status::kOk;
}

bool is_mode(Str text, Str mode) {
  return equals_ignoring_case(trim_blanks(text), mode);
}

}  // namespace

Status find_metadata_endpoint(const InstanceMetadataOptions& options, const Environment& environment,
                              MetadataEndpoint& found) {
  const Str values[] = {options.endpoint_url, environment.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT"),
                        options.profile.endpoint, environment.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"),
                        options.profile.endpoint_mode};
  constexpr auto kUrls = static_cast<size_t>(MetadataPlace::kVariableMode);
  const size_t count = options.address == MetadataAddress::kConfigured ? sizeof values / sizeof values[0] : kUrls;
  size_t place = 0;
  while (place < count && is_blank_text(values[place])) ++place;
  if (place < kUrls) {
    found.place = static_cast<MetadataPlace>(place);
    return use_url(values[place], found);
  }
  bool ipv6 = options.address == MetadataAddress::kIpv6;
  if (place < count) {
    found.place = static_cast<MetadataPlace>(place);
    ipv6 = is_mode(values[place], "ipv6");
    if (!ipv6 && !is_mode(values[place], "ipv4")) return Status::kInvalidArgument;
  }
  found.endpoint = {ipv6 ? "fd00:ec2::254" : "169.254.169.254", 80, false};
  return Status::kOk;
}

}  // namespace tinyaws
