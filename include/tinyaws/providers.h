// Places where credentials come from.
#pragma once

#include "tinyaws/credentials.h"
#include "tinyaws/port.h"

namespace tinyaws {

/// Credentials that the caller has. The views must outlive the provider.
class StaticCredentials final : public CredentialsProvider {
 public:
  explicit StaticCredentials(const Credentials& credentials) : credentials_(credentials) {}

  Status get(UnixTime now, Credentials& credentials) override;
  Str describe() const override { return "credentials given by the caller"; }

 private:
  Credentials credentials_;
};

/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, if set, AWS_SESSION_TOKEN, read anew at every call.
/// Blank counts as unset. ("Environment variables to configure the AWS CLI", AWS CLI User Guide.)
class EnvironmentCredentials final : public CredentialsProvider {
 public:
  /// `environment` must outlive the provider.
  explicit EnvironmentCredentials(const Environment& environment) : environment_(environment) {}

  Status get(UnixTime now, Credentials& credentials) override;
  Str describe() const override { return "environment variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"; }

 private:
  const Environment& environment_;
};

}  // namespace tinyaws
