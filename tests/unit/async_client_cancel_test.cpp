// Calls given up, wherever they are, from wherever that may be done; and clients that end before their calls.
#include "async_fixture.h"
#include "tinyaws/cached_credentials.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

void expect_cancelled(const TestCall& call, const std::string& what) {
  CHECK(call.cancels == 1, what + ": told on_cancel " + std::to_string(call.cancels) + " times");
  CHECK(call.failed.empty() && call.answered.empty(), what + ": told something else as well");
}

void calls_are_cancelled_wherever_they_are(void**) {
  for (const PollBy by : {PollBy::kTrying, PollBy::kHandles}) {
    for (const Where where : kEverywhere) {
      for (const size_t slots : {1, 3}) {
        AsyncWorld world(slots);
        world.by = by;
        world.net.peers["other.example"] = {late_peer(200)};
        StuckCall stuck(world, where);
        Told told(world);
        start(world, stuck.call, &told);
        Calls others = make_calls(slots - 1);
        for (auto& other : others) {
          other->request.endpoint.host = "other.example";
          start(world, *other, &told);
        }
        world.settle();
        const int asked = stuck.call.asked;
        CHECK_STATUS(world.client().cancel(stuck.call), Status::kOk, words(where));
        expect_cancelled(stuck.call, words(where));
        CHECK(world.client().running() == slots - 1, words(where) + ": running");
        CHECK(world.open_lines() == slots - 1, words(where) + ": its transport is not closed");
        CHECK_STATUS(world.client().cancel(stuck.call), Status::kNotFound, words(where) + ": a second time");
        world.net.servers[kHost] = always_hello;
        TestCall next;
        start(world, next, &told);
        world.run();
        expect_hello(next, words(where) + ": the next in its slot");
        for (auto& other : others) expect_hello(*other, words(where) + ": others");
        expect_cancelled(stuck.call, words(where));
        CHECK(stuck.call.asked == asked, words(where) + ": asked after it was cancelled");
        CHECK(told.calls.size() == slots, words(where) + ": told");
      }
    }
  }
}

void a_call_that_never_went_on_is_cancelled(void**) {
  AsyncWorld world(1);
  TestCall call;
  start(world, call);
  CHECK_STATUS(world.client().cancel(call), Status::kOk, "cancel");
  expect_cancelled(call, "new");
  world.poll();
  CHECK(call.asked == 0 && world.calls() == 0, "it went on");
  CHECK(world.client().next_deadline() == kNever, "nothing to do");
}

void an_api_call_says_that_it_was_cancelled(void**) {
  for (const bool sent : {false, true}) {
    AsyncWorld world(1);
    Ask ask(world);
    start(world, ask.call);
    if (sent) world.settle();
    CHECK_STATUS(ask.call.status(), Status::kPending, "runs");
    CHECK_STATUS(world.client().cancel(ask.call), Status::kOk, "cancel");
    CHECK_STATUS(ask.call.status(), Status::kCancelled, "cancelled");
    world.net.servers[kHost] = always_hello;
    ask.call.reset();
    world.run(ask.call);
    CHECK_STATUS(ask.call.status(), Status::kOk, "once more");
  }
}

void strangers_are_not_found(void**) {
  AsyncWorld world(2, 2);
  world.net.servers[kHost] = always_hello;
  TestCall stranger, ended;
  CHECK_STATUS(world.client().cancel(stranger), Status::kNotFound, "never started");
  world.run(ended);
  CHECK_STATUS(world.client().cancel(ended), Status::kNotFound, "ended");
  CHECK(stranger.cancels == 0 && ended.cancels == 0, "told on_cancel");
}

/// A kept connection is not the cancelled call's.
void cancelling_a_call_leaves_kept_connections_alone(void**) {
  AsyncWorld world(2);
  world.net.servers[kHost] = always_hello;
  check_hello(world, "to be kept");
  StuckCall stuck(world, Where::kFirstByte);
  start(world, stuck.call);
  world.settle();
  CHECK(world.open_lines() == 2, "one kept, one stuck");
  CHECK_STATUS(world.client().cancel(stuck.call), Status::kOk, "cancel");
  CHECK(world.open_lines() == 1, "only the stuck one is closed");
  check_hello(world, "over the kept one");
  CHECK(world.line_to(kHost).opens() == 1, "opened anew");
}

/// Each of four calls cancels each other one from within its own functions: before it, behind it, in the queue.
void calls_cancel_others_from_within(void**) {
  for (size_t from = 0; from < 3; ++from) {
    for (size_t to = 0; to < 4; ++to) {
      if (from == to) continue;
      AsyncWorld world(3, 1);
      world.net.peers[kHost] = {late_peer(100)};
      Calls calls = make_calls(4);
      Told told(world);
      TestCall& actor = *calls[from];
      actor.script = [&](Instant, RequestHead& head) {
        if (actor.sent > 0) {
          const Status status = world.client().cancel(*calls[to]);
          CHECK(status == Status::kOk || !calls[to]->answered.empty(), "cancel from within: " + text(status));
          return Next{};
        }
        return actor.send(head);
      };
      for (auto& call : calls) start(world, *call, &told);
      world.run();
      const std::string what = std::to_string(from) + " cancels " + std::to_string(to);
      for (size_t i = 0; i < 4; ++i) {
        if (i == to && calls[i]->answered.empty()) {
          expect_cancelled(*calls[i], what);
        } else {
          expect_hello(*calls[i], what + ", call " + std::to_string(i));
        }
      }
      const bool was_cancelled = calls[to]->cancels == 1;
      CHECK(told.calls.size() == (was_cancelled ? 3u : 4u), what + ": told");
    }
  }
}

void a_call_that_starts_another_when_it_is_cancelled(void**) {
  class Heir final : public Call {
   public:
    std::function<void()> then;
    Next next(Instant, UnixTime, RequestHead&) override { return {Next::Action::kWait, kNever}; }
    IoResult on_body(const ResponseHead&, Bytes) override { return {}; }
    void on_response(const ResponseHead&, Instant) override {}
    void on_failure(const Failure&, Instant) override {}
    Instant deadline() const override { return kNever; }
    void on_cancel() override { then(); }
  };
  for (const bool queued : {false, true}) {
    AsyncWorld world(2, 2);
    world.net.servers[kHost] = always_hello;
    Calls fill = make_calls(queued ? 2 : 0);
    for (auto& call : fill) start(world, *call);
    Heir heir;
    TestCall next;
    heir.then = [&] { start(world, next); };
    start(world, heir);
    CHECK_STATUS(world.client().cancel(heir), Status::kOk, "cancel");
    world.run();
    expect_hello(next, "the one started in on_cancel");
    for (auto& call : fill) expect_hello(*call, "others");
  }
}

// ---- Credentials that others wait for

/// Whoever fetches is given up, at every step of the fetch: another takes over, and all others are served.
void another_takes_over_the_fetch_of_a_cancelled_call(void**) {
  for (const PollBy by : {PollBy::kTrying, PollBy::kHandles}) {
    for (int after = 0; after < 12; ++after) {
      AsyncWorld world(3, 1);
      world.by = by;
      world.net.servers[kHost] = always_hello;
      world.net.servers["credentials.example"] = always_hello;
      Peer slow;
      slow.resolve_ms = slow.connect_ms = slow.secure_ms = 30;
      slow.send_piece = 20;
      world.net.peers["credentials.example"] = {slow};
      FetchedCredentials source;
      CachedCredentials cache(source, world.platform);
      world.provider = &cache;
      std::vector<std::unique_ptr<Ask>> asks;
      for (int i = 0; i < 4; ++i) asks.push_back(std::make_unique<Ask>(world));
      for (auto& ask : asks) start(world, ask->call);
      const std::string what = "after " + std::to_string(after) + " turns";
      for (int i = 0; i < after && world.client().busy(); ++i) {
        world.poll();
        world.wait();
      }
      const int fetches = source.fetches;
      const bool fetching = cache.fetching();
      size_t left = asks.size();
      for (size_t i = 0; i < asks.size() && (i == 0 || (fetching && source.cancels == 0)); ++i) {
        if (world.client().cancel(asks[i]->call) == Status::kOk) --left;
      }
      world.run();
      for (auto& ask : asks) {
        const Status status = ask->call.status();
        CHECK(status == Status::kOk || status == Status::kCancelled, what + ": " + text(status));
      }
      CHECK(left > 0, what + ": nobody is left to take over");
      CHECK(!fetching || source.cancels == 1, what + ": the fetch was told on_cancel");
      CHECK(source.fetches <= fetches + 1, what + ": fetches");
    }
  }
}

// ---- The end of a client

void a_client_that_ends_gives_all_up(void**) {
  for (const Where where : kEverywhere) {
    AsyncWorld world(3, 2);
    StuckCall stuck(world, where);
    Calls queued = make_calls(2);
    TestCall fresh, waits;
    world.net.servers[kHost] = always_hello;
    check_hello(world, "to be kept");
    waits.script = [](Instant, RequestHead&) { return Next{Next::Action::kWait, kNever}; };
    Told told(world);
    start(world, stuck.call, &told);
    start(world, waits, &told);
    world.settle();
    start(world, fresh, &told);
    for (auto& call : queued) start(world, *call, &told);
    world.end_client();
    expect_cancelled(stuck.call, words(where));
    expect_cancelled(waits, "waits");
    expect_cancelled(fresh, "new");
    for (auto& call : queued) expect_cancelled(*call, "queued");
    CHECK(fresh.asked == 0 && queued[0]->asked == 0 && queued[1]->asked == 0, "asked at the end");
    CHECK(told.calls.empty(), "a completion was told");
    CHECK(world.open_lines() == 0, words(where) + ": not all connections are closed");
  }
}

/// The slots can serve another client then.
void one_client_after_the_other_on_the_same_slots(void**) {
  AsyncWorld world(2, 1);
  for (int i = 0; i < 3; ++i) {
    world.net.servers[kHost] = always_hello;
    check_hello(world, "client " + std::to_string(i));
    StuckCall stuck(world, Where::kBody);
    start(world, stuck.call);
    world.settle();
    world.end_client();
    expect_cancelled(stuck.call, "its end");
    CHECK(!world.client().busy() && world.client().next_deadline() == kNever, "the next begins with nothing");
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(calls_are_cancelled_wherever_they_are),
      cmocka_unit_test(a_call_that_never_went_on_is_cancelled),
      cmocka_unit_test(an_api_call_says_that_it_was_cancelled),
      cmocka_unit_test(strangers_are_not_found),
      cmocka_unit_test(cancelling_a_call_leaves_kept_connections_alone),
      cmocka_unit_test(calls_cancel_others_from_within),
      cmocka_unit_test(a_call_that_starts_another_when_it_is_cancelled),
      cmocka_unit_test(another_takes_over_the_fetch_of_a_cancelled_call),
      cmocka_unit_test(a_client_that_ends_gives_all_up),
      cmocka_unit_test(one_client_after_the_other_on_the_same_slots),
  };
  return cmocka_run_group_tests_name("async client cancel", tests, nullptr, nullptr);
}
