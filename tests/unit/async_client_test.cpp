// Calls taken on and ended: when and how often that is told, and to whom.
#include "async_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

void nothing_is_sent_before_the_next_poll(void**) {
  AsyncWorld world(2);
  world.net.peers[kHost] = {hello_peer()};
  CHECK(!world.client().busy() && world.client().next_deadline() == kNever, "idle at first");
  TestCall call;
  start(world, call);
  CHECK(world.client().busy() && world.client().running() == 1 && world.client().queued() == 0, "counts");
  CHECK(world.calls() == 0 && call.asked == 0, "something happened in start");
  CHECK(world.client().next_deadline() <= world.now(), "a new call is something to do");
  world.run();
  expect_hello(call, "run");
  CHECK(world.client().running() == 0, "counts afterwards");
}

void the_end_is_told_once_after_the_call_was(void**) {
  for (const PollBy by : {PollBy::kTrying, PollBy::kHandles}) {
    AsyncWorld world(3);
    world.by = by;
    world.net.peers[kHost] = {late_peer(100)};
    Calls calls = make_calls(3);
    Told told(world);
    told.then = [&](Call& call) {
      for (auto& one : calls) {
        if (one.get() == &call) CHECK(one->answered.size() == 1 && one->asked == 2, "told before the call was");
      }
    };
    for (auto& call : calls) start(world, *call, &told);
    CHECK(told.calls.empty(), "told in start");
    world.run();
    for (int i = 0; i < 3; ++i) world.poll();
    CHECK(told.calls.size() == 3, "told " + std::to_string(told.calls.size()) + " times");
    for (auto& call : calls) {
      expect_hello(*call, "call");
      CHECK(std::count(told.calls.begin(), told.calls.end(), call.get()) == 1, "each once");
    }
  }
}

void failures_are_told_as_well(void**) {
  AsyncWorld world(1);
  Peer refuses;
  refuses.fails_in = Transport::State::kConnecting;
  world.net.peers[kHost] = {refuses};
  TestCall call;
  Told told(world);
  start(world, call, &told);
  world.run();
  expect_failed(call, Status::kConnectFailed, "refused");
  CHECK(told.calls.size() == 1, "told");
}

void a_full_table_turns_calls_away_and_changes_nothing(void**) {
  AsyncWorld world(2);
  world.net.peers[kHost] = {late_peer(100)};
  Calls calls = make_calls(3);
  Told told(world);
  start(world, *calls[0], &told);
  start(world, *calls[1], &told);
  for (int i = 0; i < 5; ++i) {
    CHECK_STATUS(world.client().start(*calls[2], &told), Status::kBusy, "a third");
    CHECK(world.client().running() == 2 && world.client().queued() == 0, "counts");
    world.poll();
  }
  CHECK(calls[2]->asked == 0 && calls[2]->cancels == 0, "the one turned away was told something");
  CHECK_STATUS(world.client().cancel(*calls[2]), Status::kNotFound, "it is not known");
  world.run();
  start(world, *calls[2], &told);
  world.run();
  for (auto& call : calls) expect_hello(*call, "call");
  CHECK(told.calls.size() == 3, "told");
}

void calls_that_send_nothing_end_as_well(void**) {
  AsyncWorld world(2);
  TestCall done, waits, computes;
  done.exchanges = 0;
  const Instant until = world.now() + 300;
  waits.script = [&](Instant now, RequestHead&) { return now < until ? Next{Next::Action::kWait, until} : Next{}; };
  computes.script = [&](Instant, RequestHead&) {
    return computes.asked < 100 ? Next{Next::Action::kAgain, {}} : Next{};
  };
  Told told(world);
  start(world, done, &told);
  start(world, waits, &told);
  world.settle();
  CHECK(told.calls.size() == 1 && world.client().running() == 1, "the first has ended");
  CHECK(world.client().next_deadline() == until, "next_deadline is the call's");
  start(world, computes, &told);
  world.run();
  CHECK(told.calls.size() == 3 && world.now() == until && world.calls() == 0, "all have ended");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(nothing_is_sent_before_the_next_poll),
      cmocka_unit_test(the_end_is_told_once_after_the_call_was),
      cmocka_unit_test(failures_are_told_as_well),
      cmocka_unit_test(a_full_table_turns_calls_away_and_changes_nothing),
      cmocka_unit_test(calls_that_send_nothing_end_as_well),
  };
  return cmocka_run_group_tests_name("async client", tests, nullptr, nullptr);
}
