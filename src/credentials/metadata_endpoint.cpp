#include "credentials/metadata_endpoint.h"

#include "base/ascii.h"

namespace tinyaws {
namespace {

Status use_url(Str text, MetadataEndpoint& found) {
  const Status status = parse_url(trim_blanks(text), found.url);
  const Str path = found.url.target;
  found.named =
      status == Status::kOk && path.find_first_of("?#") == Str::npos && find_forbidden_byte(path) == Str::npos;
  return found.named ? Status::kOk : Status::kInvalidArgument;
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
  size_t version = options.address == MetadataAddress::kIpv6 ? 1 : 0;
  if (place < count) {
    found.place = static_cast<MetadataPlace>(place);
    version = find_word("ipv4 ipv6", trim_blanks(values[place]));
    if (version == Str::npos) return Status::kInvalidArgument;
  }
  found.url.endpoint = {nth_part("169.254.169.254 fd00:ec2::254", version, ' '), 80, false};
  return Status::kOk;
}

}  // namespace tinyaws
