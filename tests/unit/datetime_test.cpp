#include "text/datetime.h"

#include <time.h>

#include <random>

#include "check.h"

using namespace tinyaws;

namespace {

constexpr int64_t kLastSecond = 253402300799;  // 9999-12-31T23:59:59Z

std::string write(int64_t seconds) {
  char out[17] = {};
  out[16] = '.';
  assert_status(write_amz_date({seconds}, reinterpret_cast<char(&)[16]>(out)), Status::kOk);
  assert_int_equal(out[16], '.');
  return {out, 16};
}

std::string by_the_c_library(int64_t seconds) {
  const auto time = static_cast<time_t>(seconds);
  tm parts = {};
  gmtime_r(&time, &parts);
  char out[32];
  strftime(out, sizeof out, "%Y%m%dT%H%M%SZ", &parts);
  return out;
}

void check(int64_t seconds) {
  assert_text(write(seconds), by_the_c_library(seconds));
}

void known_times(void**) {
  assert_text(write(0), "19700101T000000Z");
  assert_text(write(1440938160), "20150830T123600Z");
  assert_text(write(kLastSecond), "99991231T235959Z");
}

void outside_the_years_1970_to_9999(void**) {
  char out[16];
  for (int64_t seconds : {int64_t{-1}, kLastSecond + 1, INT64_MIN, INT64_MAX, INT64_MIN + 1}) {
    assert_status(write_amz_date({seconds}, out), Status::kInvalidArgument);
  }
}

void random_times(void**) {
  std::mt19937_64 random(1);
  std::uniform_int_distribution<int64_t> any(0, kLastSecond);
  for (int i = 0; i < 100000; ++i) check(any(random));
}

// The first and last second of every day round each turn of a month, from 1970 to 2500 and round each century.
void turns_of_months(void**) {
  for (int year = 1970; year < 10000; year += year < 2500 || year % 100 == 99 || year % 100 == 0 ? 1 : 9) {
    for (int month = 0; month < 12; ++month) {
      tm parts = {};
      parts.tm_year = year - 1900;
      parts.tm_mon = month;
      parts.tm_mday = 1;
      const int64_t start = timegm(&parts);
      check(start);
      if (start > 0) check(start - 1);
    }
  }
}

void leap_days(void**) {
  assert_text(write(951782400), "20000229T000000Z");
  assert_text(write(951868799), "20000229T235959Z");
  assert_text(write(951868800), "20000301T000000Z");
  assert_text(write(4107542400), "21000301T000000Z");  // no leap year
  assert_text(write(4107542399), "21000228T235959Z");
  check(INT32_MAX);
  check(int64_t{INT32_MAX} + 1);
  check(UINT32_MAX);
  check(int64_t{UINT32_MAX} + 1);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(known_times),  cmocka_unit_test(outside_the_years_1970_to_9999),
      cmocka_unit_test(random_times), cmocka_unit_test(turns_of_months),
      cmocka_unit_test(leap_days),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
