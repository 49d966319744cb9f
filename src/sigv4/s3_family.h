// S3 and its relatives, which read and presign requests in ways of their own.
#pragma once

#include "tinyaws/bytes.h"

namespace tinyaws {

/// s3, s3express, s3-outposts or s3-object-lambda.
bool is_s3_family(Str service);

}  // namespace tinyaws
