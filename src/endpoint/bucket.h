// Buckets: which of them can stand in a host, and which are directories in a zone.
#pragma once

#include "tinyaws/bytes.h"

namespace tinyaws {

/// "name--zone--x-s3", or the access point "name--zone--xa-s3" of one ("Directory bucket naming rules", Amazon S3
/// User Guide).
bool is_directory_bucket(Str bucket);

/// "use1-az4" of "name--use1-az4--x-s3"; empty when there is none. REQUIRES: is_directory_bucket(bucket).
Str directory_zone(Str bucket);

/// Letters, digits, '.', '-' and '_', as even the oldest buckets have them, and no segment that paths give a meaning.
bool is_bucket(Str bucket);

/// Dots are refused for servers with TLS: a certificate's "*" stands for one label.
bool fits_into_host(Str bucket, bool tls);

}  // namespace tinyaws
