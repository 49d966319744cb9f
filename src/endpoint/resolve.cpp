#include "base/ascii.h"
#include "base/writer.h"
#include "endpoint/bucket.h"
#include "endpoint/host_rules.h"
#include "endpoint/host_text.h"
#include "endpoint/service_name.h"
#include "tinyaws/endpoint.h"

namespace tinyaws {
namespace {

bool is_s3(const EndpointQuery& query) {
  return query.service == "s3";
}

bool is_accelerated(const EndpointQuery& query) {
  return query.accelerate && !query.bucket.empty();
}

bool is_address(Str host) {
  return looks_like_ipv4(host) || host.find(':') != Str::npos;
}

Str without_final_slash(Str path) {
  if (!path.empty() && path.back() == '/') path.remove_suffix(1);
  return path;
}

Status require(bool condition) {
  return condition ? Status::kOk : Status::kInvalidArgument;
}

Status check_bucket(const EndpointQuery& query) {
  if (starts_with(query.bucket, "arn:")) return Status::kUnsupported;
  if (!is_bucket(query.bucket)) return Status::kInvalidArgument;
  const bool fits = fits_into_host(query.bucket, true);
  if (is_directory_bucket(query.bucket)) {
    return require(fits && !query.accelerate && !directory_zone(query.bucket).empty());
  }
  return require(!query.accelerate || (fits && !query.path_style));
}

Status check(const EndpointQuery& query) {
  if (query.region.empty()) return Status::kNoRegion;
  const bool own_server = !query.endpoint_url.empty();
  if (query.service.empty() || (own_server && (query.fips || query.dual_stack))) return Status::kInvalidArgument;
  if (!is_s3(query)) return require(query.bucket.empty() && !query.accelerate);
  if (query.accelerate && (own_server || query.fips)) return Status::kInvalidArgument;
  return query.bucket.empty() ? Status::kOk : check_bucket(query);
}

bool is_bucket_in_host(const EndpointQuery& query, const Endpoint& server) {
  if (query.bucket.empty() || is_address(server.host)) return false;
  return is_directory_bucket(query.bucket) || (!query.path_style && fits_into_host(query.bucket, server.tls));
}

Status finish_host(ResolvedEndpoint& resolved, const Writer& out) {
  resolved.endpoint.host = out.text_from(0);
  return require(out.fits() && out.size() <= kMaxHostBytes);
}

Status append_bucket(const EndpointQuery& query, ResolvedEndpoint& resolved, Writer& out) {
  const size_t begin = out.size();
  out.put(resolved.base_path).put('/').put(query.bucket);
  resolved.base_path = out.text_from(begin);
  return require(out.fits());
}

Status resolve_url(const EndpointQuery& query, ResolvedEndpoint& resolved) {
  Url url;
  const Status status = parse_url(query.endpoint_url, url);
  if (status != Status::kOk) return status;
  if (find_forbidden_byte(url.target) != Str::npos || url.target.find('?') != Str::npos) {
    return Status::kInvalidArgument;
  }
  resolved.endpoint = url.endpoint;
  resolved.base_path = without_final_slash(url.target);
  if (query.bucket.empty()) return Status::kOk;
  Writer out{MutBytes(resolved.text)};
  if (!is_bucket_in_host(query, url.endpoint)) return append_bucket(query, resolved, out);
  out.put(query.bucket).put('.').put(url.endpoint.host);
  return finish_host(resolved, out);
}

Str rules_for(const EndpointQuery& query, Str in_host) {
  if (is_directory_bucket(query.bucket)) return kDirectoryHosts;
  return is_accelerated(query) ? Str(kAcceleratedHosts) : in_host;
}

Status check_partition(const EndpointQuery& query, const Partition& partition) {
  const bool missing_in_china = is_s3(query) && (query.fips || is_accelerated(query));
  return missing_in_china && partition.letter() == 'c' ? Status::kUnsupported : Status::kOk;
}

Status resolve_by_rules(const EndpointQuery& query, Str in_host, ResolvedEndpoint& resolved) {
  if (!is_host_labels(in_host) || !is_host_label(query.region)) return Status::kInvalidArgument;
  const HostQuery host = {rules_for(query, in_host),    query.region, directory_zone(query.bucket),
                          find_partition(query.region), query.fips,   query.dual_stack};
  Status status = check_partition(query, host.partition);
  if (status != Status::kOk) return status;

  resolved.endpoint = {};
  resolved.base_path = {};
  Writer out{MutBytes(resolved.text)};
  const bool bucket_in_host = is_bucket_in_host(query, resolved.endpoint);
  if (bucket_in_host) out.put(query.bucket).put('.');
  resolved.signing_region = write_host(host, out);
  status = finish_host(resolved, out);
  if (status != Status::kOk || bucket_in_host || query.bucket.empty()) return status;
  return append_bucket(query, resolved, out);
}

}  // namespace

Status resolve_endpoint(const EndpointQuery& query, ResolvedEndpoint& resolved) {
  const Status status = check(query);
  if (status != Status::kOk) return status;
  const ServiceName name = find_service(query.service);
  resolved.signing_name = is_directory_bucket(query.bucket) ? Str("s3express") : name.signed_as;
  resolved.signing_region = query.region;
  return query.endpoint_url.empty() ? resolve_by_rules(query, name.in_host, resolved) : resolve_url(query, resolved);
}

}  // namespace tinyaws
