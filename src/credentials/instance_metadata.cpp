#include "tinyaws/instance_metadata.h"

#include "base/ascii.h"
#include "base/wipe.h"
#include "base/writer.h"
#include "credentials/metadata_endpoint.h"

namespace tinyaws {
namespace {

// In the order of Step. That of the credentials ends with the role.
constexpr char kPaths[] =
    " /latest/api/token /latest/meta-data/iam/security-credentials/  /latest/meta-data/placement/region "
    "/latest/meta-data/placement/availability-zone/ /latest/dynamic/instance-identity/document";

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
      options_(options) {}

InstanceMetadata::~InstanceMetadata() {
  forget_token();
  forget();
}

Status InstanceMetadata::get(Instant now, UnixTime, Credentials& credentials, Call*& fetch) {
  const Status status = ask(Task::kCredentials, now, fetch);
  return status == Status::kOk ? hand_over(status_of(finding_), credentials) : status;
}

Status InstanceMetadata::find_region(Instant now, UnixTime, Str& region, Call*& fetch) {
  fetch = nullptr;
  if (region_size_ > 0) {
    look(Task::kRegion).last = {MetadataOutcome::kFound, Step::kRegion};
    region = Str(region_, region_size_);
    return Status::kOk;
  }
  const Status status = ask(Task::kRegion, now, fetch);
  if (status == Status::kPending) return status;
  if (status == Status::kOk) end_script();
  return Status::kNotFound;
}

// kOk: it has been asked, and there is a finding.
Status InstanceMetadata::ask(Task task, Instant now, Call*& fetch) {
  fetch = nullptr;
  if (stage() == Stage::kRunning) return Status::kPending;
  if (stage() == Stage::kEnded && task_ == task) {
    look(task).last = finding_;
    return Status::kOk;
  }
  if (task == Task::kCredentials) forget();
  const Status prepared = prepare(now, look(task));
  if (prepared != Status::kOk) return prepared;
  forget();
  start(task);
  fetch = this;
  return Status::kPending;
}

// kOk: there is something to ask. Else what is to be answered at once, for the reason in `look.last`.
Status InstanceMetadata::prepare(Instant now, Look& look) {
  MetadataEndpoint found;
  look.last = {};
  if (is_true(environment_.variable("AWS_EC2_METADATA_DISABLED"))) {
    look.last.outcome = MetadataOutcome::kDisabled;
    return Status::kNotFound;
  }
  if (!find_place(found, look.last)) return Status::kInvalidArgument;
  const bool elsewhere =
      found.named && this->look(Task::kCredentials).remembered.outcome == MetadataOutcome::kUnavailable;
  if (look.retry <= now || elsewhere) return Status::kOk;
  look.last = look.remembered;
  return Status::kNotFound;
}

bool InstanceMetadata::find_place(MetadataEndpoint& found, Finding& finding) const {
  if (find_metadata_endpoint(options_, environment_, found) == Status::kOk) return true;
  finding.outcome = MetadataOutcome::kBadConfiguration;
  finding.place = found.place;
  return false;
}

void InstanceMetadata::start(Task task) {
  task_ = task;
  step_ = task == Task::kCredentials ? Step::kRole : Step::kRegion;
  finding_ = {};
  token_asked_ = token_refused_ = version_1_ = false;
  if (task == Task::kCredentials) expect_secrets();
  start_script();
}

void InstanceMetadata::remember(Instant now) {
  const bool absent = is_absent(finding_);
  if (absent || finding_.outcome == MetadataOutcome::kNoRole) remember(look(Task::kCredentials), now);
  if (absent || (task_ == Task::kRegion && region_size_ == 0)) remember(look(Task::kRegion), now);
}

void InstanceMetadata::remember(Look& look, Instant now) const {
  look.retry = now + options_.unavailable_for_ms;
  look.remembered = finding_;
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
  request.endpoint = found.url.endpoint;
  request.base_path = found.url.target;
  request.path = path();
  request.method = asks_token_ ? "PUT" : "GET";
  header_ = asks_token_ ? kAskedLife : Header{"x-aws-ec2-metadata-token", Str(token_, token_size_)};
  request.headers = {&header_, version_1_ ? size_t{0} : size_t{1}};
  return true;
}

Str InstanceMetadata::path() const {
  if (asks_token_) return path_of(Step::kToken);
  return step_ == Step::kCredentials ? Str(role_path_, role_path_size_) : path_of(step_);
}

Str InstanceMetadata::path_of(Step step) {
  return nth_part(kPaths, static_cast<size_t>(step), ' ');
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
