#include "errors/error_form.h"

#include "base/ascii.h"

namespace tinyaws {

Str bare_document(Bytes document) {
  constexpr Str kByteOrderMark = "\xef\xbb\xbf";
  if (starts_with(document, kByteOrderMark)) document.remove_prefix(kByteOrderMark.size());
  return trim_space(document);
}

ErrorForm form_of(Str bare) {
  if (starts_with(bare, '{') || starts_with(bare, '[')) return ErrorForm::kJson;
  return starts_with(bare, '<') ? ErrorForm::kXml : ErrorForm::kText;
}

bool is_plain(Str text) {
  for (char c : text) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f' || c == '\\' || c == '&' || c == '<') return false;
  }
  return !text.empty() && text.size() <= kMaxErrorCodeBytes;
}

}  // namespace tinyaws
