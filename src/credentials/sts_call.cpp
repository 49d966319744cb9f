#include "tinyaws/sts_call.h"

#include <new>

#include "base/ascii.h"
#include "base/wipe.h"
#include "base/writer.h"
#include "credentials/credentials_document.h"
#include "credentials/given.h"
#include "text/datetime.h"
#include "tinyaws/explain.h"

namespace tinyaws {
namespace {

constexpr Header kFormHeaders[] = {{"Content-Type", "application/x-www-form-urlencoded"}};

constexpr Timeouts kTimeouts{5000, 5000, 10000, 5000, 20000};

// Where STS is asked when no region is known at all.
constexpr char kLastRegion[] = "us-east-1";

constexpr char kTokenFile[] = "web identity token file";

}  // namespace

StsCall::Asking::Asking(const StsCall& sts, Str region)
    : response(sts.space_),
      call(request, response, {signer, *sts.source_, options, sts.environment_, sts.platform_}) {
  options.settings = sts.settings_;
  options.use_fips_endpoint = sts.question_.place.use_fips_endpoint;
  options.use_dualstack_endpoint = sts.question_.place.use_dualstack_endpoint;
  request.service = "sts";
  request.method = "POST";
  request.headers = kFormHeaders;
  request.region = region;
}

StsCall::StsCall(Platform& platform, const Environment& environment, Files* files)
    : platform_(platform), environment_(environment), files_(files) {}

StsCall::~StsCall() {
  drop_asking();
}

void StsCall::start(const StsQuestion& question, CredentialsProvider& source, Settings* settings, MutBytes space) {
  space_ = space;
  forget(Status::kPending, space_);
  question_ = question;
  source_ = &source;
  settings_ = settings;
  asked_last_region_ = false;
  remark_.clear();
}

void StsCall::start(const StsQuestion& question, const Credentials* signer, Settings* settings, MutBytes space) {
  start(question, static_cast<CredentialsProvider&>(*this), settings, space);
  credentials_ = signer != nullptr ? *signer : Credentials();
}

// Only with a web identity nobody signs.
Status StsCall::get(Instant, UnixTime, Credentials& credentials, Call*& fetch) {
  fetch = nullptr;
  if (question_.token_file == nullptr) return take_given(credentials_, credentials);
  credentials = {};
  return Status::kOk;
}

Next StsCall::own_next(Instant, UnixTime wall, RequestHead&) {
  if (status_ != Status::kPending) return {};
  if (asking_ == nullptr) return ask(question_.place.region, wall);
  if (asking_->call.status() == Status::kNoRegion && !asked_last_region_) {
    asked_last_region_ = true;
    return ask(kLastRegion, wall);
  }
  conclude();
  return {};
}

Next StsCall::ask(Str region, UnixTime wall) {
  drop_asking();
  asking_ = new (asking_space_) Asking(*this, region);
  const IoResult length = write_form(wall);
  if (length.status != Status::kOk) {
    if constexpr (kWithWords) remark_.keep(kTokenFile, question_.token_file, why_unusable(length.status));
    forget(length.status == Status::kNotFound ? Status::kFileUnreadable : length.status, space_);
    return {};
  }
  Body& body = asking_->request.body;
  body = Body(asking_->form, length.size);
  if (question_.token_file != nullptr) body.payload_hash = "UNSIGNED-PAYLOAD";  // nothing is signed
  return run_inside(asking_->call);
}

const Timeouts* StsCall::own_timeouts() const {
  return &kTimeouts;
}

Str StsCall::why_unusable(Status status) const {
  if (files_ == nullptr) return "there are no files";
  if (status == Status::kValueTooLong) return tinyaws::describe(status);
  return files_->describe().empty() ? Str("it is empty") : files_->describe();
}

IoResult StsCall::write_form(UnixTime wall) {
  FormSource& form = asking_->form;
  const bool with_token = question_.token_file != nullptr;
  const Str values[] = {with_token ? "AssumeRoleWithWebIdentity" : "AssumeRole",
                        "2011-06-15",
                        question_.role_arn,
                        session_name(wall),
                        with_token ? Str() : question_.external_id,
                        question_.duration_seconds};
  Str names = "Action Version RoleArn RoleSessionName ExternalId DurationSeconds";
  for (Str value : values) form.add(take_until(names, ' '), value);
  if (with_token && files_ == nullptr) return {Status::kUnsupported, 0};
  if (with_token) form.add_file("WebIdentityToken", question_.token_file, *files_);
  return form.length();
}

// A name that tells sessions apart, where none is configured.
Str StsCall::session_name(UnixTime wall) {
  if (!question_.session_name.empty()) return question_.session_name;
  Writer name{MutBytes(asking_->session_name)};
  name.put("tinyaws-");
  name.put_number(wall.seconds < 0 ? 0 : static_cast<uint64_t>(wall.seconds));
  return name.text();
}

void StsCall::conclude() {
  Response& response = asking_->response;
  status_ = asking_->call.status();
  remark_failure();
  const MutBytes document = space_.first(response.body().size());
  if (status_ == Status::kOk) {
    read_answer(document);
    if (parse_http_date(response.header("Date"), credentials_.issued) != Status::kOk) credentials_.issued = {};
  } else if (status_ == Status::kServiceError) {
    read_refusal(response.error());
  } else if (status_ == Status::kBufferTooSmall) {
    status_ = Status::kValueTooLong;
  } else if (status_ == Status::kBodySourceFailed) {
    status_ = Status::kFileUnreadable;
  } else if (is_transient(status_)) {
    status_ = Status::kCredentialsUnavailable;
  }
  forget(status_, status_ == Status::kOk ? space_.drop(document.size()) : space_);
}

void StsCall::remark_failure() {
  if constexpr (!kWithWords) return;
  if (is_transient(status_)) {
    remark_.keep("STS", tinyaws::describe(status_), asking_->call.detail());
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
  forget(failure.status, space_);
}

void StsCall::own_cancel() {
  forget(Status::kNotFound, space_);
}

// Of a question nothing is left but its outcome, and of the space what is not `rest`.
void StsCall::forget(Status outcome, MutBytes rest) {
  drop_asking();
  if (!rest.empty()) wipe(rest.data(), rest.size());
  status_ = outcome;
}

void StsCall::drop_asking() {
  if (asking_ != nullptr) asking_->~Asking();
  asking_ = nullptr;
}

}  // namespace tinyaws
