#include "text/datetime.h"

#include "base/ascii.h"

namespace tinyaws {
namespace {

constexpr int kSecondsPerDay = 86400;
constexpr int64_t kEndOfYear9999 = 253402300800;  // 10000-01-01T00:00:00Z

// What a date and a time of day are made of.
enum Part : size_t { kYear, kMonth, kDay, kHour, kMinute, kSecond };
constexpr Str kNumbers = "Yodhns";  // in patterns
using Parts = int[6];

bool is_leap(int year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

// From 1970-01-01 to the year's first day, in the Gregorian calendar.
int days_before_year(int year) {
  const int last = year - 1;
  return year * 365 + last / 4 - last / 100 + last / 400 - 719527;
}

int days_in_month(int year, int month) {
  if (month == 2) return is_leap(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

bool is_writable(UnixTime time) {
  return time.seconds >= 0 && time.seconds < kEndOfYear9999;
}

void write_digits(int number, int count, char* out) {
  for (int i = count - 1; i >= 0; --i) {
    out[i] = static_cast<char>('0' + number % 10);
    number /= 10;
  }
}

// 60 is a leap second: RFC 3339 section 5.7, RFC 9110 section 5.6.7.
bool exists(const Parts& at) {
  return at[kMonth] >= 1 && at[kMonth] <= 12 && at[kDay] >= 1 && at[kDay] <= days_in_month(at[kYear], at[kMonth]) &&
         at[kHour] <= 23 && at[kMinute] <= 59 && at[kSecond] <= 60;
}

Status combine(const Parts& at, int offset_minutes, UnixTime& out) {
  if (!exists(at)) return Status::kInvalidArgument;
  int days = days_before_year(at[kYear]) + at[kDay] - 1;
  for (int month = 1; month < at[kMonth]; ++month) days += days_in_month(at[kYear], month);
  const int minutes = at[kHour] * 60 + at[kMinute] - offset_minutes;
  const UnixTime result{int64_t{days} * kSecondsPerDay + minutes * 60 + at[kSecond]};
  if (!is_writable(result)) return Status::kInvalidArgument;
  out = result;
  return Status::kOk;
}

// Those that follow take what they are named after off the front of the text. False: it is not there.

bool take_digit(Str& text, int& number) {
  if (text.empty() || !is_digit(static_cast<unsigned char>(text.front()))) return false;
  number = number * 10 + (text.front() - '0');
  text.remove_prefix(1);
  return true;
}

bool take_number(Str& text, int digits, int& number) {
  number = 0;
  while (digits > 0 && take_digit(text, number)) --digits;
  return digits == 0;
}

// Letters of kNumbers stand for a year of four digits, and a month, day, hour, minute and second of two; all else for
// itself.
bool take_pattern(Str& text, Str pattern, Parts& at) {
  for (char c : pattern) {
    const size_t part = kNumbers.find(c);
    const bool good = part == Str::npos ? take_char(text, c) : take_number(text, part == kYear ? 4 : 2, at[part]);
    if (!good) return false;
  }
  return true;
}

bool take_fraction(Str& text) {
  if (!take_char(text, '.')) return true;
  int ignored = 0;
  if (!take_number(text, 1, ignored)) return false;
  while (take_number(text, 1, ignored)) {
  }
  return true;
}

bool take_offset(Str& text, int& minutes) {
  minutes = 0;
  if (take_char(text, 'Z') || take_char(text, 'z')) return true;
  const bool is_west = take_char(text, '-');
  int hours = 0;
  if ((!is_west && !take_char(text, '+')) || !take_number(text, 2, hours)) return false;
  take_char(text, ':');
  if (!take_number(text, 2, minutes) || hours > 23 || minutes > 59) return false;
  minutes += hours * 60;
  if (is_west) minutes = -minutes;
  return true;
}

// The word of a list whose first three letters the text begins with, and its place in the list; empty: there is none.
Str find_word(Str text, Str words, int& place) {
  Str word = take_until(words, ' ');
  for (place = 0; !word.empty() && !starts_with(text, word.substr(0, 3)); ++place) word = take_until(words, ' ');
  return word;
}

bool take_month(Str& text, int& month) {
  const Str name = find_word(text, "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", month);
  ++month;
  text.remove_prefix(name.size());
  return !name.empty();
}

bool take_fixdate(Str& text, Parts& at) {
  return take_pattern(text, ", d ", at) && take_month(text, at[kMonth]) && take_pattern(text, " Y h:n:s GMT", at);
}

bool take_rfc850_date(Str& text, Parts& at) {
  const bool good = take_pattern(text, ", d-", at) && take_month(text, at[kMonth]) && take_char(text, '-') &&
                    take_number(text, 2, at[kYear]) && take_pattern(text, " h:n:s GMT", at);
  if (good) at[kYear] += at[kYear] < 70 ? 2000 : 1900;
  return good;
}

bool take_asctime(Str& text, Parts& at) {
  return take_char(text, ' ') && take_month(text, at[kMonth]) && take_char(text, ' ') &&
         take_number(text, take_char(text, ' ') ? 1 : 2, at[kDay]) && take_pattern(text, " h:n:s Y", at);
}

}  // namespace

Status write_amz_date(UnixTime time, char (&out)[16]) {
  if (!is_writable(time)) return Status::kInvalidArgument;
  int day = static_cast<int>(time.seconds / kSecondsPerDay);
  const int second = static_cast<int>(time.seconds - int64_t{day} * kSecondsPerDay);
  int year = 1970 + day / 366;  // or a few years later
  while (days_before_year(year + 1) <= day) ++year;
  day -= days_before_year(year);
  int month = 1;
  for (; day >= days_in_month(year, month); ++month) day -= days_in_month(year, month);
  write_digits(year * 10000 + month * 100 + day + 1, 8, out);
  out[8] = 'T';
  write_digits(second / 3600 * 10000 + second / 60 % 60 * 100 + second % 60, 6, out + 9);
  out[15] = 'Z';
  return Status::kOk;
}

Status write_iso8601(UnixTime time, char (&out)[20]) {
  char basic[16];
  const Status status = write_amz_date(time, basic);
  if (status != Status::kOk) return status;
  constexpr char kPattern[] = "yyyy-mm-ddThh:mm:ssZ";
  size_t from = 0;
  for (size_t i = 0; i < sizeof out; ++i) {
    const bool is_mark = kPattern[i] == '-' || kPattern[i] == ':';
    out[i] = is_mark ? kPattern[i] : basic[from++];
  }
  return Status::kOk;
}

Status parse_iso8601(Str text, UnixTime& time) {
  Parts at = {};
  int offset = 0;
  const bool good = take_pattern(text, "Y-o-d", at) && (take_char(text, 'T') || take_char(text, 't')) &&
                    take_pattern(text, "h:n:s", at) && take_fraction(text) && take_offset(text, offset);
  return good && text.empty() ? combine(at, offset, time) : Status::kInvalidArgument;
}

Status parse_http_date(Str text, UnixTime& time) {
  int weekday = 0;
  const Str day = find_word(text, "Monday Tuesday Wednesday Thursday Friday Saturday Sunday", weekday);
  if (day.empty()) return Status::kInvalidArgument;
  const bool is_long = starts_with(text, day);
  text.remove_prefix(is_long ? day.size() : 3);
  Parts at = {};
  const bool good = is_long                  ? take_rfc850_date(text, at)
                    : starts_with(text, " ") ? take_asctime(text, at)
                                             : take_fixdate(text, at);
  return good && text.empty() ? combine(at, 0, time) : Status::kInvalidArgument;
}

}  // namespace tinyaws
