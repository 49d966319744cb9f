// The memory that a profile is followed in: long tokens, too little of it, and sources that answer in it.
#include "profile_credentials_fixture.h"

using namespace test;

namespace {

const std::string kRoleA = "role_arn = a\nsource_profile = b\n";

// "The sources may answer in the same space."
class SameSpaceSource final : public CredentialsProvider {
 public:
  SameSpaceSource(MutBytes space, const FixedCredentials& given) : space_(space), given_(given) {}
  Status get(Instant, UnixTime, Credentials& credentials, Call*&) override {
    size_t at = 7;
    const auto put = [&](const std::string& text) {
      memcpy(space_.data() + at, text.data(), text.size());
      at += text.size();
      return Str(space_.data() + at - text.size(), text.size());
    };
    credentials.session_token = put(given_.token);
    credentials.secret_access_key = put(given_.secret);
    credentials.access_key_id = put(given_.key_id);
    return Status::kOk;
  }
  Str describe() const override { return "same space"; }
  IoResult explain(MutBytes) const override { return {}; }

 private:
  MutBytes space_;
  FixedCredentials given_;
};

void a_source_in_the_same_space(void**) {
  for (const char* role : {"", "role_arn = r\n"}) {
    ProfileWorld world("[default]\ncredential_source = EcsContainer\n" + std::string(role));
    world.token_size = 4096;
    SameSpaceSource source(world.space.bytes(), world.issue("same"));
    world.options.sources.container = &source;
    CHECK_STATUS(world.get(), Status::kOk, "the same space");
    world.check_given(world.last_key_id, "the same space");
    world.end();
    world.check_space_clean("the same space");
  }
}

void long_tokens_through_two_roles(void**) {
  ProfileWorld world;
  world.token_size = 4096;
  world.options.profile = "a";
  const std::string long_value(200, 'x');
  world.files.table[kConfigFile] = "[profile a]\n" + kRoleA + "external_id = " + long_value +
                                   "\n[profile b]\nrole_arn = b\nexternal_id = " + long_value +
                                   "\nsource_profile = c\n[profile c]\n" +
                                   keys_in(world, "AKIDBASE", std::string(4096, 'T'));
  for (int i = 0; i < 3; ++i) {
    CHECK_STATUS(world.get(), Status::kOk, "long tokens");
    world.check_given(world.last_key_id, "long tokens");
    CHECK(world.credentials.session_token.size() == 4096, "long tokens");
  }
}

void spaces_of_every_size(void**) {
  size_t enough = 0;
  for (size_t size = 0; size <= 2400; size += 13) {
    ProfileWorld world({}, size);
    world.options.profile = "a";
    world.files.table[kConfigFile] = "[profile a]\n" + kRoleA + "[profile b]\nrole_arn = b\nsource_profile = c\n" +
                                     "[profile c]\n" + keys_in(world, "AKIDBASE");
    const std::string what = "space of " + std::to_string(size);
    const Status status = world.get();
    if (status == Status::kOk) {
      world.check_given(world.last_key_id, what);
      if (enough == 0) enough = size;
    } else {
      CHECK_STATUS(status, Status::kValueTooLong, what);
      CHECK(enough == 0, what + ": too small, though less was enough");
      world.check_space_clean(what);
      world.explain();
    }
  }
  CHECK(enough > 400, "enough: " + std::to_string(enough));
}

// The question's values are kept whole, however little is left of the space.
void questions_in_spaces_of_every_size(void**) {
  size_t asked = 0;
  for (size_t size = 0; size < 500; ++size) {
    ProfileWorld world(
        "[default]\nrole_arn = arn:r\nrole_session_name = session\nduration_seconds = 3600\n"
        "web_identity_token_file = /jwt-in-a-file\n",
        size);
    world.files.table["/jwt-in-a-file"] = "jwtsecretjwtsecret";
    const Status status = world.get();
    CHECK(status == Status::kValueTooLong || status == Status::kOk, std::to_string(size) + ": " + text(status));
    if (world.forms.empty()) continue;
    ++asked;
    CHECK_TEXT(world.forms[0]["RoleArn"], "arn:r", std::to_string(size));
    CHECK_TEXT(world.forms[0]["RoleSessionName"], "session", std::to_string(size));
    CHECK_TEXT(world.forms[0]["DurationSeconds"], "3600", std::to_string(size));
    CHECK_TEXT(world.forms[0]["WebIdentityToken"], "jwtsecretjwtsecret", std::to_string(size));
  }
  CHECK(asked > 300, "asked " + std::to_string(asked));
}

void keys_that_do_not_fit(void**) {
  for (size_t size = 0; size < 200; ++size) {
    ProfileWorld world({}, size);
    world.files.table[kCredentialsFile] = "[default]\n" + keys_in(world, "AKIDBASE", "basetoken/+0123456789");
    const Status status = world.get();
    if (status == Status::kOk) {
      world.check_given("AKIDBASE", std::to_string(size));
      CHECK(size > 50, std::to_string(size));
    } else {
      CHECK_STATUS(status, Status::kValueTooLong, std::to_string(size));
      world.check_space_clean(std::to_string(size));
    }
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_source_in_the_same_space),
      cmocka_unit_test(long_tokens_through_two_roles),
      cmocka_unit_test(keys_that_do_not_fit),
      cmocka_unit_test(spaces_of_every_size),
      cmocka_unit_test(questions_in_spaces_of_every_size),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
