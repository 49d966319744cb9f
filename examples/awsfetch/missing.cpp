#include "missing.h"

#include <tinyaws/profile_credentials.h>

#include <cstdlib>

#include "base/ascii.h"
#include "explain.h"
#include "origin.h"
#include "text.h"
#include "values.h"

namespace awsfetch {
namespace {

using tinyaws::Environment;
using tinyaws::MutBytes;
using tinyaws::Origin;
using tinyaws::Status;

Str state_of(const Environment& environment, const char* name) {
  const Str value = environment.variable(name);
  if (value.empty()) return std::getenv(name) == nullptr ? " is not set" : " is empty";
  return is_blank_text(value) ? " is blank" : " is set";
}

Str file_name(const Environment& environment, const char* variable, Str usual) {
  const Str name = environment.variable(variable);
  return is_blank_text(name) ? usual : name;
}

// What is known of the region of the machine, in a line; empty: nothing. Lives in `text`.
Str explain_region(const tinyaws::Settings& settings, tinyaws::MutBytes text) {
  const tinyaws::IoResult explained = settings.explain_region(text);
  return {text.data(), explained.status == Status::kOk ? explained.size : 0};
}

Exit complain_about_region(const Job& job, const Options& options, const Environment& environment,
                           const tinyaws::Settings& settings) {
  (void)usage_error("no region:");
  print_line("  --region is not given");
  if (!job.host().empty()) print_line("  the host {} names none", {job.host()});
  for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION"})
    print_line("  {}{}", {name, state_of(environment, name)});
  print_line("  profile {}: no region in {} and {}",
             {profile_name(options, environment), file_name(environment, "AWS_CONFIG_FILE", "~/.aws/config"),
              file_name(environment, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")});
  char text[512];
  const Str machine = explain_region(settings, tinyaws::MutBytes(text));
  if (!machine.empty()) print_line("  {}", {machine});
  return kUsage;
}

// The profile's credentials know most about its files.
void explain_profile(const Options& options, const tinyaws::Port& port) {
#if TINYAWS_WITH_PROFILES
  char space[64];
  tinyaws::ProfileCredentials::Options made;
  made.profile = options.profile;
  tinyaws::ProfileCredentials profile(port.platform, port.environment, port.files, nullptr, MutBytes(space), made);
  Text room;
  const size_t needed = profile.explain({}).size;
  if (!room.resize(needed)) return;
  const tinyaws::IoResult written = profile.explain(room.space());
  if (written.status == Status::kOk) print_line("  {}", {{room.space().data(), written.size}});
#else
  (void)options;
  (void)port;
#endif
}

Exit complain_about_settings(Status status, const Options& options, const tinyaws::Port& port) {
  (void)usage_error("settings of profile {}: {}",
                    {profile_name(options, port.environment), tinyaws::describe(status)});
  // A value that is too long is no matter of credentials.
  if (status != Status::kValueTooLong) explain_profile(options, port);
  return kUsage;
}

Exit complain_about_variant(Str url, Str from) {
  return usage_error(
      "there are no FIPS and no dual-stack variants of the endpoint {} ({}): leave out --fips and --dual-stack, and "
      "look at AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT and the profile",
      {url, from});
}

// An endpoint that was not made by the rules: empty when it is the profile's, whose words are not at hand.
Str configured_url(const Job& job, const Environment& environment, Origin origin, Str variable) {
  if (origin == Origin::kCaller) return job.client_options().endpoint_url;
  if (origin == Origin::kProfile) return {};
  return environment.variable(variable.data());
}

bool is_usable(Str url) {
  tinyaws::Url parts;
  return tinyaws::parse_url(url, parts) == Status::kOk && parts.target.find('?') == Str::npos &&
         tinyaws::find_forbidden_byte(parts.target) == Str::npos;
}

Exit complain_about_url(const Job& job, const Options& options, const Environment& environment) {
  char space[96];
  const Place place = OriginName(job, options, environment).endpoint(MutBytes(space));
  const Origin origin = job.destination().endpoint_origin();
  const Str url = configured_url(job, environment, origin, place.kind);
  if (origin == Origin::kProfile) {
    return usage_error(
        "the endpoint_url of profile {} can't be used: expected http://HOST or https://HOST, without a query, and "
        "neither --fips nor --dual-stack",
        {place.profile});
  }
  return is_usable(url) ? complain_about_variant(url, place.kind) : complain_about_endpoint(url, place.kind);
}

// Nowhere at all can it be used.
bool is_bad_bucket(Str bucket) {
  tinyaws::EndpointQuery query;
  query.service = "s3";
  query.region = "us-east-1";
  query.bucket = bucket;
  tinyaws::ResolvedEndpoint resolved;
  return tinyaws::resolve_endpoint(query, resolved) != Status::kOk;
}

// One label of a host.
bool can_be_region(Str region) {
  for (char c : region) {
    if (!tinyaws::is_alnum(c) && c != '-') return false;
  }
  return region.size() <= 63 && region.front() != '-' && region.back() != '-';
}

Exit complain_about_odd_region(Str region, const Place& from) {
  return usage_error(
      "the region \"{}\" of {}{}{} can't stand in a host: it takes letters, digits and \"-\" in between, no more "
      "than 63",
      {region, from.kind, from.blank, from.profile});
}

// What it was that did not fit: the first place that names a region.
Exit complain_about_long_region(const Options& options, const Environment& environment) {
  Place from{{}, "profile", " ", profile_name(options, environment)};
  for (const char* name : {"AWS_DEFAULT_REGION", "AWS_REGION"}) {
    if (!is_blank_text(environment.variable(name))) from = {{}, name, {}, {}};
  }
  if (!is_blank_text(options.region)) from = {{}, "--region", {}, {}};
  return usage_error("the region of {}{}{} is longer than the {} bytes that are possible (TINYAWS_MAX_REGION_BYTES)",
                     {from.kind, from.blank, from.profile, Number(tinyaws::kMaxRegionBytes)});
}

Exit complain_about_bucket(Status status, const Job& job) {
  if (status == Status::kUnsupported) {
    return usage_error("--bucket {}: only names of buckets can be used, not ARNs", {job.request().bucket});
  }
  return usage_error("--bucket {}: expected the name of a bucket, of letters, digits, \"-\", \".\" and \"_\"",
                     {job.request().bucket});
}

Exit complain_about_destination(Status status, const Job& job, const Options& options,
                                const Environment& environment) {
  const tinyaws::Destination& destination = job.destination();
  const Origin origin = destination.endpoint_origin();
  if (origin == Origin::kNowhere) return complain_about_long_region(options, environment);
  tinyaws::ApiRequest asked = job.request();
  asked.region = destination.region();
  if (!asked.bucket.empty() && is_bad_bucket(asked.bucket)) return complain_about_bucket(status, job);
  if (origin != Origin::kRules) return complain_about_url(job, options, environment);
  if (!can_be_region(asked.region)) {
    return complain_about_odd_region(asked.region, OriginName(job, options, environment).region());
  }
  if (status == Status::kUnsupported) {
    return usage_error("there is no FIPS endpoint of {} in the partition of {}", {asked.service, asked.region});
  }
  return asked.bucket.empty() ? complain_about_scope(asked) : complain_about_bucket(status, job);
}

}  // namespace

Exit complain_about_way(Status status, const Job& job, const Options& options, const tinyaws::Port& port,
                        const tinyaws::Settings& settings) {
  switch (status) {
    case Status::kNoRegion:
      return complain_about_region(job, options, port.environment, settings);
    case Status::kFileUnreadable:
    case Status::kMalformedFile:
    case Status::kValueTooLong:
    case Status::kProfileNotFound:
      return complain_about_settings(status, options, port);
    default:
      return complain_about_destination(status, job, options, port.environment);
  }
}

}  // namespace awsfetch
