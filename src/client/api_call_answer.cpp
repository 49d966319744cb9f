#include "base/ascii.h"
#include "client/limit.h"
#include "sigv4/s3_family.h"
#include "text/datetime.h"
#include "tinyaws/api_call.h"

// What becomes of an answer: it is delivered, or leads to another request.

namespace tinyaws {
namespace {

// An answer that took longer says too little about the time.
constexpr int64_t kMaxRoundTripMs = 900000;

// Services refuse a signature whose time is 5 minutes off, Amazon S3 one of 15: less than this was not the reason.
constexpr int64_t kSkewSeconds = 240;

// 2200-01-01: who says more has no clock.
constexpr int64_t kTimeCeiling = 7258118400;

bool is_redirection(uint16_t status) {
  return status == 301 || status == 302 || status == 307 || status == 308;
}

// Where the caller says who is meant, nobody else is asked.
bool has_own_host(Span<const Header> headers) {
  for (const Header& header : headers) {
    if (equals_ignoring_case(header.name, "host")) return true;
  }
  return false;
}

}  // namespace

void ApiCall::own_head(const ResponseHead& head, Instant now) {
  head_at_ = now;
  head_wall_ = context_.platform.unix_time();
  response_.set_head(head);
  answer_body_ = may_be_error(head) ? AnswerBody::kHeld : AnswerBody::kPassedOn;
  if (answer_body_ == AnswerBody::kPassedOn) learn_time(head, {});
}

// Amazon S3 begins the answer to what takes long before it knows how that ends.
bool ApiCall::may_be_error(const ResponseHead& head) const {
  if (head.status >= 300) return true;
  return is_s3_family(prepared_.scope.service) && (api_.method == "PUT" || api_.method == "POST");
}

IoResult ApiCall::own_body(const ResponseHead& head, Bytes piece) {
  if (answer_body_ == AnswerBody::kHeld) {
    const size_t held = response_.hold(piece);
    if (held > 0) return {Status::kOk, held};
    judge(head, Extent::kBeginning);
  }
  if (answer_body_ == AnswerBody::kDropped) return {Status::kOk, piece.size()};
  const Status passed = response_.pass_on();
  return passed == Status::kOk ? response_.write(piece) : IoResult{passed, 0};
}

void ApiCall::own_response(const ResponseHead& head, Instant now) {
  if (answer_body_ == AnswerBody::kHeld) judge(head, Extent::kWhole);
  if (answer_body_ == AnswerBody::kDropped) {
    phase_ = Phase::kBackingOff;
    return;
  }
  outcome_ = head.status >= 300 || response_.error().is_error() ? Status::kServiceError : Status::kOk;
  if (outcome_ == Status::kOk && context_.quota != nullptr) context_.quota->give_back(borrowed_ > 0 ? borrowed_ : 1);
  phase_ = Phase::kDelivering;
  (void)deliver(now);
}

// What is held says whether this answer is the last one.
void ApiCall::judge(const ResponseHead& head, Extent extent) {
  const ErrorInfo& error = response_.judge(head, extent);
  learn_time(head, error);
  answer_body_ = AnswerBody::kPassedOn;
  retry_at_ = head_at_;
  if (!error.is_error()) return;
  if (is_overruled(head, error)) {
    if (rewind() != Status::kOk) return;
    backoff_.take_back();
    answer_body_ = AnswerBody::kDropped;
  } else if (is_repeatable(error) &&
             plan_repetition(head_at_, error.traits.throttling, head.header("x-amz-retry-after"))) {
    answer_body_ = AnswerBody::kDropped;
  }
}

ApiCall::Action ApiCall::deliver(Instant now) {
  if (now < retry_at_) return Action::kWait;
  const Status passed = response_.pass_on();
  if (passed == Status::kPending) return wait(now + kBodyPollMs);
  response_.settle_error();
  return finish(passed == Status::kOk ? outcome_ : passed);
}

// From an answer that a service has given to a signed request: who is none may say what it likes. The service read
// its clock some time between the sending and now, so that what lies in between is right already.
void ApiCall::learn_time(const ResponseHead& head, const ErrorInfo& error) {
  skew_ = 0;
  const int64_t took = head_at_ - sent_at();
  if (!corrects_clock_ || !signed_ || took > kMaxRoundTripMs || !head.header("Age").empty()) return;
  if (head.status >= 300 && !error.parsed && error.request_id.empty()) return;
  UnixTime server = error.server_time;
  if (server.seconds == 0 && parse_http_date(head.header("Date"), server) != Status::kOk) return;
  ServiceClock& clock = context_.platform.service_clock();
  if (server.seconds == 0 || server.seconds < clock.floor().seconds || server.seconds > kTimeCeiling) return;
  const int64_t ahead = server.seconds - signed_at_.seconds;
  if (ahead < 0) skew_ = -ahead;
  if (ahead > took / 1000) skew_ = ahead - took / 1000;
  const int64_t latest = clock.time_of_day(head_wall_, head_at_).seconds + 1;
  const bool knows = clock.knows_time(head_wall_);
  const bool is_fast = server.seconds < latest - took / 1000 - 2;
  if (knows && is_fast) server.seconds += took / 1000;  // no more than is certain
  if (!knows || is_fast || server.seconds > latest) (void)clock.learn(server, head_wall_, head_at_);
}

// The service has refused, for a reason that can be taken away. Each is taken away once.
bool ApiCall::is_overruled(const ResponseHead& head, const ErrorInfo& error) {
  if (head.status == 417 && prepared_.request.expect_continue) {
    leave_refused_ = true;
    return true;
  }
  if (redirects_ < kMaxRedirects && move(head, error)) {
    ++redirects_;
    return true;
  }
  if (!clock_corrected_ && is_clock_wrong(head, error)) {
    clock_corrected_ = true;
    return true;
  }
  const UnixTime wall = context_.platform.time_of_day(head_at_);
  if (renewed_ || !error.traits.credentials || !context_.credentials.renew(version_, head_at_, wall)) return false;
  renewed_ = true;
  return true;
}

// The answer to a HEAD request has no body to hold a code.
bool ApiCall::is_clock_wrong(const ResponseHead& head, const ErrorInfo& error) const {
  const bool may_mean_clock = error.traits.clock || (head.status == 403 && !error.parsed && api_.method == "HEAD");
  return may_mean_clock && skew_ >= kSkewSeconds;
}

// Amazon S3: the bucket is elsewhere ("Making requests to Amazon S3: request redirection", Amazon S3 User Guide).
bool ApiCall::move(const ResponseHead& head, const ErrorInfo& error) {
  const bool redirects = is_redirection(head.status);
  if (!is_s3_family(prepared_.scope.service) || (!redirects && head.status != 400)) return false;
  if (has_own_host(api_.headers)) return false;
  const bool moved = !error.region.empty() && error.region != prepared_.scope.region &&
                     prepared_.move_to_region(api_, error.region) == Status::kOk;
  const Str location = head.header("Location");
  if (!redirects || location.empty()) return moved;
  const Status status = prepared_.move_to(location);
  if (status != Status::kOk) detail_ = describe(status);
  return moved || status == Status::kOk;
}

}  // namespace tinyaws
