// The platform to a scripted transport: its clock is the peer's, and waiting makes it go on.
#pragma once

#include "scripted_transport.h"

namespace tinyaws::fakes {

/// Lets virtual time pass until the transport can do what the interest asks for: no sooner, so that an interest
/// which was forgotten shows as a time-out, and no wait without an end goes unnoticed.
class VirtualPlatform final : public Platform {
 public:
  VirtualPlatform(VirtualTime& time, ScriptedTransport& transport) : time_(time), transport_(transport) {}

  size_t waits = 0;
  size_t most_waits = 200000;
  Status random_status = Status::kOk;
  int random_byte = -1;      ///< Not below 0: what `random` gives.
  bool wakes_early = false;  ///< Every other wait returns at once, "for no reason".

  Instant now() override { return time_.now; }
  UnixTime unix_time() override { return time_.wall_now(); }

  Status random(MutBytes out) override {
    for (char& c : out) c = random_byte >= 0 ? static_cast<char>(random_byte) : next_random();
    return random_status;
  }

  void wait(Span<const Interest> interests, Instant until) override {
    CHECK(++waits <= most_waits, "hang: too many waits");
    if (wakes_early && waits % 2 == 0) return;
    Instant wake = until;
    for (const Interest& interest : interests) {
      if (interest.handle < 0) continue;
      if (interest.read) wake = earlier(wake, transport_.readable_at());
      if (interest.write) wake = earlier(wake, transport_.writable_at());
    }
    CHECK(!(wake == kNever), "hang: a wait that nothing ends");
    if (time_.now < wake) time_.now = wake;
  }

 private:
  char next_random() {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<char>(state_ >> 56);
  }

  VirtualTime& time_;
  ScriptedTransport& transport_;
  uint64_t state_ = 42;
};

}  // namespace tinyaws::fakes
