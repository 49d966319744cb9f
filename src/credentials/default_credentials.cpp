#include "tinyaws/default_credentials.h"

#include "base/wipe.h"
#include "credentials/gather.h"
#if TINYAWS_WITH_PROFILES
#include "profile/location.h"
#include "profile/values.h"
#endif

namespace tinyaws {

DefaultCredentials::DefaultCredentials(const Board& board, const Options& options)
    : files_(board.files != nullptr ? *board.files : no_files_),
      environment_(board.environment),
      environment_credentials_(board.environment),
#if TINYAWS_WITH_CONTAINER
      container_(board.platform, board.environment, &files_, MutBytes(space_)),
#endif
#if TINYAWS_WITH_INSTANCE_METADATA
      metadata_(board.platform, board.environment, MutBytes(space_), metadata_options(options)),
#endif
#if TINYAWS_WITH_PROFILES
      profile_settings_(files_, board.environment, options.profile),
      profile_(board.platform, board.environment, &files_, board.processes, MutBytes(space_),
               profile_options(options)),
#endif
#if TINYAWS_WITH_STS
      web_identity_(board.platform, board.environment, &files_, MutBytes(space_), settings_of_profile(), options.sts),
#endif
      chain_(choose_places(options)),
      cache_(chain_, board.platform) {
  read_metadata_profile(options);
}

DefaultCredentials::~DefaultCredentials() {
  wipe(space_, sizeof space_);
}

Span<CredentialsProvider* const> DefaultCredentials::choose_places(const Options& options) {
  size_t count = 0;
  if (options.profile.empty()) places_[count++] = &environment_credentials_;
#if TINYAWS_WITH_PROFILES
  places_[count++] = &profile_;
#endif
#if TINYAWS_WITH_STS
  places_[count++] = &web_identity_;
#endif
#if TINYAWS_WITH_CONTAINER
  places_[count++] = &container_;
#endif
#if TINYAWS_WITH_INSTANCE_METADATA
  places_[count++] = &metadata_;
#endif
  return {places_, count};
}

Settings* DefaultCredentials::settings_of_profile() {
#if TINYAWS_WITH_PROFILES
  return &profile_settings_;
#else
  return nullptr;
#endif
}

#if TINYAWS_WITH_PROFILES
ProfileCredentials::Options DefaultCredentials::profile_options(const Options& options) {
  ProfileCredentials::Options made;
  made.profile = options.profile;
  made.settings = &profile_settings_;
  made.sts = options.sts;
  made.sources.environment = &environment_credentials_;
#if TINYAWS_WITH_INSTANCE_METADATA
  made.sources.instance_metadata = &metadata_;
#endif
#if TINYAWS_WITH_CONTAINER
  made.sources.container = &container_;
#endif
  return made;
}
#endif

#if TINYAWS_WITH_INSTANCE_METADATA
InstanceMetadataOptions DefaultCredentials::metadata_options(const Options& options) {
  InstanceMetadataOptions made;
  made.allow_v1 = options.allow_imds_v1;
  return made;
}
#endif

// Errors of the files are ProfileCredentials' to tell.
void DefaultCredentials::read_metadata_profile(const Options& options) {
#if TINYAWS_WITH_PROFILES && TINYAWS_WITH_INSTANCE_METADATA
  constexpr ProfileKey kKeys[] = {ProfileKey::kEc2MetadataServiceEndpoint,
                                  ProfileKey::kEc2MetadataServiceEndpointMode, ProfileKey::kEc2MetadataV1Disabled};
  constexpr ProfileValues::Wanted kWanted{key_set(kKeys[0], kKeys[1], kKeys[2]), 0};
  ProfileValues values;
  const Str name = choose_profile(environment_, options.profile).name;
  if (values.load(files_, environment_, SectionKind::kProfile, name, kWanted, MutBytes(space_)) != Status::kOk)
    return;
  MetadataProfile profile;
  Str* texts[] = {&profile.endpoint, &profile.endpoint_mode, &profile.v1_disabled};
  for (size_t i = 0; i < 3; ++i) *texts[i] = values.get(kKeys[i]);
  size_t used = 0;
  if (gather(MutBytes(metadata_profile_), texts, used) == Status::kOk) metadata_.set_profile(profile);
#else
  (void)options;
#endif
}

// Credentials and region are fetched in the same space, so that one has to wait for the other.
Status DefaultCredentials::get(Instant now, UnixTime wall, Credentials& credentials, Call*& fetch) {
  fetch = nullptr;
  const bool asks = !cache_.is_fresh(now);
#if TINYAWS_WITH_INSTANCE_METADATA
  if (asks && metadata_.finding_region()) return Status::kPending;
#endif
  const Status status = cache_.get(now, wall, credentials, fetch);
  if (asks && status != Status::kPending) forget_answers();
  return status;
}

void DefaultCredentials::invalidate() {
  cache_.invalidate();
  forget_answers();
}

// What was fetched has been copied, or is of no use.
void DefaultCredentials::forget_answers() {
  if (!cache_.fetching() && !cache_.has_outcome()) wipe(space_, sizeof space_);
}

Status DefaultCredentials::find_region(Instant now, UnixTime wall, Str& region, Call*& fetch) {
  fetch = nullptr;
#if TINYAWS_WITH_INSTANCE_METADATA
  if (cache_.fetching()) return Status::kPending;
  if (cache_.has_outcome()) {
    Credentials kept;
    if (cache_.get(now, wall, kept, fetch) == Status::kPending) return Status::kPending;
  }
  return metadata_.find_region(now, wall, region, fetch);
#else
  (void)now;
  (void)wall;
  (void)region;
  return Status::kNotFound;
#endif
}

IoResult DefaultCredentials::explain_region(MutBytes text) const {
#if TINYAWS_WITH_INSTANCE_METADATA
  return metadata_.explain_region(text);
#else
  (void)text;
  return {};
#endif
}

Status DefaultCredentials::get(Str service, ServiceSettings& settings) {
#if TINYAWS_WITH_PROFILES
  return profile_settings_.get(service, settings);
#else
  (void)service;
  settings = {};
  return Status::kOk;
#endif
}

}  // namespace tinyaws
