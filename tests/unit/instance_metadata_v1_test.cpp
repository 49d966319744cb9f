// Asking without a token (IMDSv1).
// Covers C25: when it is asked without a token.
#include "instance_metadata_fixture.h"

using namespace test;

namespace {

using Outcome = MetadataOutcome;

const std::string kRole = reply("200 OK", "my-role");

const char* const kV1Role = "GET /latest/meta-data/iam/security-credentials/";

void check_version_1(MetadataWorld& world, bool falls_back, const std::string& what) {
  world.options.allow_v1 = true;
  const Status status = world.get();
  CHECK(falls_back == (status == Status::kOk), what + ": is " + text(status));
  const bool asked = world.requests().size() > 1 && world.requests()[1] == kV1Role;
  CHECK(asked == falls_back, what);
  if (falls_back) CHECK(!contains(world.transport.last_request(), "x-aws-ec2-metadata-token"), what);
}

void version_1_where_it_is_allowed(void**) {
  for (const char* status : {"403 A", "404 A", "405 A"}) {
    MetadataWorld world({reply(status, ""), kRole, credentials_reply()});
    check_version_1(world, true, status);
  }
  for (const char* status : {"400 A", "401 A", "302 A", "501 A"}) {
    MetadataWorld world({reply(status, ""), kRole, credentials_reply()});
    check_version_1(world, false, status);
  }
  MetadataWorld empty({token_reply(""), kRole, credentials_reply()});
  check_version_1(empty, true, "an empty token");
  MetadataWorld silent;
  silent.transport.peers = {peer_of({}), peer_of({kRole, credentials_reply()})};
  check_version_1(silent, true, "silence");
  CHECK(silent.time.now.ms == 2000, "after one second");
}

// The path to it may have changed: its answers need not come through any more.
void version_1_at_once_though_there_was_a_token(void**) {
  MetadataWorld world({token_reply("short", "0"), kRole, credentials_reply()});
  world.options.allow_v1 = true;
  check_found(world, "AKID", "with a token");
  world.time.pass(5000);
  world.transport.peers = {Peer(), peer_of({}), peer_of({kRole, credentials_reply("NEW")})};
  const Instant before = world.time.now;
  check_found(world, "NEW", "without");
  CHECK(world.time.now - before == 1000, "one attempt for the token");
}

void version_1_where_it_is_forbidden(void**) {
  for (const char* forbids : {"true", "TRUE"}) {
    MetadataWorld variable({reply("404 A", ""), kRole, credentials_reply()});
    variable.environment.table["AWS_EC2_METADATA_V1_DISABLED"] = forbids;
    check_version_1(variable, false, "variable");
    MetadataWorld profile({reply("404 A", ""), kRole, credentials_reply()});
    profile.options.profile.v1_disabled = forbids;
    check_version_1(profile, false, "profile");
  }
  MetadataWorld no({reply("404 A", ""), kRole, credentials_reply()});
  no.environment.table["AWS_EC2_METADATA_V1_DISABLED"] = "false";
  check_version_1(no, true, "false");
}

struct Flags {
  std::string variable, profile;
  bool falls_back;
};

void version_1_by_the_variable_before_the_profile(void**) {
  const Flags cases[] = {{"false", "true", true}, {"no", "true", true}, {"true", "false", false},
                         {"", "true", false},     {" ", "true", false}, {" TRUE ", "", false},
                         {"", "false", true},     {"false", "", true}};
  for (const Flags& flags : cases) {
    MetadataWorld world({reply("404 A", ""), kRole, credentials_reply()});
    world.environment.table["AWS_EC2_METADATA_V1_DISABLED"] = flags.variable;
    world.options.profile.v1_disabled = flags.profile;
    check_version_1(world, flags.falls_back, "\"" + flags.variable + "\", \"" + flags.profile + "\"");
  }
}

// Version 1 answers 401 where version 2 is required: no token can help, for none was to be had.
void version_1_that_is_refused(void**) {
  MetadataWorld world({reply("404 A", ""), reply("401 A", "")});
  world.options.allow_v1 = true;
  check_outcome(world, Status::kCredentialsRefused, Outcome::kForbidden, "401");
  CHECK(world.requests().size() == 2, "no second token");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(version_1_where_it_is_allowed),
      cmocka_unit_test(version_1_at_once_though_there_was_a_token),
      cmocka_unit_test(version_1_where_it_is_forbidden),
      cmocka_unit_test(version_1_by_the_variable_before_the_profile),
      cmocka_unit_test(version_1_that_is_refused),
  };
  return cmocka_run_group_tests_name("instance_metadata_v1", tests, nullptr, nullptr);
}
