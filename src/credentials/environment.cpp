#include "base/ascii.h"
#include "text/datetime.h"
#include "tinyaws/providers.h"

namespace tinyaws {
namespace {

Str read(const Environment& environment, const char* name) {
  return trim_space(environment.variable(name));
}

Str read_token(const Environment& environment) {
  const Str token = read(environment, "AWS_SECURITY_TOKEN");
  return token.empty() ? read(environment, "AWS_SESSION_TOKEN") : token;
}

}  // namespace

Status EnvironmentCredentials::get(Instant, UnixTime, Credentials& credentials, Call*& fetch) {
  fetch = nullptr;
  Credentials found;
  found.access_key_id = read(environment_, "AWS_ACCESS_KEY_ID");
  found.secret_access_key = read(environment_, "AWS_SECRET_ACCESS_KEY");
  if (found.access_key_id.empty() || found.secret_access_key.empty()) return last_ = Status::kNotFound;
  const Str expiration = read(environment_, "AWS_CREDENTIAL_EXPIRATION");
  if (!expiration.empty() && parse_iso8601(expiration, found.expiration) != Status::kOk) {
    return last_ = Status::kMalformedCredentials;
  }
  found.session_token = read_token(environment_);
  found.account_id = read(environment_, "AWS_ACCOUNT_ID");
  credentials = found;
  return last_ = Status::kOk;
}

}  // namespace tinyaws
