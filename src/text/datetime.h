// Dates as SigV4 writes them: the basic format of ISO 8601, in UTC.
#pragma once

#include "tinyaws/status.h"
#include "tinyaws/time.h"

namespace tinyaws {

/// Writes "20150830T123600Z". Errors: kInvalidArgument outside the years 1970 to 9999.
Status write_amz_date(UnixTime time, char (&out)[16]);

}  // namespace tinyaws
