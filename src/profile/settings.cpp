#include <cstring>

#include "base/ascii.h"
#include "profile/service_url.h"
#include "profile/values.h"
#include "tinyaws/endpoint.h"
#include "tinyaws/profile.h"

namespace tinyaws {
namespace {

constexpr size_t kArenaBytes = kMaxRegionBytes + kMaxEndpointUrlBytes + kMaxProfileNameBytes + 64;

constexpr KeySet kWanted =
    key_set(ProfileKey::kRegion, ProfileKey::kEndpointUrl, ProfileKey::kServices, ProfileKey::kUseFipsEndpoint,
            ProfileKey::kUseDualstackEndpoint, ProfileKey::kIgnoreConfiguredEndpointUrls);

bool copy(Str value, MutBytes out, uint16_t& size) {
  if (value.size() > out.size()) return false;
  if (!value.empty()) std::memcpy(out.data(), value.data(), value.size());
  size = static_cast<uint16_t>(value.size());
  return true;
}

}  // namespace

Status ProfileSettings::get(Str service, ServiceSettings& settings) {
  settings = {};
  if (!is_known(service)) {
    readable_ = true;
    const Status status = load(service);
    known_ = status == Status::kOk && readable_ && copy(service, MutBytes(service_), service_size_);
    if (status != Status::kOk) return status;
  }
  settings.region = {region_, region_size_};
  settings.endpoint_url = {url_, url_size_};
  settings.use_fips_endpoint = fips_;
  settings.use_dualstack_endpoint = dualstack_;
  settings.ignore_configured_endpoint_urls = ignore_urls_;
  return Status::kOk;
}

Status ProfileSettings::find_region(Instant, UnixTime, Str&, Call*&) {
  return Status::kNotFound;
}

bool ProfileSettings::is_known(Str service) const {
  return known_ && service == Str(service_, service_size_);
}

Status ProfileSettings::load(Str service) {
  char services[kMaxProfileNameBytes];
  size_t services_size = 0;
  const Status status = load_profile(services, services_size);
  if (status != Status::kOk || services_size == 0) return status;
  return load_service_url({services, services_size}, service);
}

// Apart from what follows, so that the frames of the two readings do not add up.
[[gnu::noinline]] Status ProfileSettings::load_profile(char* services, size_t& services_size) {
  const ProfileChoice choice = choose_profile(environment_, profile_);
  char arena[kArenaBytes];
  ProfileValues values;
  const Status status =
      values.load(files_, environment_, SectionKind::kProfile, choice.name, {kWanted, 0}, MutBytes(arena));
  if (status != Status::kOk) return status;
  for (SharedFile file : {SharedFile::kConfig, SharedFile::kCredentials}) {
    readable_ &= values.report(file).state != FileState::kUnreadable;
  }
  if (!values.found() && choice.named) return Status::kProfileNotFound;
  fips_ = is_true(values.get(ProfileKey::kUseFipsEndpoint));
  dualstack_ = is_true(values.get(ProfileKey::kUseDualstackEndpoint));
  ignore_urls_ = is_true(values.get(ProfileKey::kIgnoreConfiguredEndpointUrls));
  uint16_t size = 0;
  const bool fits = copy(values.get(ProfileKey::kRegion), MutBytes(region_), region_size_) &&
                    copy(values.get(ProfileKey::kEndpointUrl), MutBytes(url_), url_size_) &&
                    copy(values.get(ProfileKey::kServices), {services, kMaxProfileNameBytes}, size);
  services_size = size;
  return fits ? Status::kOk : Status::kValueTooLong;
}

[[gnu::noinline]] Status ProfileSettings::load_service_url(Str services, Str service) {
  char key[kMaxProfileServiceBytes];
  const IoResult written = write_service_key(service, MutBytes(key));
  if (written.status == Status::kBufferTooSmall) return Status::kValueTooLong;
  if (written.status != Status::kOk) return Status::kOk;
  char own[kMaxEndpointUrlBytes];
  ServiceUrl url(services, {key, written.size}, MutBytes(own));
  FileReport report;
  const Status status = read_shared_file(files_, environment_, SharedFile::kConfig, url, report);
  if (status != Status::kOk || url.size() == 0) return status;
  return copy({own, url.size()}, MutBytes(url_), url_size_) ? Status::kOk : Status::kValueTooLong;
}

}  // namespace tinyaws
