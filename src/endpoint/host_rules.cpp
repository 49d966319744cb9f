#include "endpoint/host_rules.h"

#include <cstdint>

#include "base/ascii.h"

namespace tinyaws {
namespace {

// Which wishes a rule is for.
constexpr uint8_t kPlain = 1;
constexpr uint8_t kDual = 2;
constexpr uint8_t kFips = 4;
constexpr uint8_t kBoth = 8;
constexpr uint8_t kAny = 15;

// Regions to use instead of the query's.
constexpr const char* kAsked = nullptr;
constexpr const char* kHome = "";

struct HostRule {
  const char* services;
  const char* where;  // letters of partitions, or names of regions; "" is everywhere
  uint8_t wishes;
  // Capitals stand for: Service, "-fips" if wished, Region, Domain as wished, Plain domain, Q: that of dual stack.
  const char* host;
  const char* region;
};

constexpr const char* kDefaultHost = "SF.R.D";

// The first that fits counts. Source: endpoint-rule-set-1.json of each service in botocore.
constexpr HostRule kRules[] = {
    // Services that have one host in a partition.
    {"iam route53 cloudfront", "a", kDual | kBoth, "SF.global.D", kHome},
    {"iam route53", "g", kAny, "S.us-gov.D", kHome},
    {"iam", "c", kPlain, "S.R.D", "cn-north-1"},
    {"iam", "c", kDual, "S.global.D", "cn-north-1"},
    {"iam", "c", kAny, "SF.D", "cn-north-1"},
    {"iam", "ib", kPlain | kFips, kDefaultHost, kHome},
    {"iam", "efu", kPlain, "S.R.D", kHome},
    {"iam route53", "cu", kDual, "S.global.D", kHome},
    {"cloudfront", "c", kPlain | kFips, kDefaultHost, kHome},
    {"budgets", "au", kDual, "S.R.D", kHome},
    {"budgets", "bef", kPlain, "S.global.D", kHome},
    {"budgets ce", "u", kPlain, "S.R.Q", kHome},
    {"iam route53 cloudfront budgets", "", kAny, "SF.D", kHome},
    {"waf", "a", kPlain | kFips, "SF.D", kHome},

    // Services that have one region in a partition.
    {"ce", "", kAny, kDefaultHost, kHome},
    {"organizations shield", "a", kPlain | kFips, kDefaultHost, kHome},
    {"organizations support", "g", kPlain | kFips, "S.R.D", kHome},
    {"support", "c", kPlain, "S.R.D", "cn-north-1"},
    {"organizations support", "", kPlain, "S.R.D", kHome},
    {"sts", "aws-global", kPlain, "S.D", kHome},
    {"s3", "aws-global", kPlain, "S.D", kHome},
    {"s3", "aws-global", kDual | kBoth, "SF.dualstack.R.P", kHome},
    {"s3", "aws-global", kFips, kDefaultHost, kHome},

    // The usual hosts of GovCloud are validated.
    {"sts dynamodb kinesis sqs sns logs ec2 ssm glacier portal.sso ingest.timestream monitoring events", "g", kFips,
     "S.R.D", kAsked},
    {"monitoring events", "g", kBoth, "S.R.D", kAsked},
    {"states", "us-gov-west-1", kFips, "S.R.D", kAsked},
    {"states", "g", kDual, "S-fips.R.D", kAsked},

    // Other words, or another domain, for dual stack.
    {"s3", "", kDual | kBoth, "SF.dualstack.R.P", kAsked},
    {"secretsmanager", "ag", kDual | kBoth, "SF.R.P", kAsked},
    {"secretsmanager", "c", kDual, "S.R.P", kAsked},
    {"cognito-identity", "a", kDual, "S.R.P", kAsked},
    {"cognito-identity", "us-east-1 us-east-2 us-west-1 us-west-2", kBoth, "SF.R.P", kAsked},
    {"ecr", "", kPlain | kFips, "api.SF.R.D", kAsked},
    {"ingest.timestream", "g", kDual | kBoth, "timestream-ingest.R.D", kAsked},
    {"ingest.timestream", "a", kDual | kBoth, "timestream-ingestF.R.D", kAsked},

    // Certificates of Amazon's own authority ("-ats") came later than some hosts.
    {"data-ats.iot", "ca-central-1 us-east-1 us-east-2 us-west-1 us-west-2 us-gov-east-1 us-gov-west-1", kFips,
     "data.iot-fips.R.D", kAsked},
    {"data-ats.iot", "cn-north-1", kPlain, "data.ats.iot.R.D", kAsked},
};

constexpr HostRule kDefaultRule = {"", "", kAny, kDefaultHost, kAsked};

uint8_t wish(const HostQuery& query) {
  return static_cast<uint8_t>(1 << ((query.dual_stack ? 1 : 0) + (query.fips ? 2 : 0)));
}

bool is_in(Str where, const HostQuery& query) {
  if (where.find('-') != Str::npos) return has_word(where, query.region);
  return where.empty() || where.find(query.partition.letter) != Str::npos;
}

bool is_for(const HostRule& rule, const HostQuery& query) {
  return (rule.wishes & wish(query)) != 0 && has_word(rule.services, query.service) && is_in(rule.where, query);
}

const HostRule& find_rule(const HostQuery& query) {
  for (const HostRule& rule : kRules) {
    if (is_for(rule, query)) return rule;
  }
  return kDefaultRule;
}

Str choose_signing_region(const HostRule& rule, const HostQuery& query) {
  if (rule.region == kAsked) return query.region;
  return *rule.region == '\0' ? query.partition.home : rule.region;
}

Str text_of(const char& part, const HostQuery& query, Str region) {
  const Partition& partition = query.partition;
  switch (part) {
    case 'S':
      return query.service;
    case 'F':
      return query.fips ? Str("-fips") : Str();
    case 'R':
      return region;
    case 'D':
      return query.dual_stack ? partition.dual_stack_suffix : partition.suffix;
    case 'P':
      return partition.suffix;
    case 'Q':
      return partition.dual_stack_suffix;
    default:
      return {&part, 1};
  }
}

}  // namespace

Str write_host(const HostQuery& query, Writer& out) {
  const HostRule& rule = find_rule(query);
  const Str region = choose_signing_region(rule, query);
  for (const char* part = rule.host; *part != '\0'; ++part) out.put(text_of(*part, query, region));
  return region;
}

}  // namespace tinyaws
