#include "endpoint/partition.h"

#include "base/ascii.h"
#include "tinyaws/endpoint.h"

namespace tinyaws {
namespace {

// The last one has all regions that no other has.
constexpr char kPartitions[] =
    "c cn- amazonaws.com.cn api.amazonwebservices.com.cn cn-northwest-1\n"
    "g us-gov- amazonaws.com api.aws us-gov-west-1\n"
    "i us-iso- c2s.ic.gov api.aws.ic.gov us-iso-east-1\n"
    "b us-isob- sc2s.sgov.gov api.aws.scloud us-isob-east-1\n"
    "e eu-isoe- cloud.adc-e.uk api.cloud-aws.adc-e.uk eu-isoe-west-1\n"
    "f us-isof- csp.hci.ic.gov api.aws.hci.ic.gov us-isof-south-1\n"
    "u eusc- amazonaws.eu api.amazonwebservices.eu eusc-de-east-1\n"
    "a  amazonaws.com api.aws us-east-1";

}  // namespace

Partition find_partition(Str region) {
  for (Str rows = kPartitions;;) {
    const Str row = take_until(rows, '\n');
    if (starts_with(region, nth_part(row, 1, ' '))) return Partition(row);
  }
}

Str partition_suffix(Str region) {
  return find_partition(region).suffix();
}

Str dual_stack_suffix(Str region) {
  return find_partition(region).dual_stack_suffix();
}

}  // namespace tinyaws
