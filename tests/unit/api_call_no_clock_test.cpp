// Boards without a clock, and what expires by a wrong one.
// Covers C15: 1970 boot, no clock at all. Covers C16: credentials that have expired by the local clock only.
#include "api_call_world.h"
#include "tinyaws/providers.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

constexpr int64_t kFloor = kServiceTime - 86400 * 100;

/// No clock, or one that began in 1970 with the board.
void make_clockless(ClientWorld& world, bool runs) {
  world.time.wall = runs ? UnixTime{20} : kUnknownTime;
  world.platform.service_clock().set_floor({kFloor});
  world.options.timeouts.idle_ms = 100000000;
}

void the_first_answer_tells_the_time(void**) {
  for (const bool runs : {true, false}) {
    for (const bool s3 : {true, false}) {
      ClientWorld world;
      make_clockless(world, runs);
      const std::string what = std::string(runs ? "1970" : "no clock") + (s3 ? ", S3" : ", DynamoDB");
      CHECK(!world.platform.knows_time(), what + ": known before");
      const std::string server_time = "<ServerTime>2015-08-30T12:36:00Z</ServerTime>";
      world.transport.peers = {
          peer_of({s3 ? xml_error("403 Forbidden", "RequestTimeTooSkewed", "", server_time) : refusal(kServiceTime),
                   kOkAnswer, kOkAnswer})};
      ApiRequest request = post("body");
      request.service = s3 ? "s3" : "dynamodb";
      const Scope scope{"eu-west-1", request.service};
      expect_done(fetch(world, request), what);
      check_requests(world, 2, what);
      const auto sent = all_sent(world);
      check_signed_at(world, sent[0].bytes, scope, kFloor, what + ": first, at the floor");
      check_signed_at(world, sent[1].bytes, scope, kServiceTime, what + ": second");
      CHECK(world.platform.knows_time(), what + ": known afterwards");
      world.time.pass(5000000);
      CHECK(world.platform.time_of_day(world.time.now).seconds == kServiceTime + 5000, what + ": goes on");
      expect_done(fetch(world, request), what + ": later");
      check_requests(world, 3, what + ": later, at once right");
      check_signed_at(world, all_sent(world)[2].bytes, scope, kServiceTime + 5000, what + ": later");
    }
  }
}

void an_answer_that_does_not_tell_it(void**) {
  ClientWorld world;
  make_clockless(world, false);
  world.transport.peers = {peer_of({json_error("400 Bad Request", "InvalidSignatureException"), kOkAnswer})};
  CHECK_STATUS(fetch(world, post("x")).status, Status::kServiceError, "no Date");
  check_requests(world, 1, "no Date");
  CHECK(!world.platform.knows_time(), "nothing learnt");
}

void without_correction_there_has_to_be_a_clock(void**) {
  for (const bool by_option : {true, false}) {
    for (const bool runs : {true, false}) {
      ClientWorld world;
      make_clockless(world, runs);
      world.options.correct_clock = !by_option;
      if (!by_option) world.environment.table["AWS_DISABLE_CLOCK_SKEW_CORRECTION"] = "true";
      world.transport.peers = {peer_of({kOkAnswer})};
      CHECK_STATUS(fetch(world, post("x")).status, Status::kClockNotSet, "no clock");
      CHECK(world.transport.calls.empty(), "the network was touched");
      world.time.wall = {kServiceTime};
      expect_done(fetch(world, post("x")), "after it was set");
      check_signed_at(world, world.transport.last_request(), kScope, kServiceTime, "after it was set");
    }
  }
}

void presigning_needs_the_time(void**) {
  ClientWorld world;
  make_clockless(world, false);
  char url[2048];
  CHECK_STATUS(world.client().presign({"s3"}, 60, url).status, Status::kClockNotSet, "no clock");
  CHECK(world.transport.calls.empty(), "the network was touched");
  world.transport.peers = {peer_of({done_at(kServiceTime)})};
  expect_done(fetch(world, post("x")), "a success tells it as well");
  const IoResult result = world.client().presign({"s3"}, 60, url);
  CHECK_STATUS(result.status, Status::kOk, "known now");
  CHECK(contains({url, result.size}, "X-Amz-Date=20150830T123600Z"), std::string(url, result.size));
}

/// Persisted, and set as the floor after the next boot: what is nearer to the truth is signed first.
void a_persisted_time_is_a_floor(void**) {
  ClientWorld world;
  make_clockless(world, false);
  world.platform.service_clock().set_floor({kServiceTime - 60});
  world.transport.peers = {peer_of({done_at(kServiceTime)})};
  expect_done(fetch(world, post("x")), "a minute off");
  check_requests(world, 1, "accepted at once");
  CHECK(world.platform.time_of_day(world.time.now).seconds == kServiceTime, "and corrected");
}

// ---- What expires

/// Credentials that the wall clock, ten years ahead, holds for expired; another call has told the time before.
void credentials_that_expired_by_a_wrong_clock_are_used(void**) {
  CachedWorld world({"AKID1"});
  world.time.wall.seconds += 315576000;
  world.series.source.expiration = {kServiceTime + 3600};
  world.transport.peers = {peer_of({done_at(kServiceTime)}), peer_of({kOkAnswer})};
  expect_done(fetch(world, post("x")), "teacher");
  world.client().close();
  expect_done(world.fetch(post("x")), "valid by the service's clock");
  CHECK_TEXT(key_of(world.transport.last_request(), kScope, "second"), "AKID1", "used");
}

/// By their own clock (Credentials::issued) they are as good before anything is learnt.
void issued_times_make_it_independent(void**) {
  CachedWorld world({"AKID1"});
  world.time.wall.seconds += 315576000;
  world.series.source.issued = {kServiceTime};
  world.series.source.expiration = {kServiceTime + 3600};
  world.transport.peers = {peer_of({refusal(kServiceTime), kOkAnswer})};
  expect_done(world.fetch(post("x")), "first of all");
  check_requests(world, 2, "first of all");
  CHECK(world.series.source.fetches == 1, "fetches");
}

/// Valid by the wall clock, ten years behind, and expired in truth: "no request signed with expired credentials".
void credentials_that_live_by_a_wrong_clock_only_are_not_used(void**) {
  CachedWorld world({"AKID1"});
  world.time.wall.seconds -= 315576000;
  world.series.source.expiration = {kServiceTime - 10};
  world.transport.peers = {peer_of({done_at(kServiceTime)}), peer_of({kOkAnswer})};
  expect_done(fetch(world, post("x")), "teacher");
  world.client().close();
  CHECK_STATUS(world.fetch(post("x")).status, Status::kCredentialsExpired, "expired by the service's clock");
  check_requests(world, 1, "the teacher's only");
}

/// Fetched by the wrong clock, then corrected: their life is reckoned once more.
void a_life_reckoned_by_a_wrong_clock_is_reckoned_again(void**) {
  CachedWorld world({"AKID1", "AKID2"});
  world.options.timeouts.idle_ms = 100000000;
  world.time.wall.seconds -= 360;
  world.series.source.expiration = {kServiceTime + 600};  // 960 s by the wall clock
  world.transport.peers = {peer_of({refusal(kServiceTime), kOkAnswer, kOkAnswer, kOkAnswer})};
  expect_done(world.fetch(post("x")), "first");
  CHECK_TEXT(key_of(world.transport.last_request(), kScope, "first"), "AKID1", "the same set");
  world.time.pass(300000);
  expect_done(world.fetch(post("x")), "after half their life");
  CHECK_TEXT(key_of(world.transport.last_request(), kScope, "half"), "AKID1", "still fresh");
  world.time.pass(310000);
  world.series.source.expiration = {kServiceTime + 7200};
  expect_done(world.fetch(post("x")), "after their end");
  CHECK_TEXT(key_of(world.transport.last_request(), kScope, "end"), "AKID2", "expired by the service's clock");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(the_first_answer_tells_the_time),
      cmocka_unit_test(an_answer_that_does_not_tell_it),
      cmocka_unit_test(without_correction_there_has_to_be_a_clock),
      cmocka_unit_test(presigning_needs_the_time),
      cmocka_unit_test(a_persisted_time_is_a_floor),
      cmocka_unit_test(credentials_that_expired_by_a_wrong_clock_are_used),
      cmocka_unit_test(issued_times_make_it_independent),
      cmocka_unit_test(credentials_that_live_by_a_wrong_clock_only_are_not_used),
      cmocka_unit_test(a_life_reckoned_by_a_wrong_clock_is_reckoned_again),
  };
  return cmocka_run_group_tests_name("api_call without a clock", tests, nullptr, nullptr);
}
