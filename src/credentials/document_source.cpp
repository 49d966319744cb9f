#include "tinyaws/document_source.h"

#include "base/ascii.h"
#include "base/wipe.h"
#include "credentials/credentials_document.h"
#include "tinyaws/backoff.h"
#include "tinyaws/error_info.h"

namespace tinyaws {
namespace {

// What is not the source's doing stays what it is.
Status outcome_of(Status failure) {
  if (failure < Status::kFileUnreadable || failure == Status::kValueTooLong) return failure;
  const bool answered = failure >= Status::kMalformedHead && failure != Status::kTruncated;
  return answered ? Status::kMalformedCredentials : Status::kCredentialsUnavailable;
}

Status outcome_of(uint16_t http_status) {
  const bool unavailable = is_transient(http_status) || http_status >= 500;
  return unavailable ? Status::kCredentialsUnavailable : Status::kCredentialsRefused;
}

// From brace to brace: neither cut short nor something else altogether.
bool looks_whole(Bytes document) {
  document = trim_space(document);
  return document.size() >= 2 && document.front() == '{' && document.back() == '}';
}

}  // namespace

Status DocumentSource::get(Instant, UnixTime, Credentials& credentials, Call*& fetch) {
  fetch = nullptr;
  if (stage() == Stage::kRunning) return Status::kPending;
  if (stage() == Stage::kEnded) return hand_over(status_, credentials);
  forget();
  start_script();
  outcome_ = Outcome::kNotAsked;
  http_status_ = 0;
  failure_ = Status::kOk;
  const Status prepared = prepare();
  if (prepared != Status::kOk) {
    outcome_ = Outcome::kNotSent;
    end_script();
    return prepared;
  }
  asking_ = true;
  expect_secrets();
  fetch = this;
  return Status::kPending;
}

bool DocumentSource::write_request(Instant, Request& request) {
  if (!asking_) return false;
  if (write_document_request(request)) return true;
  outcome_ = Outcome::kNotSent;
  status_ = Status::kInvalidArgument;
  return false;
}

DocumentCall::Verdict DocumentSource::judge(const Answer& answer) {
  http_status_ = answer.http_status;
  failure_ = answer.status;
  bool again = false;
  if (answer.status != Status::kOk) {
    outcome_ = Outcome::kNoAnswer;
    status_ = outcome_of(answer.status);
    again = is_transient(answer.status);
  } else if (answer.http_status != 200) {
    remark_error(answer);
    outcome_ = Outcome::kHttpStatus;
    status_ = outcome_of(answer.http_status);
    again = may_pass(answer.http_status);
  } else {
    again = judge_document(answer);
  }
  if (again && may_repeat()) return Verdict::kRepeat;
  asking_ = false;
  wipe(reserved().data(), reserved().size());
  return Verdict::kGoOn;
}

// The status line's words would say no more than the status does.
void DocumentSource::remark_error(const Answer& answer) {
  if constexpr (!kWithWords) return;
  ErrorInfo error;
  const MutBytes document = answer.document;
  read_error(*answer.head, {document.data(), document.size()}, Extent::kBeginning, error);
  decode_error(document, error);
  const bool is_in_document = error.message.data() >= document.begin() && error.message.data() < document.end();
  remark_.keep(error.parsed ? error.code : Str(), is_in_document ? error.message : Str());
}

// True: it is worth asking again.
bool DocumentSource::judge_document(const Answer& answer) {
  const bool whole = looks_whole({answer.document.data(), answer.document.size()});
  status_ = read(format_, answer, remark_);
  outcome_ = status_ == Status::kOk ? Outcome::kCredentials : Outcome::kBadResponse;
  return status_ != Status::kOk && !whole && broken_documents_may_pass();
}

}  // namespace tinyaws
