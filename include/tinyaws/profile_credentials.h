// Credentials of a profile of the shared files, and of whatever it points to.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/call.h"
#include "tinyaws/config.h"
#include "tinyaws/credentials.h"
#include "tinyaws/port.h"
#include "tinyaws/providers.h"
#include "tinyaws/remark.h"
#include "tinyaws/settings.h"
#include "tinyaws/status.h"
#include "tinyaws/sts_call.h"
#include "tinyaws/time.h"

namespace tinyaws {

class ProfilePlan;
class Writer;

/// What a profile's credential_source may name; null: not in this build.
struct CredentialSources {
  CredentialsProvider* environment = nullptr;
  CredentialsProvider* instance_metadata = nullptr;
  CredentialsProvider* container = nullptr;
};

/// Follows a profile: its own keys; its credential_process; its web identity token; its role, assumed with the
/// credentials of its source_profile or credential_source, which may have roles themselves ("Assume role credential
/// provider" and "Process credential provider", AWS SDKs and Tools Reference Guide). The files are read anew each
/// time.
class ProfileCredentials final : public CredentialsProvider, private NestingCall {
 public:
  /// How long a credential_process may take.
  static constexpr int64_t kProcessMs = 60000;

  struct Options {
    Str profile;  ///< Empty: AWS_PROFILE, AWS_DEFAULT_PROFILE, "default". One that is named must be there.
    Settings* settings = nullptr;  ///< For STS: its region and its endpoint.
    CredentialSources sources;
    StsPlace sts;  ///< Where the caller wants STS to be asked.
  };

  /// `files`, `processes`: null where there are none. `space` holds credentials, what is asked of STS, and its
  /// answer: kCredentialsSpaceBytes are enough for session tokens of 4,096 bytes. The sources may answer in the same
  /// space. All must outlive the provider.
  ProfileCredentials(Platform& platform, const Environment& environment, Files* files, Processes* processes,
                     MutBytes space, const Options& options);
  ~ProfileCredentials();
  ProfileCredentials(const ProfileCredentials&) = delete;
  ProfileCredentials& operator=(const ProfileCredentials&) = delete;

  /// kNotFound when there is no such profile and nobody named it, or it says nothing about credentials. Errors:
  /// kProfileNotFound; kProfileInvalid (contradictions, loops, sources that are not there); kCredentialsIncomplete;
  /// kFileUnreadable (a shared file is there and can't be read, the profile is not in the other one, and the profile
  /// or that file was named); kUnsupported (IAM Identity Center, MFA, processes where none can be run);
  /// kNoCredentials (the credential_source has none); kProcessFailed; kMalformedCredentials (of a process);
  /// kMalformedFile, kFileUnreadable, kValueTooLong; those of StsCall, and of the credential_source.
  Status get(Instant now, UnixTime wall, Credentials& credentials, Call*& fetch) override;
  Str describe() const override { return "profile"; }
#if TINYAWS_WITH_WORDS
  IoResult explain(MutBytes text) const override;
#endif
  Settings* settings() override {
    return options_.settings;
  }

 private:
  enum class Stage : uint8_t { kIdle, kRunning, kEnded };
  enum class Step : uint8_t { kBase, kSource, kProcess, kSts, kRole, kOver };

  Next own_next(Instant now, UnixTime wall, RequestHead& head) override;
  void own_failure(const Failure& failure, Instant now) override;
  void own_cancel() override;
#if TINYAWS_WITH_WORDS
  void explain_steps(const ProfilePlan& plan, Writer& out) const;
  Status plan_apart(ProfilePlan& plan) const;
#endif
  Status plan(ProfilePlan& plan, MutBytes scratch) const;
  Status replan(ProfilePlan& plan);
  // Steps. kOk: look at `step_` anew; kPending: run `fetch`, or look again when kPollMs are over; or the end's error.
  Status advance(Instant now, UnixTime wall, Call*& fetch);
  Status begin_base(Instant now, Call*& fetch);
  Status take_keys(Str profile);
  Status ask_source(Instant now, UnixTime wall, Call*& fetch);
  Status begin_process(Str profile, Instant now);
  Status read_process(Instant now);
  Status take_process_output();
  Status begin_role(Call*& fetch);
  Status ask_sts(Str profile, const Credentials* signer, Call*& fetch);
  Status take_sts();
  void remark_refusal();
  Status keep(Str& text);
  Status take();  // moves the present credentials to the start of the space
  // As much of it as ProfileValues can use.
  static MutBytes arena(MutBytes space) {
    return space.first(space.size() < UINT16_MAX ? space.size() : UINT16_MAX);
  }
  MutBytes free_space() const {
    return space_.drop(used_);
  }
  void forget();

  // How soon a process, or a source that somebody else is asking, is looked at again.
  static constexpr int64_t kPollMs = 20;

  Status status_ = Status::kNotFound;
  uint8_t planned_roles_ = 0;
  uint8_t roles_ = 0;  // still to be assumed
  Stage stage_ = Stage::kIdle;
  Step step_ = Step::kBase;
  const Environment& environment_;
  Files* files_;
  Processes* processes_;
  CredentialsProvider* base_ = nullptr;  // the credential_source
  size_t used_ = 0;                      // of the space: the present credentials, and what is asked of STS
  size_t output_ = 0;
  MutBytes space_;
  Instant process_end_ = kNever;
  Credentials current_;  // at the start of the space, once they are taken
  Options options_;
  Remark remark_;
#if TINYAWS_WITH_STS
  StsCall sts_;
#endif
};

}  // namespace tinyaws
