#include "tinyaws/lwip.h"

namespace tinyaws::lwip {
namespace {

// lwIP takes 32 bits of milliseconds, and 0 for ever.
constexpr int64_t kLongestWaitMs = 60000;

}  // namespace

Platform::Platform(Random source) : random_(source), ticks_(sys_now()) {
  if (sys_sem_new(&happened_, 0) != ERR_OK) sys_sem_set_invalid(&happened_);
  service_clock().set_floor({kTimeFloor});
}

Platform::~Platform() {
  if (sys_sem_valid(&happened_)) sys_sem_free(&happened_);
}

Instant Platform::now() {
  const uint32_t ticks = sys_now();
  elapsed_ += static_cast<uint32_t>(ticks - ticks_);
  ticks_ = ticks;
  return {elapsed_};
}

UnixTime Platform::unix_time() {
  if (set_to_.seconds == kUnknownTime.seconds) return kUnknownTime;
  return {set_to_.seconds + (now() - set_at_) / 1000};
}

void Platform::set_unix_time(UnixTime time) {
  set_to_ = time;
  set_at_ = now();
}

// Without a semaphore, for want of memory when it was made, waiting is looking again soon.
void Platform::wait(Span<const Interest>, Instant until) {
  const int64_t left = until - now();
  if (left <= 0) return;
  const auto most = static_cast<uint32_t>(left < kLongestWaitMs ? left : kLongestWaitMs);
  if (sys_sem_valid(&happened_)) {
    (void)sys_arch_sem_wait(&happened_, most);
  } else {
    sys_msleep(1);
  }
}

void Platform::wake() {
  if (sys_sem_valid(&happened_)) sys_sem_signal(&happened_);
}

}  // namespace tinyaws::lwip
