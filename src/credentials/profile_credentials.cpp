#include "tinyaws/profile_credentials.h"

#include <cstdint>
#include <cstring>

#include "base/wipe.h"
#include "credentials/gather.h"
#include "profile/location.h"
#include "profile/plan.h"
#include "profile/values.h"

namespace tinyaws {
namespace {

constexpr ProfileValues::Wanted kKeys{
    key_set(ProfileKey::kAwsAccessKeyId, ProfileKey::kAwsSecretAccessKey, ProfileKey::kAwsSessionToken,
            ProfileKey::kAwsSecurityToken, ProfileKey::kAwsAccountId),
    0};

// What belongs to the keys stands in the same file: a token of other keys would spoil these.
Str beside_keys(const ProfileValues& values, ProfileKey key) {
  return values.from_same_file(ProfileKey::kAwsAccessKeyId, key) ? values.get(key) : Str();
}

}  // namespace

ProfileCredentials::ProfileCredentials(Platform& platform, const Environment& environment, Files* files,
                                       Processes* processes, MutBytes space, const Options& options)
    : environment_(environment),
      files_(files),
      processes_(processes),
      space_(space),
      options_(options)
#if TINYAWS_WITH_STS
      ,
      sts_(platform, environment, files)
#endif
{
  (void)platform;
}

ProfileCredentials::~ProfileCredentials() {
  forget();
}

// What a file says that can't be read is not known. Where somebody named the file or the profile, nobody else's
// credentials take the place of those in it.
Status ProfileCredentials::plan(ProfilePlan& plan, MutBytes scratch) const {
  if (files_ == nullptr) return Status::kNotFound;
  const ProfileChoice choice = choose_profile(environment_, options_.profile);
  const Status status = plan_profile(*files_, environment_, choice.name, choice.named, scratch, plan);
  if (status != Status::kNotFound && status != Status::kProfileNotFound) return status;
  for (SharedFile file : {SharedFile::kConfig, SharedFile::kCredentials}) {
    if (plan.reports[static_cast<size_t>(file)].state != FileState::kUnreadable) continue;
    if (choice.named || !read_variable(environment_, variable_of(file)).empty()) return Status::kFileUnreadable;
  }
  return status;
}

Status ProfileCredentials::get(Instant, UnixTime, Credentials& credentials, Call*& fetch) {
  fetch = nullptr;
  if (stage_ == Stage::kRunning) return Status::kPending;
  if (stage_ == Stage::kIdle) {
    forget();
    remark_.clear();
    ProfilePlan plan;
    status_ = this->plan(plan, arena(free_space()));
    if (status_ != Status::kOk) return status_;
    roles_ = planned_roles_ = static_cast<uint8_t>(plan.roles());
    if (plan.base != BaseSource::kStatic || roles_ > 0) {
      stage_ = Stage::kRunning;
      step_ = Step::kBase;
      fetch = this;
      return Status::kPending;
    }
    status_ = take_keys(plan.name(plan.size() - 1));
  }
  stage_ = Stage::kIdle;
  if (status_ == Status::kOk) credentials = current_;
  return status_;
}

Next ProfileCredentials::own_next(Instant now, UnixTime wall, RequestHead&) {
  if (stage_ != Stage::kRunning) return {};
  Call* fetch = nullptr;
  const Status status = advance(now, wall, fetch);
  if (fetch != nullptr) return run_inside(*fetch);
  if (status == Status::kPending) return {Next::Action::kWait, now + kPollMs};
  if (status == Status::kOk && step_ != Step::kOver) return {Next::Action::kAgain};
  status_ = status;
  stage_ = Stage::kEnded;
  if (status != Status::kOk) forget();
  return {};
}

Status ProfileCredentials::advance(Instant now, UnixTime wall, Call*& fetch) {
  switch (step_) {
    case Step::kBase:
      return begin_base(now, fetch);
    case Step::kSource:
      return ask_source(now, wall, fetch);
    case Step::kProcess:
      return read_process(now);
    case Step::kSts:
      return take_sts();
    case Step::kRole:
      return begin_role(fetch);
    case Step::kOver:
      break;
  }
  return Status::kOk;
}

// The plan once more: it is too large to be kept, and the files are small.
Status ProfileCredentials::replan(ProfilePlan& plan) {
  const Status status = this->plan(plan, arena(free_space()));
  if (status == Status::kOk && plan.roles() != planned_roles_) return Status::kProfileInvalid;
  return status == Status::kNotFound ? Status::kProfileInvalid : status;
}

Status ProfileCredentials::begin_base(Instant now, Call*& fetch) {
  ProfilePlan plan;
  const Status status = replan(plan);
  if (status != Status::kOk) return status;
  const Str profile = plan.name(plan.size() - 1);
  step_ = Step::kRole;
  switch (plan.base) {
    case BaseSource::kStatic:
      return take_keys(profile);
    case BaseSource::kProcess:
      return begin_process(profile, now);
    case BaseSource::kWebIdentity:
      return ask_sts(profile, nullptr, fetch);
    case BaseSource::kSso:
      return Status::kUnsupported;
    case BaseSource::kEnvironment:
      base_ = options_.sources.environment;
      break;
    case BaseSource::kEc2InstanceMetadata:
      base_ = options_.sources.instance_metadata;
      break;
    case BaseSource::kEcsContainer:
      base_ = options_.sources.container;
      break;
  }
  step_ = Step::kSource;
  return Status::kOk;
}

Status ProfileCredentials::take_keys(Str profile) {
  ProfileValues values;
  const MutBytes behind = arena(space_.drop(space_.size() - space_.size() / 2));  // what is taken ends before it
  const Status status = values.load(*files_, environment_, SectionKind::kProfile, profile, kKeys, behind);
  if (values.long_key() != nullptr)
    remark_.keep(name(*values.long_key()), "longer than 4096 bytes, or than the space");
  if (status != Status::kOk) return status;
  current_ = {};
  current_.access_key_id = values.get(ProfileKey::kAwsAccessKeyId);
  current_.secret_access_key = values.get(ProfileKey::kAwsSecretAccessKey);
  current_.session_token = beside_keys(values, ProfileKey::kAwsSecurityToken);
  if (current_.session_token.empty()) current_.session_token = beside_keys(values, ProfileKey::kAwsSessionToken);
  current_.account_id = beside_keys(values, ProfileKey::kAwsAccountId);
  const bool whole = !current_.access_key_id.empty() && !current_.secret_access_key.empty();
  return whole ? take() : Status::kProfileInvalid;  // the files have changed since the plan was made
}

Status ProfileCredentials::ask_source(Instant now, UnixTime wall, Call*& fetch) {
  if (base_ == nullptr) return Status::kUnsupported;
  const Status status = base_->get(now, wall, current_, fetch);
  if (status == Status::kNotFound) return Status::kNoCredentials;
  if (status != Status::kOk) return status;
  step_ = Step::kRole;
  return take();
}

// Copies a text behind what is used of the space.
Status ProfileCredentials::keep(Str& text) {
  if (text.size() > free_space().size()) return Status::kValueTooLong;
  if (!text.empty()) std::memmove(free_space().data(), text.data(), text.size());
  text = {free_space().data(), text.size()};
  used_ += text.size();
  return Status::kOk;
}

Status ProfileCredentials::take() {
  return gather(space_, current_, used_);
}

void ProfileCredentials::forget() {
  wipe(space_.data(), space_.size());
  current_ = {};
  used_ = 0;
}

void ProfileCredentials::own_failure(const Failure& failure, Instant) {
  own_cancel();
  status_ = failure.status;
}

void ProfileCredentials::own_cancel() {
  if (processes_ != nullptr && step_ == Step::kProcess) processes_->stop();
  forget();
  step_ = Step::kBase;
  stage_ = Stage::kIdle;
}

}  // namespace tinyaws
