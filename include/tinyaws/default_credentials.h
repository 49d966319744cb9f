// What AWS's own clients do when they are told nothing: credentials, region and endpoint from wherever this machine
// has them.
#pragma once

#include <cstddef>

#include "tinyaws/cached_credentials.h"
#include "tinyaws/config.h"
#include "tinyaws/container_credentials.h"
#include "tinyaws/credentials.h"
#include "tinyaws/instance_metadata.h"
#include "tinyaws/port.h"
#include "tinyaws/profile.h"
#include "tinyaws/profile_credentials.h"
#include "tinyaws/providers.h"
#include "tinyaws/settings.h"
#include "tinyaws/status.h"
#include "tinyaws/sts_credentials.h"

namespace tinyaws {

/// The default chain: environment; profile (keys, role, web identity, process); web identity of the environment;
/// container; instance metadata. Cached and refreshed. ("Understand the credential provider chain", AWS SDKs and
/// Tools Reference Guide.) Its settings are the profile's, and the instance's region.
///
/// Cost: sizeof, of which kMaxCredentialsBytes keep credentials and kCredentialsSpaceBytes are what they are fetched
/// in; src/README.md has the bill by provider. What a build leaves out (the TINYAWS_WITH_... options) is not asked,
/// and costs nothing.
class DefaultCredentials final : public CredentialsProvider, private Settings {
 public:
  struct Options {
    /// A profile that the caller names: then the environment's keys are not asked, and it must be there. Empty:
    /// AWS_PROFILE, AWS_DEFAULT_PROFILE, "default". Must outlive the credentials.
    Str profile;
    bool allow_imds_v1 = false;  ///< See InstanceMetadataOptions::allow_v1.
    StsPlace sts;                ///< What the caller says of region and endpoint: it counts for STS as well.
  };

  /// What `board` refers to must outlive the credentials. Its files and processes may be null.
  explicit DefaultCredentials(const Board& board, const Options& options);
  explicit DefaultCredentials(const Board& board) : DefaultCredentials(board, Options()) {}
  ~DefaultCredentials();
  DefaultCredentials(const DefaultCredentials&) = delete;
  DefaultCredentials& operator=(const DefaultCredentials&) = delete;

  /// As CredentialsProvider::get.
  Status get(Instant now, UnixTime wall, Credentials& credentials, Call*& fetch) override;

  /// The place that gave the last ones: "environment", "profile", "web identity", "container", "instance metadata".
  Str describe() const override { return cache_.describe(); }

  /// A line for each place that was asked by the last search, in order.
  IoResult explain(MutBytes text) const override { return cache_.explain(text); }
  Settings* settings() override { return this; }

  bool renew(uint32_t version, Instant now, UnixTime wall) override { return cache_.renew(version, now, wall); }

  /// Drops what is cached.
  void invalidate();

 private:
  // Where a port has none.
  class NoFiles final : public Files {
   public:
    Status open(const char*) override { return Status::kUnsupported; }
    IoResult read(MutBytes) override { return {Status::kUnsupported, 0}; }
    void close() override {}
    Str describe() const override { return "there are no files on this system"; }
  };

  Status get(Str service, ServiceSettings& settings) override;
  Status find_region(Instant now, UnixTime wall, Str& region, Call*& fetch) override;
  IoResult explain_region(MutBytes text) const override;
  void forget_answers();
  Span<CredentialsProvider* const> choose_places(const Options& options);
  void read_metadata_profile(const Options& options);
  Settings* settings_of_profile();
#if TINYAWS_WITH_PROFILES
  ProfileCredentials::Options profile_options(const Options& options);
#endif
#if TINYAWS_WITH_INSTANCE_METADATA
  static InstanceMetadataOptions metadata_options(const Options& options);
#endif

  NoFiles no_files_;
  [[maybe_unused]] Files& files_;
  [[maybe_unused]] const Environment& environment_;
  EnvironmentCredentials environment_credentials_;
#if TINYAWS_WITH_CONTAINER
  ContainerCredentials container_;
#endif
#if TINYAWS_WITH_INSTANCE_METADATA
  InstanceMetadata metadata_;
#endif
#if TINYAWS_WITH_PROFILES
  ProfileSettings profile_settings_;
  ProfileCredentials profile_;
#endif
#if TINYAWS_WITH_STS
  WebIdentityCredentials web_identity_;
#endif
  CredentialsProvider* places_[5];
  CredentialsChain chain_;
  CachedCredentials cache_;
#if TINYAWS_WITH_INSTANCE_METADATA
  [[maybe_unused]] char metadata_profile_[kMaxEndpointUrlBytes + 16];
#endif
  char space_[kCredentialsSpaceBytes];
};

}  // namespace tinyaws
