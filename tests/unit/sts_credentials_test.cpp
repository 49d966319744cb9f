// The two providers in front of STS: what they need, who fetches, and what they say about it.
#include "tinyaws/sts_credentials.h"
#include "fakes/check_words.h"

#include "sts_fixture.h"

using namespace test;

namespace {

struct RoleWorld : StsWorld {
  AssumeRoleCredentials& provider() {
    if (!provider_) {
      provider_ = std::make_unique<AssumeRoleCredentials>(source, platform, environment, question, space.bytes(),
                                                          has_settings ? &settings : nullptr);
    }
    return *provider_;
  }

 private:
  std::unique_ptr<AssumeRoleCredentials> provider_;
};

struct WebWorld : StsWorld {
  WebWorld() {
    environment.table["AWS_WEB_IDENTITY_TOKEN_FILE"] = kTokenPath;
    environment.table["AWS_ROLE_ARN"] = kRole;
    know("jwt", "", kJwt);
  }
  WebIdentityCredentials& provider() {
    if (!provider_) {
      provider_ = std::make_unique<WebIdentityCredentials>(platform, environment, has_files ? &files : nullptr,
                                                           space.bytes());
    }
    return *provider_;
  }

 private:
  std::unique_ptr<WebIdentityCredentials> provider_;
};

void check_one_line(const std::string& text) {
  CHECK_WORDS(!text.empty() && text.find('\n') == std::string::npos, "not one line: " + text);
}

template <class World>
void check_gives(World& world, const std::string& what) {
  CHECK_STATUS(world.get(world.provider()), Status::kOk, what);
  world.check_given(world.last_key_id, what);
  check_one_line(world.explain(world.provider()));
}

template <class World>
void check_fails(World& world, Status status, const std::string& what) {
  CHECK_STATUS(world.get(world.provider()), status, what);
  world.check_space_clean(what);
  check_one_line(world.explain(world.provider()));
}

void a_role(void**) {
  RoleWorld world;
  CHECK_TEXT(world.provider().describe(), "assumed role", "describe");
  world.explain(world.provider());
  check_gives(world, "first");
  CHECK_TEXT(world.last_signer, "AKIDSOURCE", "who signed");
  const std::string first = world.credentials.access_key_id.data();
  check_gives(world, "second");
  CHECK(world.forms.size() == 2, "a provider fetches anew");
  CHECK_WORDS_TEXT(world.secret_in(world.explain(world.provider())), "", "no secret");
}

void a_role_without_a_name(void**) {
  RoleWorld world;
  world.question.role_arn = "";
  check_fails(world, Status::kInvalidArgument, "no role");
  CHECK(world.transport.heard.empty(), "nothing is sent");
}

void settings_of_a_role(void**) {
  RoleWorld world;
  world.has_settings = true;
  CHECK(world.provider().settings() == &world.settings, "settings are handed on");
  world.environment.table.erase("AWS_REGION");
  world.settings.configured.region = "eu-west-1";
  check_gives(world, "settings");
}

template <class World>
void check_two_askers() {
  World world;
  Call* fetch = nullptr;
  Call* second = nullptr;
  CHECK_STATUS(world.ask(world.provider(), fetch), Status::kPending, "first asker");
  CHECK(fetch != nullptr, "the first asker fetches");
  CHECK_STATUS(world.ask(world.provider(), second), Status::kPending, "second asker");
  CHECK(second == nullptr, "the second asker waits");
  CHECK_STATUS(world.connection.start(*fetch), Status::kOk, "start");
  while (world.step()) {
    second = fetch;
    if (world.transport.heard.empty()) {
      CHECK_STATUS(world.ask(world.provider(), second), Status::kPending, "while it runs");
      CHECK(second == nullptr, "while it runs");
    }
  }
  CHECK_STATUS(world.ask(world.provider(), second), Status::kOk, "second asker, after the fetch");
  world.check_given(world.last_key_id, "second asker");
  CHECK(world.forms.size() == 1, "one fetch");
}

void two_askers(void**) {
  check_two_askers<RoleWorld>();
  check_two_askers<WebWorld>();
}

template <class World>
void check_cancelled() {
  World world;
  Call* fetch = nullptr;
  CHECK_STATUS(world.ask(world.provider(), fetch), Status::kPending, "ask");
  fetch->on_cancel();
  CHECK_STATUS(world.ask(world.provider(), fetch), Status::kPending, "after a cancel");
  CHECK(fetch != nullptr, "a fetch that was cancelled is handed out again");
  world.transport.manner.connect_ms = 5;
  CHECK_STATUS(world.connection.start(*fetch), Status::kOk, "start");
  while (world.transport.wire.opens() == 0) CHECK(world.step(), "ended");
  world.connection.cancel();
  world.check_space_clean("cancelled");
  check_gives(world, "cancelled");
}

void cancelled(void**) {
  check_cancelled<RoleWorld>();
  check_cancelled<WebWorld>();
}

template <class World>
void check_refused(const std::string& what) {
  World world;
  check_gives(world, what);
  world.says(http("403 Forbidden", sts_error("AccessDenied", "not you")));
  check_fails(world, Status::kCredentialsRefused, what);
  const std::string words = world.explain(world.provider());
  CHECK_WORDS(contains(words, "AccessDenied") && contains(words, "not you"), words);
  CHECK_WORDS(contains(words, kRole), "which role: " + words);
  check_gives(world, what);
  CHECK(!contains(world.explain(world.provider()), "AccessDenied"), "an old remark");
  world.says(http("200 OK", "<html>"));
  check_fails(world, Status::kMalformedCredentials, what);
  for (int i = 0; i < 3; ++i) world.says(http("500 Oops", ""));
  check_fails(world, Status::kCredentialsUnavailable, what);
}

void refused(void**) {
  check_refused<RoleWorld>("role");
  check_refused<WebWorld>("web identity");
}

void a_source_that_fails(void**) {
  RoleWorld world;
  world.source.status = Status::kNotFound;
  check_fails(world, Status::kNoCredentials, "no credentials");
  world.source.status = Status::kFileUnreadable;
  check_fails(world, Status::kFileUnreadable, "the source's own error");
  CHECK(world.transport.heard.empty(), "nothing is sent unsigned");
}

void web_identity(void**) {
  WebWorld world;
  CHECK_TEXT(world.provider().describe(), "web identity", "describe");
  world.explain(world.provider());
  check_gives(world, "web identity");
  CHECK_TEXT(world.form().at("RoleArn"), kRole, "role");
  CHECK_TEXT(world.form().at("WebIdentityToken"), kJwt, "token");
  CHECK_TEXT(world.form().at("RoleSessionName"), "tinyaws-1440938160", "session");
  world.environment.table["AWS_ROLE_SESSION_NAME"] = "me";
  world.files.table[kTokenPath] = "rotated.jwt";
  check_gives(world, "rotated");
  CHECK_TEXT(world.form().at("WebIdentityToken"), "rotated.jwt", "rotated");
  CHECK_TEXT(world.form().at("RoleSessionName"), "me", "session");
  world.environment.table["AWS_ROLE_SESSION_NAME"] = "  ";
  check_gives(world, "a blank session name");
  CHECK_TEXT(world.form().at("RoleSessionName"), "tinyaws-1440938160", "blank counts as unset");
}

void web_identity_that_is_not_set(void**) {
  for (const char* value : {"", " ", "\t"}) {
    WebWorld world;
    world.environment.table["AWS_WEB_IDENTITY_TOKEN_FILE"] = value;
    check_fails(world, Status::kNotFound, "no file");
    world.environment.table["AWS_WEB_IDENTITY_TOKEN_FILE"] = kTokenPath;
    world.environment.table["AWS_ROLE_ARN"] = value;
    check_fails(world, Status::kCredentialsIncomplete, "no role");
    CHECK_WORDS(contains(world.explain(world.provider()), "AWS_ROLE_ARN"), world.explain(world.provider()));
    CHECK(world.transport.heard.empty() && world.files.opens == 0, "nothing is done");
  }
}

void paths_of_every_length(void**) {
  for (size_t size : {kMaxPathBytes - 2, kMaxPathBytes - 1, kMaxPathBytes, kMaxPathBytes + 1, size_t{4000}}) {
    WebWorld world;
    const std::string path = "/" + std::string(size - 1, 'p');
    world.files.table[path] = kJwt;
    world.environment.table["AWS_WEB_IDENTITY_TOKEN_FILE"] = path;
    if (size < kMaxPathBytes) {
      check_gives(world, std::to_string(size));
    } else {
      check_fails(world, Status::kValueTooLong, std::to_string(size));
    }
  }
}

void token_files_that_fail(void**) {
  WebWorld world;
  world.files.table.clear();
  check_fails(world, Status::kFileUnreadable, "missing");
  CHECK_WORDS(contains(world.explain(world.provider()), kTokenPath), world.explain(world.provider()));
  world.files.forbidden.insert(kTokenPath);
  check_fails(world, Status::kFileUnreadable, "forbidden");
  CHECK_WORDS(contains(world.explain(world.provider()), kTokenPath), world.explain(world.provider()));
  world.files.forbidden.clear();
  world.files.table[kTokenPath] = kJwt;
  check_gives(world, "there again");
  WebWorld without;
  without.has_files = false;
  check_fails(without, Status::kUnsupported, "no files");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_role),
      cmocka_unit_test(a_role_without_a_name),
      cmocka_unit_test(settings_of_a_role),
      cmocka_unit_test(two_askers),
      cmocka_unit_test(cancelled),
      cmocka_unit_test(refused),
      cmocka_unit_test(a_source_that_fails),
      cmocka_unit_test(web_identity),
      cmocka_unit_test(web_identity_that_is_not_set),
      cmocka_unit_test(paths_of_every_length),
      cmocka_unit_test(token_files_that_fail),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
