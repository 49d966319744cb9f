// What a run stands on: the connection, whom it trusts, who signs, and what is found with that.
#pragma once

#include <tinyaws/system.h>
#include <tinyaws/tinyaws.h>

#include "job.h"
#include "options.h"
#include "patience.h"
#include "progress.h"
#include "source.h"
#include "trust.h"

namespace awsfetch {

/// Request head and response head fit in this, one after the other: long session tokens and the largest response
/// heads of AWS's front ends do easily.
constexpr size_t kConnectionBytes = 32 * 1024;

/// For --date: the platform as it is, but for the time that requests are signed with. Certificates are checked
/// against the true one, and so are credentials.
class DatedPlatform final : public tinyaws::Platform {
 public:
  DatedPlatform(tinyaws::Platform& real, tinyaws::UnixTime date) : real_(real), date_(date) {}

  tinyaws::Instant now() override { return real_.now(); }
  tinyaws::UnixTime unix_time() override { return date_; }
  tinyaws::Status random(tinyaws::MutBytes out) override { return real_.random(out); }
  void wait(tinyaws::Span<const tinyaws::Interest> interests, tinyaws::Instant until) override {
    real_.wait(interests, until);
  }

 private:
  tinyaws::Platform& real_;
  const tinyaws::UnixTime date_;
};

class Session {
 public:
  Session(const Options& options, const tinyaws::ClientOptions& client_options);

  /// Reads the files that the options name. Asks nobody. Answers the exit code of what it has complained about, if
  /// anything, as all of these do.
  MaybeExit prepare();

  /// Region and endpoint, into `job`. kOk, or an error of Client::prepare that nothing was said about.
  tinyaws::Status look_for_way(Job& job, const tinyaws::ApiRequest& request);

  /// The endpoint as it is in any region: for where there is none. Results and errors as of `look_for_way`.
  tinyaws::Status look_for_endpoint(const tinyaws::ApiRequest& request, tinyaws::PreparedRequest& prepared);
  MaybeExit find_way(Job& job);

  /// Their views live as long as this object.
  MaybeExit find_credentials(tinyaws::Credentials& credentials);

  /// Sends. The date is that of the options.
  Exit send(Job& job);

  /// As `job` was found, without sending.
  Exit sign(Job& job);

  Place place() const { return source_.place(); }
  const tinyaws::Port& port() const { return port_; }
  const tinyaws::Settings& settings() const { return patience_; }

  /// Why nothing can be fetched at all, if that is so: no CAs to trust (complained about already), or no time left.
  MaybeExit failure() const;

 private:
  using System = tinyaws::System<kConnectionBytes>;

  static tinyaws::Port replace_transport(tinyaws::Port port, tinyaws::Transport& transport);
  tinyaws::ClientOptions finder_options(const tinyaws::ClientOptions& given);

  const Options& options_;
  System system_;
  Trust trust_;
  tinyaws::Port port_;
  Source source_;
  Patience patience_;
  Progress progress_;
  DatedPlatform dated_;
  tinyaws::Client finder_;
};

}  // namespace awsfetch
