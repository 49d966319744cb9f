// The hosts of services: the default rule and those that break it.
#pragma once

#include "base/writer.h"
#include "endpoint/partition.h"
#include "tinyaws/bytes.h"

namespace tinyaws {

/// Services of their own in the rules: no service's name has parentheses.
constexpr char kDirectoryHosts[] = "(directory)";
constexpr char kAcceleratedHosts[] = "(accelerated)";

struct HostQuery {
  Str service;  ///< As it stands in hosts.
  Str region;
  Str zone;  ///< Of a directory bucket.
  Partition partition;
  bool fips;
  bool dual_stack;
};

/// Writes the host and returns the region to sign for.
Str write_host(const HostQuery& query, Writer& out);

}  // namespace tinyaws
