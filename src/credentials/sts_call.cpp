#include "tinyaws/sts_call.h"

#include <new>

#include "base/wipe.h"
#include "base/writer.h"
#include "credentials/credentials_document.h"
#include "text/datetime.h"
#include "tinyaws/explain.h"

namespace tinyaws {
namespace {

constexpr Header kFormHeaders[] = {{"Content-Type", "application/x-www-form-urlencoded"}};

constexpr Timeouts kTimeouts{5000, 5000, 10000, 5000, 20000};

// Where STS is asked when no region is known at all.
constexpr Str kLastRegion = "us-east-1";

constexpr Str kTokenFile = "web identity token file";

void forget(MutBytes memory) {
  if (!memory.empty()) wipe(memory.data(), memory.size());
}

}  // namespace

StsCall::StsCall(Platform& platform, const Environment& environment, Files* files)
    : platform_(platform), environment_(environment), files_(files) {
  request_.service = "sts";
  request_.method = "POST";
  request_.headers = kFormHeaders;
}

StsCall::~StsCall() {
  drop_call();
}

void StsCall::start(const StsQuestion& question, CredentialsProvider& source, Settings* settings, MutBytes space) {
  drop_call();
  question_ = question;
  source_ = &source;
  space_ = space;
  forget(space_);
  options_.settings = settings;
  options_.use_fips_endpoint = question.place.use_fips_endpoint;
  options_.use_dualstack_endpoint = question.place.use_dualstack_endpoint;
  status_ = Status::kPending;
  asked_last_region_ = false;
  remark_.clear();
}

Next StsCall::own_next(Instant now, UnixTime wall, RequestHead&) {
  if (status_ != Status::kPending) return {};
  if (call_ == nullptr) return ask(question_.place.region, now, wall);
  if (call_->status() == Status::kNoRegion && !asked_last_region_) {
    asked_last_region_ = true;
    drop_call();
    return ask(kLastRegion, now, wall);
  }
  conclude();
  return {};
}

Next StsCall::ask(Str region, Instant now, UnixTime wall) {
  const IoResult length = write_form(wall);
  if (length.status != Status::kOk) {
    status_ = length.status == Status::kNotFound ? Status::kFileUnreadable : length.status;
    if constexpr (kWithWords) remark_.keep(kTokenFile, question_.token_file, why_unusable(length.status));
    return {};
  }
  request_.region = region;
  request_.body = Body(form_, length.size);
  if (question_.token_file != nullptr) request_.body.payload_hash = "UNSIGNED-PAYLOAD";  // nothing is signed
  response_.store_in(space_);
  const ApiContext context{signer_, *source_, options_, environment_, platform_};
  call_ = new (call_space_) ApiCall(request_, response_, context);
  return run_inside(*call_, now);
}

const Timeouts* StsCall::own_timeouts() const {
  return &kTimeouts;
}

Str StsCall::why_unusable(Status status) const {
  if (files_ == nullptr) return "there are no files";
  if (status == Status::kValueTooLong) return describe(status);
  return files_->describe().empty() ? Str("it is empty") : files_->describe();
}

IoResult StsCall::write_form(UnixTime wall) {
  form_.clear();
  form_.add("Action", question_.token_file != nullptr ? "AssumeRoleWithWebIdentity" : "AssumeRole");
  form_.add("Version", "2011-06-15");
  form_.add("RoleArn", question_.role_arn);
  form_.add("RoleSessionName", session_name(wall));
  if (question_.token_file == nullptr) form_.add("ExternalId", question_.external_id);
  form_.add("DurationSeconds", question_.duration_seconds);
  if (question_.token_file == nullptr) return form_.length();
  if (files_ == nullptr) return {Status::kUnsupported, 0};
  form_.add_file("WebIdentityToken", question_.token_file, *files_);
  return form_.length();
}

// A name that tells sessions apart, where none is configured.
Str StsCall::session_name(UnixTime wall) {
  if (!question_.session_name.empty()) return question_.session_name;
  Writer name{MutBytes(session_name_)};
  name.put("tinyaws-");
  name.put_number(wall.seconds < 0 ? 0 : static_cast<uint64_t>(wall.seconds));
  return name.text();
}

void StsCall::conclude() {
  status_ = call_->status();
  remark_failure();
  const MutBytes document = space_.first(response_.body().size());
  UnixTime date;
  if (parse_http_date(response_.header("Date"), date) != Status::kOk) date = {};
  drop_call();
  if (status_ == Status::kOk) {
    read_answer(document);
    credentials_.issued = date;
  } else if (status_ == Status::kServiceError) {
    read_refusal(response_.error());
  } else if (status_ == Status::kBufferTooSmall) {
    status_ = Status::kValueTooLong;
  } else if (status_ == Status::kBodySourceFailed) {
    status_ = Status::kFileUnreadable;
  } else if (is_transient(status_)) {
    status_ = Status::kCredentialsUnavailable;
  }
  response_.forget_error();
  forget(status_ == Status::kOk ? space_.drop(document.size()) : space_);
}

void StsCall::remark_failure() {
  if constexpr (!kWithWords) return;
  if (is_transient(status_)) {
    remark_.keep("STS", describe(status_), call_->detail());
  } else if (status_ == Status::kInvalidArgument || status_ == Status::kUnsupported) {
    remark_.keep("STS", "its region or endpoint can't be used");
  } else if (status_ == Status::kBodySourceFailed) {
    remark_.keep(kTokenFile, question_.token_file, files_->describe());
  }
}

void StsCall::read_answer(MutBytes document) {
  DocumentProblem problem;
  status_ = read_credentials(CredentialsFormat::kAssumeRole, document, credentials_, problem);
  if (status_ == Status::kOk) return;
  remark_.keep(problem.code.empty() ? problem.words() : problem.code, problem.message);
}

void StsCall::read_refusal(const ErrorInfo& error) {
  const bool unavailable = error.retryable() || error.status >= 500;
  status_ = unavailable ? Status::kCredentialsUnavailable : Status::kCredentialsRefused;
  if constexpr (!kWithWords) return;
  char status_text[] = "HTTP status ...";
  Writer digits{MutBytes(status_text + sizeof status_text - 4, 3)};
  digits.put_number(error.status);
  // The words about a refused signature show what should have been signed, the session token in it.
  const bool has_words = error.parsed && !error.message.empty() && !is_signature_refusal(error.code);
  remark_.keep(error.parsed ? error.code : Str("STS"),
               has_words ? error.message : Str(status_text, sizeof status_text - 1));
}

Status StsCall::collect(Credentials& credentials) {
  const Status status = status_;
  if (status == Status::kPending) return status;
  if (status == Status::kOk) credentials = credentials_;
  status_ = Status::kNotFound;
  return status;
}

// Only at the deadline of the call around this one: its own exchanges are the ApiCall's.
void StsCall::own_failure(const Failure& failure, Instant) {
  drop_call();
  response_.forget_error();
  forget(space_);
  status_ = failure.status;
}

void StsCall::own_cancel() {
  drop_call();
  response_.forget_error();
  forget(space_);
  status_ = Status::kNotFound;
}

void StsCall::drop_call() {
  if (call_ != nullptr) call_->~ApiCall();
  call_ = nullptr;
  signer_.forget();
}

}  // namespace tinyaws
