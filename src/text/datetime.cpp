#include "text/datetime.h"

#include "base/ascii.h"

namespace tinyaws {
namespace {

constexpr int kSecondsPerDay = 86400;
constexpr int64_t kEndOfYear9999 = 253402300800;  // 10000-01-01T00:00:00Z

struct Date {
  int year;
  int month;
  int day;
};

struct TimeOfDay {
  int hour;
  int minute;
  int second;
};

// Years that begin in March end with their leap day; the days before their month m, from 0 on, are (153 m + 2) / 5.
constexpr int kDaysPer400Years = 146097;
constexpr int kDaysTo1970 = 719468;  // from March 1 of the year 0

int days_since_1970(const Date& date) {
  const int years = date.month > 2 ? date.year : date.year - 1;
  const int months = date.month > 2 ? date.month - 3 : date.month + 9;
  return years * 365 + years / 4 - years / 100 + years / 400 + (153 * months + 2) / 5 + date.day - 1 - kDaysTo1970;
}

Date date_of(int days_since_1970) {
  const unsigned quarters = 4 * static_cast<unsigned>(days_since_1970 + kDaysTo1970) + 3;  // of days
  const unsigned in_century = (quarters % kDaysPer400Years) | 3;
  const unsigned day = in_century % 1461 / 4;  // of the year; four years have 1,461
  const unsigned months = (5 * day + 2) / 153;
  Date date;
  date.year = static_cast<int>(quarters / kDaysPer400Years * 100 + in_century / 1461 + (months > 9 ? 1 : 0));
  date.month = static_cast<int>(months > 9 ? months - 9 : months + 3);
  date.day = static_cast<int>(day - (153 * months + 2) / 5 + 1);
  return date;
}

bool is_writable(UnixTime time) {
  return time.seconds >= 0 && time.seconds < kEndOfYear9999;
}

// Not inlined: it would stand there twice.
[[gnu::noinline]] void write_digits(unsigned number, size_t count, char* out) {
  while (count-- > 0) {
    out[count] = static_cast<char>('0' + number % 10);
    number /= 10;
  }
}

// 60 is a leap second: RFC 3339 section 5.7, RFC 9110 section 5.6.7.
bool exists(const TimeOfDay& time) {
  return time.hour <= 23 && time.minute <= 59 && time.second <= 60;
}

Status combine(const Date& date, const TimeOfDay& time, int offset_minutes, UnixTime& out) {
  const int days = days_since_1970(date);
  const Date same = date_of(days);
  if (same.month != date.month || same.day != date.day || !exists(time)) return Status::kInvalidArgument;
  const int minutes = time.hour * 60 + time.minute - offset_minutes;
  const UnixTime result{int64_t{days} * kSecondsPerDay + minutes * 60 + time.second};
  if (!is_writable(result)) return Status::kInvalidArgument;
  out = result;
  return Status::kOk;
}

// Takes text off the front of what it was given. An error stays: the rest is then empty and numbers are 0.
class Scanner {
 public:
  explicit Scanner(Str text) : rest_(text) {}

  bool failed() const { return failed_; }
  bool is_done() const { return !failed_ && rest_.empty(); }

  bool skip_if(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool skip_if(Str text) {
    if (!starts_with(rest_, text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  void skip(char c) { fail_unless(skip_if(c)); }
  void skip(Str text) { fail_unless(skip_if(text)); }
  void fail_unless(bool good) {
    if (good) return;
    failed_ = true;
    rest_ = {};
  }

  bool at_digit() const { return !rest_.empty() && is_digit(static_cast<unsigned char>(rest_.front())); }

  int number(int digits) {
    int value = 0;
    for (int i = 0; i < digits; ++i) value = value * 10 + digit();
    return failed_ ? 0 : value;
  }

  int digit() {
    const bool good = at_digit();
    const int value = good ? rest_.front() - '0' : 0;
    if (good) rest_.remove_prefix(1);
    fail_unless(good);
    return value;
  }

 private:
  Str rest_;
  bool failed_ = false;
};

TimeOfDay take_time(Scanner& in) {
  TimeOfDay time;
  time.hour = in.number(2);
  in.skip(':');
  time.minute = in.number(2);
  in.skip(':');
  time.second = in.number(2);
  return time;
}

void skip_fraction(Scanner& in) {
  if (!in.skip_if('.')) return;
  do {
    in.digit();
  } while (in.at_digit());
}

int take_offset_minutes(Scanner& in) {
  if (in.skip_if('Z') || in.skip_if('z')) return 0;
  const int sign = in.skip_if('-') ? -1 : 1;
  if (sign > 0) in.skip('+');
  const int hours = in.number(2);
  in.skip_if(':');
  const int minutes = in.number(2);
  in.fail_unless(hours <= 23 && minutes <= 59);
  return sign * (hours * 60 + minutes);
}

constexpr char kMonths[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
constexpr Str kDays[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

int take_month(Scanner& in) {
  for (int i = 0; i < 12; ++i) {
    if (in.skip_if(Str(kMonths + 3 * i, 3))) return i + 1;
  }
  in.fail_unless(false);
  return 0;
}

enum class DayName { kNone, kShort, kLong };

DayName take_day_name(Scanner& in) {
  for (Str day : kDays) {
    if (in.skip_if(day)) return DayName::kLong;
    if (in.skip_if(Str(day.data(), 3))) return DayName::kShort;
  }
  return DayName::kNone;
}

Date take_fixdate(Scanner& in) {
  Date date;
  date.day = in.number(2);
  in.skip(' ');
  date.month = take_month(in);
  in.skip(' ');
  date.year = in.number(4);
  return date;
}

Date take_rfc850_date(Scanner& in) {
  Date date;
  date.day = in.number(2);
  in.skip('-');
  date.month = take_month(in);
  in.skip('-');
  date.year = in.number(2);
  date.year += date.year < 70 ? 2000 : 1900;
  return date;
}

Status parse_asctime(Scanner& in, UnixTime& out) {
  Date date;
  date.month = take_month(in);
  in.skip(' ');
  date.day = in.skip_if(' ') ? in.digit() : in.number(2);
  in.skip(' ');
  const TimeOfDay time = take_time(in);
  in.skip(' ');
  date.year = in.number(4);
  return in.is_done() ? combine(date, time, 0, out) : Status::kInvalidArgument;
}

}  // namespace

Status write_amz_date(UnixTime time, char (&out)[16]) {
  if (!is_writable(time)) return Status::kInvalidArgument;
  const int days = static_cast<int>(time.seconds / kSecondsPerDay);
  const auto second = static_cast<unsigned>(time.seconds - int64_t{days} * kSecondsPerDay);
  const Date date = date_of(days);
  write_digits(static_cast<unsigned>(date.year * 10000 + date.month * 100 + date.day), 8, out);
  out[8] = 'T';
  write_digits(second + second / 60 * 40 + second / 3600 * 4000, 6, out + 9);  // 100 for 60, twice
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
  Scanner in(text);
  Date date;
  date.year = in.number(4);
  in.skip('-');
  date.month = in.number(2);
  in.skip('-');
  date.day = in.number(2);
  if (!in.skip_if('t')) in.skip('T');
  const TimeOfDay of_day = take_time(in);
  skip_fraction(in);
  const int offset = take_offset_minutes(in);
  return in.is_done() ? combine(date, of_day, offset, time) : Status::kInvalidArgument;
}

Status parse_http_date(Str text, UnixTime& time) {
  Scanner in(text);
  const DayName day_name = take_day_name(in);
  if (day_name == DayName::kNone) return Status::kInvalidArgument;
  if (day_name == DayName::kShort && in.skip_if(' ')) return parse_asctime(in, time);
  in.skip(", ");
  const Date date = day_name == DayName::kShort ? take_fixdate(in) : take_rfc850_date(in);
  in.skip(' ');
  const TimeOfDay of_day = take_time(in);
  in.skip(" GMT");
  return in.is_done() ? combine(date, of_day, 0, time) : Status::kInvalidArgument;
}

}  // namespace tinyaws
