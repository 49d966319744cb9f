#include "profile/service_url.h"

#include "profile/section.h"

namespace tinyaws {

void ServiceUrl::section(Str text) {
  const SectionName section = read_section(text, SharedFile::kConfig);
  inside_ = section.kind == SectionKind::kServices && section.name == services_;
}

bool ServiceUrl::property(Str key) {
  const bool wanted = inside_ && key == key_;
  if (wanted) size_ = 0;
  return wanted;
}

bool ServiceUrl::sub_property(Str key) {
  const bool wanted = key == "endpoint_url";
  if (wanted) size_ = 0;
  return wanted;
}

void ServiceUrl::sub_value(char c) {
  if (size_ < out_.size()) out_[size_] = c;
  ++size_;
}

}  // namespace tinyaws
