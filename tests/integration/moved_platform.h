// The platform as it is, but for a monotonic clock that tests move on.
#pragma once

#include <cstdint>

#include "tinyaws/port.h"

/// Credentials are aged on this clock. The time of day stays, so that what is signed is accepted.
class MovedPlatform final : public tinyaws::Platform {
 public:
  explicit MovedPlatform(tinyaws::Platform& real) : real_(real) {}

  void forward(int64_t ms) { offset_ms_ += ms; }

  tinyaws::Instant now() override { return real_.now() + offset_ms_; }
  tinyaws::UnixTime unix_time() override { return real_.unix_time(); }
  tinyaws::Status random(tinyaws::MutBytes out) override { return real_.random(out); }
  void wait(tinyaws::Span<const tinyaws::Interest> interests, tinyaws::Instant until) override {
    real_.wait(interests, until == tinyaws::kNever ? until : tinyaws::Instant{until.ms - offset_ms_});
  }

 private:
  tinyaws::Platform& real_;
  int64_t offset_ms_ = 0;
};
