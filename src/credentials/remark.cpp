#include "tinyaws/remark.h"

#include <cstring>

#include "base/writer.h"
#include "credentials/printable.h"

namespace tinyaws {

void Remark::keep(Str a, Str b, Str c) {
  Writer out{MutBytes(text_)};
  for (Str text : {a, b, c}) {
    if (out.size() > 0 && !text.empty()) out.put(": ");
    put_printable(text, out);
  }
  size_ = static_cast<uint8_t>(out.fits() ? out.size() : sizeof text_);
  if (!out.fits()) std::memcpy(text_ + sizeof text_ - 3, "...", 3);
}

}  // namespace tinyaws
