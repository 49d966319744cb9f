// When the cache asks its source: windows, lives and clocks.
// Covers C26, C29: windows, and clocks that are wrong or step.
#include "credentials_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;

namespace {

constexpr int64_t kTenYears = int64_t{10} * 365 * 86400;

void fresh_ones_leave_the_source_alone(void**) {
  for (const Life& life : kLives) {
    for (uint64_t seed = 1; seed <= 5; ++seed) {
      CacheWorld world;
      world.chance = Chance(seed);
      world.load("A", life.seconds);
      const int64_t asked = world.until_asked(life.advisory / 100, 24 * kHour);
      check_between(asked, end_of(life) - life.advisory, end_of(life) - life.advisory / 2 + life.advisory / 100,
                    "the advisory window of a life of " + std::to_string(life.seconds) + " s");
    }
  }
}

void a_fleet_does_not_refresh_at_once(void**) {
  int64_t least = INT64_MAX;
  int64_t most = 0;
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    CacheWorld world;
    world.chance = Chance(seed);
    world.load("A", 3601);
    world.pass(54 * kMinute);
    const int64_t asked = world.until_asked(kSecond, kHour);
    least = std::min(least, asked);
    most = std::max(most, asked);
  }
  CHECK(most - least > kMinute, "spread over " + std::to_string(most - least) + " ms only");
}

void the_mandatory_window_begins_where_it_should(void**) {
  for (const Life& life : kLives) {
    CacheWorld world;
    world.source.has_fetch = true;
    world.load("A", life.seconds);
    world.pass(end_of(life) - life.mandatory - 1);
    CHECK_STATUS(world.get(), Status::kPending, "the fetch");
    check_kept(world, "A", "just before the mandatory window");
    world.pass(1);
    CHECK_STATUS(world.get_quietly(), Status::kPending, "in the mandatory window");
  }
}

void a_stepped_wall_clock_changes_nothing(void**) {
  for (bool is_dated : {false, true}) {
    for (int64_t step : {-kTenYears, kTenYears}) {
      CacheWorld world;
      world.source.has_fetch = true;
      if (is_dated) world.source.issued = world.wall;
      if (is_dated) world.wall.seconds += step;
      world.issue("A", 3601 - (is_dated ? step : 0));
      CHECK_STATUS(world.get_through(), Status::kOk, "load");
      const UnixTime stepped{world.wall.seconds + step};
      world.now = world.now + (55 * kMinute - 1);
      world.wall = stepped;
      check_kept(world, "A", "fresh until the advisory window");
      world.now = world.now + 4 * kMinute;
      CHECK_STATUS(world.get(), Status::kPending, "the mandatory window is where it was");
      world.fetch->on_cancel();
      world.now = world.now + kMinute + 1;
      world.source.status = Status::kCredentialsUnavailable;
      CHECK_STATUS(world.get_through(), Status::kCredentialsUnavailable, "expired when it should");
    }
  }
}

// They may be collected long after they were given: a life begins with the last request of the fetch.
void a_life_begins_at_the_source(void**) {
  CacheWorld world;
  world.source.has_fetch = true;
  world.source.call.script = {{Next::Action::kSend, kNever}, {Next::Action::kSend, kNever}};
  world.source.issued = {4000000000};
  world.source.expiration = {4000000000 + 3601};
  CHECK_STATUS(world.get(), Status::kPending, "the asker");
  char buffer[16];
  RequestHead head{MutBytes(buffer)};
  (void)world.fetch->next(world.now, world.wall, head);
  world.pass(10 * kMinute);
  (void)world.fetch->next(world.now, world.wall, head);
  world.pass(50 * kMinute);
  (void)world.fetch->next(world.now, world.wall, head);
  world.pass(5 * kMinute);
  CHECK_STATUS(world.get(), Status::kOk, "5 minutes of its life are left");
  const int64_t asked = world.until_asked(kSecond, kHour);
  check_between(asked, 225 * kSecond, 264 * kSecond, "the advisory window of the 5 minutes left");
}

void the_time_of_issue_counts_after_a_fetch_only(void**) {
  CacheWorld world;
  world.source.has_fetch = true;
  world.source.issued = world.wall;
  world.load("A", 901);
  world.pass(900 * kSecond);
  CHECK_STATUS(world.get(), Status::kPending, "a fetch");
  world.fetch->on_cancel();
  world.source.has_fetch = false;
  for (const char* key_id : {"B", "C"}) {
    world.load(key_id, 901);
    check_between(world.until_asked(kSecond, kHour), 675 * kSecond, 788 * kSecond, "by our own clock");
    world.pass(kHour);
  }
  world.source.has_fetch = true;
  world.source.issued = world.wall;
  world.load("D", 901);
  world.source.has_fetch = false;
  world.pass(899 * kSecond);
  world.source.issued = world.wall;
  world.load("E", 901);
  check_between(world.until_asked(kSecond, kHour), 675 * kSecond, 788 * kSecond, "by our own clock");
}

void long_lives_are_cut_to_36_hours(void**) {
  for (int64_t seconds : {int64_t{129602}, int64_t{1} << 40, INT64_MAX - 1 - 1440938160}) {
    CacheWorld world;
    world.load("A", seconds);
    world.pass(36 * kHour - 5 * kMinute - 1);
    check_kept(world, "A", "fresh");
    world.pass(5 * kMinute + 1);
    world.source.status = Status::kProcessFailed;
    CHECK_STATUS(world.get(), Status::kProcessFailed, "expired");
  }
}

void without_an_expiration_they_are_read_anew(void**) {
  CacheWorld world;
  CHECK_STATUS(world.get(), Status::kOk, "load");
  check_between(world.until_asked(kSecond, kHour), 15 * kMinute, 15 * kMinute, "read anew");
  world.source.key_id = "rotated";
  world.pass(15 * kMinute);
  CHECK_STATUS(world.get(), Status::kOk, "read anew");
  CHECK_TEXT(world.credentials.access_key_id, "rotated", "read anew");
  for (Status status : {Status::kMalformedFile, Status::kNotFound}) {
    world.source.status = status;
    world.pass(kHour);
    CHECK_STATUS(world.get(), Status::kOk, "a file that can't be read");
    CHECK_TEXT(world.credentials.access_key_id, "rotated", "a file that can't be read");
    check_between(world.until_asked(kSecond, kHour), 5 * kMinute, 10 * kMinute, "the next try");
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(fresh_ones_leave_the_source_alone),
      cmocka_unit_test(a_fleet_does_not_refresh_at_once),
      cmocka_unit_test(the_mandatory_window_begins_where_it_should),
      cmocka_unit_test(a_stepped_wall_clock_changes_nothing),
      cmocka_unit_test(a_life_begins_at_the_source),
      cmocka_unit_test(the_time_of_issue_counts_after_a_fetch_only),
      cmocka_unit_test(long_lives_are_cut_to_36_hours),
      cmocka_unit_test(without_an_expiration_they_are_read_anew),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
