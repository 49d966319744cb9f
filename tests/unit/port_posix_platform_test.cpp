// The POSIX port: its clocks, its random bytes, how it waits, and the environment.
// Covers C37: waits that a signal ends.
#include "port_posix_fixture.h"

using namespace tinyaws;
using namespace test;

namespace {

void clocks_tell_the_time(void**) {
  posix::Platform platform;
  timespec boot{}, wall{};
  clock_gettime(CLOCK_BOOTTIME, &boot);
  clock_gettime(CLOCK_REALTIME, &wall);
  const Instant now = platform.now();
  assert_in_range(now.ms - (boot.tv_sec * 1000 + boot.tv_nsec / 1000000), 0, 1000);
  assert_in_range(platform.unix_time().seconds - wall.tv_sec, 0, 1);
  usleep(20000);
  assert_in_range(platform.now() - now, 20, 2000);
}

void random_never_comes_twice(void**) {
  posix::Platform platform;
  static char drawn[64][16];
  for (int i = 0; i < 64; i++) {
    faults.random_errno = i % 2 ? ENOSYS : 0;
    assert_status(platform.random(drawn[i]), Status::kOk);
    for (int j = 0; j < i; j++) assert_memory_not_equal(drawn[i], drawn[j], 16);
  }
}

void random_fills_all_and_no_more(void**) {
  posix::Platform platform;
  faults.interrupt = true;
  faults.most_random = 3;
  for (int error : {0, ENOSYS}) {
    char out[1000] = {};
    faults.random_errno = error;
    assert_status(platform.random({out, 999}), Status::kOk);
    int zeros = 0;
    for (int i = 0; i < 999; i++) zeros += out[i] == 0;
    assert_true(zeros < 30);
    assert_int_equal(out[999], 0);
  }
  assert_true(faults.interruptions > 300);
  assert_int_equal(faults.inheritable_reads, 0);
  assert_status(platform.random({}), Status::kOk);
}

void random_admits_that_there_is_none(void**) {
  posix::Platform platform;
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const rlimit none{0, before.rlim_max};
  setrlimit(RLIMIT_NOFILE, &none);
  faults.random_errno = ENOSYS;
  char out[8];
  const Status status = platform.random(out);
  setrlimit(RLIMIT_NOFILE, &before);
  assert_status(status, Status::kCryptoFailed);
}

/// How long `wait` takes until `ms` from now, in milliseconds.
int64_t waited(Span<const Interest> interests, int64_t ms) {
  posix::Platform platform;
  const Instant start = platform.now();
  platform.wait(interests, ms < 0 ? kNever : start + ms);
  return platform.now() - start;
}

constexpr size_t kMany = posix::kMaxWatched + 8;

void waits_until_the_time_has_come(void**) {
  const Interest nothing[] = {{-1, true, true}, {}};
  for (int64_t ms : {1, 2, 3, 50}) assert_in_range(waited(nothing, ms), ms, ms + 900);
  const Interest skipped[kMany] = {};
  assert_in_range(waited(skipped, 50), 50, 900);
  assert_in_range(waited({}, 1050), 1050, 4000);
  posix::Platform platform;
  const Instant start = platform.now();
  platform.wait({}, {start.ms - 1000});
  platform.wait({}, {INT64_MIN});
  assert_in_range(platform.now() - start, 0, 900);
}

void wait_ends_when_something_can_go_on(void**) {
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  const Interest reading[] = {{-1, true, false}, {ends[0], true, false}};
  const Interest writing[] = {{ends[1], false, true}};
  assert_in_range(waited(reading, 50), 50, 3000);
  assert_in_range(waited(writing, 9000), 0, 8000);
  assert_int_equal(::write(ends[1], "x", 1), 1);
  assert_in_range(waited(reading, 9000), 0, 8000);
  assert_in_range(waited(reading, -1), 0, 8000);
  Interest many[kMany];
  for (Interest& one : many) one = {ends[1], true, false};
  many[kMany - 1] = {ends[0], true, false};
  assert_in_range(waited(many, 9000), 0, 8000);
  close(ends[0]);
  const Interest neither[] = {{ends[1], false, false}};
  assert_in_range(waited(neither, 50), 50, 3000);
  close(ends[1]);
}

void wait_returns_after_a_signal(void**) {
  SignalStorm storm(30000);
  assert_in_range(waited({}, -1), 1, 8000);
  assert_in_range(waited({}, 9000), 1, 8000);
}

void reads_the_environment(void**) {
  posix::Environment environment;
  setenv("TINYAWS_TEST", "a value", 1);
  assert_says(environment.variable("TINYAWS_TEST"), "a value");
  setenv("TINYAWS_TEST", "", 1);
  assert_says(environment.variable("TINYAWS_TEST"), "");
  unsetenv("TINYAWS_TEST");
  assert_says(environment.variable("TINYAWS_TEST"), "");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      CASE(clocks_tell_the_time),          CASE(random_never_comes_twice),
      CASE(random_fills_all_and_no_more),  CASE(random_admits_that_there_is_none),
      CASE(waits_until_the_time_has_come), CASE(wait_ends_when_something_can_go_on),
      CASE(wait_returns_after_a_signal),   CASE(reads_the_environment),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
