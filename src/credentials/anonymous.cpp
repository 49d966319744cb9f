#include "tinyaws/providers.h"

namespace tinyaws {

Status AnonymousCredentials::get(Instant, UnixTime, Credentials& credentials, Call*& fetch) {
  fetch = nullptr;
  credentials = {};
  return Status::kOk;
}

}  // namespace tinyaws
