// Which connections are kept and how long, who gets them, and which give way.
#include "async_pool_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

void a_second_call_finds_the_connection_whichever_slot_it_runs_in(void**) {
  for (const size_t slots : {1, 2, 5}) {
    PoolWorld world(slots);
    for (int i = 0; i < 10; ++i) check_hello(world, "call " + std::to_string(i));
    CHECK(world.opens() == 1, std::to_string(world.opens()) + " connections for one endpoint");
  }
}

void endpoints_that_take_turns_are_not_reopened(void**) {
  for (const size_t endpoints : {2, 3, 4}) {
    PoolWorld world(endpoints);
    for (int i = 0; i < 12; ++i) check_hello(world, "turns", kHosts[i % endpoints]);
    CHECK(world.opens() == endpoints, std::to_string(world.opens()) + " connections");
  }
}

void calls_at_once_share_out_what_is_kept(void**) {
  PoolWorld world(4);
  keep(world, 2);
  CHECK(world.opens() == 2, "two at once");
  keep(world, 3);
  CHECK(world.opens() == 3, "two of them, and one new");
  keep(world, 4);
  CHECK(world.opens() == 4, "three of them, and one new");
}

/// "Exchange transports": a call in a slot whose own connection leads elsewhere leaves that one alone.
void a_connection_to_elsewhere_stays_while_a_slot_leads_nowhere(void**) {
  PoolWorld world(3);
  check_hello(world, "0", kHosts[0]);
  check_hello(world, "1", kHosts[1]);
  CHECK_TEXT(world.kept(), "01", "kept");
  check_hello(world, "2", kHosts[2]);
  CHECK_TEXT(world.kept(), "012", "all three");
  CHECK(world.opens() == 3, "connections");
}

void the_one_that_was_idle_longest_gives_way(void**) {
  const std::vector<std::vector<int>> orders = {{0, 1, 2}, {2, 1, 0}, {1, 0, 2}, {1, 2, 0}};
  for (const auto& order : orders) {
    PoolWorld world(3);
    Calls calls = make_calls(3);
    for (int i = 0; i < 3; ++i) {
      calls[i]->request.endpoint.host = kHosts[i];
      start(world, *calls[i]);
    }
    world.run();
    for (const int i : order) {
      world.pass(100);
      check_hello(world, "in turn", kHosts[i]);
    }
    CHECK(world.opens() == 3, "all three are kept");
    world.pass(100);
    check_hello(world, "the fourth", kHosts[3]);
    for (int i = 0; i < 3; ++i) {
      const bool is_kept = contains(world.kept(), std::string(1, kHosts[i][0]));
      CHECK(is_kept == (i != order[0]), std::string(kHosts[i]) + " is kept, or gave way: " + world.kept());
    }
  }
}

void a_running_call_never_gives_way(void**) {
  PoolWorld world(2);
  world.net.peers["slow.example"] = {late_peer(500)};
  check_hello(world, "to be kept", kHosts[0]);
  TestCall slow;
  slow.request.endpoint.host = "slow.example";
  start(world, slow);
  world.settle();
  for (int i = 1; i < 4; ++i) {
    TestCall quick;
    quick.request.endpoint.host = kHosts[i];
    start(world, quick);
    world.settle();
    expect_hello(quick, kHosts[i]);
  }
  world.run();
  expect_hello(slow, "the slow one");
}

void credentials_come_over_a_connection_of_their_own(void**) {
  for (const size_t slots : {1, 2}) {
    PoolWorld world(slots);
    world.net.servers["credentials.example"] = always_hello;
    FetchedCredentials credentials;
    world.provider = &credentials;
    for (int i = 0; i < 4; ++i) {
      Ask ask(world);
      world.run(ask.call);
      CHECK_STATUS(ask.call.status(), Status::kOk, "call");
    }
    CHECK(credentials.fetches == 4 && world.requests() == 8, "two requests a call");
    const size_t most = slots == 1 ? 8 : 2;
    CHECK(world.opens() == most, std::to_string(world.opens()) + " connections in " + std::to_string(slots));
  }
}

// ---- Growing old

void idle_connections_are_used_up_to_their_limit(void**) {
  for (const int64_t idle : {3999, 4000}) {
    PoolWorld world(2);
    check_hello(world, "first");
    world.pass(idle);
    check_hello(world, "second");
    CHECK(world.opens() == (idle < 4000 ? 1u : 2u), std::to_string(idle) + " ms");
  }
}

void idle_connections_are_closed_by_poll(void**) {
  for (const PollBy by : {PollBy::kTrying, PollBy::kHandles}) {
    PoolWorld world(3);
    world.by = by;
    check_hello(world, "0", kHosts[0]);
    const Instant first = world.now() + 4000;
    world.pass(1000);
    check_hello(world, "1", kHosts[1]);
    CHECK(world.client().next_deadline() == first, "next_deadline says when the first is too old");
    CHECK(!world.client().busy() && world.wanted().empty(), "nothing runs");
    world.net.time.now = Instant{first.ms - 1};
    world.poll();
    CHECK_TEXT(world.kept(), "01", "one millisecond early");
    world.pass(1);
    world.poll();
    CHECK_TEXT(world.kept(), "1", "at the limit");
    CHECK(world.client().next_deadline() == first + 1000, "next_deadline for the second");
    world.pass(1000);
    world.poll();
    CHECK(world.open_lines() == 0 && world.client().next_deadline() == kNever, "all closed");
  }
}

void idle_connections_are_closed_while_others_run(void**) {
  PoolWorld world(2);
  world.net.peers["slow.example"] = {late_peer(1900)};
  check_hello(world, "kept", kHosts[0]);
  const Instant end = world.now() + 4000;
  TestCall slow;
  slow.request.endpoint.host = "slow.example";
  slow.exchanges = 4;
  start(world, slow);
  world.run_until(Instant{end.ms - 1});
  CHECK(contains(world.kept(), "0"), "closed too early");
  world.run_until(end);
  CHECK_TEXT(world.kept(), "s", "closed in time");
  world.run();
  CHECK(slow.answered.size() == 4, "the slow one");
}

void without_an_idle_limit_connections_stay(void**) {
  PoolWorld world(1);
  world.options.timeouts.idle_ms = 0;
  check_hello(world, "first");
  CHECK(world.client().next_deadline() == kNever, "next_deadline without a limit");
  world.pass(86400000);
  world.poll();
  check_hello(world, "a day later");
  CHECK(world.opens() == 1, "closed without a limit");
}

void close_idle_closes_what_is_kept_and_nothing_else(void**) {
  PoolWorld world(3);
  world.net.peers["slow.example"] = {late_peer(500)};
  keep(world, 2);
  TestCall slow;
  slow.request.endpoint.host = "slow.example";
  start(world, slow);
  world.settle();
  const Instant limit = world.now() + 2000;
  CHECK(world.client().next_deadline() == limit, "the running one's limit comes first");
  world.client().close_idle();
  CHECK_TEXT(world.kept(), "s", "only the running one");
  CHECK(world.client().next_deadline() == limit, "the running one's limit is forgotten");
  world.run();
  expect_hello(slow, "the running one");
  world.client().close_idle();
  CHECK(world.open_lines() == 0 && world.client().next_deadline() == kNever, "all closed");
  check_hello(world, "afterwards");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_second_call_finds_the_connection_whichever_slot_it_runs_in),
      cmocka_unit_test(endpoints_that_take_turns_are_not_reopened),
      cmocka_unit_test(calls_at_once_share_out_what_is_kept),
      cmocka_unit_test(a_connection_to_elsewhere_stays_while_a_slot_leads_nowhere),
      cmocka_unit_test(the_one_that_was_idle_longest_gives_way),
      cmocka_unit_test(a_running_call_never_gives_way),
      cmocka_unit_test(credentials_come_over_a_connection_of_their_own),
      cmocka_unit_test(idle_connections_are_used_up_to_their_limit),
      cmocka_unit_test(idle_connections_are_closed_by_poll),
      cmocka_unit_test(idle_connections_are_closed_while_others_run),
      cmocka_unit_test(without_an_idle_limit_connections_stay),
      cmocka_unit_test(close_idle_closes_what_is_kept_and_nothing_else),
  };
  return cmocka_run_group_tests_name("async client pool", tests, nullptr, nullptr);
}
