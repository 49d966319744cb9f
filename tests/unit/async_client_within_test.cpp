// What may be done from within completions and from within calls.
#include "async_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

/// Neither the stack nor the work of one poll grows with the number of calls.
void a_table_of_one_runs_a_thousand_calls_from_completions(void**) {
  for (const PollBy by : {PollBy::kTrying, PollBy::kHandles}) {
    for (const bool sends : {true, false}) {
      AsyncWorld world(1);
      world.by = by;
      world.net.servers[kHost] = always_hello;
      TestCall call;
      call.exchanges = sends ? 1 : 0;
      Told told(world);
      told.then = [&](Call& ended) {
        CHECK(world.client().running() == 0, "the ended call is still counted");
        call.sent = 0;
        if (told.calls.size() < 1000) CHECK_STATUS(world.client().start(ended, &told), Status::kOk, "again");
      };
      start(world, call, &told);
      while (world.client().busy()) {
        const size_t before = told.calls.size();
        world.poll();
        CHECK(told.calls.size() <= before + 64, "one poll has run " + std::to_string(told.calls.size() - before));
        if (world.client().busy()) world.wait();
      }
      CHECK(told.calls.size() == 1000, "told " + std::to_string(told.calls.size()) + " times");
      CHECK(call.answered.size() == (sends ? 1000u : 0u) && world.opens() == (sends ? 1u : 0u), "one connection");
    }
  }
}

void an_api_call_is_reset_and_started_again_in_its_completion(void**) {
  AsyncWorld world(1);
  world.net.servers[kHost] = always_hello;
  Ask ask(world);
  Told told(world);
  told.then = [&](Call&) {
    CHECK_STATUS(ask.call.status(), Status::kOk, "status when told");
    CHECK_TEXT(ask.response.body(), "hello", "body when told");
    if (told.calls.size() == 5) return;
    ask.call.reset();
    CHECK_STATUS(ask.call.status(), Status::kPending, "reset");
    start(world, ask.call, &told);
  };
  start(world, ask.call, &told);
  world.run();
  CHECK(told.calls.size() == 5 && world.requests() == 5, "five times");
}

void completions_that_start_others_in_all_slots(void**) {
  AsyncWorld world(3);
  world.net.servers[kHost] = always_hello;
  Calls calls = make_calls(40);
  size_t next = 1;
  Told told(world);
  told.then = [&](Call&) {
    while (next < calls.size() && world.client().start(*calls[next], &told) == Status::kOk) ++next;
    CHECK(next == calls.size() || world.client().running() == 3, "kBusy though a slot is free");
  };
  start(world, *calls[0], &told);
  world.run();
  for (auto& call : calls) expect_hello(*call, "call");
  CHECK(told.calls.size() == 40, "told");
}

/// The first to end cancels all others, wherever they are in the table; what is free is free at once.
void completions_that_cancel_others(void**) {
  for (size_t first = 0; first < 4; ++first) {
    AsyncWorld world(4, 2);
    world.net.servers[kHost] = always_hello;
    world.net.peers["stuck.example"] = {Peer()};
    Calls calls = make_calls(6);
    TestCall more;
    Told told(world);
    told.then = [&](Call& ended) {
      if (&ended == &more) return;
      for (auto& call : calls) {
        if (call.get() != &ended) CHECK_STATUS(world.client().cancel(*call), Status::kOk, "cancel");
      }
      CHECK(!world.client().busy(), "all others are gone");
      start(world, more, &told);
    };
    for (size_t i = 0; i < calls.size(); ++i) {
      if (i != first) calls[i]->request.endpoint.host = "stuck.example";
      start(world, *calls[i], &told);
    }
    world.run();
    for (size_t i = 0; i < calls.size(); ++i) {
      if (i == first) {
        expect_hello(*calls[i], "the first");
      } else {
        CHECK(calls[i]->cancels == 1 && calls[i]->failed.empty(), "told on_cancel once and no more");
      }
    }
    expect_hello(more, "started afterwards");
    CHECK(told.calls.size() == 2, "told");
  }
}

void completions_that_destroy_their_call(void**) {
  for (const bool by_cancel : {false, true}) {
    AsyncWorld world(3);
    world.net.servers[kHost] = always_hello;
    Calls calls = make_calls(3);
    Told told(world);
    told.then = [&](Call& ended) {
      if (by_cancel) CHECK_STATUS(world.client().cancel(ended), Status::kNotFound, "it has ended");
      for (auto& call : calls) {
        if (call.get() == &ended) call.reset();
      }
    };
    for (auto& call : calls) start(world, *call, &told);
    world.run();
    CHECK(told.calls.size() == 3, "told");
    for (auto& call : calls) CHECK(call == nullptr, "a call that was not told");
    check_hello(world, "afterwards");
  }
}

// ---- From within calls

void calls_are_started_from_within_a_calls_own_functions(void**) {
  for (const size_t slots : {1, 2, 3}) {
    for (const size_t queued : {0, 1}) {
      AsyncWorld world(slots, queued);
      world.net.servers[kHost] = always_hello;
      TestCall outer, inner;
      Told told(world);
      Status started = Status::kPending;
      outer.script = [&](Instant, RequestHead& head) {
        if (outer.sent > 0) return Next{};
        started = world.client().start(inner, &told);
        return outer.send(head);
      };
      start(world, outer, &told);
      world.run();
      expect_hello(outer, "outer");
      const bool has_room = slots + queued > 1;
      CHECK_STATUS(started, has_room ? Status::kOk : Status::kBusy, "start within");
      if (has_room) expect_hello(inner, "inner");
      CHECK(told.calls.size() == (has_room ? 2u : 1u), "told");
    }
  }
}

void a_source_that_starts_a_call(void**) {
  class Starter final : public BodySource {
   public:
    std::function<void()> then;
    IoResult read(MutBytes out) override {
      if (then) then();
      then = nullptr;
      out[0] = 'x';
      return {Status::kOk, 1};
    }
    Status rewind() override { return Status::kUnsupported; }
  };
  AsyncWorld world(2);
  world.net.servers[kHost] = always_hello;
  Starter source;
  TestCall outer, inner;
  source.then = [&] { start(world, inner); };
  outer.request.method = "PUT";
  outer.request.body = Body(source, 20);
  start(world, outer);
  world.run();
  expect_hello(outer, "outer");
  expect_hello(inner, "inner");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_table_of_one_runs_a_thousand_calls_from_completions),
      cmocka_unit_test(an_api_call_is_reset_and_started_again_in_its_completion),
      cmocka_unit_test(completions_that_start_others_in_all_slots),
      cmocka_unit_test(completions_that_cancel_others),
      cmocka_unit_test(completions_that_destroy_their_call),
      cmocka_unit_test(calls_are_started_from_within_a_calls_own_functions),
      cmocka_unit_test(a_source_that_starts_a_call),
  };
  return cmocka_run_group_tests_name("async client within", tests, nullptr, nullptr);
}
