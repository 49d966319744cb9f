// STS as a served peer, and one question to it.
#pragma once

#include <memory>
#include <string>

#include "../fakes/chain_world.h"
#include "../fakes/credentials_source.h"
#include "fakes/check_words.h"
#include "tinyaws/providers.h"
#include "tinyaws/sts_call.h"

namespace test {

using namespace tinyaws;
using namespace tinyaws::fakes;

inline constexpr const char* kRole = "arn:aws:iam::123456789012:role/demo";
inline constexpr const char* kTokenPath = "/var/run/jwt";
inline constexpr const char* kJwt = "eyJhbGciOiJSUzI1NiJ9.jwtsecretpayload.c2lnbmF0dXJl";

struct StsWorld : ChainWorld {
  explicit StsWorld(size_t space_size = 6144) : ChainWorld(space_size) {
    know("AKIDSOURCE", "sourcesecret/+AbCdEfGh");
    source.key_id = "AKIDSOURCE";
    source.secret = keys["AKIDSOURCE"].secret;
    question.role_arn = kRole;
    files.table[kTokenPath] = std::string(kJwt) + "\n";
  }

  ScriptedSource source;
  AnonymousCredentials nobody;
  StsQuestion question;
  FixedSettings settings;
  bool has_settings = false;
  bool has_files = true;

  StsCall& call() {
    if (!call_) call_ = std::make_unique<StsCall>(platform, environment, has_files ? &files : nullptr);
    return *call_;
  }

  void start() {
    CredentialsProvider& signer = question.token_file != nullptr ? static_cast<CredentialsProvider&>(nobody) : source;
    call().start(question, signer, has_settings ? &settings : nullptr, space.bytes());
  }

  /// Asks, and takes what came of it.
  Status ask_sts() {
    start();
    run(call());
    const Status status = call().status();
    credentials = {};
    CHECK_STATUS(call().collect(credentials), status, "collect says what status says");
    CHECK_STATUS(call().status(), Status::kNotFound, "the outcome is taken");
    return status;
  }

  void use_web_identity() { question.token_file = kTokenPath; }
  void says(const std::string& answer, const char* host = kStsHost) { transport.queued[host].push_back(answer); }
  const std::map<std::string, std::string>& form() const { return forms.back(); }

 private:
  std::unique_ptr<StsCall> call_;
};

inline void check_role_given(StsWorld& world, const std::string& what) {
  CHECK_STATUS(world.ask_sts(), Status::kOk, what);
  world.check_given(world.last_key_id, what);
}

inline void check_sts_fails(StsWorld& world, Status status, const std::string& what) {
  CHECK_STATUS(world.ask_sts(), status, what);
  CHECK(world.credentials.secret_access_key.empty(), what + ": credentials beside an error");
  world.check_space_clean(what);
}

inline void check_next(StsWorld& world, const std::string& what) {
  check_role_given(world, what + ": the next question");
  CHECK_WORDS_TEXT(world.call().remark(), "", what + ": an old remark");
}

}  // namespace test
