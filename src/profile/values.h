// The properties of one profile, from the config file and the credentials file, whose values win.
#pragma once

#include <cstddef>
#include <cstdint>

#include "profile/section.h"
#include "profile/shared_file.h"
#include "text/ini.h"
#include "tinyaws/bytes.h"
#include "tinyaws/port.h"
#include "tinyaws/status.h"

namespace tinyaws {

/// Length of a value in a shared file. Longer ones may stand there as long as nobody asks for them. Cost: none but
/// the arena that a caller lends. Error: kValueTooLong.
constexpr size_t kMaxProfileValueBytes = 4096;

/// What a profile may say; each is the lower-case name of its property.
enum class ProfileKey : uint8_t {
  kAwsAccessKeyId,
  kAwsSecretAccessKey,
  kAwsSessionToken,
  kAwsSecurityToken,
  kAwsAccountId,
  kRoleArn,
  kSourceProfile,
  kCredentialSource,
  kExternalId,
  kRoleSessionName,
  kDurationSeconds,
  kMfaSerial,
  kWebIdentityTokenFile,
  kCredentialProcess,
  kRegion,
  kEndpointUrl,
  kServices,
  kUseFipsEndpoint,
  kUseDualstackEndpoint,
  kIgnoreConfiguredEndpointUrls,
  kStsRegionalEndpoints,
  kEc2MetadataServiceEndpoint,
  kEc2MetadataServiceEndpointMode,
  kEc2MetadataV1Disabled,
  kSsoSession,
  kSsoAccountId,
  kSsoRegion,
  kSsoRoleName,
  kSsoStartUrl,
};
constexpr size_t kProfileKeys = 29;

/// The property's name. Lives for ever.
Str name(ProfileKey key);

/// A set of keys.
using KeySet = uint32_t;

template <class... Keys>
constexpr KeySet key_set(Keys... keys) {
  return ((KeySet{1} << static_cast<unsigned>(keys)) | ...);
}

class ProfileValues final : private IniSink {
 public:
  struct Wanted {
    KeySet values = 0;    ///< Kept in the arena.
    KeySet presence = 0;  ///< Only `has` is asked of these: they cost no memory, and may be of any length.
  };

  ProfileValues();
  ~ProfileValues();
  ProfileValues(const ProfileValues&) = delete;
  ProfileValues& operator=(const ProfileValues&) = delete;

  /// Reads both files anew, and forgets what was loaded before. A section that is nowhere is no error: see `found`.
  /// `section` must not lie in the arena; `arena` keeps the values until `clear` or the end of this object, and is
  /// at most 65,535 bytes. Errors: kMalformedFile, kFileUnreadable, kValueTooLong (a name, a path, or a wanted value:
  /// longer than kMaxProfileValueBytes or than what is left of the arena). After an error nothing is kept.
  Status load(Files& files, const Environment& environment, SectionKind kind, Str section, const Wanted& wanted,
              MutBytes arena);

  /// The section stands in at least one of the files.
  bool found() const { return found_; }

  /// A value that was wanted, in the arena; empty where there is none. "aws_session_token" and the like: as they
  /// stand, without blanks around them.
  Str get(ProfileKey key) const;

  /// A wanted key, or one whose presence was asked for, has a value that is not empty.
  bool has(ProfileKey key) const { return has_any(key_set(key)); }
  bool has_any(KeySet keys) const { return (present_ & keys) != 0; }
  bool has_all(KeySet keys) const { return (present_ & keys) == keys; }

  /// Both have a value, and their values are from the same file.
  bool from_same_file(ProfileKey a, ProfileKey b) const;

  /// Wipes the values.
  void clear();

  const FileReport& report(SharedFile file) const { return reports_[static_cast<size_t>(file)]; }

  /// The file that the last `load` was reading when it failed.
  SharedFile file() const { return file_; }

  /// The key whose value was too long when `load` answered kValueTooLong for a value; null otherwise.
  const ProfileKey* long_key() const { return long_keys_ == 0 ? nullptr : &long_key_; }

 private:
  struct Slot {
    uint16_t at = 0;
    uint16_t size = 0;
  };

  void section(Str name) override;
  void long_section() override;
  bool property(Str key) override;
  void value(char c) override;
  void drop(size_t n) override { open_size_ -= n; }

  Status read_files(Files& files, const Environment& environment);
  void begin_default(bool prefixed);
  void remove(size_t key);
  void close();
  size_t room() const;

  ProfileKey long_key_ = {};
  uint8_t open_key_ = kProfileKeys;
  SectionKind kind_ = SectionKind::kProfile;
  SharedFile file_ = SharedFile::kConfig;
  bool inside_ = false;
  bool found_ = false;
  bool prefixed_default_ = false;
  size_t used_ = 0;
  size_t open_size_ = 0;  // of the value that is being read; what fits of it lies behind `used_`
  MutBytes arena_;
  KeySet present_ = 0;
  KeySet from_credentials_ = 0;  // values that the credentials file has
  KeySet long_keys_ = 0;
  Wanted wanted_;
  Str section_;
  FileReport reports_[2];
  Slot slots_[kProfileKeys];
};

}  // namespace tinyaws
