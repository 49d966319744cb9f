// What there is to say about a look at the instance metadata service.
#include "base/writer.h"
#include "credentials/metadata_endpoint.h"
#include "credentials/printable.h"
#include "tinyaws/instance_metadata.h"

namespace tinyaws {
namespace {

// In the order of the steps.
constexpr Str kAskedFor[] = {
    "", "session token", "role", "credentials of the role", "region", "availability zone", "identity document"};
constexpr Str kMalformed[] = {"",
                              "no token",
                              "no name of a role",
                              "",
                              "no name of a region",
                              "no name of an availability zone",
                              "no identity document with a region"};

// In the order of MetadataPlace.
constexpr Str kPlaceProblems[] = {
    "the endpoint given is no URL",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT is no URL",
    "ec2_metadata_service_endpoint in the profile is no URL",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE is neither IPv4 nor IPv6",
    "ec2_metadata_service_endpoint_mode in the profile is neither IPv4 nor IPv6",
    "",
};

}  // namespace

IoResult InstanceMetadata::explain(MutBytes text) const {
  return explain(look(Task::kCredentials).last, text);
}

IoResult InstanceMetadata::explain(const Finding& finding, MutBytes text) const {
  Writer out(text);
  out.put(describe());
  out.put(": ");
  if (finding.outcome == MetadataOutcome::kDisabled) {
    out.put("switched off by AWS_EC2_METADATA_DISABLED");
  } else if (finding.outcome == MetadataOutcome::kBadConfiguration) {
    out.put(kPlaceProblems[static_cast<size_t>(finding.place)]);
  } else {
    put_place(out);
    put_outcome(out, finding);
  }
  return out.result();
}

void InstanceMetadata::put_place(Writer& out) const {
  MetadataEndpoint found;
  if (find_metadata_endpoint(options_, environment_, found) != Status::kOk) return (void)out.put("the service");
  put_endpoint(found.url.endpoint, out);
  out.put(found.url.target);
}

void InstanceMetadata::put_outcome(Writer& out, const Finding& finding) const {
  switch (finding.outcome) {
    case MetadataOutcome::kNone:
    case MetadataOutcome::kDisabled:
    case MetadataOutcome::kBadConfiguration:
      return (void)out.put(stage() == Stage::kRunning ? Str(" is being asked") : Str(" has not been asked"));
    case MetadataOutcome::kFound:
      return put_found(out, finding);
    case MetadataOutcome::kNoRole:
      return (void)out.put(" answers, but the instance has no role");
    case MetadataOutcome::kNoRegion:
      return (void)out.put(" answers, but tells no region");
    case MetadataOutcome::kErrorDocument:
      out.put(" answered with an error: ");
      return (void)out.put(remark_.text());
    case MetadataOutcome::kBadResponse:
      out.put(" gave a malformed answer: ");
      return put_malformed(out, finding);
    case MetadataOutcome::kTooLarge:
      out.put(" gave an answer that is larger than its room: ");
      return (void)out.put(kAskedFor[static_cast<size_t>(finding.step)]);
    case MetadataOutcome::kUnavailable:
    case MetadataOutcome::kForbidden:
    case MetadataOutcome::kBadRequest:
    case MetadataOutcome::kVersion1Disabled:
      return put_refusal(out, finding);
  }
}

void InstanceMetadata::put_malformed(Writer& out, const Finding& finding) const {
  if (finding.cause != Status::kOk) return (void)out.put(tinyaws::describe(finding.cause));
  out.put(finding.step == Step::kCredentials ? remark_.text() : kMalformed[static_cast<size_t>(finding.step)]);
}

void InstanceMetadata::put_found(Writer& out, const Finding& finding) const {
  const bool is_role = finding.step == Step::kCredentials;
  out.put(is_role ? Str(" gave credentials of the role ") : Str(" gave the region "));
  out.put(is_role ? Str(role_path_, role_path_size_).substr(path_of(Step::kRole).size())
                  : Str(region_, region_size_));
}

void InstanceMetadata::put_refusal(Writer& out, const Finding& finding) {
  if (finding.cause != Status::kOk) {
    out.put(" did not answer (");
    out.put(tinyaws::describe(finding.cause));
    return (void)out.put(")");
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
