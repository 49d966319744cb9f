#include "base/ascii.h"
#include "tinyaws/providers.h"

namespace tinyaws {

Status EnvironmentCredentials::get(UnixTime, Credentials& credentials) {
  const Str key_id = environment_.variable("AWS_ACCESS_KEY_ID");
  const Str secret = environment_.variable("AWS_SECRET_ACCESS_KEY");
  if (is_blank_text(key_id) || is_blank_text(secret)) return Status::kNoCredentials;
  const Str token = environment_.variable("AWS_SESSION_TOKEN");
  credentials = {key_id, secret, is_blank_text(token) ? Str() : token};
  return Status::kOk;
}

}  // namespace tinyaws
