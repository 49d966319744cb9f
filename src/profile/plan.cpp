#include "profile/plan.h"

#include <cassert>
#include <cstring>

#include "base/ascii.h"

namespace tinyaws {
namespace {

constexpr KeySet kKeys = key_set(ProfileKey::kAwsAccessKeyId, ProfileKey::kAwsSecretAccessKey);
constexpr KeySet kSsoPlace = key_set(ProfileKey::kSsoRegion, ProfileKey::kSsoStartUrl);
constexpr KeySet kSsoRole = key_set(ProfileKey::kSsoAccountId, ProfileKey::kSsoRoleName);
constexpr KeySet kSso = kSsoPlace | kSsoRole | key_set(ProfileKey::kSsoSession);
constexpr KeySet kNames = key_set(ProfileKey::kSourceProfile, ProfileKey::kCredentialSource, ProfileKey::kSsoSession);
constexpr KeySet kOthers = kKeys | kSsoPlace | kSsoRole |
                           key_set(ProfileKey::kRoleArn, ProfileKey::kMfaSerial, ProfileKey::kWebIdentityTokenFile,
                                   ProfileKey::kCredentialProcess);

constexpr Str kErrorNames =
    "none parse no-profile no-credentials partial-credentials no-source both-sources unknown-source "
    "missing-source-profile loop too-deep missing-role-arn sso-config mfa";

}  // namespace

Str name(ProfileError error) {
  return nth_part(kErrorNames, static_cast<size_t>(error), ' ');
}

Str ProfilePlan::name(size_t i) const {
  assert(i < size_);
  const size_t begin = i == 0 ? 0 : ends_[i - 1];
  return {names_ + begin, ends_[i] - begin};
}

bool ProfilePlan::add(Str name) {
  if (size_ == kMaxProfileDepth || copy(name).size() < name.size()) return false;
  ends_[size_] = static_cast<uint16_t>(end() + name.size());
  ++size_;
  return true;
}

Str ProfilePlan::copy(Str name) {
  if (name.empty() || name.size() > sizeof names_ - end()) return {};
  std::memcpy(names_ + end(), name.data(), name.size());
  return {names_ + end(), name.size()};
}

bool ProfilePlan::holds(Str text) const {
  for (size_t i = 0; i < size_; ++i) {
    if (name(i) == text) return true;
  }
  return false;
}

class Planner {
 public:
  Planner(Files& files, const Environment& environment, MutBytes scratch, ProfilePlan& plan)
      : files_(files), environment_(environment), scratch_(scratch), plan_(plan) {}

  Status run(Str profile, bool named);

 private:
  enum class Walk : uint8_t { kOn, kDone };

  Walk visit(Str& next);
  Walk follow_role(Str& next);
  Walk take_credential_source(Str source, size_t roles);
  Walk end_at(BaseSource base, size_t roles);
  Walk find_base(size_t roles);
  Walk find_keys(size_t roles);
  Walk check_sso(size_t roles);
  Walk check_sso_session(size_t roles);
  Walk fail(ProfileError error);

  bool load(SectionKind kind, Str section, const ProfileValues::Wanted& wanted);
  bool has(ProfileKey key) const { return values_.has(key); }
  Status status_of(bool named) const;

  Files& files_;
  const Environment& environment_;
  MutBytes scratch_;
  ProfilePlan& plan_;
  ProfileValues values_;
  Status file_status_ = Status::kOk;
};

Status Planner::run(Str profile, bool named) {
  plan_.size_ = plan_.roles_ = 0;
  plan_.error = ProfileError::kNone;
  Str next = profile;
  while (visit(next) == Walk::kOn) {
  }
  return status_of(named);
}

Planner::Walk Planner::visit(Str& next) {
  if (plan_.holds(next)) return fail(ProfileError::kLoop);
  if (!plan_.add(next)) return fail(ProfileError::kTooDeep);
  if (!load(SectionKind::kProfile, plan_.name(plan_.size_ - 1), {kNames, kOthers})) return fail(ProfileError::kFile);
  const bool first = plan_.size_ == 1;
  if (!values_.found()) return fail(first ? ProfileError::kNoProfile : ProfileError::kMissingSourceProfile);
  if (!first && values_.has_all(kKeys)) return end_at(BaseSource::kStatic, plan_.size_ - 1);
  if (!has(ProfileKey::kRoleArn) || has(ProfileKey::kWebIdentityTokenFile)) return find_base(plan_.size_ - 1);
  return follow_role(next);
}

Planner::Walk Planner::follow_role(Str& next) {
  const Str profile = values_.get(ProfileKey::kSourceProfile);
  const Str source = values_.get(ProfileKey::kCredentialSource);
  if (!profile.empty() && !source.empty()) return fail(ProfileError::kBothSources);
  if (profile.empty() && source.empty()) return fail(ProfileError::kNoSource);
  if (has(ProfileKey::kMfaSerial)) return fail(ProfileError::kMfa);
  if (!source.empty()) return take_credential_source(source, plan_.size_);
  if (profile == plan_.name(plan_.size_ - 1)) return find_base(plan_.size_);
  next = profile;
  return Walk::kOn;
}

Planner::Walk Planner::take_credential_source(Str source, size_t roles) {
  const size_t which = find_word("Environment Ec2InstanceMetadata EcsContainer", source);
  if (which == Str::npos) return fail(ProfileError::kUnknownSource);
  return end_at(static_cast<BaseSource>(static_cast<size_t>(BaseSource::kEnvironment) + which), roles);
}

Planner::Walk Planner::find_base(size_t roles) {
  if (has(ProfileKey::kWebIdentityTokenFile)) {
    return has(ProfileKey::kRoleArn) ? end_at(BaseSource::kWebIdentity, roles) : fail(ProfileError::kMissingRoleArn);
  }
  return values_.has_any(kSso) ? check_sso(roles) : find_keys(roles);
}

Planner::Walk Planner::find_keys(size_t roles) {
  if (values_.has_all(kKeys)) return end_at(BaseSource::kStatic, roles);
  if (values_.has_any(kKeys)) return fail(ProfileError::kPartialCredentials);
  if (has(ProfileKey::kCredentialProcess)) return end_at(BaseSource::kProcess, roles);
  if (!has(ProfileKey::kCredentialSource)) return fail(ProfileError::kNoCredentials);
  return take_credential_source(values_.get(ProfileKey::kCredentialSource), roles);
}

// With a session, account and role may both be left out: then only a token is meant.
Planner::Walk Planner::check_sso(size_t roles) {
  const bool has_role = values_.has_all(kSsoRole);
  if (has_role != values_.has_any(kSsoRole)) return fail(ProfileError::kSsoConfig);
  if (has(ProfileKey::kSsoSession)) return check_sso_session(roles);
  const bool whole = has_role && values_.has_all(kSsoPlace);
  return whole ? end_at(BaseSource::kSso, roles) : fail(ProfileError::kSsoConfig);
}

// The session's name stands behind those of the plan while the session is read.
Planner::Walk Planner::check_sso_session(size_t roles) {
  const Str name = values_.get(ProfileKey::kSsoSession);
  if (name.size() > kMaxProfileNameBytes) return fail(ProfileError::kSsoConfig);
  const Str session = plan_.copy(name);
  if (session.empty()) return fail(ProfileError::kTooDeep);
  if (!load(SectionKind::kSsoSession, session, {0, kSsoPlace})) return fail(ProfileError::kFile);
  return values_.has_all(kSsoPlace) ? end_at(BaseSource::kSso, roles) : fail(ProfileError::kSsoConfig);
}

Planner::Walk Planner::end_at(BaseSource base, size_t roles) {
  plan_.base = base;
  plan_.roles_ = static_cast<uint8_t>(roles);
  return Walk::kDone;
}

Planner::Walk Planner::fail(ProfileError error) {
  plan_.error = error;
  return Walk::kDone;
}

bool Planner::load(SectionKind kind, Str section, const ProfileValues::Wanted& wanted) {
  file_status_ = values_.load(files_, environment_, kind, section, wanted, scratch_);
  for (SharedFile file : {SharedFile::kConfig, SharedFile::kCredentials}) {
    plan_.reports[static_cast<size_t>(file)] = values_.report(file);
  }
  plan_.file = values_.file();
  return file_status_ == Status::kOk;
}

Status Planner::status_of(bool named) const {
  switch (plan_.error) {
    case ProfileError::kNone:
      return Status::kOk;
    case ProfileError::kFile:
      return file_status_;
    case ProfileError::kNoProfile:
      return named ? Status::kProfileNotFound : Status::kNotFound;
    case ProfileError::kNoCredentials:
      return plan_.size_ == 1 && !has(ProfileKey::kRoleArn) ? Status::kNotFound : Status::kProfileInvalid;
    case ProfileError::kPartialCredentials:
      return Status::kCredentialsIncomplete;
    case ProfileError::kMfa:
      return Status::kUnsupported;
    default:
      return Status::kProfileInvalid;
  }
}

Status plan_profile(Files& files, const Environment& environment, Str profile, bool named, MutBytes scratch,
                    ProfilePlan& plan) {
  return Planner(files, environment, scratch, plan).run(profile, named);
}

}  // namespace tinyaws
