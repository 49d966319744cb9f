// The way to AWS IoT fails, is slow, or is left in the middle.
// Covers C29: ways to the server that fail.
#include "fakes/check_words.h"
#include "iot_fixture.h"

using namespace test;

namespace {

void ways_to_the_server(void**) {
  struct Row {
    Transport::State state;
    Status error, expected;
    size_t opens;
    const char* advice;
  };
  using State = Transport::State;
  const Status gone = Status::kCredentialsUnavailable;
  const Row rows[] = {
      {State::kResolving, Status::kResolveFailed, gone, 4, "check the endpoint"},
      {State::kConnecting, Status::kConnectFailed, gone, 4, "connection"},
      {State::kSecuring, Status::kTlsFailed, gone, 4, "certificate and key"},
      {State::kSecuring, Status::kCertificateRejected, gone, 1, "the clock"},
  };
  for (const Row& row : rows) {
    IotWorld world;
    Peer peer;
    peer.fails_in = row.state;
    peer.advance_error = row.error;
    world.transport.peers = {peer};
    CHECK_STATUS(world.fetch(), row.expected, row.advice);
    CHECK(world.transport.opens() == row.opens, row.advice);
    CHECK(world.provider().failure() == row.error, row.advice);
    CHECK_WORDS(contains(explained(world.provider()), row.advice), explained(world.provider()));
    world.transport.peers.assign(world.transport.opens() + 1, Peer(http("200 OK", kDocument)));
    check_given(world, "afterwards");
  }
}

// Four attempts, with waits of at most 50, 100 and 200 ms between them.
void slow_servers(void**) {
  Peer unconnected, silent, dripping;
  unconnected.connect_ms = 1000000000;
  dripping.answers.assign(4, {http("200 OK", std::string(4000, ' '))});
  for (Answer& answer : dripping.answers) {
    answer.drip = 10;
    answer.drip_ms = 9000;
  }
  const std::pair<Peer, int64_t> rows[] = {{unconnected, 10000}, {silent, 10000}, {dripping, 30000}};
  for (const auto& row : rows) {
    IotWorld world;
    world.transport.peers = {row.first};
    const Instant begin = world.time.now;
    CHECK_STATUS(world.fetch(), Status::kCredentialsUnavailable, std::to_string(row.second));
    const int64_t took = world.time.now - begin;
    CHECK(took >= 4 * row.second && took <= 4 * row.second + 350, "took " + std::to_string(took));
  }
}

void cancelled_everywhere(void**) {
  bool ended = false;
  for (int steps = 0; !ended; ++steps) {
    IotWorld world;
    world.answers({http("500 Oops", ""), http("200 OK", kDocument)});
    world.answers({http("200 OK", kDocument)});
    world.transport.peers[0].recv_piece = 20;
    world.transport.peers[0].pending_advances = 1;
    world.transport.peers[0].pend_between = true;
    Call* call = nullptr;
    CHECK_STATUS(world.get(world.provider(), call), Status::kPending, "first get");
    CHECK_STATUS(world.connection.start(*call), Status::kOk, "start");
    for (int i = 0; i < steps && !ended; ++i) {
      ended = !world.step();
      Call* second = call;
      if (!ended) CHECK_STATUS(world.get(world.provider(), second), Status::kPending, "second asker");
      if (!ended) CHECK(second == nullptr, "a second fetch");
    }
    if (ended) break;
    world.connection.cancel();
    CHECK(world.space_is_wiped(), "cancelled after " + std::to_string(steps) + " steps");
    check_given(world, "after a cancel");
  }
}

void secrets_are_wiped(void**) {
  IotWorld world;
  world.answers({http("200 OK", kDocument), http("403 No", ""), http("200 OK", kDocument)});
  check_given(world, "first");
  CHECK(world.space_holds("iotsecret") && !world.space_holds("accessKeyId"), "where the credentials are");
  CHECK_STATUS(world.fetch(), Status::kCredentialsRefused, "second");
  CHECK(world.space_is_wiped(), "after the next get");
  check_given(world, "third");
  world.end();
  CHECK(world.space_is_wiped(), "after its end");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(ways_to_the_server),
      cmocka_unit_test(slow_servers),
      cmocka_unit_test(cancelled_everywhere),
      cmocka_unit_test(secrets_are_wiped),
  };
  return cmocka_run_group_tests_name("iot_servers", tests, nullptr, nullptr);
}
