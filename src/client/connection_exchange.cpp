#include "tinyaws/connection.h"

#include "client/limit.h"

// One exchange, from its first byte to its outcome.

namespace tinyaws {

bool Connection::exchange_further(Instant now) {
  bool moved = send_some(now);
  if (phase_ != Phase::kExchanging) return true;
  tell_sent();
  moved |= receive_some(now);
  if (phase_ != Phase::kExchanging) return true;
  note_head(now);
  moved |= deliver_some(now);
  if (moved || blocked_) since_ = now;
  const unsigned state = exchange_.state();
  if ((state & Exchange::kFailed) != 0) {
    fail_exchange(exchange_.error(), {}, now);
    return true;
  }
  if ((state & Exchange::kDone) != 0) {
    finish_exchange(now);
    return true;
  }
  return moved;
}

bool Connection::send_some(Instant now) {
  blocked_ = false;
  if ((exchange_.state() & Exchange::kWantSend) == 0) return false;
  const Bytes bytes = exchange_.send_buf();
  if (exchange_.source_pending()) {
    blocked_ = true;
    wait_until_ = now + kBodyPollMs;
  }
  if (bytes.empty()) return false;
  const IoResult sent = transport().send(bytes);
  if (sent.status == Status::kPending) return false;
  if (sent.status == Status::kConnectionLost) {
    // The answer may have come before the connection went.
    exchange_.send_closed();
    drained_ = false;
    return true;
  }
  if (sent.status != Status::kOk) {
    fail_transport(sent.status, now);
    return true;
  }
  bytes_out_ += sent.size;
  exchange_.send_ack(sent.size);
  if (exchange_.awaits_continue()) wait_until_ = now + limits_->continue_ms;
  return true;
}

bool Connection::receive_some(Instant now) {
  if (drained_ || (exchange_.state() & Exchange::kWantRecv) == 0) return false;
  const IoResult received = transport().recv(exchange_.recv_buf());
  drained_ = received.status == Status::kPending;
  if (drained_) return false;
  if (received.status != Status::kOk) {
    fail_transport(received.status, now);
  } else if (received.size == 0) {
    exchange_.recv_eof();
  } else {
    bytes_in_ += received.size;
    exchange_.recv_ack(received.size);
  }
  return true;
}

bool Connection::deliver_some(Instant now) {
  const Bytes piece = exchange_.body_buf();
  if (piece.empty()) return false;
  const IoResult taken = call_->on_body(exchange_.head(), piece);
  if (taken.status == Status::kPending || (taken.status == Status::kOk && taken.size == 0)) {
    blocked_ = true;
    wait_until_ = now + kBodyPollMs;
    return false;
  }
  if (taken.status != Status::kOk) {
    exchange_.give_up(taken.status);
  } else if (taken.size > piece.size()) {
    exchange_.give_up(Status::kBodySinkFailed);
  } else {
    exchange_.body_ack(taken.size);
  }
  return true;
}

void Connection::finish_exchange(Instant now) {
  tell(Event::Kind::kDone);
  if (!exchange_.reusable() || link_.tls_settings != nullptr) transport().close();
  link_.idle_since = now;
  proven_ = true;
  phase_ = Phase::kAsking;
  outcome_told_ = true;
  call_->on_response(exchange_.head(), now);
}

void Connection::fail_transport(Status status, Instant now) {
  fail_exchange(status, transport().describe(), now);
}

void Connection::fail_exchange(Status status, Str detail, Instant now) {
  transport().close();
  tell(Event::Kind::kFailed, detail, status);
  phase_ = Phase::kAsking;
  outcome_told_ = true;
  Failure failure;
  failure.status = status;
  failure.detail = detail;
  failure.on_reused_connection = reused_;
  failure.sent = bytes_out_ > 0;
  failure.heard = exchange_.heard();
  distrusts_kept_ |= reused_;
  proven_ = false;
  call_->on_failure(failure, now);
}

void Connection::note_head(Instant now) {
  if (head_noted_ || !exchange_.has_head()) return;
  head_noted_ = true;
  tell(Event::Kind::kStatus, exchange_.head().status_line());
  call_->on_head(exchange_.head(), now);
}

}  // namespace tinyaws
