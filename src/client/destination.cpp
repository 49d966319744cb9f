#include "tinyaws/destination.h"

#include <cstring>

#include "base/ascii.h"
#include "endpoint/host_text.h"

namespace tinyaws {
namespace {

// In the order of the enumeration.
constexpr Str kOrigins =
    "nowhere,given,AWS_ENDPOINT_URL_<SERVICE>,variable,AWS_DEFAULT_REGION,profile,instance metadata,the service's "
    "own,"
    "redirection";

// A variable that is set goes before what is configured, "false" too.
bool read_flag(const Environment& environment, const char* name, bool configured) {
  const Str text = environment.variable(name);
  return is_blank_text(text) ? configured : is_true(text);
}

char to_upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
}

constexpr char kServiceVariable[] = "AWS_ENDPOINT_URL_";

// Longer names are no service's.
constexpr size_t kMaxServiceKeyBytes = 64;

// The value of AWS_ENDPOINT_URL_<SERVICE>.
Str service_url(Str service, const Environment& environment) {
  char variable[sizeof kServiceVariable + kMaxServiceKeyBytes];
  const size_t prefix = sizeof kServiceVariable - 1;
  std::memcpy(variable, kServiceVariable, prefix);
  const IoResult key = write_service_key(service, MutBytes(variable + prefix, kMaxServiceKeyBytes));
  if (key.status != Status::kOk) return {};
  for (char& c : MutBytes(variable + prefix, key.size)) c = to_upper(c);
  variable[prefix + key.size] = '\0';
  return environment.variable(variable);
}

}  // namespace

Str name(Origin origin) {
  return nth_part(kOrigins, static_cast<size_t>(origin), ',');
}

// What is too long is no URL.
Str Destination::keep_url(Str url) {
  if (url.size() > sizeof url_) return "too long";
  std::memcpy(url_, url.data(), url.size());
  return {url_, url.size()};
}

Status Destination::find(const DestinationQuery& query, const Environment& environment, Settings* settings,
                         Instant now, UnixTime wall, Call*& fetch) {
  ServiceSettings configured;
  if (settings != nullptr) {
    const Status status = settings->get(query.service, configured);
    if (status != Status::kOk) return status;
  }
  Status status = find_region(query, environment, configured.region);
  if (status == Status::kNoRegion && settings != nullptr) {
    Str region;
    status = settings->find_region(now, wall, region, fetch);
    if (status == Status::kPending) return status;
    status = status == Status::kOk ? take_region(region, Origin::kInstance) : Status::kNoRegion;
    // Asking for the region has ended the life of what was configured.
    if (status == Status::kOk) status = settings->get(query.service, configured);
  }
  return status == Status::kOk ? find_endpoint(query, environment, configured) : status;
}

// Of all places but the machine itself, which may have to be asked for it.
Status Destination::find_region(const DestinationQuery& query, const Environment& environment, Str configured) {
  if (!is_blank_text(query.region)) return take_region(query.region, Origin::kCaller);
  const Str variable = environment.variable("AWS_REGION");
  if (!is_blank_text(variable)) return take_region(variable, Origin::kVariable);
  const Str default_variable = environment.variable("AWS_DEFAULT_REGION");
  if (!is_blank_text(default_variable)) return take_region(default_variable, Origin::kDefaultVariable);
  return configured.empty() ? Status::kNoRegion : take_region(configured, Origin::kProfile);
}

Status Destination::take_region(Str region, Origin origin) {
  region = trim_blanks(region);
  if (region.size() > sizeof region_) return Status::kInvalidArgument;
  std::memcpy(region_, region.data(), region.size());
  region_size_ = region.size();
  region_origin_ = origin;
  return Status::kOk;
}

Status Destination::find_endpoint(const DestinationQuery& query, const Environment& environment,
                                  const ServiceSettings& configured) {
  asked_.service = query.service;
  asked_.fips =
      query.use_fips_endpoint || read_flag(environment, "AWS_USE_FIPS_ENDPOINT", configured.use_fips_endpoint);
  asked_.dual_stack = query.use_dualstack_endpoint ||
                      read_flag(environment, "AWS_USE_DUALSTACK_ENDPOINT", configured.use_dualstack_endpoint);
  asked_.bucket = query.bucket;
  asked_.path_style = query.s3_path_style;
  asked_.accelerate = query.s3_accelerate;
  asked_.endpoint_url = find_url(query, environment, configured);
  url_lost_ = false;
  return resolve();
}

Status Destination::resolve() {
  asked_.region = region();
  endpoint_origin_ = url_origin_;
  return resolve_endpoint(asked_, resolved_);
}

Str Destination::find_url(const DestinationQuery& query, const Environment& environment,
                          const ServiceSettings& configured) {
  url_origin_ = Origin::kCaller;
  if (!query.endpoint_url.empty()) return query.endpoint_url;
  const bool ignored =
      read_flag(environment, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", configured.ignore_configured_endpoint_urls);
  if (!ignored) {
    const Str of_service = service_url(query.service, environment);
    url_origin_ = Origin::kServiceVariable;
    if (!is_blank_text(of_service)) return of_service;
    const Str of_all = environment.variable("AWS_ENDPOINT_URL");
    url_origin_ = Origin::kVariable;
    if (!is_blank_text(of_all)) return of_all;
    url_origin_ = Origin::kProfile;
    if (!configured.endpoint_url.empty()) return keep_url(configured.endpoint_url);
  }
  url_origin_ = Origin::kRules;
  return {};
}

Status Destination::move_to_region(Str region) {
  if (url_lost_ || !is_host_label(region) || region.size() > sizeof region_) return Status::kInvalidArgument;
  char old[kMaxRegionBytes];
  const size_t old_size = region_size_;
  std::memcpy(old, region_, old_size);
  (void)take_region(region, region_origin_);
  const Status status = resolve();
  if (status == Status::kOk) {
    region_origin_ = Origin::kRedirect;
    return status;
  }
  (void)take_region({old, old_size}, region_origin_);
  (void)resolve();
  return status;
}

Status Destination::move_to(Str location, Str& target) {
  const bool is_relative = starts_with(location, '/') && !starts_with(location, "//");
  Endpoint& endpoint = resolved_.endpoint;
  const bool url_in_use = endpoint.host.data() >= url_ && endpoint.host.data() < url_ + sizeof url_;
  const MutBytes space = url_in_use ? MutBytes(resolved_.text) : MutBytes(url_);
  if (location.size() >= space.size()) return Status::kValueTooLong;
  Url url;
  if (!is_relative && parse_url(location, url) != Status::kOk) return Status::kInvalidArgument;
  if (!is_relative && endpoint.tls && !url.endpoint.tls) return Status::kInvalidArgument;
  if (find_forbidden_byte(is_relative ? location : url.target) != Str::npos) return Status::kInvalidArgument;
  url_lost_ |= space.data() == url_ && asked_.endpoint_url.data() == url_;
  std::memcpy(space.data(), location.data(), location.size());
  target = {space.data(), location.size()};
  resolved_.base_path = {};
  endpoint_origin_ = Origin::kRedirect;
  if (is_relative) return Status::kOk;
  const Status parsed = parse_url(target, url);
  const TlsSettings* tls_settings = endpoint.tls_settings;
  endpoint = url.endpoint;
  endpoint.tls_settings = tls_settings;
  target = url.target.empty() ? Str("/") : url.target;
  return parsed;
}

}  // namespace tinyaws
