// Dates as SigV4, AWS's documents and HTTP write them.
#pragma once

#include "tinyaws/bytes.h"
#include "tinyaws/status.h"
#include "tinyaws/time.h"

namespace tinyaws {

/// Writes "20150830T123600Z". Errors: kInvalidArgument outside the years 1970 to 9999.
Status write_amz_date(UnixTime time, char (&out)[16]);

/// Writes "2018-01-18T09:18:06Z". Errors: kInvalidArgument outside the years 1970 to 9999.
Status write_iso8601(UnixTime time, char (&out)[20]);

/// Reads a date-time of RFC 3339 section 5.6: "2018-01-18T09:18:06Z", T and Z of either case, a fraction of any
/// length (dropped), Z or an offset such as "-07:00"; beyond the RFC an offset without its colon, "+0000", as ISO
/// 8601's basic format has it. A leap second (":60") counts as the second that follows it. Errors: kInvalidArgument
/// for anything else before, in or after it, for days that do not exist, and outside the years 1970 to 9999 (in UTC);
/// `time` is then left alone.
Status parse_iso8601(Str text, UnixTime& time);

/// Reads an HTTP-date of RFC 9110 section 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT" and the two obsolete forms,
/// "Sunday, 06-Nov-94 08:49:37 GMT" (70 to 99 are 1970 to 1999, 00 to 69 are 2000 to 2069: no clock is asked) and
/// "Sun Nov  6 08:49:37 1994". Case matters, as the RFC has it; whether the day of the week fits the date is not
/// checked. A leap second counts as the second that follows it.
/// Errors: kInvalidArgument for anything else, for days that do not exist and outside the years 1970 to 9999; `time`
/// is then left alone.
Status parse_http_date(Str text, UnixTime& time);

}  // namespace tinyaws
