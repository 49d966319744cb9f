// Contents that are known by a number: what was sent is known to whoever reads it back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "tinyaws/http.h"

constexpr size_t kLargestContent = size_t{8} << 20;

/// Chance that is the same in each run with the same seed, on every machine.
class Chance {
 public:
  explicit Chance(uint64_t seed) : state_(seed) {}

  uint64_t next();

  /// REQUIRES: limit > 0. Below `limit`.
  uint64_t below(uint64_t limit) { return next() % limit; }
  bool one_in(uint64_t n) { return below(n) == 0; }

  /// 0 to `largest`: as many between 10 and 100 as between 1,000 and 10,000.
  size_t size(size_t largest);

 private:
  uint64_t state_;
};

/// Any number's content, of any size up to kLargestContent. Two numbers' differ in each byte but by chance.
class Pattern {
 public:
  Pattern();
  tinyaws::Bytes content(uint64_t number, size_t size) const;

 private:
  std::string bytes_;
};

/// Gives out a content in pieces of any size; now and then it has nothing to give just now.
class ContentSource final : public tinyaws::BodySource {
 public:
  explicit ContentSource(Chance& chance) : chance_(chance) {}
  void start(tinyaws::Bytes content);
  tinyaws::IoResult read(tinyaws::MutBytes out) override;
  tinyaws::Status rewind() override;

 private:
  Chance& chance_;
  tinyaws::Bytes content_;
  size_t given_ = 0;
};

/// Compares what comes with what should. Takes pieces of any size, and now and then nothing just now.
class ContentSink final : public tinyaws::BodySink {
 public:
  explicit ContentSink(Chance& chance) : chance_(chance) {}
  void start(tinyaws::Bytes expected);
  tinyaws::IoResult write(tinyaws::Bytes bytes) override;
  tinyaws::Status restart() override;

  /// All of it has come, and nothing else.
  bool is_right() const { return !differs_ && taken_ == expected_.size(); }

 private:
  Chance& chance_;
  tinyaws::Bytes expected_;
  size_t taken_ = 0;
  bool differs_ = false;
};
