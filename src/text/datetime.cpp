#include "text/datetime.h"

#include "base/ascii.h"

namespace tinyaws {
namespace {

constexpr int kSecondsPerDay = 86400;
constexpr int64_t kEndOfYear9999 = 253402300800;  // 10000-01-01T00:00:00Z

// What a date and a time of day are made of. In patterns the digits 0 to 5 stand for a year of four digits, and a
// month, day, hour, minute and second of two; all else for itself.
enum Part : size_t { kYear, kMonth, kDay, kHour, kMinute, kSecond };
using Parts = int[6];

// Years that begin in March end with their leap day; the days before their month m, from 0 on, are (153 m + 2) / 5.
constexpr unsigned kDaysPer400Years = 146097;
constexpr unsigned kDaysPer4Years = 1461;
constexpr int kDaysTo1970 = 719468;  // from March 1 of the year 0

// Hides from the compiler what it divides by: boards without an instruction for it call a function that gives
// quotient and rest at once, but are made to multiply for the quotient of a known number, and to call for the rest.
unsigned hidden(unsigned number) {
  __asm__("" : "+r"(number));
  return number;
}

int days_since_1970(const Parts& date) {
  const bool is_late = date[kMonth] > 2;
  const auto years = static_cast<unsigned>(date[kYear] + 400 - (is_late ? 0 : 1));  // 400 too many: none is below 0
  const auto months = static_cast<unsigned>(date[kMonth] + (is_late ? -3 : 9));
  const unsigned centuries = years / hidden(100);
  const unsigned days = years * 365 + years / 4 - centuries + centuries / 4 + (153 * months + 2) / hidden(5);
  return static_cast<int>(days - kDaysPer400Years) + date[kDay] - 1 - kDaysTo1970;
}

// 20150830 for August 30, 2015.
unsigned find_date(int days_since_1970) {
  const unsigned quarters = 4 * static_cast<unsigned>(days_since_1970 + kDaysTo1970) + 3;  // of days
  const unsigned in_400_years = hidden(kDaysPer400Years);
  const unsigned centuries = quarters / in_400_years;
  const unsigned in_century = (quarters % in_400_years) | 3;
  const unsigned in_4_years = hidden(kDaysPer4Years);
  const unsigned years = in_century / in_4_years;
  const unsigned fifths = in_century % in_4_years / 4 * 5 + 2;  // of days
  const unsigned in_5_months = hidden(153);
  const unsigned months = fifths / in_5_months;
  const unsigned month = (centuries * 100 + years) * 100 + months + (months < 10 ? 3 : 100 - 9);
  return month * 100 + fifths % in_5_months / hidden(5) + 1;
}

bool is_writable(UnixTime time) {
  return time.seconds >= 0 && time.seconds < kEndOfYear9999;
}

// Not inlined: it would stand there twice.
[[gnu::noinline]] void write_digits(unsigned number, size_t count, char* out) {
  const unsigned ten = hidden(10);
  while (count-- > 0) {
    out[count] = static_cast<char>('0' + number % ten);
    number /= ten;
  }
}

// 60 is a leap second: RFC 3339 section 5.7, RFC 9110 section 5.6.7.
bool exists(const Parts& at, int days_since_1970) {
  const bool is_day = find_date(days_since_1970) % 10000 == static_cast<unsigned>(at[kMonth] * 100 + at[kDay]);
  return is_day && at[kHour] <= 23 && at[kMinute] <= 59 && at[kSecond] <= 60;
}

Status combine(const Parts& at, int offset_minutes, UnixTime& out) {
  const int days = days_since_1970(at);
  if (!exists(at, days)) return Status::kInvalidArgument;
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

bool take_pattern(Str& text, Str pattern, Parts& at) {
  for (char c : pattern) {
    const auto part = static_cast<size_t>(c - '0');
    const bool good = part > kSecond ? take_char(text, c) : take_number(text, part == kYear ? 4 : 2, at[part]);
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
Str find_name(Str text, Str words, int& place) {
  Str word = take_until(words, ' ');
  for (place = 0; !word.empty() && !starts_with(text, word.substr(0, 3)); ++place) word = take_until(words, ' ');
  return word;
}

bool take_month(Str& text, int& month) {
  const Str name = find_name(text, "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", month);
  ++month;
  text.remove_prefix(name.size());
  return !name.empty();
}

bool take_fixdate(Str& text, Parts& at) {
  return take_pattern(text, ", 2 ", at) && take_month(text, at[kMonth]) && take_pattern(text, " 0 3:4:5 GMT", at);
}

bool take_rfc850_date(Str& text, Parts& at) {
  const bool good = take_pattern(text, ", 2-", at) && take_month(text, at[kMonth]) && take_char(text, '-') &&
                    take_number(text, 2, at[kYear]) && take_pattern(text, " 3:4:5 GMT", at);
  if (good) at[kYear] += at[kYear] < 70 ? 2000 : 1900;
  return good;
}

bool take_asctime(Str& text, Parts& at) {
  return take_char(text, ' ') && take_month(text, at[kMonth]) && take_char(text, ' ') &&
         take_number(text, take_char(text, ' ') ? 1 : 2, at[kDay]) && take_pattern(text, " 3:4:5 0", at);
}

}  // namespace

Status write_amz_date(UnixTime time, char (&out)[16]) {
  if (!is_writable(time)) return Status::kInvalidArgument;
  write_digits(find_date(static_cast<int>(time.seconds / kSecondsPerDay)), 8, out);
  out[8] = 'T';
  const auto second = static_cast<unsigned>(time.seconds % kSecondsPerDay);
  const unsigned sixty = hidden(60);
  const unsigned minute = second / sixty;
  write_digits((minute / sixty * 100 + minute % sixty) * 100 + second % sixty, 6, out + 9);
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
  const bool good = take_pattern(text, "0-1-2", at) && (take_char(text, 'T') || take_char(text, 't')) &&
                    take_pattern(text, "3:4:5", at) && take_fraction(text) && take_offset(text, offset);
  return good && text.empty() ? combine(at, offset, time) : Status::kInvalidArgument;
}

Status parse_http_date(Str text, UnixTime& time) {
  int weekday = 0;
  const Str day = find_name(text, "Monday Tuesday Wednesday Thursday Friday Saturday Sunday", weekday);
  if (day.empty()) return Status::kInvalidArgument;
  const bool is_long = starts_with(text, day);
  text.remove_prefix(is_long ? day.size() : 3);
  Parts at = {};
  const bool good = is_long                  ? take_rfc850_date(text, at)
                    : starts_with(text, ' ') ? take_asctime(text, at)
                                             : take_fixdate(text, at);
  return good && text.empty() ? combine(at, 0, time) : Status::kInvalidArgument;
}

}  // namespace tinyaws
