// How far the wall clock is off, and what time it is where there is none.
// Covers C15: offsets either way, no clock, a floor.
#include "tinyaws/service_clock.h"
#include "../fakes/check.h"

using namespace tinyaws;
using namespace tinyaws::fakes;

namespace {

constexpr int64_t kYear = 31557600;
constexpr int64_t kThen = 1440938160;

std::string words(int64_t n) {
  return std::to_string(n);
}

void nothing_learnt(void**) {
  ServiceClock clock;
  CHECK(clock.knows_time({kThen}) && clock.offset() == 0 && clock.moves() == 0, "a clock without a floor");
  CHECK(clock.time_of_day({kThen}, {5}).seconds == kThen, "the wall clock's");
  CHECK(!clock.knows_time(kUnknownTime), "no clock");
  clock.set_floor({kThen});
  CHECK(clock.floor().seconds == kThen, "floor");
  CHECK(clock.knows_time({kThen}) && !clock.knows_time({kThen - 1}), "the floor itself may be");
  CHECK(clock.time_of_day(kUnknownTime, {5}).seconds == kThen, "the floor");
  CHECK(clock.time_of_day({100}, {5}).seconds == kThen, "a clock that was not set");
  CHECK(clock.time_of_day(kUnknownTime, {3600000}).seconds == kThen, "stands still");
}

void offsets_either_way(void**) {
  for (int64_t skew : {-10 * kYear, int64_t{-360}, int64_t{-1}, int64_t{0}, int64_t{1}, int64_t{360}, 10 * kYear}) {
    ServiceClock clock;
    const int64_t change = clock.learn({kThen}, {kThen + skew}, {1000});
    CHECK(change == -skew, words(skew) + ": changed by " + words(change));
    CHECK(clock.offset() == -skew, words(skew) + ": offset");
    CHECK(clock.time_of_day({kThen + skew}, {1000}).seconds == kThen, words(skew) + ": now");
    CHECK(clock.time_of_day({kThen + skew + 500}, {501000}).seconds == kThen + 500, words(skew) + ": later");
    CHECK(clock.learn({kThen + 500}, {kThen + skew + 500}, {501000}) == 0, words(skew) + ": the same once more");
    CHECK(clock.learn({kThen + 507}, {kThen + skew + 500}, {501000}) == 7, words(skew) + ": what has changed since");
  }
}

void without_a_clock_time_goes_on(void**) {
  ServiceClock clock;
  clock.set_floor({kThen - kYear});
  const int64_t change = clock.learn({kThen}, kUnknownTime, {1000});
  CHECK(change == kYear, "from the floor: " + words(change));
  CHECK(clock.knows_time(kUnknownTime), "known now");
  CHECK(clock.time_of_day(kUnknownTime, {1000}).seconds == kThen, "now");
  CHECK(clock.time_of_day(kUnknownTime, {3601000}).seconds == kThen + 3600, "an hour later");
  CHECK(clock.learn({kThen + 3590}, kUnknownTime, {3601000}) == -10, "ten seconds fast");
  CHECK(clock.time_of_day(kUnknownTime, {3601000}).seconds == kThen + 3590, "as the service says");
}

/// A clock that was not set, and runs: what it says is of no use, and stays so.
void a_clock_below_the_floor(void**) {
  ServiceClock clock;
  clock.set_floor({kThen - kYear});
  clock.learn({kThen}, {5}, {1000});
  CHECK(clock.knows_time({6}), "known now");
  CHECK(clock.time_of_day({65}, {61000}).seconds == kThen + 60, "a minute later");
}

/// Not even a floor below all times makes kUnknownTime a time.
void no_clock_and_no_floor(void**) {
  for (UnixTime floor : {kUnknownTime, UnixTime{kUnknownTime.seconds + 1}, UnixTime{-kYear}}) {
    ServiceClock clock;
    clock.set_floor(floor);
    CHECK(!clock.knows_time(kUnknownTime), words(floor.seconds));
    CHECK(clock.time_of_day(kUnknownTime, {5}).seconds == floor.seconds, words(floor.seconds) + ": the floor");
    CHECK(clock.knows_time({0}), words(floor.seconds) + ": 1970");
  }
  ServiceClock clock;
  clock.set_floor(kUnknownTime);
  CHECK(clock.time_of_day({kThen}, {5}).seconds == kThen, "the wall clock's");
}

/// NTP sets it after all: to the right time.
void a_clock_that_is_set_later(void**) {
  ServiceClock clock;
  clock.set_floor({kThen - kYear});
  clock.learn({kThen}, {5}, {1000});
  CHECK(clock.knows_time({kThen + 60}), "known");
  CHECK(clock.time_of_day({kThen + 60}, {61000}).seconds == kThen + 60, "the wall clock's, without an offset");
}

/// "How often the time of day has moved by a minute or more"
void moves_are_counted_from_a_minute(void**) {
  ServiceClock clock;
  clock.learn({kThen}, {kThen + 59}, {1000});
  CHECK(clock.moves() == 0, "59 s");
  clock.learn({kThen}, {kThen + 59 + 60}, {1000});
  CHECK(clock.moves() == 1, "60 s back");
  clock.learn({kThen + 60}, {kThen + 59 + 60}, {1000});
  CHECK(clock.moves() == 2, "60 s on");
  clock.learn({kThen + 60}, {kThen + 59 + 60}, {1000});
  CHECK(clock.moves() == 2, "the same");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(nothing_learnt),
      cmocka_unit_test(offsets_either_way),
      cmocka_unit_test(without_a_clock_time_goes_on),
      cmocka_unit_test(a_clock_below_the_floor),
      cmocka_unit_test(no_clock_and_no_floor),
      cmocka_unit_test(a_clock_that_is_set_later),
      cmocka_unit_test(moves_are_counted_from_a_minute),
  };
  return cmocka_run_group_tests_name("service clock", tests, nullptr, nullptr);
}
