// Questions to STS that are given up, at any step, and the next ones; what a source of credentials does meanwhile.
#include "sts_fixture.h"

using namespace test;

namespace {

void the_outcome_is_taken_once(void**) {
  StsWorld world;
  Credentials credentials;
  CHECK_STATUS(world.call().status(), Status::kNotFound, "before the first start");
  CHECK_STATUS(world.call().collect(credentials), Status::kNotFound, "before the first start");
  world.start();
  CHECK_STATUS(world.call().status(), Status::kPending, "started");
  CHECK_STATUS(world.call().collect(credentials), Status::kPending, "started");
  world.run(world.call());
  CHECK_STATUS(world.call().collect(credentials), Status::kOk, "ended");
  CHECK_STATUS(world.call().collect(credentials), Status::kNotFound, "taken");
}

void a_source_that_fetches(void**) {
  StsWorld world;
  world.source.has_fetch = true;
  world.source.call.script = {{Next::Action::kAgain, {}}, {Next::Action::kWait, Instant{1200}}};
  check_role_given(world, "a source that fetches");
  CHECK(world.source.fetches == 1, "fetched once");
  world.source.is_busy = true;
  world.start();
  CHECK_STATUS(world.connection.start(world.call()), Status::kOk, "start");
  for (int i = 0; i < 10; ++i) CHECK(world.step(), "ended without credentials");
  world.connection.cancel();
  CHECK_STATUS(world.call().status(), Status::kNotFound, "cancelled");
}

void a_source_that_fails(void**) {
  for (Status status : {Status::kCredentialsExpired, Status::kFileUnreadable, Status::kCredentialsRefused}) {
    StsWorld world;
    world.source.status = status;
    check_sts_fails(world, status, text(status));
    world.source.status = Status::kNotFound;
    check_sts_fails(world, Status::kNoCredentials, "a source that has none");
    CHECK(world.transport.heard.empty(), "nothing is sent unsigned");
    world.source.status = Status::kOk;
    check_next(world, text(status));
  }
}

size_t steps_of(StsWorld& world) {
  world.start();
  CHECK_STATUS(world.connection.start(world.call()), Status::kOk, "start");
  size_t steps = 1;
  while (world.step()) ++steps;
  return steps;
}

void prepare_slow(StsWorld& world, bool web_identity, bool fetching) {
  if (web_identity) world.use_web_identity();
  world.source.has_fetch = fetching;
  world.source.call.script = {{Next::Action::kAgain, {}}, {Next::Action::kWait, Instant{1200}}};
  world.transport.manner.recv_piece = 60;
  world.transport.manner.send_piece = 60;
  world.transport.manner.connect_ms = 5;
  world.transport.manner.pending_advances = 1;
  world.says(http("503 Slow Down", "<html>"));
}

void cancel_in_every_state(void**) {
  for (int variant = 0; variant < 3; ++variant) {
    StsWorld good;
    prepare_slow(good, variant == 1, variant == 2);
    const size_t steps = steps_of(good);
    CHECK(steps > 10, "too short a run: " + std::to_string(steps));
    for (size_t k = 0; k < steps; ++k) {
      const std::string what = "variant " + std::to_string(variant) + ", after step " + std::to_string(k);
      StsWorld world;
      prepare_slow(world, variant == 1, variant == 2);
      world.start();
      CHECK_STATUS(world.connection.start(world.call()), Status::kOk, what);
      for (size_t i = 0; i < k; ++i) CHECK(world.step(), what);
      world.connection.cancel();
      CHECK_STATUS(world.call().status(), Status::kNotFound, what);
      CHECK(!world.source.call.running, what + ": the source's fetch was not told");
      CHECK(!world.files.is_open, what + ": a file is left open");
      world.check_space_clean(what);
      check_next(world, what);
    }
  }
}

void cancel_without_a_connection(void**) {
  StsWorld world;
  world.call().on_cancel();
  world.start();
  world.call().on_cancel();
  CHECK_STATUS(world.call().status(), Status::kNotFound, "cancelled before the first step");
  check_next(world, "cancelled");
  world.start();
  world.run(world.call());
  world.start();
  CHECK_STATUS(world.call().status(), Status::kPending, "started without taking the outcome");
  world.check_space_clean("started anew");
  check_next(world, "started anew");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(the_outcome_is_taken_once),   cmocka_unit_test(a_source_that_fetches),
      cmocka_unit_test(a_source_that_fails),         cmocka_unit_test(cancel_in_every_state),
      cmocka_unit_test(cancel_without_a_connection),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
