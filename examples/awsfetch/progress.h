// Follows a request step by step: for --verbose, and to be able to say afterwards where it failed.
#pragma once

#include <tinyaws/tinyaws.h>

#include "refusal.h"
#include "report.h"

namespace awsfetch {

/// Where it shows what a request that is sent again differs in from the one before.
struct Corrected {
  tinyaws::Platform* clock = nullptr;
  const SignedRecord* scope = nullptr;
};

class Progress final : public tinyaws::Observer {
 public:
  Progress(bool verbose, bool tls, const Corrected& corrected = {})
      : verbose_(verbose), tls_(tls), corrected_(corrected) {}

  void on_event(const tinyaws::Event& event) override;

  /// Why the last attempt failed; kOk if none has.
  tinyaws::Status failure() const { return failure_; }
  /// The transport's words about that; empty when they only tell who the peer is.
  Str words() const { return {words_, words_size_}; }
  /// What was going on when it failed, or is now: "connecting".
  Str step() const { return failure_ == tinyaws::Status::kOk ? step_ : failed_step_; }
  /// The head of the answer had come then.
  bool answer_begun() const;
  unsigned failed_attempts() const { return failed_attempts_; }

 private:
  void print(const tinyaws::Event& event);
  void print_corrections();
  void print_clock();
  void print_region();
  void note_failure(const tinyaws::Event& event);

  const bool verbose_;
  const bool tls_;
  const Corrected corrected_;
  tinyaws::Status failure_ = tinyaws::Status::kOk;
  Str step_ = "preparing the request";
  Str failed_step_;
  unsigned failed_attempts_ = 0;
  uint32_t clock_moves_ = 0;
  bool answered_ = false;
  size_t region_size_ = 0;
  size_t words_size_ = 0;
  size_t peer_size_ = 0;
  char region_[64];  // that was signed for
  char words_[1024];
  char peer_[512];  // what the transport says while all is well
};

}  // namespace awsfetch
