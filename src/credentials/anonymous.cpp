#include "base/writer.h"
#include "tinyaws/providers.h"

namespace tinyaws {

Status AnonymousCredentials::get(Instant, UnixTime, Credentials& credentials, Call*& fetch) {
  fetch = nullptr;
  credentials = {};
  return Status::kOk;
}

IoResult AnonymousCredentials::explain(MutBytes text) const {
  Writer writer(text);
  writer.put("anonymous: requests go unsigned");
  return writer.result();
}

}  // namespace tinyaws
