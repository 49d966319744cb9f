// One run of awsfetch, decided: what is asked of which service, where, and how it is signed.
#pragma once

#include <tinyaws/tinyaws.h>

#include "body.h"
#include "options.h"
#include "target.h"

namespace awsfetch {

class Session;

class Job {
 public:
  explicit Job(const Options& options) : options_(options) {}
  ~Job();
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  /// Takes what the command line says, and looks for mistakes in it. Asks nobody. Answers the exit code of what it
  /// has complained about, if anything.
  MaybeExit prepare();

  /// Finds what is missing: region, endpoint and credentials. May fetch them. The answer as of `prepare`.
  MaybeExit find(Session& session);

  const tinyaws::ApiRequest& request() const { return request_; }
  const tinyaws::ClientOptions& client_options() const { return client_options_; }
  RequestBody& body() { return body_; }

  /// The host of the endpoint that is given or configured, in lower case; empty: none is, as far as was looked.
  Str host() const { return {host_, host_size_}; }
  /// The region stands in that host.
  bool region_of_host() const { return region_of_host_; }
  void set_region_of_host() { region_of_host_ = true; }

  /// Looks at the host of an endpoint. The answer's views live as long as this object, until the next call.
  HostScope read_host(Str host);

  // What `find` found.
  tinyaws::PreparedRequest& prepared() { return prepared_; }
  const tinyaws::Destination& destination() const { return prepared_.destination; }
  const tinyaws::ResolvedEndpoint& resolved() const { return prepared_.destination.resolved(); }
  const tinyaws::Scope& scope() const { return prepared_.scope; }
  const tinyaws::SigningPolicy& policy() const { return policy_; }
  const tinyaws::Credentials& credentials() const { return credentials_; }
  /// Others take their place, when a service has refused the first.
  void set_credentials(const tinyaws::Credentials& credentials) { credentials_ = credentials; }

 private:
  MaybeExit prepare_target();
  MaybeExit prepare_scope();
  MaybeExit prepare_body();
  MaybeExit read_given_host(HostScope& scope);
  MaybeExit check_scope() const;
  MaybeExit rehearse();

  const Options& options_;
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
