#include "tinyaws/instance_metadata.h"

#include <cstring>

#include "base/ascii.h"
#include "base/wipe.h"
#include "base/writer.h"
#include "credentials/metadata_endpoint.h"

namespace tinyaws {
namespace {

constexpr Str kTokenPath = "/latest/api/token";
constexpr Str kRolePath = "/latest/meta-data/iam/security-credentials/";
constexpr Str kRegionPath = "/latest/meta-data/placement/region";
constexpr Str kZonePath = "/latest/meta-data/placement/availability-zone/";
constexpr Str kDocumentPath = "/latest/dynamic/instance-identity/document";

constexpr Header kAskedLife = {"x-aws-ec2-metadata-token-ttl-seconds", "21600"};

}  // namespace

Str name(MetadataOutcome outcome) {
  constexpr Str kNames =
      "imds-not-asked imds-found imds-disabled imds-bad-configuration imds-unavailable imds-no-role imds-no-region "
      "imds-forbidden imds-bad-request imds-v1-disabled imds-error-document imds-bad-response response-too-large";
  return nth_part(kNames, static_cast<size_t>(outcome), ' ');
}

InstanceMetadata::InstanceMetadata(Platform& platform, const Environment& environment, MutBytes space,
                                   const InstanceMetadataOptions& options)
    : DocumentCall(platform, space, options.timeouts, options.max_attempts),
      environment_(environment),
      options_(options) {
  static_assert(sizeof role_path_ == kRolePath.size() + kMaxMetadataRoleBytes, "room for path and name");
  std::memcpy(role_path_, kRolePath.data(), kRolePath.size());
}

InstanceMetadata::~InstanceMetadata() {
  forget_token();
  forget_credentials();
}

Status InstanceMetadata::get(Instant now, UnixTime, Credentials& credentials, Call*& fetch) {
  fetch = nullptr;
  if (stage() == Stage::kRunning) return Status::kPending;
  if (stage() == Stage::kEnded && task_ == Task::kCredentials) return collect(credentials);
  forget_credentials();
  last_ = {};
  const Status prepared = prepare(now, credentials_retry_, credentials_remembered_, last_);
  if (prepared != Status::kOk) return prepared;
  start(Task::kCredentials, Step::kRole);
  fetch = this;
  return Status::kPending;
}

Status InstanceMetadata::find_region(Instant now, UnixTime, Str& region, Call*& fetch) {
  fetch = nullptr;
  if (region_size_ > 0) {
    last_region_ = {MetadataOutcome::kFound, Step::kRegion};
    region = Str(region_, region_size_);
    return Status::kOk;
  }
  if (stage() == Stage::kRunning) return Status::kPending;
  if (stage() == Stage::kEnded && task_ == Task::kRegion) {
    end_script();
    last_region_ = finding_;
    return Status::kNotFound;
  }
  last_region_ = {};
  if (prepare(now, region_retry_, region_remembered_, last_region_) != Status::kOk) return Status::kNotFound;
  forget_credentials();
  start(Task::kRegion, Step::kRegion);
  fetch = this;
  return Status::kPending;
}

// kOk: there is something to ask. Else what is to be answered at once, for the reason in `finding`.
Status InstanceMetadata::prepare(Instant now, Instant retry, const Finding& remembered, Finding& finding) {
  MetadataEndpoint found;
  if (is_true(environment_.variable("AWS_EC2_METADATA_DISABLED"))) {
    finding.outcome = MetadataOutcome::kDisabled;
    return Status::kNotFound;
  }
  if (!find_place(found, finding)) return Status::kInvalidArgument;
  const bool elsewhere = found.named && credentials_remembered_.outcome == MetadataOutcome::kUnavailable;
  if (retry <= now || elsewhere) return Status::kOk;
  finding = remembered;
  return Status::kNotFound;
}

bool InstanceMetadata::find_place(MetadataEndpoint& found, Finding& finding) const {
  if (find_metadata_endpoint(options_, environment_, found) == Status::kOk) return true;
  finding.outcome = MetadataOutcome::kBadConfiguration;
  finding.place = found.place;
  return false;
}

void InstanceMetadata::start(Task task, Step first) {
  task_ = task;
  step_ = first;
  finding_ = {};
  token_asked_ = token_refused_ = version_1_ = false;
  holds_secrets_ = task == Task::kCredentials;
  start_script();
}

Status InstanceMetadata::collect(Credentials& credentials) {
  end_script();
  last_ = finding_;
  const Status status = status_of(finding_);
  if (status == Status::kOk) {
    credentials = credentials_;
  } else {
    forget_credentials();
  }
  return status;
}

void InstanceMetadata::remember(Instant now) {
  const Instant until = now + options_.unavailable_for_ms;
  const bool absent = is_absent(finding_);
  if (absent || finding_.outcome == MetadataOutcome::kNoRole) {
    credentials_retry_ = until;
    credentials_remembered_ = finding_;
  }
  if (absent || (task_ == Task::kRegion && region_size_ == 0)) {
    region_retry_ = until;
    region_remembered_ = finding_;
  }
}

// The space may serve others: it is left alone while nothing secret of ours is in it.
void InstanceMetadata::forget_credentials() {
  if (holds_secrets_) wipe(space().data(), space().size());
  holds_secrets_ = false;
  credentials_ = {};
  if (stage() == Stage::kEnded) end_script();
}

void InstanceMetadata::forget_token() {
  wipe(token_, sizeof token_);
  token_size_ = 0;
}

bool InstanceMetadata::write_request(Instant now, Request& request) {
  if (step_ == Step::kOver) {
    remember(now);
    return false;
  }
  MetadataEndpoint found;
  if (!find_place(found, finding_)) return false;
  sent_ = now;
  named_ = found.named;
  const bool has_token = token_size_ > 0 && (token_asked_ || now < token_until_);
  asks_token_ = !version_1_ && !has_token;
  request.endpoint = found.endpoint;
  request.base_path = found.base_path;
  request.path = path();
  if (asks_token_) {
    request.method = "PUT";
    header_ = kAskedLife;
  } else {
    header_ = {"x-aws-ec2-metadata-token", Str(token_, token_size_)};
  }
  if (!version_1_) request.headers = {&header_, 1};
  return true;
}

Str InstanceMetadata::path() const {
  if (asks_token_) return kTokenPath;
  switch (step_) {
    case Step::kCredentials:
      return {role_path_, kRolePath.size() + role_size_};
    case Step::kRegion:
      return kRegionPath;
    case Step::kZone:
      return kZonePath;
    case Step::kDocument:
      return kDocumentPath;
    case Step::kRole:
    case Step::kToken:
    case Step::kOver:
      break;
  }
  return kRolePath;
}

bool InstanceMetadata::allows_version_1() const {
  const Str variable = environment_.variable("AWS_EC2_METADATA_V1_DISABLED");
  return options_.allow_v1 && !is_true(is_blank_text(variable) ? options_.profile.v1_disabled : variable);
}

// Nobody has ever answered, and nobody said that somebody would.
bool InstanceMetadata::is_absent(const Finding& finding) const {
  const bool unreached = finding.cause >= Status::kResolveFailed || finding.cause == Status::kUnsupported;
  return finding.outcome == MetadataOutcome::kUnavailable && unreached && !heard_ && !named_;
}

Status InstanceMetadata::status_of(const Finding& finding) const {
  switch (finding.outcome) {
    case MetadataOutcome::kFound:
      return Status::kOk;
    case MetadataOutcome::kNone:
    case MetadataOutcome::kDisabled:
    case MetadataOutcome::kNoRole:
    case MetadataOutcome::kNoRegion:
      return Status::kNotFound;
    case MetadataOutcome::kBadConfiguration:
      return Status::kInvalidArgument;
    case MetadataOutcome::kUnavailable:
      return is_absent(finding) ? Status::kNotFound : Status::kCredentialsUnavailable;
    case MetadataOutcome::kForbidden:
    case MetadataOutcome::kBadRequest:
    case MetadataOutcome::kVersion1Disabled:
    case MetadataOutcome::kErrorDocument:
      return Status::kCredentialsRefused;
    case MetadataOutcome::kBadResponse:
      return Status::kMalformedCredentials;
    case MetadataOutcome::kTooLarge:
      return Status::kValueTooLong;
  }
  return Status::kNotFound;
}

}  // namespace tinyaws
