// The queue in front of a full table: its order, its end, and what waits there.
// Covers C36: a full table and a full queue.
#include "async_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

struct QueueWorld : AsyncWorld {
  QueueWorld(size_t slots, size_t queued) : AsyncWorld(slots, queued) {
    net.peers[kHost] = {late_peer(100)};
    told.then = [](Call&) {};
  }
  Told told{*this};
};

/// The order in which calls first went on, as their indices: "0 1 2".
struct Order {
  explicit Order(size_t n) : calls(make_calls(n)) {
    for (size_t i = 0; i < n; ++i) {
      TestCall& call = *calls[i];
      call.script = [this, i, &call](Instant, RequestHead& head) {
        if (call.sent > 0) return Next{};
        begun += std::to_string(i) + " ";
        return call.send(head);
      };
    }
  }
  Calls calls;
  std::string begun;
};

void calls_go_on_in_the_order_of_their_start(void**) {
  for (const PollBy by : {PollBy::kTrying, PollBy::kHandles}) {
    QueueWorld world(2, 4);
    world.by = by;
    Order order(6);
    for (size_t i = 0; i < 6; ++i) {
      start(world, *order.calls[i], &world.told);
      CHECK(world.client().running() == std::min<size_t>(i + 1, 2), "running");
      CHECK(world.client().queued() == (i < 2 ? 0 : i - 1), "queued");
    }
    world.run();
    CHECK(contains("0 1 2 3 4 5 |1 0 2 3 4 5 ", order.begun), "order: " + order.begun);
    CHECK(world.told.calls.size() == 6, "told");
    for (auto& call : order.calls) expect_hello(*call, "call");
    CHECK(world.opens() == 2, "two connections serve all");
  }
}

void a_full_queue_turns_calls_away_and_changes_nothing(void**) {
  QueueWorld world(1, 2);
  Order order(5);
  for (size_t i = 0; i < 3; ++i) start(world, *order.calls[i]);
  CHECK_STATUS(world.client().start(*order.calls[3]), Status::kBusy, "full");
  CHECK(world.client().running() == 1 && world.client().queued() == 2, "counts");
  world.run_until(world.now() + 100);
  CHECK(world.client().queued() == 1, "one has gone on");
  start(world, *order.calls[4]);
  CHECK_STATUS(world.client().start(*order.calls[3]), Status::kBusy, "full again");
  world.run();
  CHECK_TEXT(order.begun, "0 1 2 4 ", "order");
  CHECK(order.calls[3]->asked == 0 && order.calls[3]->cancels == 0, "the one turned away was told something");
}

/// Many rounds through a queue of three: it is a ring.
void the_queue_never_wears_out(void**) {
  QueueWorld world(1, 3);
  world.net.peers[kHost] = {Peer()};
  world.net.servers[kHost] = always_hello;
  const size_t kCalls = 500;
  Order order(kCalls);
  size_t next = 0;
  std::string expected;
  for (size_t i = 0; i < kCalls; ++i) expected += std::to_string(i) + " ";
  while (next < kCalls || world.client().busy()) {
    while (next < kCalls && world.client().start(*order.calls[next], &world.told) == Status::kOk) ++next;
    CHECK(next == kCalls || world.client().queued() == 3, "kBusy though there is room");
    world.poll();
    if (world.client().busy()) world.wait();
  }
  CHECK_TEXT(order.begun, expected, "order");
  CHECK(world.told.calls.size() == kCalls, "told");
}

void what_waits_is_cancelled_wherever_it_stands(void**) {
  for (size_t place = 0; place < 4; ++place) {
    QueueWorld world(1, 4);
    Order order(6);
    for (size_t i = 0; i < 5; ++i) start(world, *order.calls[i], &world.told);
    world.settle();
    TestCall& gone = *order.calls[1 + place];
    CHECK_STATUS(world.client().cancel(gone), Status::kOk, "cancel");
    CHECK(gone.cancels == 1 && gone.asked == 0 && gone.failed.empty(), "told on_cancel and no more");
    CHECK(world.client().queued() == 3 && world.client().running() == 1, "counts");
    CHECK_STATUS(world.client().cancel(gone), Status::kNotFound, "cancelled already");
    start(world, *order.calls[5], &world.told);
    world.run();
    std::string expected;
    for (size_t i = 0; i < 6; ++i) expected += i == 1 + place ? "" : std::to_string(i) + " ";
    CHECK_TEXT(order.begun, expected, "order without place " + std::to_string(place));
    CHECK(gone.cancels == 1 && world.told.calls.size() == 5, "told");
  }
}

/// The slot of a cancelled call is the queue's.
void a_cancelled_call_makes_room_for_the_next(void**) {
  QueueWorld world(1, 2);
  Order order(4);
  for (size_t i = 0; i < 3; ++i) start(world, *order.calls[i]);
  world.settle();
  CHECK_STATUS(world.client().cancel(*order.calls[0]), Status::kOk, "cancel");
  CHECK(world.client().running() + world.client().queued() == 2, "counts");
  CHECK(world.client().next_deadline() <= world.now(), "there is something to do");
  start(world, *order.calls[3]);
  world.run();
  CHECK_TEXT(order.begun, "0 1 2 3 ", "order");
}

/// A completion's call does not overtake those that wait.
void completions_queue_behind_those_that_wait(void**) {
  QueueWorld world(1, 2);
  Order order(4);
  Told told(world);
  told.then = [&](Call& ended) {
    if (&ended == order.calls[0].get()) start(world, *order.calls[3], &told);
  };
  for (size_t i = 0; i < 3; ++i) start(world, *order.calls[i], &told);
  world.run();
  CHECK_TEXT(order.begun, "0 1 2 3 ", "order");
  CHECK(told.calls.size() == 4, "told");
}

void the_total_time_does_not_count_in_the_queue(void**) {
  QueueWorld world(1, 1);
  world.options.timeouts.total_ms = 1000;
  world.options.max_attempts = 1;
  TestCall first;
  const Instant freed = world.now() + 50000;
  first.script = [&](Instant now, RequestHead&) { return now < freed ? Next{Next::Action::kWait, freed} : Next{}; };
  Ask second(world);
  start(world, first);
  start(world, second.call);
  world.run();
  CHECK_STATUS(second.call.status(), Status::kOk, "50 s in the queue");
  CHECK(world.now() == freed + 100, "it has gone on at once");
}

/// Time limits of what goes on from the queue count from there, too.
void time_limits_count_from_when_a_slot_takes_the_call_up(void**) {
  QueueWorld world(1, 1);
  world.options.timeouts.total_ms = 1500;
  world.options.max_attempts = 1;
  world.net.peers[kHost] = {Peer()};
  Ask first(world), second(world);
  start(world, first.call, &world.told);
  start(world, second.call, &world.told);
  const Instant from = world.now();
  world.run();
  CHECK_STATUS(first.call.status(), Status::kDeadlineExceeded, "first");
  CHECK_STATUS(second.call.status(), Status::kDeadlineExceeded, "second");
  CHECK(world.told.times[0] == from + 1500 && world.told.times[1] == from + 3000, "one after the other");
}

void what_waits_without_a_completion_is_run_as_well(void**) {
  QueueWorld world(1, 1);
  Order order(2);
  start(world, *order.calls[0], &world.told);
  start(world, *order.calls[1]);
  world.run();
  expect_hello(*order.calls[1], "second");
  CHECK(world.told.calls.size() == 1, "only the first is told");
}

void calls_that_end_at_once_empty_the_queue(void**) {
  QueueWorld world(2, 30);
  Order order(32);
  for (auto& call : order.calls) {
    call->script = nullptr;
    call->exchanges = 0;
    start(world, *call, &world.told);
  }
  world.run();
  CHECK(world.told.calls.size() == 32 && world.calls() == 0, "all have ended");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(calls_go_on_in_the_order_of_their_start),
      cmocka_unit_test(a_full_queue_turns_calls_away_and_changes_nothing),
      cmocka_unit_test(the_queue_never_wears_out),
      cmocka_unit_test(what_waits_is_cancelled_wherever_it_stands),
      cmocka_unit_test(a_cancelled_call_makes_room_for_the_next),
      cmocka_unit_test(completions_queue_behind_those_that_wait),
      cmocka_unit_test(the_total_time_does_not_count_in_the_queue),
      cmocka_unit_test(time_limits_count_from_when_a_slot_takes_the_call_up),
      cmocka_unit_test(what_waits_without_a_completion_is_run_as_well),
      cmocka_unit_test(calls_that_end_at_once_empty_the_queue),
  };
  return cmocka_run_group_tests_name("async client queue", tests, nullptr, nullptr);
}
