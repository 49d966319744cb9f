#include "values.h"

#include "base/ascii.h"
#include "text/datetime.h"

namespace awsfetch {

bool parse_number(Str text, uint32_t least, uint32_t most, uint32_t& number) {
  if (text.empty() || text.size() > 9) return false;
  number = 0;
  for (char c : text) {
    if (!tinyaws::is_digit(c)) return false;
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
    if (!tinyaws::is_digit(c)) return false;
    unit /= 10;
    milliseconds += unit * static_cast<uint32_t>(c - '0');
    rest |= unit == 0 && c != '0';
  }
  milliseconds += rest ? 1 : 0;
  return true;
}

bool parse_date(Str text, tinyaws::UnixTime& time) {
  constexpr Str kForm = "dddd-dd-ddTdd:dd:ddZ";
  char extended[20];
  if (text.size() != 16) return false;
  const char* from = text.data();
  for (size_t i = 0; i < sizeof extended; ++i) {
    const bool added = kForm[i] == '-' || kForm[i] == ':';
    if (kForm[i] != 'd' && !added && kForm[i] != *from) return false;
    extended[i] = added ? kForm[i] : *from++;
  }
  // No clock shows a leap second.
  return text[13] != '6' && tinyaws::parse_iso8601({extended, sizeof extended}, time) == tinyaws::Status::kOk;
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
  (void)take_char(text, ' ');
  header.value = text;
  return !header.name.empty();
}

Date::Date(tinyaws::UnixTime time) {
  (void)tinyaws::write_iso8601(time, text_);
}

}  // namespace awsfetch
