#include "tinyaws/async_client.h"

#include <cassert>

namespace tinyaws {
namespace {

// Before every other instant.
constexpr Instant kAtOnce{INT64_MIN};

bool waits(const Interest& interest) {
  return interest.handle >= 0 && (interest.read || interest.write);
}

}  // namespace

AsyncClient::AsyncClient(const AsyncPort& port, CredentialsProvider& credentials, const ClientOptions& options)
    : port_(port), options_(options), context_{signer_,          credentials,   options_,
                                               port.environment, port.platform, &quota_} {
  assert(!port.slots.empty());
  for (Slot& slot : port_.slots) slot.connection_.configure(options_.timeouts, options_.observer, this);
}

AsyncClient::~AsyncClient() {
  closing_ = true;
  while (queued_ > 0) (void)cancel(*port_.queue[queue_begin_].call);
  for (Slot& slot : port_.slots) {
    if (slot.call_ != nullptr) (void)cancel(*slot.call_);
    slot.connection_.configure({}, nullptr, nullptr);
  }
  close_idle();
}

Status AsyncClient::start(Call& call, Completion* completion) {
  assert(!has(call));
  if (closing_) return Status::kBusy;
  Slot* slot = find_free_slot();
  if (slot != nullptr) {
    run(*slot, call, completion);
    return Status::kOk;
  }
  if (queued_ == port_.queue.size()) return Status::kBusy;
  port_.queue[(queue_begin_ + queued_++) % port_.queue.size()] = {&call, completion};
  return Status::kOk;
}

bool AsyncClient::has(const Call& call) const {
  for (const Slot& slot : port_.slots) {
    if (slot.call_ == &call) return true;
  }
  for (size_t i = 0; i < queued_; ++i) {
    if (port_.queue[(queue_begin_ + i) % port_.queue.size()].call == &call) return true;
  }
  return false;
}

// The one whose connection was used last, so that those of a busier hour grow old; else any.
Slot* AsyncClient::find_free_slot() {
  Slot* found = nullptr;
  for (Slot& slot : port_.slots) {
    if (slot.call_ != nullptr) continue;
    const bool kept = slot.due_ < kNever;
    const bool better = found != nullptr && kept && (found->due_ == kNever || found->due_ < slot.due_);
    if (found == nullptr || better) found = &slot;
  }
  return found;
}

void AsyncClient::run(Slot& slot, Call& call, Completion* completion) {
  const Status started = slot.connection_.start(call);
  assert(started == Status::kOk);
  (void)started;
  slot.call_ = &call;
  slot.completion_ = completion;
  slot.interest_ = {};
  slot.due_ = kAtOnce;
  slot.is_new_ = true;
  ++running_;
}

Status AsyncClient::cancel(Call& call) {
  for (Slot& slot : port_.slots) {
    if (slot.call_ != &call) continue;
    assert(&slot != stepping_);
    slot.connection_.cancel();
    free(slot);
    return Status::kOk;
  }
  if (!cancel_queued(call)) return Status::kNotFound;
  call.on_cancel();
  return Status::kOk;
}

bool AsyncClient::cancel_queued(const Call& call) {
  const Span<QueuedCall> queue = port_.queue;
  size_t at = 0;
  while (at < queued_ && queue[(queue_begin_ + at) % queue.size()].call != &call) ++at;
  if (at == queued_) return false;
  for (--queued_; at < queued_; ++at) {
    queue[(queue_begin_ + at) % queue.size()] = queue[(queue_begin_ + at + 1) % queue.size()];
  }
  return true;
}

void AsyncClient::poll() {
  begin_round();
  for (Slot& slot : port_.slots) slot.called_ = true;
  run_round();
}

void AsyncClient::poll(Span<const int> handles) {
  begin_round();
  for (int handle : handles) {
    for (Slot& slot : port_.slots) slot.called_ |= handle >= 0 && slot.interest_.handle == handle;
  }
  run_round();
}

void AsyncClient::begin_round() {
  assert(!polling_);
  polling_ = true;
  now_ = port_.platform.now();
  wall_ = port_.platform.time_of_day(now_);
}

// Calls that took the place of others in this round get under way in it, once.
void AsyncClient::run_round() {
  round_ends_ = now_ + kMaxPollMs;
  cut_short_ = false;
  for (size_t i = 0; i < port_.slots.size() && !cut_short_; ++i) {
    Slot& slot = port_.slots[(first_ + i) % port_.slots.size()];
    if (slot.call_ != nullptr && (slot.called_ || slot.due_ <= now_)) step(slot);
    if (cut_short_) first_ = (first_ + i + 1) % port_.slots.size();
  }
  for (Slot& slot : port_.slots) {
    if (slot.is_new_ && !cut_short_) step(slot);
    if (slot.call_ == nullptr) tidy(slot);
  }
  polling_ = false;
}

void AsyncClient::tidy(Slot& slot) {
  slot.called_ = false;
  if (now_ < slot.due_) return;
  slot.connection_.close_idle();
  slot.due_ = kNever;
}

void AsyncClient::step(Slot& slot) {
  Connection& connection = slot.connection_;
  slot.is_new_ = slot.called_ = false;
  stepping_ = &slot;
  const Status status = connection.step(now_, wall_);
  stepping_ = nullptr;
  cut_short_ = round_ends_ <= port_.platform.now();
  if (status == Status::kPending) {
    slot.interest_ = connection.interest();
    slot.due_ = connection.ready() ? kAtOnce : connection.next_deadline();
    return;
  }
  Call& call = *slot.call_;
  Completion* completion = slot.completion_;
  free(slot);
  if (completion != nullptr) completion->on_done(call);
}

void AsyncClient::free(Slot& slot) {
  slot.call_ = nullptr;
  slot.completion_ = nullptr;
  slot.interest_ = {};
  slot.is_new_ = false;
  --running_;
  note_kept(slot);
  if (queued_ > 0) run_next_in_queue(slot);
}

void AsyncClient::note_kept(Slot& slot) {
  const Connection& connection = slot.connection_;
  if (slot.call_ != nullptr) {
    slot.due_ = earlier(slot.due_, connection.next_deadline());
  } else {
    slot.due_ = connection.is_kept() ? connection.kept_until() : kNever;
  }
}

void AsyncClient::run_next_in_queue(Slot& slot) {
  const QueuedCall next = port_.queue[queue_begin_];
  queue_begin_ = (queue_begin_ + 1) % port_.queue.size();
  --queued_;
  run(slot, *next.call, next.completion);
}

Span<const Interest> AsyncClient::interests(Span<Interest> out) const {
  assert(out.size() >= port_.slots.size());
  size_t size = 0;
  for (const Slot& slot : port_.slots) {
    if (waits(slot.interest_)) out[size++] = slot.interest_;
  }
  return {out.data(), size};
}

Instant AsyncClient::next_deadline() const {
  if (cut_short_) return now_;
  Instant deadline = kNever;
  for (const Slot& slot : port_.slots) deadline = earlier(deadline, slot.due_);
  return deadline < now_ ? now_ : deadline;
}

void AsyncClient::close_idle() {
  for (Slot& slot : port_.slots) {
    if (slot.call_ != nullptr) continue;
    slot.connection_.close_idle();
    slot.due_ = kNever;
  }
}

// The transports of others that have no exchange under way can be had: those of idle slots, and of calls that wait.
void AsyncClient::on_open(Connection& asking, const Endpoint& endpoint, Instant now) {
  for (Slot& slot : port_.slots) {
    if (!can_give(slot, asking) || !slot.connection_.is_kept()) continue;
    if (slot.connection_.leads_to(endpoint, now)) return trade(asking, slot);
    note_kept(slot);
  }
  if (!asking.is_kept()) return;
  Slot* gives_way = nullptr;
  Instant oldest = asking.kept_since();
  for (Slot& slot : port_.slots) {
    if (!can_give(slot, asking)) continue;
    if (!slot.connection_.is_kept()) return trade(asking, slot);
    if (oldest <= slot.connection_.kept_since()) continue;
    oldest = slot.connection_.kept_since();
    gives_way = &slot;
  }
  if (gives_way != nullptr) trade(asking, *gives_way);
}

bool AsyncClient::can_give(const Slot& slot, const Connection& asking) {
  return &slot.connection_ != &asking && !slot.connection_.in_exchange();
}

void AsyncClient::trade(Connection& asking, Slot& other) {
  asking.trade(other.connection_);
  note_kept(other);
}

}  // namespace tinyaws
