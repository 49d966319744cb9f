// The places without a fetch: what the caller has, what the environment says, nobody.
// Covers C31: blank values and half a pair.
#include "../fakes/check.h"
#include "../fakes/surroundings.h"
#include "fakes/check_words.h"
#include "tinyaws/providers.h"

using namespace tinyaws;
using namespace tinyaws::fakes;

namespace {

constexpr Str kBothSet = "environment: AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is set";
constexpr Str kNeitherSet = "environment: AWS_ACCESS_KEY_ID is not set, AWS_SECRET_ACCESS_KEY is not set";

const char* const kBlanks[] = {"", " ", "\t", " \r\n\t ", "\v\f"};

Status get(CredentialsProvider& provider, Credentials& credentials) {
  static char place;
  auto* fetch = reinterpret_cast<Call*>(&place);
  const Status status = provider.get({}, {}, credentials, fetch);
  CHECK(fetch == nullptr, "there is nothing to fetch");
  return status;
}

std::string explained(const CredentialsProvider& provider) {
  char text[200];
  const IoResult result = provider.explain(text);
  CHECK_STATUS(result.status, Status::kOk, "explain");
  char short_text[5];
  const IoResult cut = provider.explain(short_text);
  CHECK_WORDS(cut.status == Status::kBufferTooSmall && cut.size == result.size, "the length needed");
  return std::string(text, result.size);
}

void check_given(CredentialsProvider& provider, Str key_id, Str secret, Str token, const std::string& what) {
  Credentials credentials = {"old id", "old secret", "old token", "old account", {1}, {1}, true};
  CHECK_STATUS(get(provider, credentials), Status::kOk, what);
  CHECK_TEXT(credentials.access_key_id, key_id, what);
  CHECK_TEXT(credentials.secret_access_key, secret, what);
  CHECK_TEXT(credentials.session_token, token, what);
  CHECK(credentials.issued.seconds == 0 && !credentials.outlives_expiration, what);
}

void check_none(CredentialsProvider& provider, Status status, Str line, const std::string& what) {
  Credentials credentials;
  CHECK_STATUS(get(provider, credentials), status, what);
  CHECK_WORDS_TEXT(explained(provider), line, what);
}

void the_caller_s_are_handed_on(void**) {
  StaticCredentials with_token({"id", "secret", "token"});
  check_given(with_token, "id", "secret", "token", "with a token");
  CHECK_WORDS_TEXT(explained(with_token), "given by the caller: key id and secret", "explain");
  CHECK_TEXT(with_token.describe(), "given by the caller", "describe");
  StaticCredentials as_they_are({" id", "secret\n"});
  check_given(as_they_are, " id", "secret\n", "", "as they are");
}

void half_of_the_caller_s(void**) {
  for (const char* blank : kBlanks) {
    StaticCredentials no_id({blank, "secret", "token"});
    check_none(no_id, Status::kCredentialsIncomplete, "given by the caller: a secret without its key id", "no id");
    StaticCredentials no_secret({"id", blank, "token"});
    check_none(no_secret, Status::kCredentialsIncomplete, "given by the caller: a key id without its secret",
               "no secret");
    StaticCredentials neither({blank, blank, "token"});
    check_none(neither, Status::kNotFound, "given by the caller: none", "neither");
  }
}

void nobody_s(void**) {
  AnonymousCredentials anonymous;
  check_given(anonymous, "", "", "", "anonymous");
  CHECK_WORDS_TEXT(explained(anonymous), "anonymous: requests go unsigned", "explain");
  CHECK_TEXT(anonymous.describe(), "anonymous", "describe");
}

struct EnvironmentWorld {
  TableEnvironment environment;
  EnvironmentCredentials provider{environment};

  EnvironmentWorld() { environment.table = {{"AWS_ACCESS_KEY_ID", "AKENV"}, {"AWS_SECRET_ACCESS_KEY", "SENV"}}; }
  std::string& operator[](const char* name) { return environment.table[name]; }
};

void a_pair_in_the_environment(void**) {
  EnvironmentWorld world;
  CHECK_WORDS_TEXT(explained(world.provider), kBothSet, "before any question");
  check_given(world.provider, "AKENV", "SENV", "", "a pair");
  CHECK_WORDS_TEXT(explained(world.provider), kBothSet, "explain");
  CHECK_TEXT(world.provider.describe(), "environment", "describe");
}

void white_space_is_no_part_of_a_value(void**) {
  EnvironmentWorld world;
  world["AWS_ACCESS_KEY_ID"] = " AKENV\r\n";
  world["AWS_SECRET_ACCESS_KEY"] = "\tS ENV\n";
  world["AWS_SESSION_TOKEN"] = "TOK==\n";
  check_given(world.provider, "AKENV", "S ENV", "TOK==", "white space at the ends");
}

// env-legacy-token, env-both-tokens and env-blank-token of the conformance data.
void either_name_of_the_token(void**) {
  EnvironmentWorld world;
  world["AWS_SESSION_TOKEN"] = "NEW";
  check_given(world.provider, "AKENV", "SENV", "NEW", "AWS_SESSION_TOKEN");
  world["AWS_SECURITY_TOKEN"] = "OLD";
  check_given(world.provider, "AKENV", "SENV", "OLD", "both");
  for (const char* blank : kBlanks) {
    world["AWS_SECURITY_TOKEN"] = blank;
    check_given(world.provider, "AKENV", "SENV", "NEW", "the old one is blank");
  }
  world["AWS_SECURITY_TOKEN"] = "OLD";
  world["AWS_SESSION_TOKEN"] = "";
  check_given(world.provider, "AKENV", "SENV", "OLD", "AWS_SECURITY_TOKEN");
  for (const char* blank : kBlanks) {
    world["AWS_SECURITY_TOKEN"] = world["AWS_SESSION_TOKEN"] = blank;
    check_given(world.provider, "AKENV", "SENV", "", "both are blank");
  }
}

// env-partial-no-secret, env-secret-only and env-blank-falls-to-file.
void half_a_pair_passes_on(void**) {
  for (const char* blank : kBlanks) {
    EnvironmentWorld world;
    world["AWS_SESSION_TOKEN"] = "TOKEN";
    world["AWS_ACCESS_KEY_ID"] = blank;
    check_none(world.provider, Status::kNotFound,
               "environment: AWS_ACCESS_KEY_ID is not set, AWS_SECRET_ACCESS_KEY is set", "no id");
    world["AWS_SECRET_ACCESS_KEY"] = blank;
    check_none(world.provider, Status::kNotFound, kNeitherSet, "neither");
    world["AWS_ACCESS_KEY_ID"] = "AKENV";
    check_none(world.provider, Status::kNotFound,
               "environment: AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not set", "no secret");
  }
}

void an_expiration_in_the_environment(void**) {
  EnvironmentWorld world;
  Credentials credentials;
  world["AWS_CREDENTIAL_EXPIRATION"] = " 2015-08-30T12:36:00Z ";
  CHECK_STATUS(get(world.provider, credentials), Status::kOk, "a date");
  CHECK(credentials.expiration.seconds == 1440938160, "a date");
  for (const char* blank : kBlanks) {
    world["AWS_CREDENTIAL_EXPIRATION"] = blank;
    CHECK_STATUS(get(world.provider, credentials), Status::kOk, "no date");
    CHECK(credentials.expiration.seconds == kNoExpiration.seconds, "no date");
  }
  for (const char* wrong : {"tomorrow", "1440938160", "2015-02-30T12:36:00Z"}) {
    world["AWS_CREDENTIAL_EXPIRATION"] = wrong;
    check_none(
        world.provider, Status::kMalformedCredentials,
        "environment: AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is set, AWS_CREDENTIAL_EXPIRATION is no date",
        wrong);
  }
}

void an_account_in_the_environment(void**) {
  EnvironmentWorld world;
  Credentials credentials;
  CHECK_STATUS(get(world.provider, credentials), Status::kOk, "none");
  CHECK_TEXT(credentials.account_id, "", "none");
  world["AWS_ACCOUNT_ID"] = "123456789012 ";
  CHECK_STATUS(get(world.provider, credentials), Status::kOk, "given");
  CHECK_TEXT(credentials.account_id, "123456789012", "given");
}

void the_environment_is_read_anew(void**) {
  EnvironmentWorld world;
  check_given(world.provider, "AKENV", "SENV", "", "first");
  world["AWS_ACCESS_KEY_ID"] = "second";
  check_given(world.provider, "second", "SENV", "", "second");
  world.environment.table.clear();
  check_none(world.provider, Status::kNotFound, kNeitherSet, "unset");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(the_caller_s_are_handed_on),
      cmocka_unit_test(half_of_the_caller_s),
      cmocka_unit_test(nobody_s),
      cmocka_unit_test(a_pair_in_the_environment),
      cmocka_unit_test(white_space_is_no_part_of_a_value),
      cmocka_unit_test(either_name_of_the_token),
      cmocka_unit_test(half_a_pair_passes_on),
      cmocka_unit_test(an_expiration_in_the_environment),
      cmocka_unit_test(an_account_in_the_environment),
      cmocka_unit_test(the_environment_is_read_anew),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
