#include "tinyaws/document_call.h"

#include <cstring>

#include "base/wipe.h"
#include "credentials/credentials_document.h"
#include "text/datetime.h"

namespace tinyaws {

DocumentCall::DocumentCall(Platform& platform, MutBytes space, const Timeouts& timeouts, uint8_t max_attempts)
    : max_attempts_(max_attempts), platform_(platform), space_(space), timeouts_(timeouts) {}

void DocumentCall::start_script() {
  stage_ = Stage::kRunning;
  backoff_.start();
  due_ = {};
  reserved_ = 0;
  repeated_free_ = false;
}

Next DocumentCall::next(Instant now, UnixTime, RequestHead& head) {
  if (stage_ != Stage::kRunning) return {};
  if (now < due_) return {Next::Action::kWait, due_};
  if (!write_request(now, request_)) {
    stage_ = Stage::kEnded;
    return {};
  }
  size_ = 0;
  date_ = {};
  backoff_.count();
  (void)head.begin(request_);
  const Status written = head.end();
  if (written != Status::kOk) {
    conclude({written, 0, {}, {}, nullptr}, now);
    return {Next::Action::kAgain};
  }
  return {Next::Action::kSend};
}

void DocumentCall::on_head(const ResponseHead& head, Instant) {
  if (parse_http_date(head.header("Date"), date_) != Status::kOk) date_ = {};
}

IoResult DocumentCall::on_body(const ResponseHead& head, Bytes piece) {
  const size_t room = space_.size() - reserved_ - size_;
  if (piece.size() > room && head.status == 200) return {Status::kValueTooLong, 0};
  const size_t kept = piece.size() < room ? piece.size() : room;
  std::memcpy(space_.data() + size_, piece.data(), kept);
  size_ += kept;
  return {Status::kOk, piece.size()};
}

void DocumentCall::on_response(const ResponseHead& head, Instant now) {
  conclude({Status::kOk, head.status, space_.first(size_), date_, &head}, now);
}

void DocumentCall::on_failure(const Failure& failure, Instant now) {
  if (died_while_idle(failure) && !repeated_free_) {
    repeated_free_ = true;
    backoff_.take_back();
    return;
  }
  conclude({failure.status, 0, {}, {}, nullptr, failure.heard}, now);
}

void DocumentCall::conclude(const Answer& answer, Instant now) {
  if (judge(answer) == Verdict::kRepeat) {
    due_ = backoff_.next(now, platform_);
  } else {
    backoff_.start();
    due_ = {};
  }
}

Status DocumentCall::read(CredentialsFormat format, const Answer& answer, Remark& remark) {
  DocumentProblem problem;
  const Status status = read_credentials(format, answer.document, credentials_, problem);
  credentials_.issued = answer.date;
  credentials_.outlives_expiration = format == CredentialsFormat::kMetadata;
  if (status == Status::kCredentialsRefused) {
    remark.keep(problem.code, problem.message);
  } else {
    remark.keep(problem.words());
  }
  return status;
}

Status DocumentCall::hand_over(Status outcome, Credentials& credentials) {
  end_script();
  if (outcome == Status::kOk) {
    credentials = credentials_;
  } else {
    forget();
  }
  return outcome;
}

void DocumentCall::forget() {
  if (holds_secrets_) wipe(space_.data(), space_.size());
  holds_secrets_ = false;
  if (stage_ == Stage::kEnded) end_script();
}

void DocumentCall::on_cancel() {
  wipe(space_.data(), space_.size());
  stage_ = Stage::kIdle;
}

}  // namespace tinyaws
