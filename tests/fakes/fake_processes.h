// Programs that print what a test says.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "check.h"
#include "tinyaws/port.h"

namespace tinyaws::fakes {

class FakeProcesses final : public Processes {
 public:
  std::string output;                 ///< What each program prints.
  Status start_status = Status::kOk;  ///< Not kOk: nothing is started.
  Status end_status = Status::kOk;    ///< Or kProcessFailed.
  size_t piece = SIZE_MAX;            ///< Bytes in one read, at most.
  int pending_reads = 0;              ///< So many answer kPending before the first byte of each program.
  bool is_silent = false;             ///< Never prints anything, and never ends.
  std::string words = "exit code 3";  ///< What `describe` says after an error.

  std::vector<std::string> commands;
  int stops = 0;
  bool running = false;

  Status start(Str command) override {
    if (running) return Status::kBusy;
    failed_ = start_status != Status::kOk;
    commands.emplace_back(command);
    if (failed_) return start_status;
    running = true;
    rest_ = output;
    pending_ = pending_reads;
    return Status::kOk;
  }

  IoResult read(MutBytes out) override {
    CHECK(running, "port.h: read without a program");
    CHECK(!out.empty(), "read into nothing");
    if (is_silent || pending_-- > 0) return {Status::kPending, 0};
    const size_t n = std::min({out.size(), rest_.size(), piece});
    std::memcpy(out.data(), rest_.data(), n);
    rest_.erase(0, n);
    if (n > 0) return {Status::kOk, n};
    running = false;
    failed_ = end_status != Status::kOk;
    return {end_status, 0};
  }

  void stop() override {
    stops += running ? 1 : 0;
    running = false;
  }
  Str describe() const override { return failed_ ? Str(words) : Str(); }

 private:
  std::string rest_;
  int pending_ = 0;
  bool failed_ = false;
};

}  // namespace tinyaws::fakes
