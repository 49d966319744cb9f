// What one poll does and what it leaves alone: handles, new calls, due ones.
#include "async_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

/// Three calls that wait for the first byte of an answer, each on its own line.
struct WaitingWorld : AsyncWorld {
  WaitingWorld() : AsyncWorld(3) {
    for (size_t i = 0; i < 3; ++i) {
      net.peers[kHosts[i]] = {late_peer(100)};
      calls[i]->request.endpoint.host = kHosts[i];
      start(*this, *calls[i]);
    }
    settle();
    for (size_t i = 0; i < 3; ++i) before[i] = line_of(i).calls();
  }
  ~WaitingWorld() { end_client(); }
  Line& line_of(size_t i) { return line_to(kHosts[i]); }
  /// Which lines were called since: "0 2 ".
  std::string touched() {
    std::string out;
    for (size_t i = 0; i < 3; ++i) {
      if (line_of(i).calls() != before[i]) out += std::to_string(i) + " ";
      before[i] = line_of(i).calls();
    }
    return out;
  }
  Calls calls = make_calls(3);
  size_t before[3] = {};
};

void only_slots_with_a_handle_are_tried(void**) {
  WaitingWorld world;
  world.poll_handles({});
  CHECK_TEXT(world.touched(), "", "no handles");
  world.poll_handles({world.line_of(1).handle()});
  CHECK_TEXT(world.touched(), "1 ", "one handle, nothing there");
  world.pass(100);
  world.poll_handles({world.line_of(2).handle()});
  CHECK_TEXT(world.touched(), "2 ", "one handle");
  expect_hello(*world.calls[2], "the one called");
  CHECK(world.client().running() == 2, "the others wait");
  world.poll_handles({world.line_of(1).handle(), world.line_of(0).handle()});
  CHECK_TEXT(world.touched(), "0 1 ", "two handles");
  CHECK(!world.client().busy(), "all have ended");
}

void handles_of_nobody_are_ignored(void**) {
  WaitingWorld world;
  world.poll_handles({-1, 0, 5, 123456, 2147483647, -2147483647});
  CHECK_TEXT(world.touched(), "", "strangers");
  const int handle = world.line_of(0).handle();
  world.pass(100);
  world.poll_handles({99, handle, handle, handle, -1});
  CHECK_TEXT(world.touched(), "0 ", "the same one three times");
  world.poll_handles({handle});
  CHECK(world.client().running() == 2, "the handle of a call that has ended");
  CHECK_TEXT(world.touched(), "", "the handle of a call that has ended");
}

void poll_without_handles_tries_all(void**) {
  WaitingWorld world;
  world.client().poll();
  CHECK_TEXT(world.touched(), "0 1 2 ", "all are tried");
  world.pass(100);
  world.client().poll();
  CHECK(!world.client().busy(), "all have ended");
}

void new_calls_and_due_ones_go_on_without_a_handle(void**) {
  AsyncWorld world(3);
  world.net.servers[kHost] = always_hello;
  TestCall due, fresh;
  const Instant until = world.now() + 100;
  due.script = [&](Instant now, RequestHead&) { return now < until ? Next{Next::Action::kWait, until} : Next{}; };
  start(world, due);
  world.poll_handles({});
  CHECK(due.asked == 1, "a new call goes on");
  world.poll_handles({});
  CHECK(due.asked == 1, "and is left alone until its time");
  world.net.time.now = until;
  start(world, fresh);
  world.poll_handles({});
  CHECK(due.asked == 2 && fresh.asked > 0, "a due one and a new one");
}

/// Bytes that TLS holds already: no handle says so.
void what_is_ready_goes_on_without_a_handle(void**) {
  AsyncWorld world(2);
  world.by = PollBy::kHandles;
  const std::string body = pattern(20000);
  Peer peer(answer("200 OK", body));
  peer.holds_bytes = peer.ready_to_advance = true;
  peer.recv_piece = 100;
  world.net.peers[kHost] = {peer};
  TestCall call;
  start(world, call);
  const Instant from = world.now();
  while (world.client().busy()) {
    world.poll();
    if (!world.client().busy()) break;
    const bool waits = !world.met().empty();
    CHECK(waits || world.client().next_deadline() <= world.now(),
          "next_deadline does not say that something is ready");
  }
  CHECK_TEXT(call.sink.content, body, "body");
  CHECK(world.now() == from, "it waited for what was there");
}

void a_slot_asks_for_nothing_while_its_call_waits(void**) {
  AsyncWorld world(2);
  TestCall waits;
  waits.script = [](Instant, RequestHead&) { return Next{Next::Action::kWait, kNever}; };
  start(world, waits);
  world.poll();
  CHECK(world.wanted().empty() && world.client().next_deadline() == kNever, "nothing to wait for");
  world.end_client();
}

/// As a resolver does: only the transport's own deadline says when it goes on.
void transports_that_wait_for_time_are_called_in_time(void**) {
  for (const PollBy by : {PollBy::kTrying, PollBy::kHandles}) {
    AsyncWorld world(2);
    world.by = by;
    world.net.resolves_by_time = true;
    world.options.timeouts.connect_ms = 10000;
    Peer peer = hello_peer();
    peer.resolve_ms = 5000;
    world.net.peers[kHost] = {peer};
    TestCall call;
    start(world, call);
    world.settle();
    const Instant due = world.now() + 5000;
    CHECK(world.client().next_deadline() == due, "next_deadline is the transport's");
    CHECK(world.wanted().empty(), "no handle while it resolves");
    Line& line = world.line_to(kHost);
    const size_t advances = line.advances.size();
    world.net.time.now = Instant{due.ms - 1};
    world.poll_handles({});
    CHECK(line.advances.size() == advances, "not before its time");
    world.net.time.now = due;
    world.poll_handles({});
    CHECK(line.advances.size() > advances && line.advances.back() == due, "advance is called, and told the time");
    world.run();
    expect_hello(call, "resolved by time");
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(only_slots_with_a_handle_are_tried),
      cmocka_unit_test(handles_of_nobody_are_ignored),
      cmocka_unit_test(poll_without_handles_tries_all),
      cmocka_unit_test(new_calls_and_due_ones_go_on_without_a_handle),
      cmocka_unit_test(what_is_ready_goes_on_without_a_handle),
      cmocka_unit_test(a_slot_asks_for_nothing_while_its_call_waits),
      cmocka_unit_test(transports_that_wait_for_time_are_called_in_time),
  };
  return cmocka_run_group_tests_name("async client poll", tests, nullptr, nullptr);
}
