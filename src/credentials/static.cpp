#include "base/ascii.h"
#include "tinyaws/providers.h"

namespace tinyaws {

Status StaticCredentials::get(Instant, UnixTime, Credentials& credentials, Call*& fetch) {
  fetch = nullptr;
  const bool no_id = is_blank_text(credentials_.access_key_id);
  const bool no_secret = is_blank_text(credentials_.secret_access_key);
  if (no_id && no_secret) return Status::kNotFound;
  if (no_id || no_secret) return Status::kCredentialsIncomplete;
  credentials = credentials_;
  return Status::kOk;
}

}  // namespace tinyaws
