#include "profile/values.h"

#include <cassert>
#include <cstring>
#include <limits>

#include "base/ascii.h"
#include "base/wipe.h"

namespace tinyaws {
namespace {

// In the order of ProfileKey.
constexpr Str kKeyNames =
    "aws_access_key_id aws_secret_access_key aws_session_token aws_security_token aws_account_id role_arn "
    "source_profile credential_source external_id role_session_name duration_seconds mfa_serial "
    "web_identity_token_file credential_process region endpoint_url services use_fips_endpoint "
    "use_dualstack_endpoint ignore_configured_endpoint_urls sts_regional_endpoints "
    "ec2_metadata_service_endpoint ec2_metadata_service_endpoint_mode ec2_metadata_v1_disabled "
    "sso_session sso_account_id sso_region sso_role_name sso_start_url";

KeySet bit(size_t key) {
  return KeySet{1} << key;
}

size_t find_key(Str text) {
  Str names = kKeyNames;
  size_t key = 0;
  while (key < kProfileKeys && take_until(names, ' ') != text) ++key;
  return key;
}

}  // namespace

Str name(ProfileKey key) {
  return nth_part(kKeyNames, static_cast<size_t>(key), ' ');
}

ProfileValues::ProfileValues() = default;

ProfileValues::~ProfileValues() {
  clear();
}

Status ProfileValues::load(Files& files, const Environment& environment, SectionKind kind, Str section,
                           const Wanted& wanted, MutBytes arena) {
  assert(arena.size() <= std::numeric_limits<uint16_t>::max());
  clear();
  for (FileReport& report : reports_) report = {};
  arena_ = arena;
  wanted_ = wanted;
  kind_ = kind;
  section_ = section;
  found_ = prefixed_default_ = false;
  long_keys_ = 0;
  const Status status =
      section.size() > kMaxProfileNameBytes ? Status::kValueTooLong : read_files(files, environment);
  if (status != Status::kOk) clear();
  section_ = {};
  return status;
}

Status ProfileValues::read_files(Files& files, const Environment& environment) {
  for (SharedFile file : {SharedFile::kConfig, SharedFile::kCredentials}) {
    file_ = file;
    const Status status = read_shared_file(files, environment, file, *this, reports_[static_cast<size_t>(file)]);
    close();
    if (status != Status::kOk) return status;
  }
  if (long_keys_ == 0) return Status::kOk;
  long_key_ = static_cast<ProfileKey>(__builtin_ctz(long_keys_));
  return Status::kValueTooLong;
}

Str ProfileValues::get(ProfileKey key) const {
  const Slot& slot = slots_[static_cast<size_t>(key)];
  return {arena_.data() + slot.at, slot.size};
}

bool ProfileValues::from_same_file(ProfileKey a, ProfileKey b) const {
  const KeySet both = key_set(a, b);
  const KeySet from_credentials = from_credentials_ & both;
  return has_all(both) && (from_credentials == 0 || from_credentials == both);
}

void ProfileValues::clear() {
  if (used_ > 0) wipe(arena_.data(), used_);
  for (Slot& slot : slots_) slot = {};
  used_ = open_size_ = 0;
  open_key_ = kProfileKeys;
  present_ = 0;
}

void ProfileValues::section(Str text) {
  close();
  const SectionName read = read_section(text, file_);
  inside_ = read.kind == kind_ && read.name == section_;
  const bool is_default = kind_ == SectionKind::kProfile && file_ == SharedFile::kConfig && section_ == "default";
  if (inside_ && is_default) begin_default(read.prefixed);
  found_ = found_ || inside_;
}

void ProfileValues::long_section() {
  close();
  inside_ = false;
}

// [profile default] replaces [default], wherever either stands.
void ProfileValues::begin_default(bool prefixed) {
  if (prefixed && !prefixed_default_) {
    clear();
    long_keys_ = 0;
    prefixed_default_ = true;
  }
  inside_ = prefixed || !prefixed_default_;
}

bool ProfileValues::property(Str text) {
  close();
  if (!inside_) return false;
  const size_t key = find_key(text);
  if (key == kProfileKeys || ((wanted_.values | wanted_.presence) & bit(key)) == 0) return false;
  remove(key);
  open_key_ = static_cast<uint8_t>(key);
  return true;
}

void ProfileValues::value(char c) {
  const bool kept = (wanted_.values & bit(open_key_)) != 0;
  if (kept && open_size_ < room()) arena_[used_ + open_size_] = c;
  ++open_size_;
}

size_t ProfileValues::room() const {
  const size_t left = arena_.size() - used_;
  return left < kMaxProfileValueBytes ? left : kMaxProfileValueBytes;
}

void ProfileValues::remove(size_t key) {
  Slot& old = slots_[key];
  present_ &= ~bit(key);
  long_keys_ &= ~bit(key);
  if (old.size == 0) return;
  const size_t end = static_cast<size_t>(old.at) + old.size;
  std::memmove(arena_.data() + old.at, arena_.data() + end, used_ - end);
  used_ -= old.size;
  wipe(arena_.data() + used_, old.size);
  for (Slot& slot : slots_) {
    if (slot.at > old.at) slot.at = static_cast<uint16_t>(slot.at - old.size);
  }
  old = {};
}

void ProfileValues::close() {
  const size_t key = open_key_;
  const size_t size = open_size_;
  open_key_ = kProfileKeys;
  open_size_ = 0;
  if (key == kProfileKeys || size == 0) return;
  present_ |= bit(key);
  from_credentials_ &= ~bit(key);
  if (file_ == SharedFile::kCredentials) from_credentials_ |= bit(key);
  if ((wanted_.values & bit(key)) == 0) return;
  if (size > room()) {
    long_keys_ |= bit(key);
    wipe(arena_.data() + used_, room());
  } else {
    slots_[key] = {static_cast<uint16_t>(used_), static_cast<uint16_t>(size)};
    used_ += size;
  }
}

}  // namespace tinyaws
