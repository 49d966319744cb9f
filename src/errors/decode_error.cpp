#include <cstddef>
#include <cstdint>

#include "errors/error_form.h"
#include "text/json.h"
#include "text/xml.h"
#include "tinyaws/error_info.h"

namespace tinyaws {
namespace {

// Where `part` stands in `document`; its end when it stands elsewhere.
size_t place_of(Str part, MutBytes document) {
  const auto begin = reinterpret_cast<uintptr_t>(document.data());
  const auto at = reinterpret_cast<uintptr_t>(part.data());
  return at >= begin && at - begin < document.size() ? at - begin : document.size();
}

}  // namespace

void decode_error(MutBytes document, ErrorInfo& error) {
  const ErrorForm form = form_of(bare_document({document.data(), document.size()}));
  const size_t at = place_of(error.message, document);
  if (at == document.size() || error.message.empty() || form == ErrorForm::kText) return;
  const MutBytes text = document.drop(at).first(error.message.size());
  if (form == ErrorForm::kXml) {
    error.message = decode_xml_text(text);
    return;
  }
  size_t size = 0;
  unescape_json(text, size);
  error.message = {text.data(), size};
}

}  // namespace tinyaws
