#include "profile/section.h"

#include "text/ini.h"

namespace tinyaws {
namespace {

SectionKind kind_of(Str word) {
  if (word == "profile") return SectionKind::kProfile;
  if (word == "sso-session") return SectionKind::kSsoSession;
  if (word == "services") return SectionKind::kServices;
  return SectionKind::kOther;
}

}  // namespace

SectionName read_section(Str text, SharedFile file) {
  const bool config = file == SharedFile::kConfig;
  const size_t space = text.find(' ');
  SectionName section;
  section.name = text;
  if (space == Str::npos) {
    if (!config || text == "default") section.kind = SectionKind::kProfile;
  } else if (config) {
    section.kind = kind_of({text.data(), space});
    section.name.remove_prefix(space + 1);
    section.prefixed = true;
  }
  if (!is_ini_identifier(section.name)) section.kind = SectionKind::kOther;
  return section;
}

}  // namespace tinyaws
