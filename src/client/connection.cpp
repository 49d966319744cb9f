#include "tinyaws/connection.h"

#include <cstring>

#include "base/wipe.h"

namespace tinyaws {
namespace {

// Turns in one `step`: enough to empty a socket's buffer, few enough to leave time for other connections.
constexpr int kMaxTurns = 64;

// How soon a body source or sink that was not ready is asked again.
constexpr int64_t kBodyPollMs = 10;

// "POST /path", from the front of a head.
Str method_and_path(MutBytes head) {
  size_t blanks = 0;
  size_t end = 0;
  while (end < head.size() && head[end] != '?' && (head[end] != ' ' || ++blanks < 2)) ++end;
  return {head.data(), end};
}

Instant after(Instant since, uint32_t limit_ms) {
  return limit_ms == 0 ? kNever : since + limit_ms;
}

}  // namespace

Connection::Connection(Transport& transport, MutBytes buffer, const Timeouts& timeouts, Observer* observer)
    : transport_(transport), buffer_(buffer), timeouts_(timeouts), observer_(observer) {}

Status Connection::start(Call& call) {
  if (busy()) return Status::kBusy;
  call_ = &call;
  limits_ = &timeouts_;
  attempt_end_ = kNever;
  phase_ = Phase::kAsking;
  return Status::kOk;
}

Status Connection::step(Instant now, UnixTime wall) {
  more_ = false;
  for (int turns = 0; busy(); ++turns) {
    if (turns == kMaxTurns) {
      more_ = true;
      return Status::kPending;
    }
    const bool moved = turn(now, wall);
    if (is_overdue(now)) {
      end_overdue(now);
    } else if (is_attempt_over(now)) {
      fail_transport(Status::kAttemptTimedOut, now);
    } else if (!moved && !check_timeout(now)) {
      return Status::kPending;
    }
  }
  return Status::kOk;
}

void Connection::cancel() {
  if (call_ != nullptr) call_->on_cancel();
  call_ = nullptr;
  forget_secrets(buffer_);
  phase_ = Phase::kIdle;
  transport_.close();
}

void Connection::close_idle() {
  if (!busy()) transport_.close();
}

// One turn of the machine. False: nothing can be done just now.
bool Connection::turn(Instant now, UnixTime wall) {
  switch (phase_) {
    case Phase::kAsking:
      return ask(now, wall);
    case Phase::kWaiting:
      if (now < wait_until_) return false;
      phase_ = Phase::kAsking;
      return true;
    case Phase::kOpening:
      return open_further(now);
    case Phase::kExchanging:
      return exchange_further(now);
    case Phase::kIdle:
      break;
  }
  return false;
}

void Connection::forget_secrets(MutBytes memory) {
  if (secret_ && !memory.empty()) wipe(memory.data(), memory.size());
  secret_ = false;
}

bool Connection::ask(Instant now, UnixTime wall) {
  outcome_told_ = false;
  RequestHead head(buffer_);
  const Next next = call_->next(now, wall, head);
  forget_secrets(next.action == Next::Action::kSend ? buffer_.drop(head.size()) : buffer_);
  switch (next.action) {
    case Next::Action::kSend:
      begin_exchange(head, now);
      break;
    case Next::Action::kWait:
      phase_ = Phase::kWaiting;
      wait_until_ = earlier(next.until, call_->deadline());
      tell(Event::Kind::kWaiting);
      break;
    case Next::Action::kAgain:
      break;
    case Next::Action::kDone:
      call_ = nullptr;
      phase_ = Phase::kIdle;
      break;
  }
  return true;
}

void Connection::begin_exchange(const RequestHead& head, Instant now) {
  const Endpoint& endpoint = head.request().endpoint;
  const bool reusable = can_reuse(endpoint, now);
  bytes_in_ = bytes_out_ = 0;
  head_told_ = sent_told_ = head_noted_ = false;
  reused_ = blocked_ = false;
  head_size_ = head.size();
  since_ = now;
  limits_ = call_->timeouts() != nullptr ? call_->timeouts() : &timeouts_;
  attempt_end_ = after(now, limits_->attempt_ms);
  secret_ = call_->is_secret();
  const Status started = exchange_.start(head);
  if (started != Status::kOk) return fail_exchange(started, {}, now);
  if (reusable) {
    reused_ = true;
    phase_ = Phase::kExchanging;
    tell(Event::Kind::kReused, {host_, host_size_});
  } else {
    open(endpoint, now);
  }
}

void Connection::open(const Endpoint& endpoint, Instant now) {
  transport_.close();
  if (endpoint.host.size() > sizeof host_) return fail_exchange(Status::kInvalidArgument, {}, now);
  std::memcpy(host_, endpoint.host.data(), endpoint.host.size());
  host_size_ = endpoint.host.size();
  port_ = endpoint.port;
  tls_ = endpoint.tls;
  tls_settings_ = endpoint.tls_settings;
  phase_ = Phase::kOpening;
  tell(Event::Kind::kResolving, {host_, host_size_});
  opened(transport_.open(endpoint), Transport::State::kResolving, now);
}

// An idle connection that has something to say has been closed, or is out of step.
bool Connection::can_reuse(const Endpoint& endpoint, Instant now) {
  if (transport_.state() != Transport::State::kOpen) return false;
  if (endpoint.host != Str(host_, host_size_) || endpoint.port != port_ || endpoint.tls != tls_) return false;
  if (endpoint.tls_settings != tls_settings_) return false;
  if (after(since_, timeouts_.idle_ms) <= now) return false;
  char unexpected;
  return transport_.recv({&unexpected, 1}).status == Status::kPending;
}

bool Connection::open_further(Instant now) {
  const Transport::State before = transport_.state();
  opened(transport_.advance(), before, now);
  return phase_ != Phase::kOpening || transport_.state() != before;
}

// The transport came from the state `before` to where it is now.
void Connection::opened(Status status, Transport::State before, Instant now) {
  if (status != Status::kOk && status != Status::kPending) return fail_transport(status, now);
  const Transport::State state = transport_.state();
  if (before != state && state == Transport::State::kSecuring) since_ = now;
  tell_opening(before);
  if (status == Status::kPending) return;
  phase_ = Phase::kExchanging;
  since_ = now;
}

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
  const IoResult sent = transport_.send(bytes);
  if (sent.status == Status::kPending) return false;
  if (sent.status == Status::kConnectionLost) {
    // The answer may have come before the connection went.
    exchange_.send_closed();
    return true;
  }
  if (sent.status != Status::kOk) {
    fail_transport(sent.status, now);
    return true;
  }
  bytes_out_ += sent.size;
  exchange_.send_ack(sent.size);
  return true;
}

bool Connection::receive_some(Instant now) {
  if ((exchange_.state() & Exchange::kWantRecv) == 0) return false;
  const IoResult received = transport_.recv(exchange_.recv_buf());
  if (received.status == Status::kPending) return false;
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
  if (!exchange_.reusable() || tls_settings_ != nullptr) transport_.close();
  since_ = now;
  phase_ = Phase::kAsking;
  outcome_told_ = true;
  call_->on_response(exchange_.head(), now);
}

void Connection::fail_transport(Status status, Instant now) {
  fail_exchange(status, transport_.describe(), now);
}

void Connection::fail_exchange(Status status, Str detail, Instant now) {
  transport_.close();
  tell(Event::Kind::kFailed, detail.empty() ? describe(status) : detail, status);
  phase_ = Phase::kAsking;
  outcome_told_ = true;
  Failure failure;
  failure.status = status;
  failure.detail = detail;
  failure.on_reused_connection = reused_;
  failure.heard = exchange_.heard();
  call_->on_failure(failure, now);
}

// The present wait's own limit, or the call's.
Instant Connection::timeout() const {
  if (phase_ == Phase::kOpening) {
    return after(since_, transport_.state() == Transport::State::kSecuring ? limits_->tls_ms : limits_->connect_ms);
  }
  const bool first_byte = exchange_.request_sent() && !exchange_.heard();
  return after(since_, first_byte ? limits_->first_byte_ms : limits_->stall_ms);
}

Status Connection::timeout_status() const {
  if (phase_ == Phase::kOpening) {
    const bool securing = transport_.state() == Transport::State::kSecuring;
    return securing ? Status::kTlsTimedOut : Status::kConnectTimedOut;
  }
  return exchange_.request_sent() && !exchange_.heard() ? Status::kFirstByteTimedOut : Status::kStalled;
}

bool Connection::check_timeout(Instant now) {
  if (phase_ != Phase::kOpening && phase_ != Phase::kExchanging) return false;
  if (now < timeout()) return false;
  fail_transport(timeout_status(), now);
  return true;
}

bool Connection::is_attempt_over(Instant now) const {
  return (phase_ == Phase::kOpening || phase_ == Phase::kExchanging) && attempt_end_ <= now;
}

// What arrived in time counts: a call that has just been told its outcome is asked once more.
bool Connection::is_overdue(Instant now) const {
  return busy() && !outcome_told_ && call_->deadline() <= now;
}

void Connection::end_overdue(Instant now) {
  fail_transport(Status::kDeadlineExceeded, now);
  call_ = nullptr;
  forget_secrets(buffer_);
  phase_ = Phase::kIdle;
}

bool Connection::ready() const {
  if (more_ || phase_ == Phase::kAsking) return true;
  if (phase_ == Phase::kOpening) return transport_.ready();
  return phase_ == Phase::kExchanging && (exchange_.state() & Exchange::kWantRecv) != 0 && transport_.ready();
}

Interest Connection::interest() const {
  if (phase_ == Phase::kOpening) return transport_.interest(false, false);
  if (phase_ != Phase::kExchanging) return {};
  const unsigned state = exchange_.state();
  const bool sending = (state & Exchange::kWantSend) != 0 && !exchange_.source_pending();
  return transport_.interest(sending, (state & Exchange::kWantRecv) != 0);
}

Instant Connection::next_deadline() const {
  if (!busy()) return kNever;
  if (phase_ == Phase::kWaiting) return wait_until_;
  if (phase_ == Phase::kAsking) return call_->deadline();
  const Instant deadline = earlier(earlier(timeout(), attempt_end_), call_->deadline());
  return blocked_ ? earlier(deadline, wait_until_) : deadline;
}

void Connection::tell(Event::Kind kind, Str text, Status status) {
  if (observer_ == nullptr) return;
  Event event;
  event.kind = kind;
  event.status = status;
  event.text = text;
  event.bytes_in = bytes_in_;
  event.bytes_out = bytes_out_;
  observer_->on_event(event);
}

void Connection::tell_opening(Transport::State before) {
  using State = Transport::State;
  const State state = transport_.state();
  if (before == State::kResolving && state > State::kResolving) tell(Event::Kind::kResolved, transport_.describe());
  if (before <= State::kConnecting && state >= State::kSecuring) tell(Event::Kind::kConnected, transport_.describe());
  if (tls_ && state == State::kOpen) tell(Event::Kind::kVerified, transport_.describe());
}

void Connection::tell_sent() {
  if (observer_ == nullptr) return;
  if (!head_told_ && bytes_out_ >= head_size_) {
    head_told_ = true;
    tell(Event::Kind::kHeadSent, method_and_path(buffer_));
  }
  if (!sent_told_ && exchange_.request_sent()) {
    sent_told_ = true;
    tell(Event::Kind::kBodySent);
  }
}

void Connection::note_head(Instant now) {
  if (head_noted_ || !exchange_.has_head()) return;
  head_noted_ = true;
  tell(Event::Kind::kStatus, exchange_.head().status_line());
  call_->on_head(exchange_.head(), now);
}

}  // namespace tinyaws
