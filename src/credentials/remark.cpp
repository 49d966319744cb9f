#include "tinyaws/remark.h"

#include <cstring>

#include "base/writer.h"
#include "credentials/printable.h"

namespace tinyaws {

void Remark::keep(Str code, Str message) {
  Writer out{MutBytes(text_)};
  put_printable(code, out);
  if (!code.empty() && !message.empty()) out.put(": ");
  put_printable(message, out);
  size_ = static_cast<uint8_t>(out.fits() ? out.size() : sizeof text_);
  if (!out.fits()) std::memcpy(text_ + sizeof text_ - 3, "...", 3);
}

}  // namespace tinyaws
