// What the sources that need few words have to say about their last answer.
#include "base/ascii.h"
#include "base/writer.h"
#include "profile/location.h"
#include "tinyaws/cached_credentials.h"
#include "tinyaws/providers.h"
#include "tinyaws/sts_credentials.h"

namespace tinyaws {
namespace {

// ": no credentials ...", with what STS said.
void put_outcome(Status status, Str remark, Writer& out) {
  if (status == Status::kOk) return;
  out.put(": ");
  out.put(describe(status));
  if (remark.empty()) return;
  out.put(" (");
  out.put(remark);
  out.put(')');
}

void put_whether_set(Str lead, const char* name, const Environment& environment, Writer& out) {
  const bool is_blank = is_blank_text(environment.variable(name));
  out.put(lead).put(name).put(is_blank ? Str(" is not set") : Str(" is set"));
}

}  // namespace

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

IoResult AnonymousCredentials::explain(MutBytes text) const {
  Writer writer(text);
  writer.put("anonymous: requests go unsigned");
  return writer.result();
}

IoResult EnvironmentCredentials::explain(MutBytes text) const {
  Writer writer(text);
  put_whether_set("environment: ", "AWS_ACCESS_KEY_ID", environment_, writer);
  put_whether_set(", ", "AWS_SECRET_ACCESS_KEY", environment_, writer);
  if (last_ == Status::kMalformedCredentials) writer.put(", AWS_CREDENTIAL_EXPIRATION is no date");
  return writer.result();
}

IoResult CredentialsChain::explain(MutBytes text) const {
  size_t size = 0;
  for (CredentialsProvider* place : places_.first(asked_)) {
    const size_t begin = size + (size > 0 ? 1 : 0);
    const MutBytes room = text.drop(begin < text.size() ? begin : text.size());
    const size_t line = place->explain(room).size;
    if (line == 0) continue;
    if (begin > size && size < text.size()) text[size] = '\n';
    size = begin + line;
  }
  return {size <= text.size() ? Status::kOk : Status::kBufferTooSmall, size};
}

IoResult CachedCredentials::explain(MutBytes text) const {
  Writer out(text);
  out.wrote(source_.explain(out.rest()).size);
  if (error_ != Status::kValueTooLong || too_large_ == 0) return out.result();
  out.put("\ncache: these credentials take ");
  out.put_number(too_large_);
  out.put(" bytes, and there is room for ");
  out.put_number(kMaxCredentialsBytes);
  out.put(" (TINYAWS_MAX_CREDENTIALS_BYTES)");
  return out.result();
}

IoResult AssumeRoleCredentials::explain(MutBytes text) const {
  Writer out(text);
  out.put("assumed role: ");
  out.put(question_.role_arn);
  put_outcome(last_, sts_.remark(), out);
  return out.result();
}

IoResult WebIdentityCredentials::explain(MutBytes text) const {
  Writer out(text);
  out.put("web identity: ");
  if (last_ == Status::kNotFound) {
    out.put("AWS_WEB_IDENTITY_TOKEN_FILE is not set");
  } else if (last_ == Status::kCredentialsIncomplete) {
    out.put("AWS_WEB_IDENTITY_TOKEN_FILE is set, but AWS_ROLE_ARN is not");
  } else {
    out.put(read_variable(environment_, "AWS_ROLE_ARN"));
    put_outcome(last_, sts_.remark(), out);
  }
  return out.result();
}

}  // namespace tinyaws
