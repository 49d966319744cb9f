// Chance that can be repeated: the same seed gives the same numbers everywhere.
#pragma once

#include <cstdint>

namespace tinyaws::fakes {

class Dice {
 public:
  explicit Dice(uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15u + 1) {}
  uint32_t below(uint32_t n) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<uint32_t>(((state_ >> 33) * n) >> 31);
  }
  int64_t between(int64_t least, int64_t most) {
    return least + static_cast<int64_t>(below(static_cast<uint32_t>(most - least + 1)));
  }
  bool one_in(uint32_t n) { return below(n) == 0; }
  bool thousandths(uint32_t n) { return below(1000) < n; }

 private:
  uint64_t state_;
};

}  // namespace tinyaws::fakes
