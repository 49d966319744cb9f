// Where a service is: from its name and a region to a host, by the rules that AWS publishes.
#pragma once

#include <cstddef>

#include "tinyaws/bytes.h"
#include "tinyaws/config.h"
#include "tinyaws/http.h"
#include "tinyaws/status.h"

namespace tinyaws {

/// The longest name that a bucket may have ("Bucket naming rules", Amazon S3 User Guide; before March 2018 in
/// us-east-1). Longer ones: kInvalidArgument. Cost: see kMaxEndpointTextBytes.
constexpr size_t kMaxBucketBytes = 255;

/// Room for what `resolve_endpoint` puts together: the host, and in path style the base path. Cost: this many bytes
/// in a ResolvedEndpoint. What does not fit: kInvalidArgument.
constexpr size_t kMaxEndpointTextBytes = kMaxHostBytes + 64;
static_assert(kMaxEndpointTextBytes > kMaxBucketBytes, "a bucket must fit behind its slash");

/// What an endpoint depends on. Views: they must live as long as the answer is in use.
struct EndpointQuery {
  /// As one knows it: "monitoring" (which is signed), "email" (which stands in the host), or "cloudwatch",
  /// "iot-data", "stepfunctions" (which the AWS CLI calls it).
  Str service;
  Str region;
  bool fips = false;        ///< AWS_USE_FIPS_ENDPOINT: endpoints whose cryptography is validated to FIPS 140.
  bool dual_stack = false;  ///< AWS_USE_DUALSTACK_ENDPOINT: endpoints with IPv6 addresses beside IPv4 ones.

  Str bucket;               ///< Of "s3" only. Empty: the request names none, or has it in its path already.
  bool path_style = false;  ///< The bucket in the path even where the host could hold it. Nothing but S3 looks at it.
  bool accelerate = false;  ///< S3 Transfer Acceleration; for requests with a bucket, others go where they always go.

  Str endpoint_url;  ///< Another server than AWS, "http://127.0.0.1:9000/base". Empty: the rules decide.
};

/// Where to send a request and how to sign it. Views into itself, into the query and into tables, so that it stays
/// where it was filled in.
struct ResolvedEndpoint {
  ResolvedEndpoint() = default;
  ResolvedEndpoint(const ResolvedEndpoint&) = delete;
  ResolvedEndpoint& operator=(const ResolvedEndpoint&) = delete;

  Endpoint endpoint;
  Str base_path;       ///< Wire form, without a slash at its end; empty, "/base", or in path style "/base/bucket".
  Str signing_name;    ///< Of the credential scope. A service without a rule of its own: as the query has it.
  Str signing_region;  ///< Of the credential scope: that of services which have but one may differ from the query's.
  char text[kMaxEndpointTextBytes];
};

/// Finds host, base path and credential scope. A service that the rules do not know is at SERVICE.REGION.SUFFIX, as
/// most are
/// ("AWS service endpoints", AWS General Reference); a region whose prefix is unknown counts as one of the partition
/// "aws". With an endpoint URL the answer is what that says, and the region is signed as the query has it. After an
/// error the answer is of no use.
///
/// Buckets stand in the host where that works ("Virtual hosting of general purpose buckets", Amazon S3 User Guide):
/// lower case, 3 bytes at least, no dots over TLS (certificates have one "*"), no IPv4 address, and the server not
/// an address either. Others go into the path, as with `path_style`. Directory buckets ("name--zone--x-s3") are at
/// their zone, always in the host, and signed for "s3express".
///
/// Errors: kNoRegion without a region. kInvalidArgument for a service, region or bucket that can't stand where it
/// has to, a host or path that is too long, a URL that is none or has a query, and for what does not go together:
/// a URL with fips, dual_stack or accelerate, accelerate with fips or path_style or with a bucket outside the host, a
/// bucket of another service than S3. kUnsupported for an ARN in place of a bucket, and for fips or accelerate in S3
/// of China.
Status resolve_endpoint(const EndpointQuery& query, ResolvedEndpoint& resolved);

/// What the hosts of a region end with: "amazonaws.com", "amazonaws.com.cn" ("Partitions", AWS Fault Isolation
/// Boundaries). Lives for ever.
Str partition_suffix(Str region);

/// The same of the hosts that have IPv6 addresses too: "api.aws". Lives for ever.
Str dual_stack_suffix(Str region);

/// Writes the name that a service has in settings: "dynamodb", "cloudwatch_logs". In capitals it ends
/// AWS_ENDPOINT_URL_DYNAMODB; as it is, it heads a part of a [services] section ("Service-specific endpoints", AWS
/// SDKs and Tools Reference Guide). It is the service id with '_' for blanks; the common ids that differ from the
/// other names are known, else it is the name itself with '_' for '-' and '.', in lower case. Names that several
/// services share stand for the older one ("email": ses).
/// kBufferTooSmall: the size needed.
IoResult write_service_key(Str service, MutBytes out);

}  // namespace tinyaws
