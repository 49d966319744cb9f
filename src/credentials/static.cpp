#include "base/ascii.h"
#include "credentials/given.h"
#include "tinyaws/providers.h"

namespace tinyaws {

Status take_given(const Credentials& given, Credentials& credentials) {
  const bool no_id = is_blank_text(given.access_key_id);
  const bool no_secret = is_blank_text(given.secret_access_key);
  if (no_id && no_secret) return Status::kNotFound;
  if (no_id || no_secret) return Status::kCredentialsIncomplete;
  credentials = given;
  return Status::kOk;
}

Status StaticCredentials::get(Instant, UnixTime, Credentials& credentials, Call*& fetch) {
  fetch = nullptr;
  return take_given(credentials_, credentials);
}

}  // namespace tinyaws
