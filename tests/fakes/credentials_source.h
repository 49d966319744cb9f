// A source of credentials that does as a test says, at once or after a fetch, and chance without a platform.
#pragma once

#include <string>
#include <vector>

#include "check.h"
#include "tinyaws/call.h"
#include "tinyaws/credentials.h"
#include "tinyaws/port.h"

namespace tinyaws::fakes {

/// Randomness, and nothing else of a platform.
class Chance final : public Platform {
 public:
  explicit Chance(uint64_t seed = 42) : state_(seed) {}

  Status status = Status::kOk;
  int byte = -1;  ///< Not below 0: what `random` gives.

  Instant now() override { return never_asked<Instant>(); }
  UnixTime unix_time() override { return never_asked<UnixTime>(); }
  void wait(Span<const Interest>, Instant) override { never_asked<int>(); }

  Status random(MutBytes out) override {
    for (char& c : out) {
      state_ = state_ * 6364136223846793005u + 1442695040888963407u;
      c = byte >= 0 ? static_cast<char>(byte) : static_cast<char>(state_ >> 56);
    }
    return status;
  }

 private:
  template <class T>
  T never_asked() {
    CHECK(false, "the core has no business with this platform's clocks");
    return {};
  }

  uint64_t state_;
};

/// Takes some steps, and writes down what happens to it.
class ScriptedFetch final : public Call {
 public:
  std::vector<Next> script;  ///< What `next` answers; then kDone.
  std::string log;           ///< "next next on_head ...", of the last run.
  Timeouts limits;
  Instant ends = kNever;
  bool running = false;
  bool ended = false;

  void start() {
    log.clear();
    asked_ = 0;
    running = true;
  }

  Next next(Instant, UnixTime, RequestHead&) override {
    CHECK(running, "a fetch is run that nobody was given");
    log += "next ";
    if (asked_ < script.size()) return script[asked_++];
    running = false;
    ended = true;
    return {};
  }
  void on_head(const ResponseHead&, Instant) override { log += "on_head "; }
  IoResult on_body(const ResponseHead&, Bytes piece) override {
    log += "on_body ";
    return {Status::kOk, piece.size()};
  }
  void on_response(const ResponseHead&, Instant) override { log += "on_response "; }
  void on_failure(const Failure& failure, Instant) override { log += "on_failure:" + text(failure.status) + " "; }
  Instant deadline() const override { return ends; }
  const Timeouts* timeouts() const override { return &limits; }
  void on_cancel() override {
    log += "on_cancel ";
    running = false;
  }

 private:
  size_t asked_ = 0;
};

class ScriptedSource final : public CredentialsProvider {
 public:
  // What is answered.
  Status status = Status::kOk;
  std::string key_id = "AKIDEXAMPLE";
  std::string secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  std::string token;
  std::string account_id;
  UnixTime expiration = kNoExpiration;
  UnixTime issued = {};
  bool outlives_expiration = false;

  bool has_fetch = false;  ///< Before each answer.
  bool is_busy = false;    ///< Somebody else fetches: kPending, and no fetch.
  std::string place = "scripted";
  Settings* configured = nullptr;

  int gets = 0;
  int fetches = 0;
  ScriptedFetch call;

  Status get(Instant, UnixTime, Credentials& credentials, Call*& fetch) override {
    ++gets;
    fetch = nullptr;
    if (is_busy || call.running) return Status::kPending;
    if (has_fetch && !call.ended) {
      ++fetches;
      call.start();
      fetch = &call;
      return Status::kPending;
    }
    call.ended = false;
    if (status == Status::kOk) {
      credentials = {key_id, secret, token, account_id, expiration, issued, outlives_expiration};
    }
    return status;
  }
  Str describe() const override { return place; }
  IoResult explain(MutBytes text) const override {
    const std::string line = place + ": asked " + std::to_string(gets);
    if (line.size() <= text.size()) line.copy(text.data(), line.size());
    return {line.size() <= text.size() ? Status::kOk : Status::kBufferTooSmall, line.size()};
  }
  Settings* settings() override { return configured; }
};

/// Runs a call that no peer takes part in: what it sends is answered by nothing.
inline void run_to_end(Call& call, Instant now = {}, UnixTime wall = {}) {
  char buffer[64];
  RequestHead head{MutBytes(buffer)};
  for (int i = 0; i < 1000; ++i) {
    if (call.next(now, wall, head).action == Next::Action::kDone) return;
  }
  CHECK(false, "hang: a call without an end");
}

}  // namespace tinyaws::fakes
