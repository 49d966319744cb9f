#include "tinyaws/connection.h"

#include <cassert>
#include <cstring>

#include "base/wipe.h"

namespace tinyaws {
namespace {

// Turns in one `step`: enough to empty a socket's buffer, few enough to leave time for other connections.
constexpr int kMaxTurns = 64;

// A step that comes so much later than it was due comes late.
constexpr int64_t kLateMs = 1000;

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
    : link_(transport), buffer_(buffer), timeouts_(timeouts), observer_(observer) {}

void Connection::configure(const Timeouts& timeouts, Observer* observer, ConnectionPool* pool) {
  assert(!busy());
  timeouts_ = timeouts;
  observer_ = observer;
  pool_ = pool;
}

Status Connection::start(Call& call) {
  if (busy()) return Status::kBusy;
  call_ = &call;
  limits_ = &timeouts_;
  attempt_end_ = wait_end_ = kNever;
  distrusts_kept_ = proven_ = waiting_told_ = false;
  phase_ = Phase::kAsking;
  return Status::kOk;
}

Status Connection::step(Instant now, UnixTime wall) {
  more_ = drained_ = false;
  note_lateness(now);
  for (int turns = 0; busy(); ++turns) {
    more_ = turns >= kMaxTurns;
    const bool was_exchanging = phase_ == Phase::kExchanging;
    const bool moved = !more_ && turn(now, wall);
    if (moved) wait_excused_ = false;
    // What has arrived in time counts, however late it is read.
    const bool reads_on = moved && was_exchanging && phase_ == Phase::kExchanging;
    if (reads_on || end_if_over(now)) continue;
    if (more_ || (!moved && !check_timeout(now))) break;
  }
  if (in_exchange()) wait_end_ = timeout();
  return busy() ? Status::kPending : Status::kOk;
}

// Nobody looked when time was over: what the peer has done meanwhile is not known yet. So a wait begins anew, once
// until something moves, and an attempt, once. The call's own deadline stays.
void Connection::note_lateness(Instant now) {
  if (!in_exchange()) return;
  if (!wait_excused_ && wait_end_ + kLateMs <= now) {
    wait_excused_ = true;
    since_ = now;
  }
  if (!attempt_excused_ && attempt_end_ + kLateMs <= now) {
    attempt_excused_ = true;
    attempt_end_ = after(now, limits_->attempt_ms);
  }
}

// The time of the call, or of the attempt.
bool Connection::end_if_over(Instant now) {
  if (is_overdue(now)) {
    end_overdue(now);
    return true;
  }
  if (!is_attempt_over(now)) return false;
  fail_transport(Status::kAttemptTimedOut, now);
  return true;
}

void Connection::cancel() {
  if (call_ != nullptr) call_->on_cancel();
  call_ = nullptr;
  forget_secrets(buffer_);
  phase_ = Phase::kIdle;
  transport().close();
}

void Connection::close_idle() {
  if (!busy()) transport().close();
}

// One turn of the machine. False: nothing can be done just now.
bool Connection::turn(Instant now, UnixTime wall) {
  switch (phase_) {
    case Phase::kAsking:
      return ask(now, wall);
    case Phase::kWaiting:
      if (is_kept() && kept_until() <= now) transport().close();
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
      waiting_told_ = false;
      begin_exchange(head, now);
      break;
    case Next::Action::kWait:
      phase_ = Phase::kWaiting;
      wait_until_ = earlier(next.until, call_->deadline());
      if (!waiting_told_) tell(Event::Kind::kWaiting);
      waiting_told_ = true;
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
  const bool reusable = find_kept(endpoint, now);
  bytes_in_ = bytes_out_ = 0;
  head_told_ = sent_told_ = head_noted_ = false;
  reused_ = blocked_ = wait_excused_ = attempt_excused_ = false;
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
    tell(Event::Kind::kReused, link_.host());
  } else {
    open(endpoint, now);
  }
}

// A kept transport that leads to `endpoint`: its own, or one of the pool's.
bool Connection::find_kept(const Endpoint& endpoint, Instant now) {
  if (leads_to(endpoint, now) && (proven_ || !distrusts_kept_)) return true;
  if (distrusts_kept_) return false;
  if (pool_ != nullptr) pool_->on_open(*this, endpoint, now);
  return leads_to(endpoint, now);
}

void Connection::open(const Endpoint& endpoint, Instant now) {
  transport().close();
  drained_ = false;
  if (endpoint.host.size() > sizeof link_.host_text) return fail_exchange(Status::kInvalidArgument, {}, now);
  std::memcpy(link_.host_text, endpoint.host.data(), endpoint.host.size());
  link_.host_size = endpoint.host.size();
  link_.port = endpoint.port;
  link_.tls = endpoint.tls;
  link_.tls_settings = endpoint.tls_settings;
  phase_ = Phase::kOpening;
  tell(Event::Kind::kResolving, link_.host());
  opened(transport().open(endpoint), Transport::State::kResolving, now);
}

Instant Connection::kept_until() const {
  return after(link_.idle_since, timeouts_.idle_ms);
}

bool Connection::leads_to(const Endpoint& endpoint, Instant now) {
  if (!is_kept() || kept_until() <= now) return false;
  if (endpoint.host != link_.host() || endpoint.port != link_.port || endpoint.tls != link_.tls) return false;
  if (endpoint.tls_settings != link_.tls_settings) return false;
  char unexpected;
  const bool alive = transport().recv({&unexpected, 1}).status == Status::kPending;
  drained_ = alive;
  if (!alive) transport().close();
  return alive;
}

void Connection::trade(Connection& other) {
  assert(!in_exchange() && !other.in_exchange());
  const Link own = link_;
  link_ = other.link_;
  other.link_ = own;
  proven_ = other.proven_ = false;
}

bool Connection::open_further(Instant now) {
  const Transport::State before = transport().state();
  opened(transport().advance(now), before, now);
  return phase_ != Phase::kOpening || transport().state() != before;
}

// The transport came from the state `before` to where it is now.
void Connection::opened(Status status, Transport::State before, Instant now) {
  if (status != Status::kOk && status != Status::kPending) return fail_transport(status, now);
  const Transport::State state = transport().state();
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
  tell(Event::Kind::kFailed, detail.empty() ? describe(status) : detail, status);
  phase_ = Phase::kAsking;
  outcome_told_ = true;
  Failure failure;
  failure.status = status;
  failure.detail = detail;
  failure.on_reused_connection = reused_;
  failure.heard = exchange_.heard();
  distrusts_kept_ |= reused_;
  proven_ = false;
  call_->on_failure(failure, now);
}

// The present wait's own limit, or the call's.
Instant Connection::timeout() const {
  if (phase_ == Phase::kOpening) {
    return after(since_, transport().state() == Transport::State::kSecuring ? limits_->tls_ms : limits_->connect_ms);
  }
  const bool first_byte = exchange_.request_sent() && !exchange_.heard();
  return after(since_, first_byte ? limits_->first_byte_ms : limits_->stall_ms);
}

Status Connection::timeout_status() const {
  if (phase_ == Phase::kOpening) {
    const bool securing = transport().state() == Transport::State::kSecuring;
    return securing ? Status::kTlsTimedOut : Status::kConnectTimedOut;
  }
  return exchange_.request_sent() && !exchange_.heard() ? Status::kFirstByteTimedOut : Status::kStalled;
}

bool Connection::check_timeout(Instant now) {
  if (!in_exchange() || now < timeout()) return false;
  fail_transport(timeout_status(), now);
  return true;
}

bool Connection::is_attempt_over(Instant now) const {
  return in_exchange() && attempt_end_ <= now;
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
  if (!busy()) return false;
  if (more_ || phase_ == Phase::kAsking) return true;
  if (phase_ == Phase::kOpening) return transport().ready();
  return phase_ == Phase::kExchanging && (exchange_.state() & Exchange::kWantRecv) != 0 && transport().ready();
}

Interest Connection::interest() const {
  if (phase_ == Phase::kOpening) return transport().interest(false, false);
  if (phase_ != Phase::kExchanging) return {};
  const unsigned state = exchange_.state();
  const bool sending = (state & Exchange::kWantSend) != 0 && !exchange_.source_pending();
  return transport().interest(sending, (state & Exchange::kWantRecv) != 0);
}

Instant Connection::next_deadline() const {
  if (!busy()) return kNever;
  if (phase_ == Phase::kWaiting) return is_kept() ? earlier(wait_until_, kept_until()) : wait_until_;
  if (phase_ == Phase::kAsking) return call_->deadline();
  Instant deadline = earlier(earlier(timeout(), attempt_end_), call_->deadline());
  if (phase_ == Phase::kOpening) deadline = earlier(deadline, transport().next_deadline());
  return blocked_ ? earlier(deadline, wait_until_) : deadline;
}

void Connection::tell(Event::Kind kind, Str text, Status status) {
  if (observer_ == nullptr) return;
  Event event;
  event.kind = kind;
  event.call = call_;
  event.status = status;
  event.text = text;
  event.bytes_in = bytes_in_;
  event.bytes_out = bytes_out_;
  observer_->on_event(event);
}

void Connection::tell_opening(Transport::State before) {
  using State = Transport::State;
  const State state = transport().state();
  if (before == State::kResolving && state > State::kResolving) tell(Event::Kind::kResolved, transport().describe());
  if (before <= State::kConnecting && state >= State::kSecuring)
    tell(Event::Kind::kConnected, transport().describe());
  if (link_.tls && state == State::kOpen) tell(Event::Kind::kVerified, transport().describe());
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
