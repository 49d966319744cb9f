#include "tinyaws/api_call.h"

namespace tinyaws {
namespace {

// How much of a body is hashed before others get their turn.
constexpr size_t kHashPieceBytes = 65536;

// How soon a source that has nothing just now is asked again.
constexpr int64_t kSourcePollMs = 10;

constexpr int64_t kBackoffBaseMs = 50;
constexpr int64_t kBackoffMaxMs = 20000;

bool is_transient(uint16_t http_status) {
  return http_status == 429 || http_status == 500 || (http_status >= 502 && http_status <= 504);
}

bool is_transient(Status status) {
  switch (status) {
    case Status::kResolveFailed:
    case Status::kConnectFailed:
    case Status::kTlsFailed:
    case Status::kConnectionLost:
    case Status::kConnectTimedOut:
    case Status::kTlsTimedOut:
    case Status::kFirstByteTimedOut:
    case Status::kStalled:
    case Status::kTruncated:
      return true;
    default:
      return false;
  }
}

bool died_while_idle(const Failure& failure) {
  return failure.on_reused_connection && !failure.heard &&
         (failure.status == Status::kConnectionLost || failure.status == Status::kTlsFailed);
}

}  // namespace

Next ApiCall::next(Instant now, UnixTime wall, RequestHead& head) {
  switch (phase_) {
    case Phase::kNew:
      return begin(now);
    case Phase::kHashing:
      return hash_further(now, head.buffer());
    case Phase::kBackingOff:
      if (now < retry_at_) return {Next::Action::kWait, retry_at_};
      return send(wall, head);
    case Phase::kReady:
    case Phase::kSent:
      return send(wall, head);
    case Phase::kDone:
      break;
  }
  return {};
}

Next ApiCall::begin(Instant now) {
  response_.begin();
  const uint32_t total_ms = options_.timeouts.total_ms;
  if (total_ms > 0) deadline_ = now + total_ms;
  const Status status = prepared_.prepare(api_, options_, environment_);
  if (status != Status::kOk) return finish(status);
  phase_ = api_.body.payload_hash.empty() ? Phase::kHashing : Phase::kReady;
  return {Next::Action::kAgain, now};
}

Next ApiCall::hash_further(Instant now, MutBytes scratch) {
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
    if (read.status == Status::kPending) return {Next::Action::kWait, now + kSourcePollMs};
    if (read.status != Status::kOk || read.size == 0 || read.size > wanted) return finish(Status::kBodySourceFailed);
    hash_.update({scratch.data(), read.size});
    hashed_ += read.size;
  }
  return {Next::Action::kAgain, now};
}

Next ApiCall::send(UnixTime wall, RequestHead& head) {
  Status status = rewind();
  if (status == Status::kOk) status = write_signed(wall, head);
  if (status != Status::kOk) return finish(status);
  if (attempts_ < UINT8_MAX) ++attempts_;
  body_read_ = api_.body.source != nullptr;
  discards_ = false;
  detail_ = {};
  phase_ = Phase::kSent;
  return {Next::Action::kSend, kNever};
}

// Makes ready for sending again. Does nothing the second time.
Status ApiCall::rewind() {
  if (body_read_ && api_.body.source->rewind() != Status::kOk) return Status::kBodySourceFailed;
  body_read_ = false;
  return response_.restart();
}

Status ApiCall::write_signed(UnixTime wall, RequestHead& head) {
  Credentials credentials;
  Status status = credentials_.get(wall, credentials);
  if (status == Status::kOk) status = head.begin(prepared_.request);
  if (status != Status::kOk) return status;

  const SigningInput input{prepared_.request.method, head.host(), head.target(), api_.headers, payload_hash()};
  Signature signature;
  signer_.set_tee(options_.tee);
  status = signer_.sign(input, credentials, prepared_.scope, prepared_.policy, wall, signature);
  if (status == Status::kOk) status = head.add("X-Amz-Date", signature.date());
  if (status == Status::kOk && !credentials.session_token.empty()) {
    status = head.add("X-Amz-Security-Token", credentials.session_token);
  }
  if (status == Status::kOk && prepared_.policy.content_sha256) {
    status = head.add("X-Amz-Content-Sha256", payload_hash());
  }
  if (status != Status::kOk) return status;
  const MutBytes space = head.value_space("Authorization");
  status = head.value_written(
      write_authorization(input, credentials, prepared_.scope, prepared_.policy, signature, space));
  return status == Status::kOk ? head.end() : status;
}

Str ApiCall::payload_hash() const {
  const Str given = api_.body.payload_hash;
  return given.empty() ? Str(hash_hex_, sizeof hash_hex_) : given;
}

void ApiCall::on_head(const ResponseHead& head, Instant now) {
  discards_ = is_transient(head.status) && plan_repetition(now);
  if (!discards_) response_.set_head(head);
}

IoResult ApiCall::on_body(const ResponseHead&, Bytes piece) {
  return discards_ ? IoResult{Status::kOk, piece.size()} : response_.write(piece);
}

void ApiCall::on_response(const ResponseHead& head, Instant) {
  if (discards_) {
    phase_ = Phase::kBackingOff;
  } else {
    finish(head.status >= 200 && head.status < 300 ? Status::kOk : Status::kServiceError);
  }
}

void ApiCall::on_failure(const Failure& failure, Instant now) {
  detail_ = failure.detail;
  if (died_while_idle(failure) && !repeated_free_ && rewind() == Status::kOk) {
    repeated_free_ = true;
    --attempts_;
    phase_ = Phase::kReady;
  } else if (is_transient(failure.status) && plan_repetition(now)) {
    phase_ = Phase::kBackingOff;
  } else {
    finish(failure.status);
  }
}

bool ApiCall::plan_repetition(Instant now) {
  retry_at_ = now + random_backoff_ms();
  return attempts_ < options_.max_attempts && retry_at_ < deadline_ && rewind() == Status::kOk;
}

// Full jitter: anything between no wait and a limit that doubles with each attempt.
int64_t ApiCall::random_backoff_ms() {
  int64_t limit = kBackoffBaseMs;
  for (int i = 1; i < attempts_ && limit < kBackoffMaxMs; ++i) limit *= 2;
  if (limit > kBackoffMaxMs) limit = kBackoffMaxMs;
  char bytes[2] = {};
  if (platform_.random(MutBytes(bytes)) != Status::kOk) return limit;
  const auto random =
      static_cast<int64_t>(static_cast<unsigned char>(bytes[0]) * 256 + static_cast<unsigned char>(bytes[1]));
  return limit * random / 65535;
}

Next ApiCall::finish(Status status) {
  status_ = status;
  phase_ = Phase::kDone;
  return {};
}

}  // namespace tinyaws
