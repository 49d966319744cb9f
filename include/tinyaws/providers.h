// Places where credentials come from: the caller, the environment, nowhere, and one place after the other.
//
// What expires, or takes time to get, belongs behind CachedCredentials (cached_credentials.h):
//
//   EnvironmentCredentials environment(...);
//   InstanceMetadata metadata(...);
//   CredentialsProvider* const places[] = {&environment, &metadata};
//   CredentialsChain chain(places);
//   CachedCredentials credentials(chain, platform);
#pragma once

#include <cstddef>

#include "tinyaws/config.h"
#include "tinyaws/credentials.h"
#include "tinyaws/port.h"

namespace tinyaws {

/// Credentials that the caller has. The views must outlive the provider.
class StaticCredentials final : public CredentialsProvider {
 public:
  explicit StaticCredentials(const Credentials& credentials) : credentials_(credentials) {}

  /// kNotFound when key id and secret are both blank, kCredentialsIncomplete when one of them is. Nothing is trimmed:
  /// these are the caller's own words.
  Status get(Instant now, UnixTime wall, Credentials& credentials, Call*& fetch) override;
  Str describe() const override { return "given by the caller"; }
#if TINYAWS_WITH_WORDS
  IoResult explain(MutBytes text) const override;
#endif

 private:
  Credentials credentials_;
};

/// No credentials, on purpose: requests go unsigned, as public objects in S3 and AssumeRoleWithWebIdentity allow.
class AnonymousCredentials final : public CredentialsProvider {
 public:
  /// Always kOk, with empty credentials.
  Status get(Instant now, UnixTime wall, Credentials& credentials, Call*& fetch) override;
  Str describe() const override { return "anonymous"; }
#if TINYAWS_WITH_WORDS
  IoResult explain(MutBytes text) const override;
#endif
};

/// Environment variables ("Environment variables to configure the AWS CLI", AWS CLI User Guide; names and order as
/// botocore has them), read anew at every call:
///
///   AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY
///   AWS_SECURITY_TOKEN, else AWS_SESSION_TOKEN   The token. The older name is asked for first, as botocore does.
///   AWS_CREDENTIAL_EXPIRATION                    When they expire, as ISO 8601 has it: "2015-08-30T12:36:00Z".
///   AWS_ACCOUNT_ID                               Whose they are.
///
/// White space at either end is dropped, and what is blank counts as not set.
class EnvironmentCredentials final : public CredentialsProvider {
 public:
  /// `environment` must outlive the provider.
  explicit EnvironmentCredentials(const Environment& environment) : environment_(environment) {}

  /// kNotFound when the key id or the secret is not set: half a pair passes on to the next place, and `explain` says
  /// which half is missing. Errors: kMalformedCredentials for an expiration that is no date. Credentials that have
  /// expired are handed on as they are. The views are those of Environment::variable.
  Status get(Instant now, UnixTime wall, Credentials& credentials, Call*& fetch) override;
  Str describe() const override { return "environment"; }
#if TINYAWS_WITH_WORDS
  IoResult explain(MutBytes text) const override;
#endif

 private:
  const Environment& environment_;
  Status last_ = Status::kPending;  // there was no `get` yet
};

/// Several places, asked in order. One that is not configured (kNotFound) passes on to the next; one that is and
/// fails ends the search with its own error. Nothing is remembered: after an answer the next `get` begins at the
/// first place.
///
///            kNotFound                 kNotFound
///   place 0 -----------> place 1 ... -----------> kNotFound     An answer or an error, from any place: back to 0.
///     ^  '-- kPending      ^  '-- kPending                      While a place is kPending, it is asked again.
///     '------'             '------'
class CredentialsChain final : public CredentialsProvider {
 public:
  /// The array and what it points to must outlive the chain. `settings`: null for those of the first place that has
  /// some.
  explicit CredentialsChain(Span<CredentialsProvider* const> places, Settings* settings = nullptr)
      : places_(places), settings_(settings) {}

  Status get(Instant now, UnixTime wall, Credentials& credentials, Call*& fetch) override;

  /// The place that gave the last credentials, or failed to; "chain" when there was none.
  Str describe() const override;

#if TINYAWS_WITH_WORDS
  /// The lines of all places that were asked since the search began.
  IoResult explain(MutBytes text) const override;
#endif
  Settings* settings() override;

 private:
  Span<CredentialsProvider* const> places_;
  Settings* settings_;
  const CredentialsProvider* answered_ = nullptr;
  size_t place_ = 0;
  size_t asked_ = 0;
};

}  // namespace tinyaws
