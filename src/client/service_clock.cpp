#include "tinyaws/service_clock.h"

namespace tinyaws {
namespace {

constexpr int64_t kMoveSeconds = 60;

}  // namespace

UnixTime ServiceClock::time_of_day(UnixTime wall, Instant now) const {
  if (is_set(wall)) return {wall.seconds + offset_};
  if (learnt_) return {learnt_time_.seconds + (now - learnt_at_) / 1000};
  return floor_;
}

int64_t ServiceClock::learn(UnixTime server, UnixTime wall, Instant now) {
  const int64_t change = server.seconds - time_of_day(wall, now).seconds;
  if (is_set(wall)) offset_ = server.seconds - wall.seconds;
  learnt_time_ = server;
  learnt_at_ = now;
  learnt_ = true;
  if (change >= kMoveSeconds || change <= -kMoveSeconds) ++moves_;
  return change;
}

}  // namespace tinyaws
