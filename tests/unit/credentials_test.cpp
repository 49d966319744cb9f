#include "tinyaws/providers.h"

#include <map>

#include "check.h"

using namespace tinyaws;

namespace {

class FakeEnvironment final : public Environment {
 public:
  Str variable(const char* name) const override {
    const auto found = variables.find(name);
    return found == variables.end() ? Str() : Str(found->second);
  }

  std::map<std::string, std::string> variables;
};

const char* const kBlanks[] = {"", " ", "\t", " \r\n\t "};

void assert_given(CredentialsProvider& provider, Str key_id, Str secret, Str token) {
  Credentials credentials;
  assert_status(provider.get({}, credentials), Status::kOk);
  assert_text(credentials.access_key_id, key_id);
  assert_text(credentials.secret_access_key, secret);
  assert_text(credentials.session_token, token);
}

void assert_none(CredentialsProvider& provider) {
  Credentials credentials = {"old id", "old secret", "old token"};
  assert_status(provider.get({}, credentials), Status::kNoCredentials);
}

void static_ones_are_handed_on(void**) {
  StaticCredentials with_token({"id", "secret", "token"});
  assert_given(with_token, "id", "secret", "token");
  StaticCredentials without_token({"id", "secret"});
  assert_given(without_token, "id", "secret", "");
  assert_false(without_token.describe().empty());
}

void static_ones_that_are_incomplete(void**) {
  for (Str blank : kBlanks) {
    StaticCredentials no_id({blank, "secret", "token"});
    assert_none(no_id);
    StaticCredentials no_secret({"id", blank, "token"});
    assert_none(no_secret);
  }
}

void environment_with_and_without_token(void**) {
  FakeEnvironment environment;
  EnvironmentCredentials provider(environment);
  environment.variables = {{"AWS_ACCESS_KEY_ID", "id"}, {"AWS_SECRET_ACCESS_KEY", "secret"}};
  assert_given(provider, "id", "secret", "");
  environment.variables["AWS_SESSION_TOKEN"] = "token";
  assert_given(provider, "id", "secret", "token");
}

void a_blank_token_is_none(void**) {
  FakeEnvironment environment;
  EnvironmentCredentials provider(environment);
  for (const char* blank : kBlanks) {
    environment.variables = {
        {"AWS_ACCESS_KEY_ID", "id"}, {"AWS_SECRET_ACCESS_KEY", "secret"}, {"AWS_SESSION_TOKEN", blank}};
    assert_given(provider, "id", "secret", "");
  }
}

void half_a_pair_is_none(void**) {
  FakeEnvironment environment;
  EnvironmentCredentials provider(environment);
  assert_none(provider);
  environment.variables = {{"AWS_ACCESS_KEY_ID", "id"}, {"AWS_SESSION_TOKEN", "token"}};
  assert_none(provider);
  environment.variables = {{"AWS_SECRET_ACCESS_KEY", "secret"}};
  assert_none(provider);
  for (const char* blank : kBlanks) {
    environment.variables = {{"AWS_ACCESS_KEY_ID", "id"}, {"AWS_SECRET_ACCESS_KEY", blank}};
    assert_none(provider);
    environment.variables = {{"AWS_ACCESS_KEY_ID", blank}, {"AWS_SECRET_ACCESS_KEY", "secret"}};
    assert_none(provider);
  }
}

void the_environment_is_read_anew(void**) {
  FakeEnvironment environment;
  EnvironmentCredentials provider(environment);
  assert_none(provider);
  environment.variables = {{"AWS_ACCESS_KEY_ID", "first"}, {"AWS_SECRET_ACCESS_KEY", "secret"}};
  assert_given(provider, "first", "secret", "");
  environment.variables["AWS_ACCESS_KEY_ID"] = "second";
  assert_given(provider, "second", "secret", "");
  environment.variables.clear();
  assert_none(provider);
}

// Whoever finds no credentials is told where they were looked for.
void the_environment_says_where_it_looks(void**) {
  FakeEnvironment environment;
  const EnvironmentCredentials provider(environment);
  assert_true(provider.describe().find("AWS_ACCESS_KEY_ID") != Str::npos);
  assert_true(provider.describe().find("AWS_SECRET_ACCESS_KEY") != Str::npos);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(static_ones_are_handed_on),
      cmocka_unit_test(static_ones_that_are_incomplete),
      cmocka_unit_test(environment_with_and_without_token),
      cmocka_unit_test(a_blank_token_is_none),
      cmocka_unit_test(half_a_pair_is_none),
      cmocka_unit_test(the_environment_is_read_anew),
      cmocka_unit_test(the_environment_says_where_it_looks),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
