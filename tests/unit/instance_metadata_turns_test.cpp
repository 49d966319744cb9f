// Several who ask, and fetches that are abandoned.
#include "fakes/check_words.h"
#include "instance_metadata_fixture.h"

using namespace test;

namespace {

const std::string kRole = reply("200 OK", "my-role");

void one_fetch_at_a_time(void**) {
  MetadataWorld world;
  Call* first = nullptr;
  CHECK_STATUS(world.ask(first), Status::kPending, "first");
  CHECK(first != nullptr, "first");
  Call* other = first;
  CHECK_STATUS(world.ask(other), Status::kPending, "second");
  CHECK(other == nullptr, "second");
  other = first;
  CHECK_STATUS(world.ask_region(other), Status::kPending, "region");
  CHECK(other == nullptr, "region");
  CHECK_WORDS(contains(world.explanation(), "is being asked"), world.explanation());
  world.run(*first);
  check_found(world, "AKID", "whoever comes next has the credentials");
  CHECK(world.requests().size() == 3, "one fetch");
}

/// False: the fetch was over before.
bool cancel_after(int steps) {
  const std::string what = "cancelled after " + std::to_string(steps) + " steps";
  MetadataWorld world;
  Peer slow = peer_of(good_replies());
  slow.pending_advances = 1;
  slow.recv_piece = slow.send_piece = 40;
  slow.pend_between = true;
  world.transport.peers = {slow, peer_of(good_replies()), peer_of(good_replies())};
  Call* fetch = nullptr;
  CHECK_STATUS(world.ask(fetch), Status::kPending, what);
  CHECK_STATUS(world.connection().start(*fetch), Status::kOk, what);
  for (int i = 0; i < steps; ++i) {
    if (world.connection().step(world.time.now, world.time.wall) != Status::kPending) return false;
  }
  world.connection().cancel();
  for (char c : world.space.bytes()) CHECK(c == 0 || c == 0x5a, what + ": not wiped");
  // With a token that came in time the service is asked for the role first: the script is then one answer short.
  if (world.requests().size() > 1) world.transport.peers[1] = peer_of({kRole, credentials_reply()});
  check_found(world, "AKID", what);
  return true;
}

void a_cancelled_fetch_leaves_nothing_behind(void**) {
  int steps = 0;
  while (cancel_after(steps)) ++steps;
  CHECK(steps > 15, "cancelled at " + std::to_string(steps) + " places");
  MetadataWorld world;
  Call* fetch = nullptr;
  CHECK_STATUS(world.ask(fetch), Status::kPending, "never begun");
  fetch->on_cancel();
  CHECK_STATUS(world.ask_region(fetch), Status::kPending, "region");
  fetch->on_cancel();
  check_found(world, "AKID", "after both were cancelled");
}

// Nobody came to take what a fetch had brought: the region need not wait for that.
void credentials_that_nobody_takes(void**) {
  MetadataWorld world;
  Call* fetch = nullptr;
  CHECK_STATUS(world.ask(fetch), Status::kPending, "credentials");
  world.run(*fetch);
  world.time.pass(5000);
  world.transport.peers.push_back(peer_of({reply("200 OK", "eu-west-3"), kRole, credentials_reply("NEW")}));
  CHECK_STATUS(world.find_region(), Status::kOk, "region");
  check_found(world, "NEW", "credentials");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(one_fetch_at_a_time),
      cmocka_unit_test(a_cancelled_fetch_leaves_nothing_behind),
      cmocka_unit_test(credentials_that_nobody_takes),
  };
  return cmocka_run_group_tests_name("instance_metadata_turns", tests, nullptr, nullptr);
}
