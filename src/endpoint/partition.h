// Partitions: the sets of regions that share accounts, domain and rules.
#pragma once

#include "tinyaws/bytes.h"

namespace tinyaws {

struct Partition {
  /// Of a: aws, c: aws-cn, g: aws-us-gov, i: aws-iso, b: aws-iso-b, e: aws-iso-e, f: aws-iso-f, u: aws-eusc.
  char letter;
  const char* region_prefix;
  const char* suffix;
  const char* dual_stack_suffix;
  const char* home;  ///< The region that services without regions sign for.
};

const Partition& find_partition(Str region);

}  // namespace tinyaws
