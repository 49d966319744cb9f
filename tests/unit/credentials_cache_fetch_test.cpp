// Who fetches, and who waits meanwhile.
// Covers C26: one fetch, whoever asks.
#include "credentials_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;

namespace {

void in_the_advisory_window_one_fetches_and_the_others_go_on(void**) {
  CacheWorld world;
  world.source.has_fetch = true;
  world.load("A", 3601);
  world.issue("B", 7200);
  world.pass(58 * kMinute);
  CHECK_STATUS(world.get(), Status::kPending, "the first asker");
  Call* const fetch = world.fetch;
  CHECK(fetch != nullptr, "the first asker fetches");
  for (int i = 0; i < 5; ++i) check_kept(world, "A", "the others go on");
  run_to_end(*fetch);
  CHECK_STATUS(world.get(), Status::kOk, "the first asker again");
  CHECK_TEXT(world.credentials.access_key_id, "B", "the first asker again");
  check_kept(world, "B", "the others");
}

void in_the_mandatory_window_and_later_all_wait(void**) {
  for (const Life& life : kLives) {
    for (int64_t at : {end_of(life) - life.mandatory, end_of(life) - 1, end_of(life), end_of(life) + kHour}) {
      CacheWorld world;
      world.source.has_fetch = true;
      world.load("A", life.seconds);
      world.pass(at - 1);
      world.issue("B", 7200);
      world.pass(1);
      CHECK_STATUS(world.get(), Status::kPending, "the first asker");
      Call* const fetch = world.fetch;
      CHECK(fetch != nullptr, "the first asker fetches");
      for (int i = 0; i < 5; ++i) CHECK_STATUS(world.get_quietly(), Status::kPending, "the others wait");
      run_to_end(*fetch);
      CHECK_STATUS(world.get(), Status::kOk, "whoever comes first");
      check_kept(world, "B", "the others");
    }
  }
}

void a_hundred_askers_make_one_fetch(void**) {
  for (bool expired : {false, true}) {
    CacheWorld world;
    world.source.has_fetch = true;
    if (expired) {
      world.load("A", 900);
      world.pass(kHour);
    }
    world.source.fetches = 0;
    world.source.call.script = {{Next::Action::kSend, kNever}, {Next::Action::kWait, world.now + 50}};
    world.issue("B", 900);
    Call* running = nullptr;
    int answered = 0;
    for (int round = 0; answered < 100; ++round) {
      CHECK(round < 10, "hang: askers without an answer");
      for (int asker = answered; asker < 100; ++asker) {
        const Status status = world.get();
        if (world.fetch != nullptr) running = world.fetch;
        answered += status == Status::kOk ? 1 : 0;
        CHECK(status == Status::kOk || status == Status::kPending, "an asker got " + text(status));
      }
      char buffer[16];
      RequestHead head{MutBytes(buffer)};
      if (running != nullptr && world.source.call.running) (void)running->next(world.now, world.wall, head);
      world.pass(20);
    }
    CHECK(world.source.fetches == 1, std::to_string(world.source.fetches) + " fetches");
  }
}

// Whoever runs the fetch is told to stop: the next asker takes over, in every state and at every step.
// At once where nothing valid is kept, else later: see kept_ones_hold_while_every_refresh_is_abandoned.
void a_cancelled_fetch_is_taken_over(void**) {
  for (int64_t at : {int64_t{-1}, 850 * kSecond, 880 * kSecond, 2000 * kSecond}) {
    for (int steps = 0; steps <= 3; ++steps) {
      CacheWorld world;
      world.source.has_fetch = true;
      if (at >= 0) {
        world.load("A", 901);
        world.pass(at);
      }
      world.source.call.script = {{Next::Action::kSend, kNever}, {Next::Action::kSend, kNever}};
      world.issue("B", 3600);
      const int fetches = world.source.fetches;
      CHECK_STATUS(world.get(), Status::kPending, "the first asker");
      char buffer[16];
      RequestHead head{MutBytes(buffer)};
      for (int i = 0; i < steps; ++i) (void)world.fetch->next(world.now, world.wall, head);
      if (steps <= 2) world.fetch->on_cancel();
      const bool holds = at == 850 * kSecond || at == 880 * kSecond;
      CHECK_STATUS(world.get_through(), Status::kOk, "the second asker");
      CHECK_TEXT(world.credentials.access_key_id, steps <= 2 && holds ? "A" : "B", "the second asker");
      CHECK(world.source.fetches - fetches == (steps <= 2 && !holds ? 2 : 1), "fetches");
    }
  }
}

void a_fetch_that_fails_in_between_goes_on(void**) {
  CacheWorld world;
  world.source.has_fetch = true;
  world.issue("A", 3600);
  CHECK_STATUS(world.get(), Status::kPending, "the first asker");
  world.fetch->on_failure({Status::kConnectionLost}, world.now);
  CHECK_STATUS(world.get_quietly(), Status::kPending, "a failure that the fetch may mend");
  CHECK(world.source.call.running, "the source's fetch goes on");
  CHECK_STATUS(world.get(), Status::kPending, "still");
  world.source.call.script = {{Next::Action::kSend, kNever}};
  world.cache.invalidate();
  CHECK_STATUS(world.get_quietly(), Status::kPending, "invalidate does not end the fetch");
}

void the_deadline_of_a_fetch_ends_it(void**) {
  CacheWorld world;
  world.source.has_fetch = true;
  world.issue("A", 3600);
  CHECK_STATUS(world.get(), Status::kPending, "the first asker");
  world.fetch->on_failure({Status::kDeadlineExceeded}, world.now);
  CHECK_TEXT(world.source.call.log, "on_cancel ", "what the source's fetch was told");
  CHECK_STATUS(world.get_through(), Status::kOk, "the second asker");
  CHECK(world.source.fetches == 2, "fetches");
}

void a_fetch_is_the_source_s(void**) {
  CacheWorld world;
  world.source.has_fetch = true;
  world.source.call.ends = {4711};
  world.source.call.script = {{Next::Action::kWait, {4712}}};
  world.issue("A", 3600);
  CHECK_STATUS(world.get(), Status::kPending, "the asker");
  Call& fetch = *world.fetch;
  char buffer[16];
  RequestHead head{MutBytes(buffer)};
  const Next next = fetch.next(world.now, world.wall, head);
  CHECK(next.action == Next::Action::kWait && next.until == Instant{4712}, "next");
  fetch.on_head({}, world.now);
  CHECK(fetch.on_body({}, "piece").size == 5, "on_body");
  fetch.on_response({}, world.now);
  CHECK(fetch.deadline() == Instant{4711}, "deadline");
  CHECK(fetch.timeouts() == &world.source.call.limits, "timeouts");
  fetch.on_cancel();
  CHECK_TEXT(world.source.call.log, "next on_head on_body on_response on_cancel ", "calls");
  CHECK(fetch.deadline() == kNever && fetch.timeouts() == nullptr, "a fetch that has ended has no limits");
  CHECK(fetch.next(world.now, world.wall, head).action == Next::Action::kDone, "it has ended");
}

// What a fetch has brought lies with the source until it is asked for: a renewal does not use it up.
void a_renewal_leaves_what_was_fetched(void**) {
  CacheWorld world;
  world.load("A", 901);
  const uint32_t version = world.credentials.version;
  world.pass(850 * kSecond);
  world.source.has_fetch = true;
  world.issue("B", 3600);
  CHECK_STATUS(world.get(), Status::kPending, "in the advisory window");
  CHECK(world.fetch != nullptr, "a fetch");
  run_to_end(*world.fetch, world.now, world.wall);
  CHECK(world.cache.has_outcome(), "an outcome");
  const int gets = world.source.gets;
  CHECK(world.cache.renew(version, world.now, world.wall), "there may be other ones");
  CHECK(world.source.gets == gets, "the source was asked");
  CHECK_STATUS(world.get(), Status::kOk, "what was fetched");
  CHECK_TEXT(world.credentials.access_key_id, "B", "what was fetched");
  CHECK(world.source.fetches == 1, "fetches");
}

// The source is shared with somebody else, who fetches.
void a_fetch_of_somebody_else(void**) {
  CacheWorld world;
  world.source.is_busy = true;
  CHECK_STATUS(world.get(), Status::kPending, "nothing is kept");
  CHECK(world.fetch == nullptr, "and there is nothing to run");
  world.source.is_busy = false;
  world.load("A", 901);
  world.source.is_busy = true;
  world.pass(850 * kSecond);
  CHECK_STATUS(world.get(), Status::kOk, "in the advisory window");
  world.pass(45 * kSecond);
  CHECK_STATUS(world.get(), Status::kPending, "in the mandatory window");
  CHECK(world.fetch == nullptr, "and there is nothing to run");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(in_the_advisory_window_one_fetches_and_the_others_go_on),
      cmocka_unit_test(in_the_mandatory_window_and_later_all_wait),
      cmocka_unit_test(a_hundred_askers_make_one_fetch),
      cmocka_unit_test(a_cancelled_fetch_is_taken_over),
      cmocka_unit_test(a_fetch_that_fails_in_between_goes_on),
      cmocka_unit_test(the_deadline_of_a_fetch_ends_it),
      cmocka_unit_test(a_fetch_is_the_source_s),
      cmocka_unit_test(a_renewal_leaves_what_was_fetched),
      cmocka_unit_test(a_fetch_of_somebody_else),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
