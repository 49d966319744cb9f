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
  return explain(last_, text);
}

IoResult InstanceMetadata::explain_region(MutBytes text) const {
  return explain(last_region_, text);
}

IoResult InstanceMetadata::explain(const Finding& finding, MutBytes text) const {
  Writer out(text);
  out.put(describe());
  out.put(": ");
  if (finding.outcome == MetadataOutcome::kDisabled) {
    out.put("switched off by AWS_EC2_METADATA_DISABLED");
  } else if (finding.outcome == MetadataOutcome::kBadConfiguration) {
    out.put(finding.words);
  } else {
    put_place(out);
    put_outcome(out, finding);
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

void InstanceMetadata::put_outcome(Writer& out, const Finding& finding) const {
  switch (finding.outcome) {
    case MetadataOutcome::kNone:
    case MetadataOutcome::kDisabled:
    case MetadataOutcome::kBadConfiguration:
      return out.put(stage() == Stage::kRunning ? Str(" is being asked") : Str(" has not been asked"));
    case MetadataOutcome::kFound:
      return put_found(out, finding);
    case MetadataOutcome::kNoRole:
      return out.put(" answers, but the instance has no role");
    case MetadataOutcome::kNoRegion:
      return out.put(" answers, but tells no region");
    case MetadataOutcome::kErrorDocument:
      out.put(" answered with an error: ");
      return out.put(remark_.text());
    case MetadataOutcome::kBadResponse:
      out.put(" gave a malformed answer: ");
      return out.put(finding.words.empty() ? remark_.text() : finding.words);
    case MetadataOutcome::kTooLarge:
      out.put(" gave an answer that is larger than its room: ");
      return out.put(kAskedFor[static_cast<size_t>(finding.step)]);
    case MetadataOutcome::kUnavailable:
    case MetadataOutcome::kForbidden:
    case MetadataOutcome::kBadRequest:
    case MetadataOutcome::kVersion1Disabled:
      return put_refusal(out, finding);
  }
}

void InstanceMetadata::put_found(Writer& out, const Finding& finding) const {
  const bool is_role = finding.step == Step::kCredentials;
  out.put(is_role ? Str(" gave credentials of the role ") : Str(" gave the region "));
  out.put(is_role ? Str(role_path_ + sizeof role_path_ - kMaxMetadataRoleBytes, role_size_)
                  : Str(region_, region_size_));
}

void InstanceMetadata::put_refusal(Writer& out, const Finding& finding) {
  if (finding.cause != Status::kOk) {
    out.put(" did not answer (");
    out.put(tinyaws::describe(finding.cause));
    return out.put(")");
  }
  out.put(" answered ");
  out.put_number(finding.http_status);
  out.put(" when asked for the ");
  out.put(kAskedFor[static_cast<size_t>(finding.step)]);
  if (finding.outcome == MetadataOutcome::kVersion1Disabled) {
    out.put(", and IMDSv1, which needs none, is not allowed");
  }
}

}  // namespace tinyaws
