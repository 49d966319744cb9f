// Profiles followed to credentials: every base with and without roles, and what it takes.
// Covers C30: a secret with every odd character.
#include "fakes/check_words.h"
#include "profile_credentials_fixture.h"

using namespace test;

namespace {

const std::string kRoleA = "role_arn = a\nsource_profile = b\n";

void check_given(ProfileWorld& world, const std::string& key_id, const std::string& what) {
  const Status status = world.get();
  CHECK_STATUS(status, Status::kOk, what + ": " + world.explain());
  world.check_given(key_id, what);
  CHECK(!world.files.is_open, what + ": a file is left open");
  CHECK(!world.processes.running, what + ": a program is left behind");
}

void keys_at_once(void**) {
  ProfileWorld world;
  world.files.table[kCredentialsFile] =
      "[default]\n" + keys_in(world, "AKIDSTATIC") + "aws_account_id = 123456789012\n";
  CHECK_TEXT(world.provider().describe(), "profile", "describe");
  Call* fetch = nullptr;
  CHECK_STATUS(world.ask(world.provider(), fetch), Status::kOk, "at once");
  CHECK(fetch == nullptr, "nothing to fetch");
  world.check_given("AKIDSTATIC", "keys");
  CHECK_TEXT(world.credentials.account_id, "123456789012", "account");
  CHECK(world.credentials.expiration.seconds == kNoExpiration.seconds, "they do not expire");
  CHECK_WORDS(contains(world.explain(), "default"), world.explain());
}

void a_secret_like_no_other(void**) {
  ProfileWorld world;
  world.files.table[kCredentialsFile] =
      "\n# c\r\n[default] ; c\r\naws_access_key_id=AKID\r\naws_secret_access_key = a//b==c#d;e  # comment\r\n"
      "aws_session_token = t=t#t";
  world.know("AKID", "a//b==c#d;e", "t=t#t");
  check_given(world, "AKID", "C30");
}

// A token belongs to its keys: one that stands beside others is left out.
void keys_and_token_of_two_files(void**) {
  ProfileWorld world;
  world.files.table[kConfigFile] =
      "[default]\naws_access_key_id = AKIDCONFIG\naws_secret_access_key = c\naws_session_token = OFOTHERS\n"
      "aws_account_id = 123456789012\n";
  world.files.table[kCredentialsFile] = "[default]\n" + keys_in(world, "AKIDSTATIC");
  check_given(world, "AKIDSTATIC", "two files");
  CHECK_TEXT(world.credentials.session_token, "", "no token of other keys");
  CHECK_TEXT(world.credentials.account_id, "", "nor their account");
}

void the_caller_says_where_sts_is(void**) {
  ProfileWorld world;
  world.options.sts.region = "ap-south-1";
  world.files.table[kConfigFile] =
      "[default]\nrole_arn = a\nsource_profile = b\n[profile b]\n" + keys_in(world, "AKIDSTATIC");
  world.transport.servers["sts.ap-south-1.amazonaws.com"] = world.transport.servers[kStsHost];
  CHECK_STATUS(world.get(), Status::kOk, world.explain());
  CHECK_TEXT(world.transport.heard.back().host, "sts.ap-south-1.amazonaws.com", "host");
}

void which_profile(void**) {
  ProfileWorld world;
  world.files.table[kCredentialsFile] = "[default]\n" + keys_in(world, "AKIDDEFAULT") + "[two]\n" +
                                        keys_in(world, "AKIDTWO") + "[three]\n" + keys_in(world, "AKIDTHREE");
  check_given(world, "AKIDDEFAULT", "default");
  world.environment.table["AWS_DEFAULT_PROFILE"] = "two";
  check_given(world, "AKIDTWO", "AWS_DEFAULT_PROFILE");
  world.environment.table["AWS_PROFILE"] = "three";
  check_given(world, "AKIDTHREE", "AWS_PROFILE");
  world.end();
  world.options.profile = "two";
  check_given(world, "AKIDTWO", "named by the caller");
}

void keys_that_are_rotated(void**) {
  ProfileWorld world;
  for (const char* key_id : {"AKIDLONGERTHANTHEOTHERS", "AKID2", "AKID3"}) {
    world.files.table[kCredentialsFile] = "[default]\n" + keys_in(world, key_id);
    check_given(world, key_id, "rotated");
  }
  const Bytes space(world.space.bytes().data(), world.space.bytes().size());
  CHECK(!contains(space, "AKIDLONGERTHANTHEOTHERSsecret") && !contains(space, "AKID2secret"), "old secrets stay");
  world.files.table.clear();
  check_fails(world, Status::kNotFound, "gone");
  world.end();
  world.check_space_clean("at its end");
}

struct Base {
  const char* name;
  const char* text;
  const char* key_id;  ///< Empty: STS gives the base itself.
};

const Base kBases[] = {
    {"keys", "", "AKIDBASE"},
    {"environment", "credential_source = Environment\n", "AKIDENV"},
    {"instance metadata", "credential_source = Ec2InstanceMetadata\n", "ASIAMETA"},
    {"container", "credential_source = EcsContainer\n", "ASIACONT"},
    {"process", "credential_process = prog x\n", "ASIAPROC"},
    {"web identity", "role_arn = w\nweb_identity_token_file = /jwt\n", ""},
};

// Profile a, and b and c behind it, of which the last is or has the base.
std::string config_of(ProfileWorld& world, const Base& base, int roles) {
  const std::string text = base.text[0] != '\0' ? base.text : keys_in(world, "AKIDBASE", "basetoken/+0123456789");
  world.processes.output = process_output(world, "ASIAPROC");
  world.files.table["/jwt"] = "jwtjwtjwt";
  const bool beside_a_role = text.find("credential_source") == 0;
  const char* const names = "abc";
  std::string config;
  for (int i = 0; i < roles; ++i) {
    const std::string name(1, names[i]);
    config += "[profile " + name + "]\nrole_arn = " + name + "\n";
    if (beside_a_role && i == roles - 1) return config + text;
    config += "source_profile = " + std::string(1, names[i + 1]) + "\n";
  }
  return config + "[profile " + std::string(1, names[roles]) + "]\n" + text;
}

void check_chain(const Base& base, int roles, bool fetching) {
  const std::string what = std::string(base.name) + " and " + std::to_string(roles) + " roles";
  ProfileWorld world;
  world.options.profile = "a";
  world.files.table[kConfigFile] = config_of(world, base, roles);
  for (ScriptedSource* source : {&world.from_environment, &world.from_metadata, &world.from_container}) {
    source->has_fetch = fetching;
    source->call.script = {{Next::Action::kAgain, {}}, {Next::Action::kWait, Instant{1200}}};
  }
  std::string signers;
  const Server sts = world.transport.servers[kStsHost];
  world.transport.servers[kStsHost] = [&](const std::string& request) {
    const std::string answer = sts(request);
    signers += world.last_signer + " ";
    return answer;
  };
  for (int round = 0; round < 2; ++round) {
    signers.clear();
    world.forms.clear();
    const bool is_web = base.key_id[0] == '\0';
    const std::string n = std::to_string(round * (roles + (is_web ? 1 : 0)) + 1),
                      m = std::to_string(std::stoi(n) + 1);
    const Status status = world.get();
    CHECK_STATUS(status, Status::kOk, what + ": " + world.explain());
    world.check_given(roles > 0 || is_web ? world.last_key_id : base.key_id, what);
    const char* const roles_asked[] = {"", "a ", "b a "};
    CHECK_TEXT(world.roles(), (is_web ? "w " : "") + std::string(roles_asked[roles]), what);
    std::string expected = is_web ? " " : "";
    if (roles > 0) expected += (is_web ? "ASIArole" + n : base.key_id) + " ";
    if (roles > 1) expected += "ASIArole" + (is_web ? m : n) + " ";
    CHECK_TEXT(signers, expected, what + ": who signed");
    world.explain();
  }
  world.end();
  world.check_space_clean(what);
}

void every_base_with_roles(void**) {
  for (const Base& base : kBases) {
    for (int roles = 0; roles <= 2; ++roles) {
      check_chain(base, roles, false);
      check_chain(base, roles, true);
    }
  }
}

void what_a_role_says(void**) {
  ProfileWorld world;
  world.options.profile = "a";
  world.files.table[kConfigFile] =
      "[profile a]\n" + kRoleA + "role_session_name = me\nexternal_id = x/1\nduration_seconds = 900\n[profile b]\n" +
      keys_in(world, "AKIDBASE");
  CHECK_STATUS(world.get(), Status::kOk, "role");
  CHECK_TEXT(world.forms[0]["RoleSessionName"], "me", "session");
  CHECK_TEXT(world.forms[0]["ExternalId"], "x/1", "external id");
  CHECK_TEXT(world.forms[0]["DurationSeconds"], "900", "duration");
  CHECK_TEXT(world.credentials.account_id, "123456789012", "account");
  CHECK(world.credentials.issued.seconds == world.platform.unix_time().seconds, "issued");
}

void keys_and_a_role_in_one_profile(void**) {
  ProfileWorld world;
  world.files.table[kConfigFile] = "[default]\nrole_arn = r\nsource_profile = default\n";
  world.files.table[kCredentialsFile] = "[default]\n" + keys_in(world, "AKIDSELF");
  CHECK_STATUS(world.get(), Status::kOk, "itself");
  world.check_given(world.last_key_id, "itself");
  CHECK_TEXT(world.last_signer, "AKIDSELF", "itself");
}

void settings_for_sts(void**) {
  ProfileWorld world;
  world.options.profile = "a";
  world.options.settings = &world.settings;
  world.environment.table.erase("AWS_REGION");
  world.settings.configured.region = "us-west-2";
  world.transport.servers["sts.us-west-2.amazonaws.com"] = world.transport.servers[kStsHost];
  world.files.table[kConfigFile] = "[profile a]\n" + kRoleA + "[profile b]\n" + keys_in(world, "AKIDBASE");
  CHECK(world.provider().settings() == &world.settings, "handed on");
  CHECK_STATUS(world.get(), Status::kOk, "role");
  CHECK_TEXT(world.transport.heard[0].host, "sts.us-west-2.amazonaws.com", "the profile's region");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(keys_at_once),
      cmocka_unit_test(a_secret_like_no_other),
      cmocka_unit_test(keys_and_token_of_two_files),
      cmocka_unit_test(the_caller_says_where_sts_is),
      cmocka_unit_test(which_profile),
      cmocka_unit_test(keys_that_are_rotated),
      cmocka_unit_test(every_base_with_roles),
      cmocka_unit_test(what_a_role_says),
      cmocka_unit_test(keys_and_a_role_in_one_profile),
      cmocka_unit_test(settings_for_sts),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
