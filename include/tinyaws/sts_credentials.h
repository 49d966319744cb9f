// Credentials of a role, from AWS Security Token Service (STS).
#pragma once

#include "tinyaws/bytes.h"
#include "tinyaws/config.h"
#include "tinyaws/credentials.h"
#include "tinyaws/port.h"
#include "tinyaws/providers.h"
#include "tinyaws/settings.h"
#include "tinyaws/status.h"
#include "tinyaws/sts_call.h"

namespace tinyaws {

/// Assumes a role with the credentials of another provider ("AssumeRole", AWS STS API Reference).
class AssumeRoleCredentials final : public CredentialsProvider {
 public:
  /// `question` names the role; `settings` may be null. `space` receives the answer: 6 KB hold a session token of
  /// 4,096 bytes. It must not be memory that `source` answers in. All must outlive the provider.
  AssumeRoleCredentials(CredentialsProvider& source, Platform& platform, const Environment& environment,
                        const StsQuestion& question, MutBytes space, Settings* settings = nullptr)
      : source_(source),
        question_(question),
        space_(space),
        settings_(settings),
        sts_(platform, environment, nullptr) {}

  ~AssumeRoleCredentials();
  AssumeRoleCredentials(const AssumeRoleCredentials&) = delete;
  AssumeRoleCredentials& operator=(const AssumeRoleCredentials&) = delete;

  /// Errors: kInvalidArgument without a role; those of StsCall.
  Status get(Instant now, UnixTime wall, Credentials& credentials, Call*& fetch) override;
  Str describe() const override { return "assumed role"; }
#if TINYAWS_WITH_WORDS
  IoResult explain(MutBytes text) const override;
#endif
  Settings* settings() override {
    return settings_;
  }

 private:
  CredentialsProvider& source_;
  StsQuestion question_;
  MutBytes space_;
  Settings* settings_;
  StsCall sts_;
  Status last_ = Status::kNotFound;
};

/// The role that AWS_ROLE_ARN names, for whoever holds the token in the file that AWS_WEB_IDENTITY_TOKEN_FILE names;
/// AWS_ROLE_SESSION_NAME is optional ("Assume role credential provider", AWS SDKs and Tools Reference Guide). Blank
/// variables count as unset. The file is read anew for each fetch.
class WebIdentityCredentials final : public CredentialsProvider {
 public:
  /// As for AssumeRoleCredentials. `files` may be null: there are none.
  WebIdentityCredentials(Platform& platform, const Environment& environment, Files* files, MutBytes space,
                         Settings* settings = nullptr, const StsPlace& place = {})
      : environment_(environment),
        space_(space),
        settings_(settings),
        place_(place),
        sts_(platform, environment, files) {}
  ~WebIdentityCredentials();
  WebIdentityCredentials(const WebIdentityCredentials&) = delete;
  WebIdentityCredentials& operator=(const WebIdentityCredentials&) = delete;

  /// kNotFound without AWS_WEB_IDENTITY_TOKEN_FILE. Errors: kCredentialsIncomplete without AWS_ROLE_ARN;
  /// kValueTooLong for a path longer than 511 bytes; those of StsCall.
  Status get(Instant now, UnixTime wall, Credentials& credentials, Call*& fetch) override;
  Str describe() const override { return "web identity"; }
#if TINYAWS_WITH_WORDS
  IoResult explain(MutBytes text) const override;
#endif

 private:
  Status prepare(StsQuestion& question);

  const Environment& environment_;
  MutBytes space_;
  Settings* settings_;
  StsPlace place_;
  StsCall sts_;
  Status last_ = Status::kNotFound;
  char path_[kMaxPathBytes];
};

}  // namespace tinyaws
