#include "text/datetime.h"

namespace tinyaws {
namespace {

constexpr int64_t kSecondsPerDay = 86400;
constexpr int64_t kEndOfYear9999 = 253402300800;  // 10000-01-01T00:00:00Z

struct Date {
  int year;
  int month;
  int day;
};

// The proleptic Gregorian calendar in eras of 400 years that begin on a 1 March, so that the leap day comes last.
Date date_of(int64_t days_since_1970) {
  const int64_t days = days_since_1970 + 719468;
  const int64_t era = days / 146097;
  const auto day_of_era = static_cast<int>(days - era * 146097);
  const int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int month_from_march = (5 * day_of_year + 2) / 153;
  const int day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
  const int month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  const int year = static_cast<int>(era * 400) + year_of_era + (month <= 2 ? 1 : 0);
  return {year, month, day};
}

void write_digits(int number, int count, char* out) {
  for (int i = count - 1; i >= 0; --i) {
    out[i] = static_cast<char>('0' + number % 10);
    number /= 10;
  }
}

}  // namespace

Status write_amz_date(UnixTime time, char (&out)[16]) {
  if (time.seconds < 0 || time.seconds >= kEndOfYear9999) return Status::kInvalidArgument;
  const Date date = date_of(time.seconds / kSecondsPerDay);
  const auto second = static_cast<int>(time.seconds % kSecondsPerDay);
  write_digits(date.year, 4, out);
  write_digits(date.month, 2, out + 4);
  write_digits(date.day, 2, out + 6);
  out[8] = 'T';
  write_digits(second / 3600, 2, out + 9);
  write_digits(second / 60 % 60, 2, out + 11);
  write_digits(second % 60, 2, out + 13);
  out[15] = 'Z';
  return Status::kOk;
}

}  // namespace tinyaws
