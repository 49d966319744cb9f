#include "base/ascii.h"
#include "base/writer.h"
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

IoResult StaticCredentials::explain(MutBytes text) const {
  const bool no_id = is_blank_text(credentials_.access_key_id);
  const bool no_secret = is_blank_text(credentials_.secret_access_key);
  Writer writer(text);
  writer.put("given by the caller: ");
  writer.put(no_id && no_secret ? "none"
             : no_id            ? "a secret without its key id"
             : no_secret        ? "a key id without its secret"
                                : "key id and secret");
  return writer.result();
}

}  // namespace tinyaws
