#include "tinyaws/call.h"

namespace tinyaws {

Next NestingCall::run_inside(Call& inner) {
  inner_ = &inner;
  return {Next::Action::kAgain};
}

Next NestingCall::next(Instant now, UnixTime wall, RequestHead& head) {
  Next next;
  if (inner_ != nullptr) next = inner_->next(now, wall, head);
  if (next.action == Next::Action::kDone) {
    inner_ = nullptr;
    next = own_next(now, wall, head);
  }
  if (next.action == Next::Action::kSend) sent_at_ = now;
  return next;
}

void NestingCall::on_head(const ResponseHead& head, Instant now) {
  if (inner_ != nullptr) return inner_->on_head(head, now);
  own_head(head, now);
}

IoResult NestingCall::on_body(const ResponseHead& head, Bytes piece) {
  return inner_ != nullptr ? inner_->on_body(head, piece) : own_body(head, piece);
}

void NestingCall::on_response(const ResponseHead& head, Instant now) {
  if (inner_ != nullptr) return inner_->on_response(head, now);
  own_response(head, now);
}

// The deadline is that of the call as a whole: neither part is asked again.
void NestingCall::on_failure(const Failure& failure, Instant now) {
  const bool over = failure.status == Status::kDeadlineExceeded;
  if (inner_ != nullptr && !over) return inner_->on_failure(failure, now);
  if (inner_ != nullptr) inner_->on_cancel();
  inner_ = nullptr;
  own_failure(failure, now);
}

const Timeouts* NestingCall::timeouts() const {
  const Timeouts* inner = inner_ != nullptr ? inner_->timeouts() : nullptr;
  return inner != nullptr ? inner : own_timeouts();
}

bool NestingCall::is_secret() const {
  return own_is_secret() || (inner_ != nullptr && inner_->is_secret());
}

void NestingCall::on_cancel() {
  if (inner_ != nullptr) inner_->on_cancel();
  inner_ = nullptr;
  own_cancel();
}

void NestingCall::own_head(const ResponseHead&, Instant) {}

IoResult NestingCall::own_body(const ResponseHead&, Bytes piece) {
  return {Status::kOk, piece.size()};
}

void NestingCall::own_response(const ResponseHead&, Instant) {}

}  // namespace tinyaws
