#include "tinyaws/connection.h"

#include <cassert>

#include "base/wipe.h"
#include "client/limit.h"

namespace tinyaws {
namespace {

// Turns in one `step`: enough to empty a socket's buffer, few enough to leave time for other connections.
constexpr int kMaxTurns = 64;

// A step that comes so much later than it was due comes late.
constexpr int64_t kLateMs = 1000;

}  // namespace

Connection::Connection(Transport& transport, MutBytes buffer, const Timeouts& timeouts, Observer* observer)
    : observer_(observer), buffer_(buffer), link_(transport), timeouts_(timeouts) {}

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
  if (next.action == Next::Action::kSend && call_->deadline() <= now) {
    end_overdue(now);
    return true;
  }
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

// The present wait's own limit, or the call's.
Instant Connection::timeout() const {
  if (phase_ == Phase::kOpening) {
    return after(since_, transport().state() == Transport::State::kSecuring ? limits_->tls_ms : limits_->connect_ms);
  }
  if (exchange_.awaits_continue()) return wait_until_;
  const bool first_byte = exchange_.request_sent() && !exchange_.answering();
  return after(since_, first_byte ? limits_->first_byte_ms : limits_->stall_ms);
}

Status Connection::timeout_status() const {
  if (phase_ == Phase::kOpening) {
    const bool securing = transport().state() == Transport::State::kSecuring;
    return securing ? Status::kTlsTimedOut : Status::kConnectTimedOut;
  }
  return exchange_.request_sent() && !exchange_.answering() ? Status::kFirstByteTimedOut : Status::kStalled;
}

bool Connection::check_timeout(Instant now) {
  if (!in_exchange() || now < timeout()) return false;
  if (exchange_.awaits_continue()) {
    exchange_.send_body_anyway();
    since_ = now;
    wait_excused_ = false;
  } else {
    fail_transport(timeout_status(), now);
  }
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

}  // namespace tinyaws
