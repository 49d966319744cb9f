// How far the wall clock is off, learnt from what services say.
#pragma once

#include <cstdint>

#include "tinyaws/time.h"

namespace tinyaws {

/// Belongs to a Platform, so that all that stands on one clock learns from each other.
///
///   clock known:     time of day = wall clock + offset       offset = 0 until something is learnt
///   clock unknown:   time of day = the floor                  until something is learnt,
///                    then what was learnt + the time since on the monotonic clock
class ServiceClock {
 public:
  /// The earliest time that it can be: when the program was built, or what it wrote down the last time. A wall clock
  /// that says less has not been set since the board started: it counts as unknown. 0 at first: no floor.
  void set_floor(UnixTime floor) { floor_ = floor; }
  UnixTime floor() const { return floor_; }

  /// `wall` is what the wall clock says just now, kUnknownTime where there is none.
  bool knows_time(UnixTime wall) const { return is_set(wall) || learnt_; }
  UnixTime time_of_day(UnixTime wall, Instant now) const;

  /// A service said `server` just now. Answers by how much the time of day has changed, in seconds.
  int64_t learn(UnixTime server, UnixTime wall, Instant now);

  /// Seconds to add to the wall clock.
  int64_t offset() const { return offset_; }

  /// How often the time of day has moved by a minute or more: then what was reckoned with it is wrong.
  uint32_t moves() const { return moves_; }

 private:
  bool is_set(UnixTime wall) const { return wall.seconds != kUnknownTime.seconds && wall.seconds >= floor_.seconds; }

  UnixTime floor_;
  UnixTime learnt_time_;
  Instant learnt_at_;
  int64_t offset_ = 0;
  uint32_t moves_ = 0;
  bool learnt_ = false;
};

}  // namespace tinyaws
