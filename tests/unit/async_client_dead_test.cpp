// Kept connections that died, seen and unseen, and those that must not be kept.
// Covers C20: kept connections that died, with many calls at once.
#include "async_pool_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

void what_died_while_idle_is_not_used(void**) {
  for (int kind = 0; kind < 3; ++kind) {
    for (const bool held : {false, true}) {
      for (const size_t slots : {1, 3}) {
        PoolWorld world(slots);
        Peer peer = hello_peer();
        peer.connect_ms = 10;
        peer.holds_bytes = held;
        world.net.peers[kHost] = {peer};
        keep(world, slots);
        for (auto& line : world.table.lines) {
          if (kind == 0) line->wire().peer_ends();
          if (kind == 1) line->wire().peer_ends(Status::kConnectionLost);
          if (kind == 2) line->wire().peer_says("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
        }
        world.pass(100);
        check_hello(world, "kind " + std::to_string(kind));
        CHECK(world.opens() == slots + 1, "kind " + std::to_string(kind) + ": used, or opened twice");
      }
    }
  }
}

/// Each connection answers once and then breaks: all that are kept are dead and do not show it.
struct DyingWorld : PoolWorld {
  explicit DyingWorld(size_t kept) : PoolWorld(4) {
    options.max_attempts = 1;
    Answer broken{""};
    broken.breaks = Status::kConnectionLost;
    Peer peer({Answer{kHello}, broken});
    peer.connect_ms = 10;
    net.peers[kHost] = {peer};
    keep(*this, kept);
  }
};

void a_dead_connection_costs_one_free_retry_however_many_are_dead(void**) {
  for (const size_t kept : {1, 2, 3, 4}) {
    DyingWorld world(kept);
    CHECK(world.opens() == kept, "kept");
    Ask ask(world);
    world.run(ask.call);
    CHECK_STATUS(ask.call.status(), Status::kOk, std::to_string(kept) + " dead ones");
    CHECK_TEXT(ask.response.body(), "hello", "body");
    CHECK(world.opens() == kept + 1, "a fresh connection, not the next dead one");
    CHECK(world.requests() == kept + 2, "requests: " + std::to_string(world.requests()));
  }
}

void many_calls_at_once_on_dead_connections(void**) {
  DyingWorld world(4);
  std::vector<std::unique_ptr<Ask>> asks;
  for (int i = 0; i < 4; ++i) asks.push_back(std::make_unique<Ask>(world));
  for (auto& ask : asks) start(world, ask->call);
  world.run();
  for (auto& ask : asks) CHECK_STATUS(ask->call.status(), Status::kOk, "on a dead connection");
}

void no_free_retry_for_a_source_that_cannot_begin_again(void**) {
  for (const bool rewinds : {false, true}) {
    DyingWorld world(2);
    FakeSource source(pattern(3000));
    if (!rewinds) source.rewind_status = Status::kUnsupported;
    ApiRequest request{"dynamodb"};
    request.method = "PUT";
    request.body = Body(source, 3000);
    request.body.payload_hash = "UNSIGNED-PAYLOAD";
    Ask ask(world, request);
    world.run(ask.call);
    CHECK_STATUS(ask.call.status(), rewinds ? Status::kOk : Status::kConnectionLost, rewinds ? "rewinds" : "not");
    CHECK(world.requests() == (rewinds ? 4u : 3u), "requests: " + std::to_string(world.requests()));
  }
}

void connections_with_settings_of_their_own_are_not_kept(void**) {
  class Settings final : public TlsSettings {};
  PoolWorld world(2);
  const Settings settings;
  check_hello(world, "an ordinary one");
  TestCall call;
  call.request.endpoint.tls_settings = &settings;
  world.run(call);
  expect_hello(call, "with settings");
  CHECK(world.opens() == 2, "an ordinary connection was used");
  CHECK(world.open_lines() == 1, "kept, or the ordinary one was closed");
  check_hello(world, "an ordinary one again");
  CHECK(world.opens() == 2, "the ordinary one was kept");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(what_died_while_idle_is_not_used),
      cmocka_unit_test(a_dead_connection_costs_one_free_retry_however_many_are_dead),
      cmocka_unit_test(many_calls_at_once_on_dead_connections),
      cmocka_unit_test(no_free_retry_for_a_source_that_cannot_begin_again),
      cmocka_unit_test(connections_with_settings_of_their_own_are_not_kept),
  };
  return cmocka_run_group_tests_name("async client dead connections", tests, nullptr, nullptr);
}
