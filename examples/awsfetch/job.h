// One run of awsfetch, decided: what is asked of which service, where, and how it is signed.
#pragma once

#include <tinyaws/tinyaws.h>

#include <optional>

#include "body.h"
#include "options.h"
#include "target.h"

namespace awsfetch {

class Session;

class Job {
 public:
  Job(const Options& options, const tinyaws::Environment& environment)
      : options_(options), environment_(environment) {}
  ~Job();
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  /// Takes what the command line says, and looks for mistakes in it. Asks nobody. Answers the exit code of what it
  /// has complained about, if anything.
  std::optional<Exit> prepare();

  /// Finds what is missing: region, endpoint and credentials. May fetch them. The answer as of `prepare`.
  std::optional<Exit> find(Session& session);

  const tinyaws::ApiRequest& request() const { return request_; }
  const tinyaws::ClientOptions& client_options() const { return client_options_; }
  RequestBody& body() { return body_; }

  /// The host of the endpoint that is given, in lower case; empty: none is.
  Str host() const { return {host_, host_size_}; }
  /// The region stands in that host.
  bool region_of_host() const { return region_of_host_; }

  // What `find` found.
  tinyaws::PreparedRequest& prepared() { return prepared_; }
  const tinyaws::Destination& destination() const { return prepared_.destination; }
  const tinyaws::ResolvedEndpoint& resolved() const { return prepared_.destination.resolved(); }
  const tinyaws::Scope& scope() const { return prepared_.scope; }
  const tinyaws::SigningPolicy& policy() const { return policy_; }
  const tinyaws::Credentials& credentials() const { return credentials_; }

 private:
  std::optional<Exit> prepare_target();
  std::optional<Exit> prepare_scope();
  std::optional<Exit> prepare_body();
  std::optional<Exit> read_host(Str endpoint, HostScope& scope);
  std::optional<Exit> check_scope() const;
  std::optional<Exit> rehearse();
  Str variable_url() const;

  const Options& options_;
  const tinyaws::Environment& environment_;
  tinyaws::ApiRequest request_{};
  tinyaws::ClientOptions client_options_;
  tinyaws::PreparedRequest prepared_;
  tinyaws::SigningPolicy policy_;
  tinyaws::Credentials credentials_;
  RequestBody body_;
  char* encoded_ = nullptr;
  size_t host_size_ = 0;
  bool region_of_host_ = false;
  char host_[tinyaws::kMaxHostBytes];
};

}  // namespace awsfetch
