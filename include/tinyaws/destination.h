// Where a request goes: region and endpoint, and where each of them was found.
#pragma once

#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/config.h"
#include "tinyaws/endpoint.h"
#include "tinyaws/port.h"
#include "tinyaws/settings.h"
#include "tinyaws/status.h"
#include "tinyaws/time.h"

namespace tinyaws {

class Call;

/// A place where a region or an endpoint was found.
enum class Origin : uint8_t {
  kNowhere,
  kCaller,           ///< Given with the request or to the client.
  kServiceVariable,  ///< AWS_ENDPOINT_URL_<SERVICE>
  kVariable,         ///< AWS_ENDPOINT_URL; AWS_REGION
  kDefaultVariable,  ///< AWS_DEFAULT_REGION
  kProfile,          ///< The shared files.
  kInstance,         ///< Instance metadata.
  kRules,            ///< The endpoint that service and region have by themselves.
  kRedirect,         ///< Where the service said that it is.
};

/// "AWS_REGION", "profile": for messages. Lives for ever.
Str name(Origin origin);

/// What the caller says about the way. Views: they must live as long as the Destination is used.
struct DestinationQuery {
  Str service;
  Str region;        ///< Empty: AWS_REGION, AWS_DEFAULT_REGION, the profile's, the instance's.
  Str endpoint_url;  ///< Empty: AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, the profile's, the rules of endpoint.h.
  Str bucket;
  bool use_fips_endpoint = false;       ///< Or AWS_USE_FIPS_ENDPOINT, or the profile's use_fips_endpoint.
  bool use_dualstack_endpoint = false;  ///< Or AWS_USE_DUALSTACK_ENDPOINT, or the profile's use_dualstack_endpoint.
  bool s3_path_style = false;
  bool s3_accelerate = false;
};

/// Finds region and endpoint. AWS_IGNORE_CONFIGURED_ENDPOINT_URLS, or the profile's setting of that name, leaves only
/// the caller's URL and the rules. ("Service-specific endpoints", AWS SDKs and Tools Reference Guide.)
class Destination {
 public:
  Destination() = default;
  Destination(const Destination&) = delete;
  Destination& operator=(const Destination&) = delete;

  /// `settings` may be null. kOk; kPending with a fetch to run first, or with none to wait for, as
  /// CredentialsProvider::get says: then call again with the same arguments.
  /// Errors: kNoRegion; those of resolve_endpoint, of parse_url and of Settings::get.
  Status find(const DestinationQuery& query, const Environment& environment, Settings* settings, Instant now,
              UnixTime wall, Call*& fetch);

  /// Goes where a redirection points (RFC 9110 section 10.2.2): the host and port of `location`, or those there are;
  /// `target` is its path and query in wire form, a view into this. The region stays.
  /// Errors: kValueTooLong beyond kMaxEndpointUrlBytes; kInvalidArgument for what is no URL, and for a way out of
  /// TLS. Then nothing has changed.
  Status move_to(Str location, Str& target);

  /// Goes to another region, by the same rules or the same URL as found before. Errors: those of resolve_endpoint;
  /// kInvalidArgument for what is no region's name, and when a redirection stands where the profile's URL was. Then
  /// nothing has changed.
  Status move_to_region(Str region);

  Str region() const { return {region_, region_size_}; }
  Origin region_origin() const { return region_origin_; }
  const ResolvedEndpoint& resolved() const { return resolved_; }
  Origin endpoint_origin() const { return endpoint_origin_; }

 private:
  Status find_region(const DestinationQuery& query, const Environment& environment, Str configured);
  Status take_region(Str region, Origin origin);
  Status find_endpoint(const DestinationQuery& query, const Environment& environment,
                       const ServiceSettings& configured);
  Status resolve();
  Str find_url(const DestinationQuery& query, const Environment& environment, const ServiceSettings& configured);
  Str keep_url(Str url);

  Origin region_origin_ = Origin::kNowhere;
  Origin endpoint_origin_ = Origin::kNowhere;
  Origin url_origin_ = Origin::kNowhere;  // the same, redirections aside
  bool url_lost_ = false;                 // a redirection was written over the profile's
  size_t region_size_ = 0;
  EndpointQuery asked_;  // what resolved_ is the answer to
  ResolvedEndpoint resolved_;
  char region_[kMaxRegionBytes];
  char url_[kMaxEndpointUrlBytes];  // the profile's: what Settings::get gives does not live long enough
};

}  // namespace tinyaws
