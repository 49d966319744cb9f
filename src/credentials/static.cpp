#include "base/ascii.h"
#include "tinyaws/providers.h"

namespace tinyaws {

Status StaticCredentials::get(UnixTime, Credentials& credentials) {
  if (is_blank_text(credentials_.access_key_id) || is_blank_text(credentials_.secret_access_key)) {
    return Status::kNoCredentials;
  }
  credentials = credentials_;
  return Status::kOk;
}

}  // namespace tinyaws
