// Partitions: the sets of regions that share accounts, domain and rules.
#pragma once

#include "base/ascii.h"
#include "tinyaws/bytes.h"

namespace tinyaws {

class Partition {
 public:
  /// `row`: letter, prefix of regions, the two suffixes, home.
  explicit Partition(Str row) : row_(row) {}

  /// Of a: aws, c: aws-cn, g: aws-us-gov, i: aws-iso, b: aws-iso-b, e: aws-iso-e, f: aws-iso-f, u: aws-eusc.
  char letter() const { return row_.front(); }
  Str suffix() const { return nth_part(row_, 2, ' '); }
  Str dual_stack_suffix() const { return nth_part(row_, 3, ' '); }

  /// The region that services without regions sign for.
  Str home() const { return nth_part(row_, 4, ' '); }

 private:
  Str row_;
};

Partition find_partition(Str region);

}  // namespace tinyaws
