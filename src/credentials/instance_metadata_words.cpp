// What there is to say about a look at the instance metadata service.
#include "base/writer.h"
#include "credentials/metadata_endpoint.h"
#include "tinyaws/instance_metadata.h"

namespace tinyaws {
namespace {

// In the order of the steps.
constexpr Str kAskedFor[] = {
    "", "session token", "role", "credentials of the role", "region", "availability zone", "identity document"};

}  // namespace

Str name(MetadataOutcome outcome) {
  switch (outcome) {
    case MetadataOutcome::kNone:
      return "imds-not-asked";
    case MetadataOutcome::kFound:
      return "imds-found";
    case MetadataOutcome::kDisabled:
      return "imds-disabled";
    case MetadataOutcome::kBadConfiguration:
      return "imds-bad-configuration";
    case MetadataOutcome::kUnavailable:
      return "imds-unavailable";
    case MetadataOutcome::kNoRole:
      return "imds-no-role";
    case MetadataOutcome::kNoRegion:
      return "imds-no-region";
    case MetadataOutcome::kForbidden:
      return "imds-forbidden";
    case MetadataOutcome::kBadRequest:
      return "imds-bad-request";
    case MetadataOutcome::kVersion1Disabled:
      return "imds-v1-disabled";
    case MetadataOutcome::kErrorDocument:
      return "imds-error-document";
    case MetadataOutcome::kBadResponse:
      return "imds-bad-response";
    case MetadataOutcome::kTooLarge:
      return "response-too-large";
  }
  return {};
}

IoResult InstanceMetadata::explain(MutBytes text) const {
  Writer out(text);
  out.put(describe());
  out.put(": ");
  if (last_.outcome == MetadataOutcome::kDisabled) {
    out.put("switched off by AWS_EC2_METADATA_DISABLED");
  } else if (last_.outcome == MetadataOutcome::kBadConfiguration) {
    out.put(obstacle_);
  } else {
    put_place(out);
    put_outcome(out);
  }
  return out.result();
}

void InstanceMetadata::put_place(Writer& out) const {
  MetadataEndpoint found;
  Str problem;
  if (find_metadata_endpoint(options_, environment_, found, problem) != Status::kOk) return out.put("the service");
  const Endpoint& endpoint = found.endpoint;
  const bool ipv6 = endpoint.host.find(':') != Str::npos;
  out.put(endpoint.tls ? Str("https://") : Str("http://"));
  if (ipv6) out.put('[');
  out.put(endpoint.host);
  if (ipv6) out.put(']');
  if (endpoint.port != default_port(endpoint.tls)) {
    out.put(':');
    out.put_number(endpoint.port);
  }
  out.put(found.base_path);
}

void InstanceMetadata::put_outcome(Writer& out) const {
  const Str asked_for = kAskedFor[static_cast<size_t>(last_.step)];
  switch (last_.outcome) {
    case MetadataOutcome::kNone:
    case MetadataOutcome::kDisabled:
    case MetadataOutcome::kBadConfiguration:
      return out.put(stage() == Stage::kRunning ? Str(" is being asked") : Str(" has not been asked"));
    case MetadataOutcome::kFound:
      out.put(" gave credentials of the role ");
      return out.put({role_path_ + sizeof role_path_ - kMaxMetadataRoleBytes, role_size_});
    case MetadataOutcome::kNoRole:
      return out.put(" answers, but the instance has no role");
    case MetadataOutcome::kErrorDocument:
      out.put(" answered with an error: ");
      return out.put(remark_.text());
    case MetadataOutcome::kBadResponse:
      out.put(" gave a malformed answer: ");
      return out.put(remark_.text());
    case MetadataOutcome::kTooLarge:
      out.put(" gave an answer that is larger than its room: ");
      return out.put(asked_for);
    case MetadataOutcome::kUnavailable:
    case MetadataOutcome::kNoRegion:
    case MetadataOutcome::kForbidden:
    case MetadataOutcome::kBadRequest:
    case MetadataOutcome::kVersion1Disabled:
      break;
  }
  if (last_.cause != Status::kOk) {
    out.put(" did not answer (");
    out.put(tinyaws::describe(last_.cause));
    return out.put(")");
  }
  out.put(" answered ");
  out.put_number(last_.http_status);
  out.put(" when asked for the ");
  out.put(asked_for);
  if (last_.outcome != MetadataOutcome::kVersion1Disabled) return;
  out.put(", and IMDSv1, which needs none, is not allowed");
}

}  // namespace tinyaws
