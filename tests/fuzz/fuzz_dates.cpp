// Dates: every text that is one, and every second of the years 1970 to 9999 against the C library's calendar.
#include <ctime>
#include <string>

#include "fuzz.h"
#include "text/datetime.h"

using namespace tinyaws;
using namespace tinyaws::fuzz;

namespace {

constexpr int64_t kEnd = 253402300800;  // of the year 9999
constexpr int64_t kUntouched = -77;

std::string format(UnixTime time, const char* pattern) {
  const auto seconds = static_cast<time_t>(time.seconds);
  tm parts;
  check(gmtime_r(&seconds, &parts) != nullptr);
  char text[64];
  return {text, strftime(text, sizeof text, pattern, &parts)};
}

void check_http(UnixTime time, const char* pattern) {
  UnixTime read{kUntouched};
  const Block text(format(time, pattern));
  check(parse_http_date(text.text(), read) == Status::kOk && read.seconds == time.seconds);
}

void check_time(UnixTime time) {
  char extended[20];
  char basic[16];
  check(write_iso8601(time, extended) == Status::kOk && write_amz_date(time, basic) == Status::kOk);
  check(Str(extended, 20) == format(time, "%Y-%m-%dT%H:%M:%SZ"));
  check(Str(basic, 16) == format(time, "%Y%m%dT%H%M%SZ"));
  UnixTime read{kUntouched};
  check(parse_iso8601({extended, 20}, read) == Status::kOk && read.seconds == time.seconds);
  check_http(time, "%a, %d %b %Y %H:%M:%S GMT");
  check_http(time, "%a %b %e %H:%M:%S %Y");
  constexpr int64_t kEnd2069 = 3155760000;
  if (time.seconds < kEnd2069) check_http(time, "%A, %d-%b-%y %H:%M:%S GMT");
}

void check_number(int64_t seconds) {
  char extended[20];
  char basic[16];
  const bool writable = seconds >= 0 && seconds < kEnd;
  check((write_iso8601({seconds}, extended) == Status::kOk) == writable);
  check((write_amz_date({seconds}, basic) == Status::kOk) == writable);
  if (writable) check_time({seconds});
}

// What was read is what the text says, letter by letter. A leap second is the second that follows it.
void check_letters(Str text, UnixTime time, size_t date_at, const char* pattern) {
  if (text.find(":60") != Str::npos) return;
  const std::string written = format(time, pattern);
  text.remove_prefix(date_at);
  check(text.substr(0, written.size()) == written);
}

void check_http_text(Str text, UnixTime time) {
  const size_t comma = text.find(',');
  if (comma == Str::npos) {
    const bool padded = text[8] == '0';
    check_letters(text, time, 4, padded ? "%b %d %H:%M:%S %Y" : "%b %e %H:%M:%S %Y");
  } else {
    check_letters(text, time, comma + 2, comma == 3 ? "%d %b %Y %H:%M:%S GMT" : "%d-%b-%y %H:%M:%S GMT");
  }
}

void check_texts(Str text) {
  UnixTime http{kUntouched};
  UnixTime iso{kUntouched};
  const Status http_status = parse_http_date(text, http);
  const Status iso_status = parse_iso8601(text, iso);
  check((http_status == Status::kOk) == (http.seconds != kUntouched));
  check((iso_status == Status::kOk) == (iso.seconds != kUntouched));
  check(http_status != Status::kOk || iso_status != Status::kOk);
  if (http_status == Status::kOk) {
    check_http_text(text, http);
    check_time(http);
  }
  if (iso_status != Status::kOk) return;
  check_time(iso);
  const bool utc = (text.back() | 0x20) == 'z';
  if (utc) check_letters(text, iso, 0, text[10] == 'T' ? "%Y-%m-%dT%H:%M:%S" : "%Y-%m-%dt%H:%M:%S");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  Input input(data, size);
  if (input.flag()) {
    int64_t seconds = 0;
    const Str bytes = input.text(sizeof seconds);
    memcpy(&seconds, bytes.data(), bytes.size());
    check_number(seconds);
    if (seconds > 0) check_number(seconds % kEnd);
    return 0;
  }
  const Block text(input.rest());
  check_texts(text.text());
  return 0;
}
