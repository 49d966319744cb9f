// What is easily got wrong at the edges of AsyncClient.
#include "async_pool_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;
namespace {

void minus_one_is_a_handle_of_nobody(void**) {
  AsyncWorld world(2);
  world.net.resolves_by_time = true;
  world.options.timeouts.connect_ms = 10000;
  Peer peer = hello_peer();
  peer.resolve_ms = 5000;
  world.net.peers[kHost] = {peer};
  TestCall call;
  start(world, call);
  world.settle();
  Line& line = world.line_to(kHost);
  const size_t advances = line.advances.size();
  world.poll_handles({-1});
  const size_t after = line.advances.size();
  world.end_client();
  CHECK(after == advances, "advance called for handle -1");
}

class Heir final : public Call {
 public:
  std::function<void()> then;
  Next next(Instant, UnixTime, RequestHead&) override { return {Next::Action::kWait, kNever}; }
  IoResult on_body(const ResponseHead&, Bytes) override { return {}; }
  void on_response(const ResponseHead&, Instant) override {}
  void on_failure(const Failure&, Instant) override {}
  Instant deadline() const override { return kNever; }
  void on_cancel() override {
    if (then) then();
  }
};

void a_call_started_by_on_cancel_in_the_destructor(void**) {
  AsyncWorld world(2);
  world.net.servers[kHost] = always_hello;
  TestCall first, next;
  Heir heir;
  Status status = Status::kPending;
  start(world, heir);
  start(world, first);
  world.settle();
  AsyncClient* client = &world.client();
  heir.then = [&, client] { status = client->start(next); };
  world.end_client();
  const bool told = status != Status::kOk || next.cancels == 1;
  const size_t running = world.client().running();
  Calls two = make_calls(2);
  const Status a = world.client().start(*two[0]);
  const Status b = world.client().start(*two[1]);
  world.end_client();
  CHECK(told, "started in on_cancel within ~AsyncClient: never told on_cancel by the client");
  CHECK(running == 0 && a == Status::kOk && b == Status::kOk, "a slot is lost to the next client");
}

void free_retry_with_credentials_fetched_between(void**) {
  PoolWorld world(4);
  world.options.max_attempts = 1;
  Answer broken{""};
  broken.breaks = Status::kConnectionLost;
  Peer peer({Answer{kHello}, broken});
  peer.connect_ms = 10;
  world.net.peers[kHost] = {peer};
  world.net.servers["credentials.example"] = always_hello;
  FetchedCredentials credentials;
  world.provider = &credentials;
  keep(world, 3);
  Ask ask(world);
  world.run(ask.call);
  CHECK_STATUS(ask.call.status(), Status::kOk, "3 dead ones, credentials fetched for each attempt");
}

void idle_limit_while_its_own_call_waits(void**) {
  PoolWorld world(2);
  TestCall call;
  Instant wake = kNever;
  call.script = [&](Instant now, RequestHead& head) {
    if (call.sent == 0) return call.send(head);
    if (wake == kNever) wake = now + 9000;
    return now < wake ? Next{Next::Action::kWait, wake} : Next{};
  };
  start(world, call);
  world.run_until(world.now() + 5000);
  const size_t open = world.open_lines();
  world.run();
  CHECK(open == 0, "an idle connection is open 5 s after its exchange, while its call waits");
}

void another_call_uses_the_connection_of_one_that_waits(void**) {
  PoolWorld world(2);
  TestCall call;
  Instant wake = kNever;
  call.script = [&](Instant now, RequestHead& head) {
    if (call.sent == 0) return call.send(head);
    if (wake == kNever) wake = now + 900;
    return now < wake ? Next{Next::Action::kWait, wake} : Next{};
  };
  start(world, call);
  world.settle();
  world.run_until(world.now() + 20);
  TestCall other;
  start(world, other);
  world.run();
  expect_hello(other, "other");
  CHECK(world.opens() == 1, "opened anew though one was idle: " + std::to_string(world.opens()));
}

void next_deadline_without_kept_connections(void**) {
  PoolWorld world(3);
  keep(world, 3);
  for (auto& line : world.table.lines) line->wire().peer_ends();
  world.pass(100);
  check_hello(world, "finds all dead");
  const Instant until = world.now() + 4000;
  CHECK(world.open_lines() == 1, "one is open");
  CHECK(world.client().next_deadline() == until, "next_deadline is for a connection that is closed: off by " +
                                                     std::to_string(until - world.client().next_deadline()));
}

/// Work that takes long, such as handshakes, does not add up in one poll; nobody is forgotten.
void a_poll_comes_back_in_time_and_goes_on_where_it_stopped(void**) {
  for (const PollBy by : {PollBy::kTrying, PollBy::kHandles}) {
    AsyncWorld world(5);
    world.by = by;
    std::vector<size_t> order;
    Calls calls = make_calls(5);
    for (size_t i = 0; i < calls.size(); ++i) {
      calls[i]->script = [&world, &order, i](Instant, RequestHead&) {
        world.pass(kMaxPollMs / 2);
        order.push_back(i);
        return Next{};
      };
      start(world, *calls[i]);
    }
    for (const size_t asked : {2, 4, 5}) {
      CHECK(world.client().next_deadline() <= world.now(), "there is work");
      world.poll();
      CHECK(order.size() == asked, "asked " + std::to_string(order.size()) + ", not " + std::to_string(asked));
    }
    CHECK((order == std::vector<size_t>{0, 1, 2, 3, 4}), "each once");
    CHECK(!world.client().busy(), "all have ended");
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {cmocka_unit_test(minus_one_is_a_handle_of_nobody),
                              cmocka_unit_test(a_call_started_by_on_cancel_in_the_destructor),
                              cmocka_unit_test(free_retry_with_credentials_fetched_between),
                              cmocka_unit_test(idle_limit_while_its_own_call_waits),
                              cmocka_unit_test(another_call_uses_the_connection_of_one_that_waits),
                              cmocka_unit_test(next_deadline_without_kept_connections),
                              cmocka_unit_test(a_poll_comes_back_in_time_and_goes_on_where_it_stopped)};
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
