// Profiles that lead nowhere, change under way, or are given up; what is said about them, and what stays behind.
#include "fakes/check_words.h"
#include "profile_credentials_fixture.h"

using namespace test;

namespace {

void no_profile(void**) {
  ProfileWorld world;
  check_fails(world, Status::kNotFound, "no files");
  world.environment.table["AWS_PROFILE"] = "gone";
  check_fails(world, Status::kProfileNotFound, "named by a variable");
  check_says(world, {"gone"});
  world.environment.table.erase("AWS_PROFILE");
  world.end();
  world.options.profile = "gone";
  check_fails(world, Status::kProfileNotFound, "named by the caller");
  check_says(world, {"gone"});
  ProfileWorld plain("[default]\nregion = eu-west-1\n");
  check_fails(plain, Status::kNotFound, "nothing about credentials");
  ProfileWorld without;
  without.has_files = false;
  const Status status = without.get();
  CHECK(status == Status::kNotFound || status == Status::kUnsupported, "no files at all: " + text(status));
  without.explain();
}

struct Broken {
  const char* config;
  Status status;
  std::vector<std::string> said;
};

void broken_profiles(void**) {
  const std::vector<Broken> list = {
      {"[profile a]\nrole_arn = r\n", Status::kProfileInvalid, {"a"}},
      {"[profile a]\nrole_arn = r\nsource_profile = b\ncredential_source = Environment\n",
       Status::kProfileInvalid,
       {}},
      {"[profile a]\nrole_arn = r\ncredential_source = Nowhere\n", Status::kProfileInvalid, {"credential_source"}},
      {"[profile a]\nrole_arn = r\nsource_profile = missingone\n", Status::kProfileInvalid, {"missingone"}},
      {"[profile a]\nrole_arn = r\nsource_profile = bb\n[profile bb]\nrole_arn = r\nsource_profile = a\n",
       Status::kProfileInvalid,
       {"bb"}},
      {"[profile a]\nrole_arn = r\nsource_profile = bb\n[profile bb]\nregion = r\n", Status::kProfileInvalid, {"bb"}},
      {"[profile a]\nweb_identity_token_file = /jwt\n", Status::kProfileInvalid, {"role_arn"}},
      {"[profile a]\naws_access_key_id = AKID\n", Status::kCredentialsIncomplete, {"aws_secret_access_key"}},
      {"[profile a]\naws_secret_access_key = hushhushhush\n", Status::kCredentialsIncomplete, {"aws_access_key_id"}},
      {"[profile a]\nrole_arn = r\nsource_profile = bb\nmfa_serial = m\n[profile bb]\naws_access_key_id = i\n"
       "aws_secret_access_key = hushhushhush\n",
       Status::kUnsupported,
       {"mfa"}},
      {"[profile a]\nsso_session = s\nsso_account_id = 1\nsso_role_name = n\n[sso-session s]\nsso_region = r\n"
       "sso_start_url = u\n",
       Status::kUnsupported,
       {"a"}},
      {"[profile a]\nregion = r\nthis is no line\n", Status::kMalformedFile, {kConfigFile, "3"}},
      {"[profile a\nregion = r\n", Status::kMalformedFile, {kConfigFile, "1"}},
  };
  for (const Broken& broken : list) {
    ProfileWorld world(broken.config);
    world.know("x", "hushhushhush");
    world.options.profile = "a";
    check_fails(world, broken.status, broken.config);
    check_says(world, {"a"});
    check_says(world, broken.said);
    CHECK(world.transport.heard.empty(), "nothing is sent");
    world.files.table[kConfigFile] = "[profile a]\n" + keys_in(world, "AKIDGOOD");
    CHECK_STATUS(world.get(), Status::kOk, "mended");
    world.check_given("AKIDGOOD", "mended");
  }
}

void files_that_cannot_be_read(void**) {
  ProfileWorld world("[default]\n");
  world.files.table[kCredentialsFile] = "[default]\n" + keys_in(world, "AKID");
  world.files.piece = 20;
  CHECK_STATUS(world.get(), Status::kOk, "good");
  const int reads = world.files.reads;
  for (int read = 1; read <= reads; ++read) {
    world.files.reads = 0;
    world.files.fail_at_read = read;
    const Status status = world.get();  // a file whose first bytes can't be read counts as empty
    CHECK(status == Status::kFileUnreadable || status == Status::kNotFound || status == Status::kProfileInvalid,
          "read " + std::to_string(read) + ": " + text(status));
    world.check_space_clean("read " + std::to_string(read));
    CHECK_WORDS(!world.explain().empty(), "no explanation");
  }
  world.files.fail_at_read = INT_MAX;
  CHECK_STATUS(world.get(), Status::kOk, "afterwards");
}

void sources_without_credentials(void**) {
  for (const char* role : {"", "role_arn = r\n"}) {
    ProfileWorld world("[default]\ncredential_source = EcsContainer\n" + std::string(role));
    world.from_container.status = Status::kNotFound;
    check_fails(world, Status::kNoCredentials, "none");
    check_says(world, {"default"});
    world.from_container.status = Status::kCredentialsUnavailable;
    check_fails(world, Status::kCredentialsUnavailable, "its own error");
    world.from_container.status = Status::kOk;
    CHECK_STATUS(world.get(), Status::kOk, "afterwards");
    world.end();
    world.options.sources.container = nullptr;
    const Status status = world.get();
    CHECK(status == Status::kUnsupported || status == Status::kNoCredentials, "not in this build: " + text(status));
  }
}

// No role is asked for in nobody's name.
void sources_that_give_blanks(void**) {
  ProfileWorld world("[default]\nrole_arn = r\ncredential_source = EcsContainer\n");
  for (const char* blank : {"", " \t"}) {
    world.from_container.key_id = world.from_container.secret = blank;
    check_fails(world, Status::kNoCredentials, "nothing");
    world.from_container.key_id = "ASIACONT";
    check_fails(world, Status::kCredentialsIncomplete, "a key id alone");
  }
  CHECK(world.transport.heard.empty(), "nothing is sent");
}

void a_source_that_others_are_asking(void**) {
  ProfileWorld world("[default]\nrole_arn = r\ncredential_source = EcsContainer\n");
  world.from_container.is_busy = true;
  Call* fetch = nullptr;
  CHECK_STATUS(world.ask(world.provider(), fetch), Status::kPending, "a source that is busy");
  CHECK(fetch != nullptr, "a fetch that waits");
  CHECK_STATUS(world.connection.start(*fetch), Status::kOk, "start");
  const Instant begin = world.time.now;
  for (int i = 0; i < 50; ++i) CHECK(world.step(), "ended without credentials");
  CHECK(world.time.now - begin <= 50 * 50 && world.time.now - begin >= 500, "a wait of 20 ms or so");
  world.from_container.is_busy = false;
  while (world.step()) {
  }
  CHECK_STATUS(world.get(), Status::kOk, "no longer busy");
  world.check_given(world.last_key_id, "no longer busy");
}

void sts_says_no(void**) {
  ProfileWorld world(
      "[profile leaf]\nrole_arn = arn:leaf\nsource_profile = mid\n[profile mid]\nrole_arn = arn:mid\n"
      "source_profile = base\n");
  world.options.profile = "leaf";
  world.files.table[kCredentialsFile] = "[base]\n" + keys_in(world, "AKIDBASE");
  world.says(http("403 Forbidden", sts_error("AccessDenied", "no trust")));
  check_fails(world, Status::kCredentialsRefused, "the first role");
  check_says(world, {"leaf", "AccessDenied", "no trust"});
  const Server sts = world.transport.servers[kStsHost];
  world.transport.servers[kStsHost] = [&](const std::string& request) {
    if (!contains(request, "arn%3Aleaf")) return sts(request);
    return http("403 Forbidden", sts_error("AccessDenied", "no trust"));
  };
  check_fails(world, Status::kCredentialsRefused, "the second role");
  check_says(world, {"leaf", "AccessDenied"});
  world.transport.servers[kStsHost] = sts;
  for (int i = 0; i < 3; ++i) world.says(http("500 Oops", ""));
  check_fails(world, Status::kCredentialsUnavailable, "down");
  world.says(http("200 OK", "<html>"));
  check_fails(world, Status::kMalformedCredentials, "garbage");
  CHECK_STATUS(world.get(), Status::kOk, "afterwards");
  CHECK(!contains(world.explain(), "AccessDenied"), "an old remark: " + world.explain());
}

void a_web_identity_token_that_fails(void**) {
  ProfileWorld world("[default]\nrole_arn = r\nweb_identity_token_file = /var/jwt\n");
  check_fails(world, Status::kFileUnreadable, "missing");
  check_says(world, {"/var/jwt"});
  world.files.table["/var/jwt"] = "jwtsecretjwtsecret";
  world.know("jwt", "", "jwtsecretjwtsecret");
  CHECK_STATUS(world.get(), Status::kOk, "there");
  world.check_given(world.last_key_id, "there");
  world.explain();
  world.says(http("400 Bad Request", sts_error("ExpiredTokenException", "old")));
  check_fails(world, Status::kCredentialsRefused, "refused");
}

// A remark belongs to the failure that it was made about.
void old_remarks(void**) {
  ProfileWorld world("[default]\nrole_arn = r\nsource_profile = b\n");
  world.files.table[kCredentialsFile] = "[b]\n" + keys_in(world, "AKIDBASE");
  world.says(http("403 Forbidden", sts_error("AccessDenied", "no trust")));
  check_fails(world, Status::kCredentialsRefused, "refused");
  world.files.table[kConfigFile] = "[default]\ncredential_source = EcsContainer\n";
  world.from_container.status = Status::kCredentialsUnavailable;
  check_fails(world, Status::kCredentialsUnavailable, "another failure");
  CHECK(!contains(world.explain(), "AccessDenied"), world.explain());
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(no_profile),
      cmocka_unit_test(broken_profiles),
      cmocka_unit_test(files_that_cannot_be_read),
      cmocka_unit_test(sources_without_credentials),
      cmocka_unit_test(sources_that_give_blanks),
      cmocka_unit_test(a_source_that_others_are_asking),
      cmocka_unit_test(sts_says_no),
      cmocka_unit_test(a_web_identity_token_that_fails),
      cmocka_unit_test(old_remarks),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
