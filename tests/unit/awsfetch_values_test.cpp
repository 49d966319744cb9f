// The values of awsfetch's options, and the dates that it prints.
#include "../../examples/awsfetch/values.h"

#include "check.h"

using namespace awsfetch;

namespace {

void dates_are_written(void**) {
  const struct {
    int64_t seconds;
    Str text;
  } cases[] = {
      {0, "1970-01-01T00:00:00Z"},
      {951782399, "2000-02-28T23:59:59Z"},
      {951782400, "2000-02-29T00:00:00Z"},
      {1440938160, "2015-08-30T12:36:00Z"},
      {1798761599, "2026-12-31T23:59:59Z"},
      {4107542400, "2100-03-01T00:00:00Z"},
      {253402300799, "9999-12-31T23:59:59Z"},
  };
  for (const auto& test : cases) assert_text(Date({test.seconds}), test.text);
}

// Whatever parse_date reads is written with the same figures.
void dates_come_back(void**) {
  for (Str text : {"19700101T000000Z", "20240229T235959Z", "20380119T031408Z", "20991231T000001Z"}) {
    tinyaws::UnixTime time;
    assert_true(parse_date(text, time));
    const Date date(time);
    std::string figures;
    for (char c : Str(date)) {
      if (c != '-' && c != ':') figures += c;
    }
    assert_text(figures, text);
  }
}

void dates_that_do_not_exist(void**) {
  for (Str text : {"20230229T000000Z", "20230101T240000Z", "20231301T000000Z", "20230100T000000Z", "20230101T000000",
                   "2023-01-01T00:00:00Z", "19691231T235959Z", ""}) {
    tinyaws::UnixTime time;
    if (parse_date(text, time)) fail_msg("taken: %s", text.data());
  }
}

void seconds_are_rounded_up(void**) {
  const struct {
    Str text;
    uint32_t milliseconds;
  } cases[] = {{"0", 0},     {"1", 1000},   {"0.5", 500},           {".25", 250},
               {"2.", 2000}, {"0.0001", 1}, {"4000000", 4000000000}};
  for (const auto& test : cases) {
    uint32_t milliseconds = 0;
    assert_true(parse_seconds(test.text, milliseconds));
    assert_int_equal(milliseconds, test.milliseconds);
  }
  for (Str text : {"", ".", "-1", "1e3", "4000001", "1 "}) {
    uint32_t milliseconds = 0;
    if (parse_seconds(text, milliseconds)) fail_msg("taken: %s", text.data());
  }
}

void headers_are_taken_apart(void**) {
  const Str cases[][3] = {
      {"A: b", "A", "b"}, {"A:b:c", "A", "b:c"}, {"A:  b ", "A", " b "}, {"A:", "A", ""}, {"A;", "A", ""},
  };
  for (const auto& test : cases) {
    tinyaws::Header header;
    assert_true(parse_header(test[0], header));
    assert_text(header.name, test[1]);
    assert_text(header.value, test[2]);
  }
  for (Str text : {"", "A", ";", ": b"}) {
    tinyaws::Header header;
    if (parse_header(text, header)) fail_msg("taken: %s", text.data());
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(dates_are_written),       cmocka_unit_test(dates_come_back),
      cmocka_unit_test(dates_that_do_not_exist), cmocka_unit_test(seconds_are_rounded_up),
      cmocka_unit_test(headers_are_taken_apart),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
