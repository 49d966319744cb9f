// A container whose credentials server is a scripted peer.
#pragma once

#include <string>

#include "document_source_fixture.h"
#include "tinyaws/container_credentials.h"

namespace test {

using Problem = ContainerCredentials::Problem;
using SourceOutcome = DocumentSource::Outcome;

inline const char* const kDocument =
    "{\"RoleArn\":\"r\",\"AccessKeyId\":\"ASIAC\",\"SecretAccessKey\":\"containersecret\","
    "\"Token\":\"sessiontoken\",\"Expiration\":\"2021-09-21T04:16:53Z\"}";

inline const char* const kPath = "/var/run/token";

struct ContainerWorld : SourceWorld {
  using SourceWorld::SourceWorld;

  ContainerOptions options;

  ContainerCredentials& provider() {
    if (!provider_) {
      provider_ = std::make_unique<ContainerCredentials>(platform, environment, &files, space.bytes(), options);
    }
    return *provider_;
  }
  void end() { provider_.reset(); }

  void set(const std::string& name, const std::string& value) { environment.table["AWS_CONTAINER_" + name] = value; }
  void set_token_file(const std::string& content) {
    set("AUTHORIZATION_TOKEN_FILE", kPath);
    files.table[kPath] = content;
  }

  Status fetch() { return SourceWorld::fetch(provider()); }

 private:
  std::unique_ptr<ContainerCredentials> provider_;
};

/// A relative URI, and a server that answers `list`.
inline void set_up(ContainerWorld& world, const std::vector<std::string>& list) {
  world.set("CREDENTIALS_RELATIVE_URI", "/v2/x");
  world.answers(list);
}

inline void check_given(ContainerWorld& world, const std::string& what) {
  CHECK_STATUS(world.fetch(), Status::kOk, what);
  check_credentials(world, "ASIAC", "containersecret", "sessiontoken");
}

inline std::string document_with_token(size_t size) {
  return "{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"S\",\"Token\":\"" + std::string(size, 't') + "\"}";
}

}  // namespace test
