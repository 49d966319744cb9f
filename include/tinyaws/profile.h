// Settings from the shared files: region, endpoints and their variants, as a profile says.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/config.h"
#include "tinyaws/port.h"
#include "tinyaws/settings.h"
#include "tinyaws/status.h"

namespace tinyaws {

/// Length of a service's name whose settings are remembered; those of a longer one are read anew at each call. The
/// name that it has in a profile must fit too. Cost: this many bytes in a ProfileSettings. Error: kValueTooLong for
/// the latter.
constexpr size_t kMaxProfileServiceBytes = 64;

/// The settings of one profile, from the config file and the credentials file ("Shared config and credentials files",
/// AWS SDKs and Tools Reference Guide). The answer for the last service is remembered, so that the files are read
/// once and not at each request; what can't be read is tried again.
class ProfileSettings final : public Settings {
 public:
  /// `profile`: empty for AWS_PROFILE, AWS_DEFAULT_PROFILE or "default". A profile named here or by a variable must
  /// be there. All must outlive the settings.
  ProfileSettings(Files& files, const Environment& environment, Str profile = {})
      : files_(files), environment_(environment), profile_(profile) {}

  /// A service's URL is the endpoint_url under its name in the [services] section that the profile refers to, else
  /// the profile's own endpoint_url ("Service-specific endpoints", same guide). Flags are set by "true" in any case.
  /// A file that is missing or can't be opened counts as empty. Errors: kMalformedFile, kFileUnreadable (while it was
  /// read), kValueTooLong, kProfileNotFound.
  Status get(Str service, ServiceSettings& settings) override;

  /// kNotFound: a profile's region is told by `get`.
  Status find_region(Instant now, UnixTime wall, Str& region, Call*& fetch) override;

  /// Forgets what was read: the next `get` reads the files again.
  void reload() { known_ = false; }

 private:
  Status load(Str service);
  Status load_profile(char* services, size_t& services_size);
  Status load_service_url(Str services, Str service);
  bool is_known(Str service) const;

  Files& files_;
  const Environment& environment_;
  Str profile_;
  uint16_t region_size_ = 0;
  uint16_t url_size_ = 0;
  uint16_t service_size_ = 0;
  bool known_ = false;
  bool readable_ = true;  // what the last reading met
  bool fips_ = false;
  bool dualstack_ = false;
  bool ignore_urls_ = false;
  char region_[kMaxRegionBytes];
  char url_[kMaxEndpointUrlBytes];
  char service_[kMaxProfileServiceBytes];
};

}  // namespace tinyaws
