// Body sources and sinks that drip, pend, fail at byte k and refuse to begin again.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>

#include "tinyaws/http.h"

namespace tinyaws::fakes {

/// Bytes that are easy to tell apart at any place and hold every value, NUL among them.
inline std::string pattern(size_t size, uint32_t seed = 1) {
  std::string out(size, '\0');
  uint32_t x = seed * 2654435761u + 1;
  for (char& c : out) {
    x = x * 1664525u + 1013904223u;
    c = static_cast<char>(x >> 24);
  }
  return out;
}

class FakeSource final : public BodySource {
 public:
  explicit FakeSource(std::string content) : content_(std::move(content)) {}

  size_t piece = SIZE_MAX;     ///< Bytes in one read, at most.
  bool pend_between = false;   ///< Every other read answers kPending.
  bool pend_for_ever = false;  ///< From `fail_at` on, instead of failing.
  size_t fail_at = SIZE_MAX;   ///< Reads that begin here fail.
  Status failure = Status::kNotFound;
  Status rewind_status = Status::kOk;

  int reads = 0;
  int rewinds = 0;
  int pendings = 0;
  size_t at() const { return at_; }

  IoResult read(MutBytes out) override {
    ++reads;
    if (at_ >= fail_at) return {pend_for_ever ? pended() : failure, 0};
    if (pend_between && (pend_now_ = !pend_now_)) return {pended(), 0};
    const size_t n = std::min({out.size(), piece, content_.size() - at_, fail_at - at_});
    memcpy(out.data(), content_.data() + at_, n);
    at_ += n;
    return {Status::kOk, n};
  }

  Status rewind() override {
    ++rewinds;
    if (rewind_status == Status::kOk) at_ = 0;
    return rewind_status;
  }

 private:
  Status pended() {
    ++pendings;
    return Status::kPending;
  }

  std::string content_;
  size_t at_ = 0;
  bool pend_now_ = false;
};

class FakeSink final : public BodySink {
 public:
  size_t piece = SIZE_MAX;  ///< Bytes taken in one write, at most.
  bool pend_between = false;
  bool pend_for_ever = false;
  size_t fail_at = SIZE_MAX;
  Status failure = Status::kNotFound;
  Status restart_status = Status::kOk;

  std::string content;
  int writes = 0;
  int restarts = 0;
  int pendings = 0;

  IoResult write(Bytes bytes) override {
    ++writes;
    if (content.size() >= fail_at) return {pend_for_ever ? pended() : failure, 0};
    if (pend_between && (pend_now_ = !pend_now_)) return {pended(), 0};
    const size_t n = std::min({bytes.size(), piece, fail_at - content.size()});
    content.append(bytes.data(), n);
    return {Status::kOk, n};
  }

  Status restart() override {
    ++restarts;
    if (restart_status == Status::kOk) content.clear();
    return restart_status;
  }

 private:
  Status pended() {
    ++pendings;
    return Status::kPending;
  }

  bool pend_now_ = false;
};

}  // namespace tinyaws::fakes
