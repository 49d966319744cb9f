// Which steps lead from a profile to credentials ("Assume role credential provider" and "Process credential
// provider", AWS SDKs and Tools Reference Guide).
//
// A profile with role_arn takes the credentials of its source_profile, or its credential_source, and assumes the role
// with them. A profile that names itself as its source uses its own keys for that. A source profile that has keys is
// the last one, even if it has a role too. Where the chain ends, the first of these counts: web identity, SSO, keys,
// process, and credential_source where no role stands beside it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "profile/shared_file.h"
#include "profile/values.h"
#include "tinyaws/bytes.h"
#include "tinyaws/port.h"
#include "tinyaws/status.h"

namespace tinyaws {

/// Profiles in a chain, and the length of their names together. Cost: the latter in a ProfilePlan.
/// Error: ProfileError::kTooDeep.
constexpr size_t kMaxProfileDepth = 8;
constexpr size_t kMaxProfileChainBytes = 256;

/// Where the first credentials of a chain come from.
enum class BaseSource : uint8_t {
  kStatic,       ///< aws_access_key_id and aws_secret_access_key
  kProcess,      ///< credential_process
  kWebIdentity,  ///< web_identity_token_file, and role_arn of the same profile
  kSso,          ///< IAM Identity Center
  kEnvironment,  ///< the three credential_source values
  kEc2InstanceMetadata,
  kEcsContainer,
};

/// Why there is no plan.
enum class ProfileError : uint8_t {
  kNone,
  kFile,                  ///< A file could not be read: see the status and the reports.
  kNoProfile,             ///< The profile stands in neither file.
  kNoCredentials,         ///< The profile says nothing about credentials.
  kPartialCredentials,    ///< A key id without its secret, or the other way round.
  kNoSource,              ///< role_arn without source_profile and credential_source.
  kBothSources,           ///< source_profile and credential_source.
  kUnknownSource,         ///< credential_source is none of the three.
  kMissingSourceProfile,  ///< The source profile stands in neither file.
  kLoop,                  ///< The chain of source profiles comes back to one that it holds.
  kTooDeep,               ///< More than kMaxProfileDepth profiles, or their names are too long.
  kMissingRoleArn,        ///< web_identity_token_file without role_arn.
  kSsoConfig,             ///< Properties of SSO are missing, or the sso-session is.
  kMfa,                   ///< mfa_serial: nobody is there to type a code.
};

/// In words, "missing-source-profile". Lives for ever.
Str name(ProfileError error);

/// The chain of profiles. It holds names only: whoever follows it loads each profile when its turn comes.
class ProfilePlan {
 public:
  BaseSource base = BaseSource::kStatic;
  ProfileError error = ProfileError::kNone;

  /// Profiles in the chain. The first is the one that was asked for; the last is where the base stands, or the one at
  /// fault after an error.
  size_t size() const { return size_; }

  /// REQUIRES: i < size(). Valid until the plan is made anew.
  Str name(size_t i) const;

  /// Profiles whose role is assumed: `roles() - 1` first, with the base's credentials, 0 last. All of them, or all
  /// but the last one.
  size_t roles() const { return roles_; }

  /// What became of the files when they were read last, and the file that was read when `error` is kFile.
  FileReport reports[2];
  SharedFile file = SharedFile::kConfig;

 private:
  friend class Planner;

  size_t end() const { return size_ == 0 ? 0 : ends_[size_ - 1]; }
  bool add(Str name);
  Str copy(Str name);  // behind the names; empty when it does not fit
  bool holds(Str name) const;

  char names_[kMaxProfileChainBytes];
  uint16_t ends_[kMaxProfileDepth] = {};
  uint8_t size_ = 0;
  uint8_t roles_ = 0;
};

/// Makes a plan for a profile. `named`: somebody asked for it by name, so that it must be there. `scratch` holds the
/// names that a profile refers to while it is read: three of the longest are enough; it is wiped.
/// Errors: kNotFound (no such profile and not `named`, or the profile says nothing about credentials),
/// kProfileNotFound, kCredentialsIncomplete, kProfileInvalid, kUnsupported (MFA), and those of ProfileValues::load.
/// That a plan's base is kSso is no error here.
Status plan_profile(Files& files, const Environment& environment, Str profile, bool named, MutBytes scratch,
                    ProfilePlan& plan);

}  // namespace tinyaws
