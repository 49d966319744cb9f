// Reading the values of options.
#pragma once

#include <tinyaws/tinyaws.h>

namespace awsfetch {

using tinyaws::Str;

/// A whole number of at most 9 digits within the limits.
bool parse_number(Str text, uint32_t least, uint32_t most, uint32_t& number);

/// Seconds with or without decimals, "0.5", as milliseconds; what is not a whole number of them is rounded up, for 0
/// means no limit.
bool parse_seconds(Str text, uint32_t& milliseconds);

/// "20150830T123600Z", a time that exists.
bool parse_date(Str text, tinyaws::UnixTime& time);

/// "Name: value"; one blank after the colon goes, all others are part of the value. "Name;" has an empty value.
bool parse_header(Str text, tinyaws::Header& header);

/// Writes "2015-08-30T12:36:00Z". REQUIRES: in the years 1970 to 9999.
class Date {
 public:
  explicit Date(tinyaws::UnixTime time);
  operator Str() const { return {text_, sizeof text_}; }  // NOLINT(google-explicit-constructor)

 private:
  char text_[20];
};

}  // namespace awsfetch
