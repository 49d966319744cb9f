// Where there is no service, no role or no region, and how long that is remembered.
// Covers C25: no service, and how long that is remembered.
#include "fakes/check_words.h"
#include "instance_metadata_fixture.h"

using namespace test;

namespace {

using Outcome = MetadataOutcome;

const std::string kRole = reply("200 OK", "my-role");

// For as long as it is remembered, nobody asks.
void check_remembered(MetadataWorld& world, Outcome outcome, int64_t patience, const std::string& what) {
  const Instant before = world.time.now;
  check_outcome(world, Status::kNotFound, outcome, what);
  const int64_t took = world.time.now - before;
  CHECK(took <= patience, what + ": took " + std::to_string(took));
  const size_t opens = world.transport.opens();
  const Instant end = world.time.now + world.options.unavailable_for_ms;
  for (Instant at : {world.time.now, Instant{end.ms - 1}}) {
    world.time.now = at;
    check_outcome(world, Status::kNotFound, outcome, what + ", remembered");
    CHECK_WORDS(!world.explanation().empty(), what);
  }
  CHECK(world.transport.opens() == opens, what + ": asked again too early");
  world.time.now = end;
  world.transport.peers = {peer_of(good_replies())};
  check_found(world, "AKID", what + ", at last");
}

void an_absent_service_is_remembered(void**) {
  MetadataWorld refusing;
  refusing.transport.peers = {refusing_peer()};
  check_remembered(refusing, Outcome::kUnavailable, 0, "refusing");
  MetadataWorld unreachable;
  unreachable.transport.peers = {unreachable_peer()};
  check_remembered(unreachable, Outcome::kUnavailable, 1000, "unreachable");
  MetadataWorld silent(std::vector<std::string>{});
  check_remembered(silent, Outcome::kUnavailable, 1000, "silent");
  MetadataWorld no_role({token_reply(), reply("404 Not Found", "")});
  no_role.options.unavailable_for_ms = 5000;
  check_remembered(no_role, Outcome::kNoRole, 0, "no role");
}

void words_of_absence(void**) {
  MetadataWorld world;
  world.transport.peers = {unreachable_peer()};
  CHECK_STATUS(world.get(), Status::kNotFound, "unreachable");
  CHECK_WORDS_TEXT(world.explanation(),
                   "instance metadata: http://169.254.169.254 did not answer (no connection within the time limit)",
                   "");
}

void absence_is_known_to_both(void**) {
  MetadataWorld world;
  world.transport.peers = {unreachable_peer()};
  CHECK_STATUS(world.find_region(), Status::kNotFound, "region");
  CHECK_STATUS(world.get(), Status::kNotFound, "credentials");
  CHECK(world.transport.opens() == 1, "asked once");
  CHECK_WORDS(contains(world.explanation(), "no connection"), world.explanation());
  MetadataWorld no_role({token_reply(), reply("404 Not Found", ""), reply("200 OK", "eu-west-3")});
  CHECK_STATUS(no_role.get(), Status::kNotFound, "no role");
  CHECK_STATUS(no_role.find_region(), Status::kOk, "but a region");
}

void a_missing_region_is_remembered(void**) {
  MetadataWorld world({token_reply(), reply("403 Forbidden", "")});
  CHECK_STATUS(world.find_region(), Status::kNotFound, "region");
  world.time.pass(59999);
  CHECK_STATUS(world.find_region(), Status::kNotFound, "remembered");
  CHECK(world.requests().size() == 2, "not asked again");
  world.time.pass(1);
  world.transport.peers.push_back(peer_of({reply("200 OK", "eu-west-3")}));
  CHECK_STATUS(world.find_region(), Status::kOk, "asked again");
}

// Time-outs of the connection are not repeated, all else is.
void a_service_that_was_there_is_unavailable(void**) {
  const std::pair<Peer, int64_t> absences[] = {{refusing_peer(), 0}, {unreachable_peer(), 1000}, {peer_of({}), 3000}};
  for (const auto& absence : absences) {
    MetadataWorld world;
    check_found(world, "AKID", "first");
    world.time.pass(5000);
    world.transport.peers = {Peer(), absence.first};
    const Instant before = world.time.now;
    check_outcome(world, Status::kCredentialsUnavailable, Outcome::kUnavailable, "later");
    CHECK(world.time.now - before == absence.second, "took " + std::to_string(world.time.now - before));
    CHECK(world.transport.opens() == (absence.second == 1000 ? 2 : 4), std::to_string(world.transport.opens()));
    world.transport.peers = {peer_of({kRole, credentials_reply("NEW")})};
    check_found(world, "NEW", "at once when it is back");
  }
}

void an_endpoint_that_was_named_is_unavailable(void**) {
  MetadataWorld world;
  world.environment.table["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "http://mock";
  world.transport.peers = {refusing_peer()};
  check_outcome(world, Status::kCredentialsUnavailable, Outcome::kUnavailable, "named");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(an_absent_service_is_remembered),
      cmocka_unit_test(words_of_absence),
      cmocka_unit_test(absence_is_known_to_both),
      cmocka_unit_test(a_missing_region_is_remembered),
      cmocka_unit_test(a_service_that_was_there_is_unavailable),
      cmocka_unit_test(an_endpoint_that_was_named_is_unavailable),
  };
  return cmocka_run_group_tests_name("instance_metadata_absence", tests, nullptr, nullptr);
}
