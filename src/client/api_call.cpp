#include "tinyaws/api_call.h"

#include <cassert>

#include "base/ascii.h"
#include "client/limit.h"

namespace tinyaws {
namespace {

// How much of a body is hashed before others get their turn.
constexpr size_t kHashPieceBytes = 4096;

// Of the standard mode ("Retry behavior", AWS SDKs and Tools Reference Guide).
constexpr uint8_t kAttempts = 3;
constexpr uint8_t kDynamoDbAttempts = 4;

// How soon credentials or a region that somebody else is fetching are asked for again.
constexpr int64_t kFetchPollMs = 20;

// What AnonymousCredentials give. Half a set is no such thing: signing refuses it.
bool is_nobody(const Credentials& credentials) {
  return credentials.access_key_id.empty() && credentials.secret_access_key.empty() &&
         credentials.session_token.empty();
}

}  // namespace

ApiCall::ApiCall(const ApiRequest& request, Response& response, const ApiContext& context)
    : api_(request), response_(response), context_(context) {}

Next ApiCall::own_next(Instant now, UnixTime wall, RequestHead& head) {
  const Action action = go_on(now, wall, head);
  return {action, retry_at_};
}

ApiCall::Action ApiCall::go_on(Instant now, UnixTime wall, RequestHead& head) {
  switch (phase_) {
    case Phase::kNew:
      return begin(now);
    case Phase::kPreparing:
      return prepare(now, wall);
    case Phase::kHashing:
      return hash_further(now, head.buffer());
    case Phase::kBackingOff:
      if (now < retry_at_) return Action::kWait;
      return send(now, head);
    case Phase::kReady:
    case Phase::kSent:
      return send(now, head);
    case Phase::kDelivering:
      return deliver(now);
    case Phase::kDone:
      break;
  }
  return Action::kDone;
}

ApiCall::Action ApiCall::begin(Instant now) {
  response_.begin();
  const Status status = read_variables();
  if (status != Status::kOk) return finish(status);
  const uint32_t total_ms = context_.options.timeouts.total_ms;
  if (total_ms > 0) deadline_ = now + total_ms;
  phase_ = Phase::kPreparing;
  return Action::kAgain;
}

Status ApiCall::read_variables() {
  const Environment& environment = context_.environment;
  const bool disabled = is_true(environment.variable("AWS_DISABLE_CLOCK_SKEW_CORRECTION"));
  corrects_clock_ = context_.options.correct_clock && !disabled;
  max_attempts_ = context_.options.max_attempts;
  const Str text = trim_blanks(environment.variable("AWS_MAX_ATTEMPTS"));
  if (max_attempts_ > 0 || text.empty()) return Status::kOk;
  uint32_t attempts = 0;
  if (!read_decimal(text, UINT8_MAX, attempts) || attempts == 0) {
    detail_ = "AWS_MAX_ATTEMPTS is not a number from 1 on";
    return Status::kInvalidArgument;
  }
  max_attempts_ = static_cast<uint8_t>(attempts);
  return Status::kOk;
}

ApiCall::Action ApiCall::prepare(Instant now, UnixTime wall) {
  Call* fetch = nullptr;
  const Status status =
      prepared_.prepare(api_, context_.options, context_.environment, context_.settings(), now, wall, fetch);
  if (status == Status::kPending) return wait_for(fetch, now);
  if (status != Status::kOk) return finish(status);
  if (rewind() != Status::kOk) body_read_ = false;  // after `reset` it may be another one
  if (max_attempts_ == 0) max_attempts_ = is_dynamodb() ? kDynamoDbAttempts : kAttempts;
  phase_ = api_.body.payload_hash.empty() ? Phase::kHashing : Phase::kReady;
  return Action::kAgain;
}

ApiCall::Action ApiCall::hash_further(Instant now, MutBytes scratch) {
  const Body& body = api_.body;
  const uint64_t left = body.size() - hashed_;
  const size_t limit = body.source != nullptr ? scratch.size() : kHashPieceBytes;
  const size_t wanted = left < limit ? static_cast<size_t>(left) : limit;
  if (wanted == 0) {
    const Status status = hash_.finish(hash_hex_);
    if (status != Status::kOk) return finish(status);
    phase_ = Phase::kReady;
  } else if (body.source == nullptr) {
    hash_.update({body.bytes.data() + hashed_, wanted});
    hashed_ += wanted;
  } else {
    body_read_ = true;
    const IoResult read = body.source->read(scratch.first(wanted));
    if (read.status == Status::kPending) return wait(now + kBodyPollMs);
    if (read.status != Status::kOk || read.size == 0 || read.size > wanted) return finish(Status::kBodySourceFailed);
    hash_.update({scratch.data(), read.size});
    hashed_ += read.size;
  }
  return Action::kAgain;
}

ApiCall::Action ApiCall::wait_for(Call* fetch, Instant now) {
  if (fetch == nullptr) return wait(now + kFetchPollMs);
  (void)run_inside(*fetch);
  return Action::kAgain;
}

ApiCall::Action ApiCall::wait(Instant until) {
  retry_at_ = until;
  return Action::kWait;
}

ApiCall::Action ApiCall::send(Instant now, RequestHead& head) {
  Credentials credentials;
  Call* fetch = nullptr;
  // The answer that came in this very step may have corrected it.
  const UnixTime wall = context_.platform.time_of_day(now);
  const Status status = context_.credentials.get(now, wall, credentials, fetch);
  if (status == Status::kPending) return wait_for(fetch, now);
  if (status == Status::kOk) return write(credentials, wall, head);
  if (status == Status::kNotFound) return finish(Status::kNoCredentials);
  detail_ = context_.credentials.describe();
  return finish(status);
}

ApiCall::Action ApiCall::write(const Credentials& credentials, UnixTime wall, RequestHead& head) {
  detail_ = {};
  retry_at_ = {};
  signed_ = !is_nobody(credentials);
  if (signed_ && !corrects_clock_ && !context_.platform.knows_time()) return finish(Status::kClockNotSet);
  version_ = credentials.version;
  answer_body_ = AnswerBody::kPassedOn;
  signed_at_ = wall;
  prepared_.request.expect_continue = asks_for_leave();
  Status status = rewind();
  if (status == Status::kOk) status = write_signed(credentials, wall, head);
  if (status != Status::kOk) return finish(status);
  backoff_.count();
  body_read_ = api_.body.source != nullptr;
  phase_ = Phase::kSent;
  return Action::kSend;
}

// Makes ready for sending again. Does nothing the second time.
Status ApiCall::rewind() {
  const bool rewinds = body_read_ && api_.body.source != nullptr;
  if (rewinds && api_.body.source->rewind() != Status::kOk) return Status::kBodySourceFailed;
  body_read_ = false;
  return response_.restart();
}

Status ApiCall::write_signed(const Credentials& credentials, UnixTime wall, RequestHead& head) {
  Status status = head.begin(prepared_.request);
  if (status == Status::kOk && signed_) status = add_signature(credentials, wall, head);
  return status == Status::kOk ? head.end() : status;
}

Status ApiCall::add_signature(const Credentials& credentials, UnixTime wall, RequestHead& head) {
  const SigningInput input{prepared_.request.method, head.host(), head.target(), api_.headers, payload_hash()};
  const SigningConfig config{credentials, prepared_.scope, prepared_.policy, wall};
  Signature signature;
  context_.signer.set_tee(context_.options.tee);
  Status status = context_.signer.sign(input, config, signature);
  if (status == Status::kOk) status = head.add("X-Amz-Date", signature.date());
  if (status == Status::kOk && !credentials.session_token.empty()) {
    status = head.add("X-Amz-Security-Token", credentials.session_token);
  }
  if (status == Status::kOk && prepared_.policy.content_sha256) {
    status = head.add("X-Amz-Content-Sha256", payload_hash());
  }
  if (status != Status::kOk) return status;
  const MutBytes space = head.value_space("Authorization");
  return head.value_written(write_authorization(input, config, signature, space));
}

Str ApiCall::payload_hash() const {
  const Str given = api_.body.payload_hash;
  return given.empty() ? Str(hash_hex_, sizeof hash_hex_) : given;
}

bool ApiCall::asks_for_leave() const {
  const bool sends = api_.method == "PUT" || api_.method == "POST";
  return sends && api_.body.size() > kExpectContinueBytes && context_.options.timeouts.continue_ms > 0 &&
         !leave_refused_;
}

void ApiCall::reset() {
  assert(phase_ == Phase::kNew || phase_ == Phase::kDone);
  hash_.restart();
  hashed_ = 0;
  deadline_ = kNever;
  retry_at_ = {};
  detail_ = {};
  backoff_.start();
  borrowed_ = redirects_ = 0;
  repeated_free_ = clock_corrected_ = renewed_ = leave_refused_ = false;
  phase_ = Phase::kNew;
  status_ = Status::kPending;
}

ApiCall::Action ApiCall::finish(Status status) {
  status_ = status;
  phase_ = Phase::kDone;
  return Action::kDone;
}

}  // namespace tinyaws
