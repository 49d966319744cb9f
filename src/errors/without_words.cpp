// What takes the place of the sentences where TINYAWS_WITH_WORDS is off.
#include "tinyaws/explain.h"
#include "tinyaws/status.h"

namespace tinyaws {

Str describe(Status status) {
  return name(status);
}

IoResult explain_mismatch(const SignedTexts&, Bytes, MutBytes) {
  return {};
}

}  // namespace tinyaws
