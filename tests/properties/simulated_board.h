// A board whose clock may be wrong.
#pragma once

#include "simulated_answers.h"
#include "tinyaws/port.h"

namespace tinyaws::fakes {

/// A board whose wall clock is right, wrong, unset, or not there: of ten kinds one as often as another.
class SimulatedBoard final : public Platform {
 public:
  SimulatedBoard(Chances& chances, uint64_t kind) : chances_(chances), random_(chances.dice.below(1u << 30)) {
    has_clock_ = kind != 0;
    counts_from_1970_ = kind == 1;
    if (kind >= 5) off_ = chances.dice.one_in(2) ? chances.dice.between(-3000, 3000) : years();
    if (kind >= 8) steps_ = true;
    service_clock().set_floor({kFirstSecond - chances.dice.between(0, 100000000)});
  }

  bool steps() const { return steps_; }
  void step() {
    if (!steps_) return;
    chances_.note(Mishap::kClockStep);
    off_ = chances_.dice.one_in(3) ? 0 : chances_.dice.between(-20000, 20000);
  }

  Instant now() override { return chances_.now; }
  UnixTime unix_time() override {
    if (!has_clock_) return kUnknownTime;
    return {counts_from_1970_ ? chances_.now.ms / 1000 : true_time(chances_.now) + off_};
  }
  Status random(MutBytes out) override {
    for (char& c : out) c = static_cast<char>(random_.below(256));
    return Status::kOk;
  }
  void wait(Span<const Interest>, Instant) override { CHECK(false, "an AsyncClient never waits"); }

 private:
  int64_t years() { return chances_.dice.between(-300000000, 40000000); }

  Chances& chances_;
  Dice random_;
  bool has_clock_ = true, counts_from_1970_ = false, steps_ = false;
  int64_t off_ = 0;
};

/// Has one variable at most.
class SimulatedEnvironment final : public Environment {
 public:
  bool sets_attempts = false;

  Str variable(const char* wanted) const override {
    return sets_attempts && Str(wanted) == "AWS_MAX_ATTEMPTS" ? Str("5") : Str();
  }
};

}  // namespace tinyaws::fakes
