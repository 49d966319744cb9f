// Shared files, programs and servers, and a provider that follows a profile through them.
#pragma once

#include <memory>
#include <string>

#include "../fakes/chain_world.h"
#include "../fakes/credentials_source.h"
#include "fakes/check_words.h"
#include "tinyaws/profile_credentials.h"

namespace test {

using namespace tinyaws;
using namespace tinyaws::fakes;

inline constexpr const char* kConfigFile = "/h/.aws/config";
inline constexpr const char* kCredentialsFile = "/h/.aws/credentials";

struct ProfileWorld : ChainWorld {
  explicit ProfileWorld(const std::string& config = {}, size_t space_size = kCredentialsSpaceBytes)
      : ChainWorld(space_size) {
    if (!config.empty()) files.table[kConfigFile] = config;
    set_source(from_environment, "AKIDENV", "environmentsecret/+ab");
    set_source(from_metadata, "ASIAMETA", "metadatasecret/+abcde");
    set_source(from_container, "ASIACONT", "containersecret/+abcd");
    options.sources = {&from_environment, &from_metadata, &from_container};
  }

  ScriptedSource from_environment, from_metadata, from_container;
  ProfileCredentials::Options options;
  FixedSettings settings;
  bool has_processes = true;
  bool has_files = true;

  /// Made with what is set at its first use.
  ProfileCredentials& provider() {
    if (!provider_) {
      provider_ = std::make_unique<ProfileCredentials>(platform, environment, has_files ? &files : nullptr,
                                                       has_processes ? &processes : nullptr, space.bytes(), options);
    }
    return *provider_;
  }
  void end() { provider_.reset(); }

  void set_source(ScriptedSource& source, const std::string& key_id, const std::string& secret) {
    source.key_id = key_id;
    source.secret = secret;
    know(key_id, secret, source.token);
  }
  void says(const std::string& answer) { transport.queued[kStsHost].push_back(answer); }
  Status get() { return ChainWorld::get(provider()); }
  std::string explain() { return ChainWorld::explain(provider()); }

  /// The roles that STS was asked for, in order: "b a ".
  std::string roles() {
    std::string out;
    for (auto& form : forms) out += form["RoleArn"] + " ";
    return out;
  }

 private:
  std::unique_ptr<ProfileCredentials> provider_;
};

/// Keys in a profile, known to the servers.
inline std::string keys_in(ChainWorld& world, const std::string& key_id, const std::string& token = "") {
  const std::string secret = key_id + "secret/+wJalrXUt";
  world.know(key_id, secret, token);
  return "aws_access_key_id = " + key_id + "\naws_secret_access_key = " + secret +
         (token.empty() ? "\n" : "\naws_session_token = " + token + "\n");
}

inline std::string process_output(ChainWorld& world, const std::string& key_id, const std::string& more = "") {
  const std::string secret = key_id + "secret/+wJalrXUt", token = key_id + "token/+FwoGZXIvYXdz";
  world.know(key_id, secret, token);
  return "{\"Version\": 1, \"AccessKeyId\": \"" + key_id + "\", \"SecretAccessKey\": \"" + secret +
         "\", \"SessionToken\": \"" + token + "\"" + more + "}\n";
}

inline void check_fails(ProfileWorld& world, Status status, const std::string& what) {
  CHECK_STATUS(world.get(), status, what);
  world.check_space_clean(what);
  CHECK(!world.files.is_open, what + ": a file is left open");
  CHECK(!world.processes.running, what + ": a program is left behind");
  CHECK_WORDS(!world.explain().empty(), what + ": no explanation");
}

inline void check_says(ProfileWorld& world, const std::vector<std::string>& parts) {
  const std::string words = world.explain();
  for (const std::string& part : parts) CHECK_WORDS(contains(words, part), "\"" + part + "\" is not in: " + words);
}

}  // namespace test
