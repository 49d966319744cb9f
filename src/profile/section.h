// What a section of a shared file is.
#pragma once

#include <cstdint>

#include "profile/location.h"
#include "tinyaws/bytes.h"

namespace tinyaws {

enum class SectionKind : uint8_t {
  kProfile,
  kSsoSession,
  kServices,
  kOther,  ///< Not read: of no known kind, with a name that is none, or in the wrong file.
};

struct SectionName {
  SectionKind kind = SectionKind::kOther;
  Str name;
  bool prefixed = false;  ///< Written as "profile NAME".
};

/// `text` as IniSink::section tells it. The config file has [default], [profile NAME], [sso-session NAME] and
/// [services NAME]; the credentials file has [NAME] only. The name is a view of `text`.
SectionName read_section(Str text, SharedFile file);

}  // namespace tinyaws
