// S3 and its relatives, which read and presign requests in ways of their own.
#pragma once

#include "tinyaws/bytes.h"

namespace tinyaws {

/// s3, s3express and all that begin with "s3-": s3-outposts, s3-object-lambda.
bool is_s3_family(Str service);

}  // namespace tinyaws
