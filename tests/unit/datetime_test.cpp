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
    char longer[20];
    assert_status(write_amz_date({seconds}, out), Status::kInvalidArgument);
    assert_status(write_iso8601({seconds}, longer), Status::kInvalidArgument);
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

std::string iso8601(int64_t seconds) {
  char out[21] = {};
  out[20] = '.';
  assert_status(write_iso8601({seconds}, reinterpret_cast<char(&)[20]>(out)), Status::kOk);
  assert_int_equal(out[20], '.');
  return {out, 20};
}

using Parser = Status (*)(Str, UnixTime&);

void assert_parsed(Parser parse, Str text, int64_t seconds) {
  UnixTime time{-5};
  if (parse(text, time) == Status::kOk && time.seconds == seconds) return;
  fail_msg("\"%s\" is %lld", test::printable(text).c_str(), static_cast<long long>(time.seconds));
}

void assert_refused(Parser parse, Str text) {
  UnixTime time{-5};
  if (parse(text, time) == Status::kInvalidArgument && time.seconds == -5) return;
  fail_msg("\"%s\" is not refused", test::printable(text).c_str());
}

int64_t by_timegm(int year, int month, int day, int second) {
  tm parts = {};
  parts.tm_year = year - 1900;
  parts.tm_mon = month - 1;
  parts.tm_mday = day;
  parts.tm_sec = second;
  return timegm(&parts);
}

std::string formatted(int64_t seconds, const char* format) {
  const auto time = static_cast<time_t>(seconds);
  tm parts = {};
  gmtime_r(&time, &parts);
  char out[64];
  strftime(out, sizeof out, format, &parts);
  return out;
}

void check_round_trip(int64_t seconds) {
  const std::string text = iso8601(seconds);
  assert_text(text, formatted(seconds, "%Y-%m-%dT%H:%M:%SZ"));
  assert_parsed(parse_iso8601, text, seconds);
  assert_parsed(parse_http_date, formatted(seconds, "%a, %d %b %Y %H:%M:%S GMT"), seconds);
  assert_parsed(parse_http_date, formatted(seconds, "%a %b %e %H:%M:%S %Y"), seconds);
  if (seconds < by_timegm(2070, 1, 1, 0)) {
    assert_parsed(parse_http_date, formatted(seconds, "%A, %d-%b-%y %H:%M:%S GMT"), seconds);
  }
}

void every_day_from_1970_to_2100(void**) {
  for (int64_t seconds = 0; seconds < by_timegm(2101, 1, 1, 0); seconds += 86400) {
    check_round_trip(seconds);
    check_round_trip(seconds + 86399);
  }
}

void random_seconds(void**) {
  std::mt19937_64 random(2);
  std::uniform_int_distribution<int64_t> any(0, kLastSecond);
  for (int i = 0; i < 30000; ++i) check_round_trip(any(random));
  check_round_trip(kLastSecond);
}

// Every day that can be written, also those that do not exist: timegm moves those to another month.
void days_that_do_not_exist(void**) {
  for (int year : {1970, 1999, 2000, 2023, 2024, 2099, 2100, 2400, 9999}) {
    for (int month = 0; month <= 13; ++month) {
      for (int day = 0; day <= 32; ++day) {
        char text[64];
        snprintf(text, sizeof text, "%04d-%02d-%02dT00:00:00Z", year, month, day);
        const int64_t seconds = by_timegm(year, month, day, 0);
        if (formatted(seconds, "%Y-%m-%dT%H:%M:%SZ") == text) {
          assert_parsed(parse_iso8601, text, seconds);
        } else {
          assert_refused(parse_iso8601, text);
        }
      }
    }
  }
}

void iso8601_forms(void**) {
  const int64_t t = 1516267086;
  assert_parsed(parse_iso8601, "2018-01-18T09:18:06Z", t);
  assert_parsed(parse_iso8601, "2018-01-18t09:18:06z", t);
  assert_parsed(parse_iso8601, "2018-01-18T09:18:06.0Z", t);
  assert_parsed(parse_iso8601, "2018-01-18T09:18:06.999999999999999999999999Z", t);
  assert_parsed(parse_iso8601, "2018-01-18T09:18:06+00:00", t);
  assert_parsed(parse_iso8601, "2018-01-18T09:18:06-00:00", t);
  assert_parsed(parse_iso8601, "2018-01-18T09:18:06+0000", t);
  assert_parsed(parse_iso8601, "2018-01-18T02:18:06-07:00", t);
  assert_parsed(parse_iso8601, "2018-01-18T14:48:06.5+0530", t);
  assert_parsed(parse_iso8601, "2018-01-19T09:17:06+23:59", t);
  assert_parsed(parse_iso8601, "1969-12-31T23:30:00-00:30", 0);
  assert_parsed(parse_iso8601, "1970-01-01T00:00:00Z", 0);
  assert_parsed(parse_iso8601, "2016-12-31T23:59:60Z", 1483228800);
  assert_parsed(parse_iso8601, "9999-12-31T23:59:59Z", kLastSecond);
  assert_parsed(parse_iso8601, "9999-12-31T23:59:59+01:00", kLastSecond - 3600);
}

void what_is_no_iso8601(void**) {
  for (Str bad : {"",
                  "x",
                  "2018-01-18",
                  "2018-01-18T09:18:06",
                  "2018-01-18T09:18Z",
                  "2018-01-18 09:18:06Z",
                  "20180118T091806Z",
                  "18-01-18T09:18:06Z",
                  "02018-01-18T09:18:06Z",
                  "+2018-01-18T09:18:06Z",
                  "2018-1-18T09:18:06Z",
                  "2018-01-18T9:18:06Z",
                  "2018-01-18T09:18:06ZZ",
                  "2018-01-18T09:18:06Z ",
                  " 2018-01-18T09:18:06Z",
                  "2018-01-18T09:18:06.Z",
                  "2018-01-18T09:18:06,5Z",
                  "2018-01-18T09:18:06.5",
                  "2018-01-18T09:18:06.5.5Z",
                  "2018-01-18T09:18:06+00",
                  "2018-01-18T09:18:06+000",
                  "2018-01-18T09:18:06+0:00",
                  "2018-01-18T09:18:06+24:00",
                  "2018-01-18T09:18:06+00:60",
                  "2018-01-18T09:18:06+-1:00",
                  "2018-01-18T09:18:06--1:00",
                  "2018-01-18T24:00:00Z",
                  "2018-01-18T09:60:06Z",
                  "2018-01-18T09:18:61Z",
                  "2018-02-29T09:18:06Z",
                  "2018-02-30T09:18:06Z",
                  "2018-13-01T09:18:06Z",
                  "1969-12-31T23:59:59Z",
                  "0000-01-01T00:00:00Z",
                  "0001-03-01T00:00:00Z",
                  "1970-01-01T00:00:00+00:01",
                  "9999-12-31T23:59:59-00:01",
                  "9999-12-31T23:59:60Z",
                  "10000-01-01T00:00:00Z",
                  "1632197813"}) {
    assert_refused(parse_iso8601, bad);
  }
  assert_refused(parse_iso8601, Str("2018-01-18T09:18:06Z\0", 21));
  const Str whole = "2018-01-18T09:18:06.123+00:00";
  for (size_t size = 0; size < whole.size(); ++size) assert_refused(parse_iso8601, {whole.data(), size});
}

void http_date_forms(void**) {
  assert_parsed(parse_http_date, "Sun, 06 Nov 1994 08:49:37 GMT", 784111777);
  assert_parsed(parse_http_date, "Sunday, 06-Nov-94 08:49:37 GMT", 784111777);
  assert_parsed(parse_http_date, "Sun Nov  6 08:49:37 1994", 784111777);
  assert_parsed(parse_http_date, "Wed Nov 16 08:49:37 1994", 784975777);
  assert_parsed(parse_http_date, "Thursday, 01-Jan-70 00:00:00 GMT", 0);
  assert_parsed(parse_http_date, "Tuesday, 31-Dec-69 00:00:00 GMT", 3155673600);
  assert_parsed(parse_http_date, "Sat, 31 Dec 2016 23:59:60 GMT", 1483228800);
}

void what_is_no_http_date(void**) {
  for (Str bad : {"",
                  "Sun",
                  "Sun,",
                  "Sun, 06 Nov 1994 08:49:37",
                  "Sun, 06 Nov 1994 08:49:37 UTC",
                  "Sun, 06 Nov 1994 08:49:37 gmt",
                  "Sun, 06 Nov 1994 08:49:37 GMT ",
                  "Sun, 06 Nov 1994 08:49:37 GMT, x",
                  "Sun, 06 Nov 1994 08:49:37 +0000",
                  "Sun, 06-Nov-1994 08:49:37 GMT",
                  "Sun, 06-Nov-94 08:49:37 GMT",
                  "Sunday, 06 Nov 1994 08:49:37 GMT",
                  "Sunday, 06-Nov-1994 08:49:37 GMT",
                  "Sunday Nov  6 08:49:37 1994",
                  "Sun Nov 6 08:49:37 1994",
                  "Sun Nov  6 08:49:37 1994 GMT",
                  "Sun Nov  6 08:49:37 94",
                  "Sun, 6 Nov 1994 08:49:37 GMT",
                  "Sun, 31 Nov 1994 08:49:37 GMT",
                  "Sun, 00 Nov 1994 08:49:37 GMT",
                  "Sun, 06 nov 1994 08:49:37 GMT",
                  "sun, 06 Nov 1994 08:49:37 GMT",
                  "Xxx, 06 Nov 1994 08:49:37 GMT",
                  "Sun, 06 Nov 1969 08:49:37 GMT",
                  "Sun, 06 Nov 1994 24:00:00 GMT",
                  "Sun, 06 Nov 1994 08:60:37 GMT",
                  "06 Nov 1994 08:49:37 GMT",
                  "1994-11-06T08:49:37Z"}) {
    assert_refused(parse_http_date, bad);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(known_times),     cmocka_unit_test(outside_the_years_1970_to_9999),
      cmocka_unit_test(random_times),    cmocka_unit_test(turns_of_months),
      cmocka_unit_test(leap_days),       cmocka_unit_test(every_day_from_1970_to_2100),
      cmocka_unit_test(random_seconds),  cmocka_unit_test(days_that_do_not_exist),
      cmocka_unit_test(iso8601_forms),   cmocka_unit_test(what_is_no_iso8601),
      cmocka_unit_test(http_date_forms), cmocka_unit_test(what_is_no_http_date),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
