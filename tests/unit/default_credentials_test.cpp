// The default chain: which place gives, which one stops the search, and what is said about it.
// Covers C31: a profile and keys at once.
#include "default_credentials_fixture.h"
#include "fakes/check_words.h"

using namespace test;

namespace {

void set_environment(DefaultWorld& world) {
  world.know("AKIDENV", "environmentsecret/+ab", "environmenttoken/+");
  world.environment.table["AWS_ACCESS_KEY_ID"] = "AKIDENV";
  world.environment.table["AWS_SECRET_ACCESS_KEY"] = "environmentsecret/+ab";
  world.environment.table["AWS_SESSION_TOKEN"] = "environmenttoken/+";
}
void set_profile(DefaultWorld& world, const std::string& name = "default") {
  world.know("AKIDFILE", "filesecret/+abcdefg");
  world.files.table["/h/.aws/credentials"] =
      "[" + name + "]\naws_access_key_id = AKIDFILE\naws_secret_access_key = filesecret/+abcdefg\n";
}
void set_web_identity(DefaultWorld& world) {
  world.environment.table["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/jwt";
  world.environment.table["AWS_ROLE_ARN"] = "arn:aws:iam::123456789012:role/web";
  world.files.table["/jwt"] = "jwtsecretjwtsecret";
  world.know("jwt", "", "jwtsecretjwtsecret");
}
void set_container(DefaultWorld& world) {
  world.environment.table["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/creds";
}

void check_gives(DefaultWorld& world, const std::string& prefix, const std::string& place) {
  const Status status = world.get();
  CHECK_STATUS(status, Status::kOk, place + ": " + world.explain());
  const std::string key_id(world.credentials.access_key_id);
  CHECK(key_id.find(prefix) == 0, place + " gave " + key_id);
  world.check_given(key_id, place);
  CHECK_TEXT(world.provider().describe(), place, "which place");
}

void order_of_places(void**) {
  void (*const set[])(DefaultWorld&) = {set_environment, [](DefaultWorld& world) { set_profile(world); },
                                        set_web_identity, set_container, [](DefaultWorld&) {}};
  const char* const prefixes[] = {"AKIDENV", "AKIDFILE", "ASIArole", "ASIAcontainer", "ASIAimds"};
  const char* const places[] = {"environment", "profile", "web identity", "container", "instance metadata"};
  for (size_t first = 0; first < 5; ++first) {
    DefaultWorld world;
    for (size_t i = first; i < 5; ++i) set[i](world);
    check_gives(world, prefixes[first], places[first]);
    const std::string words = world.explain();
    CHECK_WORDS(count(words, "\n") == first, "a line for each place that was asked: " + words);
    size_t at = 0;
    for (size_t i = 0; i <= first; ++i) {
      const size_t found = words.find(places[i], at);
      CHECK_WORDS(found != std::string::npos, std::string(places[i]) + " is not in its turn in: " + words);
      at = found;
    }
    const size_t requests = world.transport.heard.size();
    check_gives(world, prefixes[first], places[first]);
    CHECK(world.transport.heard.size() == requests, "the second get sends nothing");
  }
}

void no_place_at_all(void**) {
  DefaultWorld world;
  world.environment.table["AWS_EC2_METADATA_DISABLED"] = "true";
  CHECK_STATUS(world.get(), Status::kNotFound, "nowhere");
  const std::string words = world.explain();
  CHECK_WORDS(count(words, "\n") == 4, "five places: " + words);
  set_environment(world);
  world.time.pass(100000);
  check_gives(world, "AKIDENV", "environment");
}

// Configured and failing: no later place is asked.
void a_place_that_fails_ends_the_search(void**) {
  const auto check = [](DefaultWorld& world, Status status, size_t lines, const std::string& what) {
    world.platform.random_byte = 0;
    const Status answer = world.get();
    CHECK_STATUS(answer, status, what + ": " + world.explain());
    CHECK_WORDS(count(world.explain(), "\n") == lines, what + ": " + world.explain());
    CHECK(world.transport.requests_to(kMetadataHost) == 0, what + ": the instance was asked all the same");
  };
  DefaultWorld environment;
  set_environment(environment);
  environment.environment.table["AWS_CREDENTIAL_EXPIRATION"] = "soon";
  check(environment, Status::kMalformedCredentials, 0, "environment");
  DefaultWorld expired;
  set_environment(expired);
  expired.environment.table["AWS_CREDENTIAL_EXPIRATION"] = "2015-08-30T12:35:59Z";
  check(expired, Status::kCredentialsExpired, 0, "expired");
  DefaultWorld profile;
  profile.environment.table["AWS_PROFILE"] = "gone";
  check(profile, Status::kProfileNotFound, 1, "profile");
  DefaultWorld malformed;
  malformed.files.table["/h/.aws/config"] = "nonsense\n";
  malformed.environment.table["AWS_REGION"] = "eu-west-1";
  set_container(malformed);
  check(malformed, Status::kMalformedFile, 1, "malformed file");
  DefaultWorld web;
  set_web_identity(web);
  web.environment.table.erase("AWS_ROLE_ARN");
  check(web, Status::kCredentialsIncomplete, 2, "web identity");
  DefaultWorld refused;
  set_web_identity(refused);
  set_container(refused);
  refused.transport.queued[kStsHost].push_back(http("403 Forbidden", sts_error("AccessDenied", "no")));
  check(refused, Status::kCredentialsRefused, 2, "web identity, refused");
  CHECK(refused.transport.requests_to(kContainerHost) == 0, "the container was asked all the same");
  DefaultWorld container;
  set_container(container);
  container.transport.servers[kContainerHost] = [](const std::string&) { return http("404 Not Found", ""); };
  const Status status = container.get();
  CHECK(status == Status::kCredentialsRefused || status == Status::kCredentialsUnavailable, text(status));
  CHECK(container.transport.requests_to(kMetadataHost) == 0, "container: the instance was asked all the same");
}

void half_a_pair_in_the_environment(void**) {
  DefaultWorld world;
  set_environment(world);
  world.environment.table["AWS_SECRET_ACCESS_KEY"] = " ";
  set_profile(world);
  check_gives(world, "AKIDFILE", "profile");
  CHECK_TEXT(world.credentials.session_token, "", "no token of another place");
  CHECK_WORDS(contains(world.explain(), "AWS_SECRET_ACCESS_KEY"), world.explain());
}

void a_profile_that_the_caller_names(void**) {
  DefaultWorld world;
  world.options.profile = "mine";
  set_environment(world);
  set_profile(world, "mine");
  check_gives(world, "AKIDFILE", "profile");
  CHECK(!contains(world.explain(), "environment"), "not asked: " + world.explain());
  DefaultWorld gone;
  gone.options.profile = "mine";
  set_environment(gone);
  CHECK_STATUS(gone.get(), Status::kProfileNotFound, "it must be there");
  DefaultWorld by_variable;
  by_variable.environment.table["AWS_PROFILE"] = "mine";
  set_environment(by_variable);
  set_profile(by_variable, "mine");
  check_gives(by_variable, "AKIDENV", "environment");
}

void profiles_in_the_chain(void**) {
  DefaultWorld role;
  set_environment(role);
  role.options.profile = "r";
  role.files.table["/h/.aws/config"] =
      "[profile r]\nrole_arn = arn\ncredential_source = Environment\nregion = eu-west-1\n";
  role.environment.table.erase("AWS_REGION");
  check_gives(role, "ASIArole", "profile");
  CHECK_TEXT(role.last_signer, "AKIDENV", "credential_source = Environment");
  for (const char* source : {"EcsContainer", "Ec2InstanceMetadata"}) {
    DefaultWorld fetched;
    set_container(fetched);
    fetched.token_size = 4096;
    fetched.files.table["/h/.aws/config"] = "[default]\nrole_arn = arn\ncredential_source = " + std::string(source);
    check_gives(fetched, "ASIArole", "profile");
    CHECK(fetched.last_signer.find("ASIA") == 0, fetched.last_signer);
  }
  DefaultWorld process;
  process.files.table["/h/.aws/config"] = "[default]\ncredential_process = p\n";
  process.know("ASIAPROC", "processsecret/+abc");
  process.processes.output = R"({"Version":1,"AccessKeyId":"ASIAPROC","SecretAccessKey":"processsecret/+abc"})";
  check_gives(process, "ASIAPROC", "profile");
}

void neither_files_nor_processes(void**) {
  DefaultWorld world;
  world.has_files = false;
  set_container(world);
  check_gives(world, "ASIAcontainer", "container");
  DefaultWorld instance;
  instance.has_files = false;
  check_gives(instance, "ASIAimds", "instance metadata");
  DefaultWorld web;
  web.has_files = false;
  set_web_identity(web);
  CHECK_STATUS(web.get(), Status::kUnsupported, "a token file, and no files");
}

void invalidated(void**) {
  DefaultWorld world;
  set_container(world);
  check_gives(world, "ASIAcontainer1", "container");
  world.provider().invalidate();
  check_gives(world, "ASIAcontainer2", "container");
}

void refreshed(void**) {
  DefaultWorld world;
  set_container(world);
  check_gives(world, "ASIAcontainer1", "container");
  world.time.pass(3000000);
  check_gives(world, "ASIAcontainer1", "container");
  world.time.pass(590000);
  check_gives(world, "ASIAcontainer2", "container");
  world.provider();
  world.transport.servers[kContainerHost] = [](const std::string&) { return http("500 Oops", ""); };
  world.time.pass(4000000);
  CHECK(world.get() != Status::kOk, "expired, and no newer ones");
}

void settings_of_the_chain(void**) {
  DefaultWorld world;
  world.environment.table.erase("AWS_REGION");
  world.files.table["/h/.aws/config"] = "[default]\nregion = eu-west-1\nendpoint_url = https://other.example\n";
  ServiceSettings found;
  CHECK_STATUS(world.provider().settings()->get("dynamodb", found), Status::kOk, "settings");
  CHECK_TEXT(found.region, "eu-west-1", "region");
  CHECK_TEXT(found.endpoint_url, "https://other.example", "endpoint");
}

void at_its_end(void**) {
  alignas(DefaultCredentials) static char memory[sizeof(DefaultCredentials)];
  DefaultWorld world;
  world.environment.table["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/creds";
  auto* provider = new (memory) DefaultCredentials(world.port(), {});
  CHECK_STATUS(static_cast<ChainWorld&>(world).get(*provider), Status::kOk, "get");
  CHECK(!world.secret_in({memory, sizeof memory}).empty(), "they are kept in it");
  provider->~DefaultCredentials();
  world.check_no_secret({memory, sizeof memory}, "memory of the provider");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(order_of_places),
      cmocka_unit_test(no_place_at_all),
      cmocka_unit_test(a_place_that_fails_ends_the_search),
      cmocka_unit_test(half_a_pair_in_the_environment),
      cmocka_unit_test(a_profile_that_the_caller_names),
      cmocka_unit_test(profiles_in_the_chain),
      cmocka_unit_test(neither_files_nor_processes),
      cmocka_unit_test(invalidated),
      cmocka_unit_test(refreshed),
      cmocka_unit_test(settings_of_the_chain),
      cmocka_unit_test(at_its_end),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
