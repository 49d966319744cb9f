#include "endpoint/partition.h"

#include "base/ascii.h"
#include "tinyaws/endpoint.h"

namespace tinyaws {
namespace {

// The last one has all regions that no other has.
constexpr Partition kPartitions[] = {
    {'c', "cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "cn-northwest-1"},
    {'g', "us-gov-", "amazonaws.com", "api.aws", "us-gov-west-1"},
    {'i', "us-iso-", "c2s.ic.gov", "api.aws.ic.gov", "us-iso-east-1"},
    {'b', "us-isob-", "sc2s.sgov.gov", "api.aws.scloud", "us-isob-east-1"},
    {'e', "eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "eu-isoe-west-1"},
    {'f', "us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov", "us-isof-south-1"},
    {'u', "eusc-", "amazonaws.eu", "api.amazonwebservices.eu", "eusc-de-east-1"},
    {'a', "", "amazonaws.com", "api.aws", "us-east-1"},
};

}  // namespace

const Partition& find_partition(Str region) {
  const Partition* partition = kPartitions;
  while (!starts_with(region, partition->region_prefix)) ++partition;
  return *partition;
}

Str partition_suffix(Str region) {
  return find_partition(region).suffix;
}

Str dual_stack_suffix(Str region) {
  return find_partition(region).dual_stack_suffix;
}

}  // namespace tinyaws
