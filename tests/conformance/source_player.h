// Plays a case to a source of credentials: over a real Connection, against a transport that answers from the case, on
// a virtual clock.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fakes/guarded_buffer.h"
#include "source_case.h"
#include "tinyaws/connection.h"
#include "tinyaws/credentials.h"
#include "tinyaws/port.h"

namespace conformance {

/// The other end of every connection: each request is compared with the next one of the case, and answered.
class CaseTransport final : public tinyaws::Transport {
 public:
  explicit CaseTransport(const SourceCase& source_case) : case_(source_case) {}

  tinyaws::Status open(const tinyaws::Endpoint& endpoint) override;
  tinyaws::Status advance(tinyaws::Instant now) override;
  State state() const override { return state_; }
  tinyaws::IoResult send(tinyaws::Bytes bytes) override;
  tinyaws::IoResult recv(tinyaws::MutBytes space) override;
  void close() override;
  tinyaws::Interest interest(bool sending, bool receiving) const override;
  bool ready() const override { return false; }
  tinyaws::Str describe() const override { return "the peer of a case"; }

  bool readable() const { return reset_ || ended_ || !outgoing_.empty(); }
  size_t played() const { return played_; }
  const std::vector<std::string>& wrong() const { return wrong_; }

 private:
  const SourceExchange* expected() const;
  void note(const std::string& what);
  void take_request();

  const SourceCase& case_;
  State state_ = State::kClosed;
  std::string host_;
  tinyaws::Endpoint endpoint_;
  std::string request_;
  std::string outgoing_;
  bool reset_ = false;
  bool ended_ = false;
  size_t played_ = 0;
  std::vector<std::string> wrong_;
};

class CaseEnvironment final : public tinyaws::Environment {
 public:
  explicit CaseEnvironment(const SourceCase& source_case) : case_(source_case) {}

  tinyaws::Str variable(const char* name) const override;

 private:
  const SourceCase& case_;
};

class CaseFiles final : public tinyaws::Files {
 public:
  explicit CaseFiles(const SourceCase& source_case) : case_(source_case) {}

  tinyaws::Status open(const char* path) override;
  tinyaws::IoResult read(tinyaws::MutBytes out) override;
  void close() override { rest_.clear(); }
  tinyaws::Str describe() const override { return found_ ? "" : "No such file or directory"; }

 private:
  const SourceCase& case_;
  std::string rest_;
  bool found_ = true;
};

/// What came of it.
struct Outcome {
  tinyaws::Status status = tinyaws::Status::kPending;
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;
  std::string account_id;
  int64_t expiration = 0;
  bool outlives_expiration = false;
  std::string region;
  std::string explanation;
};

/// What surrounds a source of credentials. Nothing of it is asked for more than the case has without being noted.
class SourcePlayer final : public tinyaws::Platform {
 public:
  explicit SourcePlayer(const SourceCase& source_case, size_t buffer_size = 8192);

  tinyaws::Platform& platform() { return *this; }
  const tinyaws::Environment& environment() const { return environment_; }
  tinyaws::Files& files() { return files_; }
  CaseTransport& transport() { return transport_; }
  tinyaws::Connection& connection() { return connection_; }
  tinyaws::MutBytes space() { return {space_.data(), space_.size()}; }  ///< For answers, 8 KB.
  tinyaws::Port port();

  /// Asks until there is an answer, running the fetches.
  Outcome play(tinyaws::CredentialsProvider& provider);

  /// The same for anything else that is asked like `Settings::find_region`.
  using AskRegion =
      std::function<tinyaws::Status(tinyaws::Instant, tinyaws::UnixTime, tinyaws::Str&, tinyaws::Call*&)>;
  Outcome play_region(const AskRegion& ask);

  /// Runs a call to its end on the connection.
  void run(tinyaws::Call& call);

  /// What is wrong about the requests and the outcome, a line each; empty: all is as the case has it.
  /// `error_class` is the word for the outcome's error, "imds-no-role".
  std::string compare(const Outcome& outcome, const std::string& error_class) const;

  tinyaws::Instant now() override { return now_; }
  tinyaws::UnixTime unix_time() override { return {case_.now() + (now_.ms - 1000) / 1000}; }
  tinyaws::Status random(tinyaws::MutBytes out) override;
  void wait(tinyaws::Span<const tinyaws::Interest> interests, tinyaws::Instant until) override;

 private:
  using Ask = std::function<tinyaws::Status(tinyaws::Call*&)>;
  tinyaws::Status ask_to_the_end(const Ask& ask);
  void compare_values(const Outcome& outcome, std::string& wrong) const;

  const SourceCase& case_;
  tinyaws::Instant now_{1000};
  uint64_t random_state_ = 42;
  CaseEnvironment environment_;
  CaseFiles files_;
  CaseTransport transport_;
  tinyaws::fakes::GuardedBuffer buffer_;
  std::vector<char> space_;
  tinyaws::Connection connection_;
  std::string stuck_;
};

}  // namespace conformance
