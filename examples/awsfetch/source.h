// Who signs: the place that credentials come from.
#pragma once

#include <tinyaws/default_credentials.h>
#include <tinyaws/iot_credentials.h>
#include <tinyaws/tinyaws.h>

#include "options.h"

namespace awsfetch {

/// The name of the profile that counts: --profile, AWS_PROFILE, AWS_DEFAULT_PROFILE, "default".
Str profile_name(const Options& options, const tinyaws::Environment& environment);

/// A place in words: "the ", "profile", " ", "dev".
struct Place {
  Str article;
  Str kind;
  Str blank;
  Str profile;
};

class Source {
 public:
  /// `certificate`: what AWS IoT is shown.
  Source(const tinyaws::Port& port, const Options& options, const tinyaws::TlsSettings& certificate);

  /// The places that the options say, behind a cache.
  tinyaws::CredentialsProvider& provider() { return provider_; }

  /// Those of the profile and the instance, whoever signs.
  tinyaws::Settings* settings() { return default_.settings(); }

  /// The place that gave the last credentials, or failed to.
  Place place() const;

  /// Looks at the options of AWS IoT. Answers the exit code of what it has complained about, if anything.
  MaybeExit check();

  /// Says why there are none: each place that was asked, and what was found there.
  Exit complain(tinyaws::Status status) const;

 private:
  tinyaws::CredentialsProvider& choose(const Options& options);

  const Options& options_;
  const tinyaws::Environment& environment_;
  tinyaws::Platform& platform_;
  tinyaws::DefaultCredentials default_;
  tinyaws::IotCredentials iot_;
  tinyaws::CachedCredentials iot_cache_;
  tinyaws::AnonymousCredentials anonymous_;
  tinyaws::CredentialsProvider& provider_;
  char space_[tinyaws::kCredentialsSpaceBytes];  // of AWS IoT
};

}  // namespace awsfetch
