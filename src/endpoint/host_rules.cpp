#include "endpoint/host_rules.h"

#include "base/ascii.h"

namespace tinyaws {
namespace {

// "services|where|wishes|host|region", of which the first that fits counts. What is left empty fits anything, or
// stays as it is by default. Where: letters of partitions, or regions, or how they begin. Wishes: plain, dual stack,
// fips, both. Host: its capitals stand for Service, "-fips" if wished, X ".dualstack" if wished, Zone, Region, Domain
// as wished, Plain domain, and Q for that of dual stack. Region: the one to use in place of the query's, H for the
// partition's home. Source: endpoint-rule-set-1.json of each service in botocore.
constexpr char kRules[] =
    // Services that have one host in a partition.
    "iam route53 cloudfront|a|db|SF.global.D|H\n"
    "iam route53|g||S.us-gov.D|H\n"
    "iam|c|p|S.R.D|cn-north-1\n"
    "iam|c|d|S.global.D|cn-north-1\n"
    "iam|c||SF.D|cn-north-1\n"
    "iam|ib|pf||H\n"
    "iam|efu|p|S.R.D|H\n"
    "iam route53|cu|d|S.global.D|H\n"
    "cloudfront|c|pf||H\n"
    "budgets|au|d|S.R.D|H\n"
    "budgets|bef|p|S.global.D|H\n"
    "budgets ce|u|p|S.R.Q|H\n"
    "iam route53 cloudfront budgets|||SF.D|H\n"
    "waf|a|pf|SF.D|H\n"

    // Services that have one region in a partition.
    "ce||||H\n"
    "organizations shield|a|pf||H\n"
    "organizations support|g|pf|S.R.D|H\n"
    "support|c|p|S.R.D|cn-north-1\n"
    "organizations support||p|S.R.D|H\n"
    "sts|aws-global|p|S.D|H\n"
    "s3|aws-global|p|S.D|H\n"
    "s3|aws-global|db|SFX.R.P|H\n"
    "s3|aws-global|f||H\n"

    // The usual hosts of GovCloud are validated.
    "sts dynamodb kinesis sqs sns logs ec2 ssm glacier portal.sso ingest.timestream monitoring events|g|f|S.R.D\n"
    "monitoring events|g|b|S.R.D\n"
    "states|us-gov-west-1|f|S.R.D\n"
    "states|g|d|S-fips.R.D\n"

    // "Regional and Zonal endpoints for directory buckets" and "Getting started with Amazon S3 Transfer
    // Acceleration", Amazon S3 User Guide.
    "(directory)|||s3expressF-ZX.R.P\n"
    "(accelerated)|||s3-accelerateX.P\n"

    // Other words, or another domain, for dual stack.
    "s3||db|SFX.R.P\n"
    "secretsmanager|ag|db|SF.R.P\n"
    "secretsmanager|c|d|S.R.P\n"
    "cognito-identity|a|d|S.R.P\n"
    "cognito-identity|us-east- us-west-|b|SF.R.P\n"
    "ecr||pf|api.SF.R.D\n"
    "ingest.timestream|g|db|timestream-ingest.R.D\n"
    "ingest.timestream|a|db|timestream-ingestF.R.D\n"

    // Certificates of Amazon's own authority ("-ats") came later than some hosts.
    "data-ats.iot|ca-central-1 us-east- us-gov- us-west-|f|data.iot-fips.R.D\n"
    "data-ats.iot|cn-north-1|p|data.ats.iot.R.D";

constexpr char kDefaultHost[] = "SF.R.D";

bool is_in(Str where, const HostQuery& query) {
  if (where.has('-')) return is_listed(query.region, where);
  return where.empty() || where.has(query.partition.letter());
}

bool is_wished(Str wishes, const HostQuery& query) {
  const char wish = "pdfb"[(query.dual_stack ? 1 : 0) + (query.fips ? 2 : 0)];
  return wishes.empty() || wishes.has(wish);
}

// Its host and its region.
Str find_rule(const HostQuery& query) {
  for (Str rules = kRules; !rules.empty();) {
    Str rule = take_until(rules, '\n');
    const bool is_asked = has_word(take_until(rule, '|'), query.service);
    const bool is_here = is_in(take_until(rule, '|'), query);
    if (is_wished(take_until(rule, '|'), query) && is_asked && is_here) return rule;
  }
  return {};
}

Str choose_signing_region(Str region, const HostQuery& query) {
  if (region.empty()) return query.region;
  return region == "H" ? query.partition.home() : region;
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
    case 'X':
      return query.dual_stack ? Str(".dualstack") : Str();
    case 'Z':
      return query.zone;
    case 'D':
      return query.dual_stack ? partition.dual_stack_suffix() : partition.suffix();
    case 'P':
      return partition.suffix();
    case 'Q':
      return partition.dual_stack_suffix();
    default:
      return {&part, 1};
  }
}

}  // namespace

Str write_host(const HostQuery& query, Writer& out) {
  Str rule = find_rule(query);
  const Str host = take_until(rule, '|');
  const Str region = choose_signing_region(rule, query);
  for (const char& part : host.empty() ? Str(kDefaultHost) : host) out.put(text_of(part, query, region));
  return region;
}

}  // namespace tinyaws
