#include "tinyaws/sts_credentials.h"

#include <cstring>

#include "base/ascii.h"
#include "base/wipe.h"
#include "profile/location.h"

namespace tinyaws {

AssumeRoleCredentials::~AssumeRoleCredentials() {
  wipe(space_.data(), space_.size());
}

Status AssumeRoleCredentials::get(Instant, UnixTime, Credentials& credentials, Call*& fetch) {
  fetch = nullptr;
  if (sts_.status() == Status::kPending) return Status::kPending;
  if (sts_.status() != Status::kNotFound) return last_ = sts_.collect(credentials);
  if (is_blank_text(question_.role_arn)) return last_ = Status::kInvalidArgument;
  sts_.start(question_, source_, settings_, space_);
  fetch = &sts_;
  return Status::kPending;
}

WebIdentityCredentials::~WebIdentityCredentials() {
  wipe(space_.data(), space_.size());
}

Status WebIdentityCredentials::get(Instant, UnixTime, Credentials& credentials, Call*& fetch) {
  fetch = nullptr;
  if (sts_.status() == Status::kPending) return Status::kPending;
  if (sts_.status() != Status::kNotFound) return last_ = sts_.collect(credentials);
  StsQuestion question;
  last_ = prepare(question);
  if (last_ != Status::kOk) return last_;
  sts_.start(question, nullptr, settings_, space_);
  fetch = &sts_;
  return Status::kPending;
}

Status WebIdentityCredentials::prepare(StsQuestion& question) {
  const Str file = read_variable(environment_, "AWS_WEB_IDENTITY_TOKEN_FILE");
  if (file.empty()) return Status::kNotFound;
  question.role_arn = read_variable(environment_, "AWS_ROLE_ARN");
  if (question.role_arn.empty()) return Status::kCredentialsIncomplete;
  if (file.size() >= sizeof path_) return Status::kValueTooLong;
  std::memcpy(path_, file.data(), file.size());
  path_[file.size()] = '\0';
  question.token_file = path_;
  question.session_name = read_variable(environment_, "AWS_ROLE_SESSION_NAME");
  question.place = place_;
  return Status::kOk;
}

}  // namespace tinyaws
