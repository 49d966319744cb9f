#include "base/ascii.h"
#include "tinyaws/api_call.h"

// Whether a request is sent once more, and when.

namespace tinyaws {
namespace {

// What a service may add to a wait.
constexpr int64_t kMaxAddedMs = 5000;

// X-Amz-Target of operations that wait for something to happen.
constexpr char kLongPolls[] =
    "AmazonSQS.ReceiveMessage AWSStepFunctions.GetActivityTask SimpleWorkflowService.PollForActivityTask "
    "SimpleWorkflowService.PollForDecisionTask";

// Milliseconds ("Retry behavior", AWS SDKs and Tools Reference Guide).
Instant lengthen(Instant due, Instant now, Str hint) {
  uint32_t wait = 0;
  if (!read_decimal(trim_blanks(hint), UINT32_MAX, wait)) return due;
  const Instant hinted = earlier(now + wait, due + kMaxAddedMs);
  return due < hinted ? hinted : due;
}

}  // namespace

bool ApiCall::is_repeatable(const ErrorInfo& error) const {
  return error.traits.throttling || (error.traits.transient && api_.repeatable);
}

bool ApiCall::is_repeatable(const Failure& failure) const {
  return is_transient(failure.status) && (api_.repeatable || !failure.sent);
}

bool ApiCall::is_long_poll() const {
  if (prepared_.scope.service == "sqs" && api_.body.bytes.find("Action=ReceiveMessage") != Str::npos) return true;
  for (const Header& header : api_.headers) {
    if (equals_ignoring_case(header.name, "x-amz-target") && has_word(kLongPolls, header.value)) return true;
  }
  return false;
}

bool ApiCall::plan_repetition(Instant now, bool throttled, Str hint) {
  const int64_t transient_ms = is_dynamodb() ? kDynamoDbBaseMs : kTransientBaseMs;
  const Instant jittered = backoff_.next(now, context_.platform, throttled ? kThrottlingBaseMs : transient_ms);
  const Instant due = lengthen(jittered, now, hint);
  if (backoff_.attempts() >= max_attempts_ || deadline_ <= due) return false;
  const uint16_t cost = throttled ? RetryQuota::kThrottlingCost : RetryQuota::kTransientCost;
  if (context_.quota != nullptr && !context_.quota->take(cost)) {
    if (is_long_poll()) retry_at_ = due;
    return false;
  }
  borrowed_ = cost;
  if (rewind() != Status::kOk) {
    if (context_.quota != nullptr) context_.quota->give_back(cost);
    return false;
  }
  retry_at_ = due;
  return true;
}

void ApiCall::own_failure(const Failure& failure, Instant now) {
  const bool is_over = failure.status == Status::kDeadlineExceeded;
  if (answer_body_ == AnswerBody::kDropped && !is_over) {
    phase_ = Phase::kBackingOff;  // the rest of what is dropped is not missed
    return;
  }
  detail_ = failure.detail;
  retry_at_ = now;
  if (died_while_idle(failure) && api_.repeatable && !repeated_free_ && rewind() == Status::kOk) {
    repeated_free_ = true;
    backoff_.take_back();
    phase_ = Phase::kReady;
  } else if (!is_last_answer() && is_repeatable(failure) && plan_repetition(now, false, {})) {
    phase_ = Phase::kBackingOff;
  } else {
    fail(failure, now);
  }
}

// Of an answer that was cut off, what had come of it is delivered all the same.
void ApiCall::fail(const Failure& failure, Instant now) {
  if (answer_body_ == AnswerBody::kHeld && response_.status() >= 300) {
    (void)response_.judge(response_.head(), Extent::kWhole);
  }
  answer_body_ = AnswerBody::kPassedOn;
  outcome_ = failure.status;
  phase_ = Phase::kDelivering;
  if (failure.status == Status::kBodySinkFailed) {
    response_.settle_error();
    finish(failure.status);
    return;
  }
  if (now < retry_at_) detail_ = {};  // it belongs to a transport that others may use meanwhile
  const Action action = deliver(now);
  const bool is_over = failure.status == Status::kDeadlineExceeded;
  if (is_over && action != Action::kDone) finish(failure.status);
}

}  // namespace tinyaws
