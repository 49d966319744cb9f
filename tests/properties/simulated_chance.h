// What chance did, and whose allocations are whose.
#pragma once

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#include <cstddef>
static size_t allocations = 0;  // sanitizers have their own malloc
#else
#include "../bench/counted_allocations.h"
#endif

#include <cstdint>

#include "../fakes/dice.h"
#include "tinyaws/time.h"

namespace tinyaws::fakes {

/// From its beginning to its end it is not the library that allocates.
class Outside {
 public:
  Outside() {
    if (depth_++ == 0) begin_ = allocations;
  }
  ~Outside() {
    if (--depth_ == 0) spent_ += allocations - begin_;
  }
  Outside(const Outside&) = delete;
  Outside& operator=(const Outside&) = delete;

  /// What the library has allocated so far, with everything that ran before it began.
  static size_t of_the_library() { return allocations - spent_; }

 private:
  static inline size_t depth_ = 0, begin_ = 0, spent_ = 0;
};

/// What can go wrong, and whatever is not the plain case.
enum class Mishap : uint8_t {
  kNameNotFound,
  kNoConnection,
  kTlsFails,
  kCertificate,
  kHangsOpening,
  kSlowOpening,
  kPartialWrite,
  kWritePends,
  kWriteResets,
  kWriteHangs,
  kSlowAnswer,
  kDrips,
  kNoAnswer,
  kResetBeforeAnswer,
  kCutAnswer,
  kResetInAnswer,
  kStallsInAnswer,
  kIdleClose,
  kIdleReset,
  kThrottles,
  kFails,
  kFailsIn200,
  kNotAws,
  kGarbage,
  kTooLong,
  kTooShort,
  kTwoLengths,
  kBadChunk,
  kEndlessHead,
  kInterims,
  kEarlyRefusal,
  kNoDate,
  kWrongDate,
  kSkewed,
  kExpired,
  kRevoked,
  kDenied,
  kWrongRegion,
  kOtherHost,
  kNoLeave,
  kLeaveLate,
  kSourceRefuses,
  kSourceGarbles,
  kSourceGivesExpired,
  kClockStep,
  kLatePoll,
  kCancelled,
  kLast_,
};

constexpr const char* kMishapNames[] = {
    "no such name",
    "no connection",
    "TLS fails",
    "bad certificate",
    "hangs opening",
    "slow to open",
    "partial write",
    "write pends",
    "write resets",
    "write hangs",
    "slow answer",
    "answer drips",
    "no answer",
    "reset before it",
    "answer cut off",
    "reset within it",
    "stalls within it",
    "closed idle",
    "reset idle",
    "throttles",
    "fails",
    "fails with 200",
    "not AWS",
    "garbage",
    "length too long",
    "length too short",
    "two lengths",
    "bad chunk",
    "endless head",
    "too many interims",
    "refuses early",
    "no Date",
    "wrong Date",
    "signature's time",
    "expired credentials",
    "revoked credentials",
    "denied",
    "other region",
    "other host",
    "no leave (417)",
    "leave comes late",
    "source refuses",
    "source garbles",
    "source gives old",
    "our clock steps",
    "polled late",
    "cancelled",
};
constexpr size_t kMishaps = static_cast<size_t>(Mishap::kLast_);
static_assert(sizeof kMishapNames / sizeof kMishapNames[0] == kMishaps, "one name for each");

/// How likely what is, in thousandths: of a step of a connection, or of a request.
struct Weather {
  uint32_t line = 0;
  uint32_t failing = 0;
  uint32_t throttling = 0;
  uint32_t lying = 0;
};

/// What one world shares.
struct Chances {
  explicit Chances(uint64_t seed) : dice(seed) {}

  Dice dice;
  Instant now{1000};
  Weather weather;
  size_t mishaps[kMishaps] = {};

  void note(Mishap mishap) { ++mishaps[static_cast<size_t>(mishap)]; }
  bool strikes(Mishap mishap, uint32_t thousandths) {
    if (!dice.thousandths(thousandths)) return false;
    note(mishap);
    return true;
  }
};

}  // namespace tinyaws::fakes
