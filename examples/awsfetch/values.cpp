#include "values.h"

#include <strings.h>

#include <cstdio>

namespace awsfetch {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool take_digits(Str& text, size_t count, int& number) {
  if (text.size() < count) return false;
  number = 0;
  for (size_t i = 0; i < count; ++i) {
    if (!is_digit(text[i])) return false;
    number = number * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return true;
}

bool take(Str& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

bool is_leap(int year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int days_in(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return kDays[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

// Not timegm: where time_t has 32 bits it ends in 2038.
int64_t days_since_1970(int year, int month, int day) {
  const int64_t before = year - 1;
  int64_t days = before * 365 + before / 4 - before / 100 + before / 400 - 719162;
  for (int m = 1; m < month; ++m) days += days_in(year, m);
  return days + day - 1;
}

}  // namespace

bool parse_number(Str text, uint32_t least, uint32_t most, uint32_t& number) {
  if (text.empty() || text.size() > 9) return false;
  number = 0;
  for (char c : text) {
    if (!is_digit(c)) return false;
    number = number * 10 + static_cast<uint32_t>(c - '0');
  }
  return number >= least && number <= most;
}

bool parse_seconds(Str text, uint32_t& milliseconds) {
  const size_t point = text.find('.');
  const Str whole(text.data(), point == Str::npos ? text.size() : point);
  Str decimals;
  if (point != Str::npos) decimals = {text.data() + point + 1, text.size() - point - 1};
  if (whole.empty() && decimals.empty()) return false;
  uint32_t seconds = 0;
  if (!whole.empty() && !parse_number(whole, 0, 4000000, seconds)) return false;
  uint32_t unit = 1000;
  bool rest = false;
  milliseconds = seconds * 1000;
  for (char c : decimals) {
    if (!is_digit(c)) return false;
    unit /= 10;
    milliseconds += unit * static_cast<uint32_t>(c - '0');
    rest |= unit == 0 && c != '0';
  }
  milliseconds += rest ? 1 : 0;
  return true;
}

bool parse_date(Str text, tinyaws::UnixTime& time) {
  int year, month, day, hour, minute, second;
  const bool shape = take_digits(text, 4, year) && take_digits(text, 2, month) && take_digits(text, 2, day) &&
                     take(text, 'T') && take_digits(text, 2, hour) && take_digits(text, 2, minute) &&
                     take_digits(text, 2, second) && take(text, 'Z') && text.empty();
  if (!shape || year < 1970 || month < 1 || month > 12 || day < 1 || day > days_in(year, month)) return false;
  if (hour > 23 || minute > 59 || second > 59) return false;
  time.seconds = days_since_1970(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
  return true;
}

bool parse_header(Str text, tinyaws::Header& header) {
  const size_t colon = text.find(':');
  if (colon == Str::npos) {
    if (text.size() < 2 || text.back() != ';') return false;
    header = {{text.data(), text.size() - 1}, {}};
    return true;
  }
  header.name = {text.data(), colon};
  text.remove_prefix(colon + 1);
  if (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  header.value = text;
  return !header.name.empty();
}

bool equals_ignoring_case(Str a, Str b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

Str trim(Str text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool is_blank(Str text) {
  for (char c : text) {
    if (c != ' ' && !(c >= '\t' && c <= '\r')) return false;
  }
  return true;
}

// Not gmtime: where time_t has 32 bits it ends in 2038.
Date::Date(tinyaws::UnixTime time) {
  int64_t days = time.seconds / 86400;
  int year = 1970;
  for (; days >= (is_leap(year) ? 366 : 365); ++year) days -= is_leap(year) ? 366 : 365;
  int month = 1;
  for (; days >= days_in(year, month); ++month) days -= days_in(year, month);
  const auto second = static_cast<int>(time.seconds % 86400);
  std::snprintf(text_, sizeof text_, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, static_cast<int>(days) + 1,
                second / 3600, second / 60 % 60, second % 60);
}

}  // namespace awsfetch
