// One run of awsfetch, decided: what is asked of which service, where, and how it is signed.
#pragma once

#include <tinyaws/tinyaws.h>

#include <optional>

#include "body.h"
#include "options.h"
#include "target.h"

namespace awsfetch {

class Job {
 public:
  Job(const Options& options, const tinyaws::Environment& environment)
      : options_(options), environment_(environment) {}
  ~Job();
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  /// Fills in all below. Answers the exit code of what it has complained about, if anything.
  std::optional<Exit> prepare();

  const tinyaws::ApiRequest& request() const { return request_; }
  const tinyaws::ClientOptions& client_options() const { return client_options_; }
  const tinyaws::SigningPolicy& policy() const { return policy_; }
  /// Where to, and the path of the endpoint.
  const tinyaws::Destination& destination() const { return destination_; }
  const tinyaws::Credentials& credentials() const { return credentials_; }
  RequestBody& body() { return body_; }

 private:
  std::optional<Exit> prepare_target();
  std::optional<Exit> prepare_scope();
  std::optional<Exit> prepare_credentials();
  std::optional<Exit> prepare_body();
  tinyaws::Str endpoint_url() const;

  const Options& options_;
  const tinyaws::Environment& environment_;
  tinyaws::ApiRequest request_{};
  tinyaws::ClientOptions client_options_;
  tinyaws::SigningPolicy policy_;
  tinyaws::Destination destination_;
  tinyaws::Credentials credentials_;
  RequestBody body_;
  char* encoded_ = nullptr;
  char host_[tinyaws::kMaxHostBytes];
};

}  // namespace awsfetch
