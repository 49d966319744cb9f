// Services and regions: the default rule and those that break it.
// Covers C38: services and regions that are no part of a host.
#include "endpoint_fixture.h"

using namespace test;

namespace {

struct Case {
  const char* service;
  const char* region;
  const char* expected;
};

template <size_t N>
void check(const Case (&cases)[N], bool fips = false, bool dual_stack = false) {
  for (const Case& c : cases) {
    CHECK_TEXT(answer(query_for(c.service, c.region, fips, dual_stack)), c.expected,
               std::string(c.service) + " in " + c.region);
  }
}

void the_default_rule(void**) {
  const Case cases[] = {
      {"sqs", "eu-west-1", "https://sqs.eu-west-1.amazonaws.com sqs eu-west-1"},
      {"unheard-of", "eu-west-1", "https://unheard-of.eu-west-1.amazonaws.com unheard-of eu-west-1"},
      {"a.b", "moon-1", "https://a.b.moon-1.amazonaws.com a.b moon-1"}};
  check(cases);
  const Case fips[] = {{"sqs", "us-west-2", "https://sqs-fips.us-west-2.amazonaws.com sqs us-west-2"}};
  check(fips, true);
  const Case dual[] = {{"sqs", "us-west-2", "https://sqs.us-west-2.api.aws sqs us-west-2"}};
  check(dual, false, true);
  const Case both[] = {{"sqs", "us-west-2", "https://sqs-fips.us-west-2.api.aws sqs us-west-2"}};
  check(both, true, true);
}

void partitions(void**) {
  const struct {
    const char* region;
    const char* suffix;
    const char* dual_stack;
  } cases[] = {{"eu-west-1", "amazonaws.com", "api.aws"},
               {"cn-north-1", "amazonaws.com.cn", "api.amazonwebservices.com.cn"},
               {"us-gov-west-1", "amazonaws.com", "api.aws"},
               {"us-iso-east-1", "c2s.ic.gov", "api.aws.ic.gov"},
               {"us-isob-east-1", "sc2s.sgov.gov", "api.aws.scloud"},
               {"eu-isoe-west-1", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"},
               {"us-isof-south-1", "csp.hci.ic.gov", "api.aws.hci.ic.gov"},
               {"eusc-de-east-1", "amazonaws.eu", "api.amazonwebservices.eu"},
               {"cnx", "amazonaws.com", "api.aws"},
               {"", "amazonaws.com", "api.aws"}};
  for (const auto& c : cases) {
    CHECK_TEXT(partition_suffix(c.region), c.suffix, c.region);
    CHECK_TEXT(dual_stack_suffix(c.region), c.dual_stack, c.region);
  }
}

void any_name_of_a_service(void**) {
  for (const char* name : {"monitoring", "cloudwatch"}) {
    CHECK_TEXT(answer(query_for(name, "eu-west-1")),
               "https://monitoring.eu-west-1.amazonaws.com monitoring eu-west-1", name);
  }
  for (const char* name : {"ses", "sesv2", "email"}) {
    CHECK_TEXT(answer(query_for(name, "eu-west-1")), "https://email.eu-west-1.amazonaws.com ses eu-west-1", name);
  }
  for (const char* name : {"iotdata", "iot-data", "data-ats.iot"}) {
    CHECK_TEXT(answer(query_for(name, "eu-west-1")), "https://data-ats.iot.eu-west-1.amazonaws.com iotdata eu-west-1",
               name);
  }
  for (const char* name : {"ecr", "api.ecr"}) {
    CHECK_TEXT(answer(query_for(name, "eu-west-1")), "https://api.ecr.eu-west-1.amazonaws.com ecr eu-west-1", name);
  }
  const Case cases[] = {
      {"stepfunctions", "eu-west-1", "https://states.eu-west-1.amazonaws.com states eu-west-1"},
      {"timestream-write", "eu-west-1", "https://ingest.timestream.eu-west-1.amazonaws.com timestream eu-west-1"},
      {"timestream-query", "eu-west-1", "https://query.timestream.eu-west-1.amazonaws.com timestream eu-west-1"},
      {"iot-jobs-data", "eu-west-1", "https://data.jobs.iot.eu-west-1.amazonaws.com iot-jobs-data eu-west-1"},
      {"greengrassv2", "eu-west-1", "https://greengrass.eu-west-1.amazonaws.com greengrass eu-west-1"},
      {"iotsecuretunneling", "eu-west-1",
       "https://api.tunneling.iot.eu-west-1.amazonaws.com IoTSecuredTunneling eu-west-1"},
      {"iotwireless", "eu-west-1", "https://api.iotwireless.eu-west-1.amazonaws.com iotwireless eu-west-1"},
      {"iotevents-data", "eu-west-1", "https://data.iotevents.eu-west-1.amazonaws.com ioteventsdata eu-west-1"},
      {"dynamodbstreams", "eu-west-1", "https://streams.dynamodb.eu-west-1.amazonaws.com dynamodb eu-west-1"},
      {"sso-oidc", "eu-west-1", "https://oidc.eu-west-1.amazonaws.com sso-oauth eu-west-1"},
      {"sagemaker-edge", "eu-west-1", "https://edge.sagemaker.eu-west-1.amazonaws.com sagemaker eu-west-1"},
      {"sagemaker-runtime", "eu-west-1", "https://runtime.sagemaker.eu-west-1.amazonaws.com sagemaker eu-west-1"},
      {"bedrock-runtime", "eu-west-1", "https://bedrock-runtime.eu-west-1.amazonaws.com bedrock eu-west-1"},
      {"appconfigdata", "eu-west-1", "https://appconfigdata.eu-west-1.amazonaws.com appconfig eu-west-1"},
      {"sso", "eu-west-1", "https://portal.sso.eu-west-1.amazonaws.com awsssoportal eu-west-1"},
      {"sagemaker", "eu-west-1", "https://api.sagemaker.eu-west-1.amazonaws.com sagemaker eu-west-1"}};
  check(cases);
}

void services_with_one_host(void**) {
  const Case plain[] = {{"iam", "us-isof-south-1", "https://iam.us-isof-south-1.csp.hci.ic.gov iam us-isof-south-1"},
                        {"iam", "eu-west-1", "https://iam.amazonaws.com iam us-east-1"},
                        {"iam", "cn-northwest-1", "https://iam.cn-north-1.amazonaws.com.cn iam cn-north-1"},
                        {"iam", "us-gov-east-1", "https://iam.us-gov.amazonaws.com iam us-gov-west-1"},
                        {"route53", "cn-north-1", "https://route53.amazonaws.com.cn route53 cn-northwest-1"},
                        {"waf", "eu-west-1", "https://waf.amazonaws.com waf us-east-1"},
                        {"budgets", "us-isob-east-1", "https://budgets.global.sc2s.sgov.gov budgets us-isob-east-1"}};
  check(plain);
  const Case dual[] = {
      {"iam", "eu-west-1", "https://iam.global.api.aws iam us-east-1"},
      {"iam", "cn-northwest-1", "https://iam.global.api.amazonwebservices.com.cn iam cn-north-1"},
      {"iam", "us-iso-east-1", "https://iam.api.aws.ic.gov iam us-iso-east-1"},
      {"route53", "us-gov-east-1", "https://route53.us-gov.api.aws route53 us-gov-west-1"},
      {"route53", "eusc-de-east-1", "https://route53.global.api.amazonwebservices.eu route53 eusc-de-east-1"},
      {"cloudfront", "cn-north-1", "https://cloudfront.api.amazonwebservices.com.cn cloudfront cn-northwest-1"},
      {"waf", "eu-west-1", "https://waf.eu-west-1.api.aws waf eu-west-1"},
      {"budgets", "eu-west-1", "https://budgets.us-east-1.api.aws budgets us-east-1"}};
  check(dual, false, true);
  const Case fips[] = {{"iam", "eu-west-1", "https://iam-fips.amazonaws.com iam us-east-1"},
                       {"iam", "us-gov-west-1", "https://iam.us-gov.amazonaws.com iam us-gov-west-1"},
                       {"iam", "cn-northwest-1", "https://iam-fips.amazonaws.com.cn iam cn-north-1"},
                       {"iam", "us-iso-east-1", "https://iam-fips.us-iso-east-1.c2s.ic.gov iam us-iso-east-1"},
                       {"iam", "us-isof-south-1", "https://iam-fips.csp.hci.ic.gov iam us-isof-south-1"},
                       {"cloudfront", "cn-north-1",
                        "https://cloudfront-fips.cn-northwest-1.amazonaws.com.cn cloudfront cn-northwest-1"}};
  check(fips, true);
}

void services_with_one_region(void**) {
  const Case plain[] = {
      {"ce", "eu-west-1", "https://ce.us-east-1.amazonaws.com ce us-east-1"},
      {"ce", "eusc-de-east-1", "https://ce.eusc-de-east-1.api.amazonwebservices.eu ce eusc-de-east-1"},
      {"support", "cn-northwest-1", "https://support.cn-north-1.amazonaws.com.cn support cn-north-1"},
      {"organizations", "us-gov-east-1",
       "https://organizations.us-gov-west-1.amazonaws.com organizations us-gov-west-1"},
      {"shield", "us-gov-east-1", "https://shield.us-gov-east-1.amazonaws.com shield us-gov-east-1"},
      {"sts", "aws-global", "https://sts.amazonaws.com sts us-east-1"},
      {"sts", "eu-west-1", "https://sts.eu-west-1.amazonaws.com sts eu-west-1"}};
  check(plain);
}

void govcloud_is_validated_as_it_is(void**) {
  const Case fips[] = {
      {"sts", "us-gov-west-1", "https://sts.us-gov-west-1.amazonaws.com sts us-gov-west-1"},
      {"events", "us-gov-west-1", "https://events.us-gov-west-1.amazonaws.com events us-gov-west-1"},
      {"kms", "us-gov-west-1", "https://kms-fips.us-gov-west-1.amazonaws.com kms us-gov-west-1"},
      {"states", "us-gov-west-1", "https://states.us-gov-west-1.amazonaws.com states us-gov-west-1"},
      {"states", "us-gov-east-1", "https://states-fips.us-gov-east-1.amazonaws.com states us-gov-east-1"}};
  check(fips, true);
  const Case dual[] = {{"states", "us-gov-west-1", "https://states-fips.us-gov-west-1.api.aws states us-gov-west-1"}};
  check(dual, false, true);
  const Case both[] = {{"sts", "us-gov-west-1", "https://sts-fips.us-gov-west-1.api.aws sts us-gov-west-1"},
                       {"events", "us-gov-west-1", "https://events.us-gov-west-1.api.aws events us-gov-west-1"}};
  check(both, true, true);
}

void dual_stack_elsewhere(void**) {
  const Case dual[] = {
      {"ecr", "eu-west-1", "https://ecr.eu-west-1.api.aws ecr eu-west-1"},
      {"secretsmanager", "eu-west-1", "https://secretsmanager.eu-west-1.amazonaws.com secretsmanager eu-west-1"},
      {"timestream-write", "eu-west-1", "https://timestream-ingest.eu-west-1.api.aws timestream eu-west-1"},
      {"timestream-write", "us-gov-west-1",
       "https://timestream-ingest.us-gov-west-1.api.aws timestream us-gov-west-1"},
      {"secretsmanager", "cn-north-1",
       "https://secretsmanager.cn-north-1.amazonaws.com.cn secretsmanager cn-north-1"},
      {"cognito-identity", "us-west-2",
       "https://cognito-identity.us-west-2.amazonaws.com cognito-identity us-west-2"},
      {"s3", "eu-west-1", "https://s3.dualstack.eu-west-1.amazonaws.com s3 eu-west-1"}};
  check(dual, false, true);
  const Case both[] = {
      {"secretsmanager", "eu-west-1", "https://secretsmanager-fips.eu-west-1.amazonaws.com secretsmanager eu-west-1"},
      {"cognito-identity", "us-west-1",
       "https://cognito-identity-fips.us-west-1.amazonaws.com cognito-identity us-west-1"},
      {"cognito-identity", "eu-west-1", "https://cognito-identity-fips.eu-west-1.api.aws cognito-identity eu-west-1"},
      {"timestream-write", "us-gov-west-1",
       "https://timestream-ingest.us-gov-west-1.api.aws timestream us-gov-west-1"},
      {"timestream-write", "eu-west-1", "https://timestream-ingest-fips.eu-west-1.api.aws timestream eu-west-1"}};
  check(both, true, true);
}

void certificates_of_iot(void**) {
  const Case plain[] = {
      {"iotdata", "cn-north-1", "https://data.ats.iot.cn-north-1.amazonaws.com.cn iotdata cn-north-1"},
      {"iotdata", "cn-northwest-1", "https://data-ats.iot.cn-northwest-1.amazonaws.com.cn iotdata cn-northwest-1"}};
  check(plain);
  const Case fips[] = {
      {"iotdata", "us-west-1", "https://data.iot-fips.us-west-1.amazonaws.com iotdata us-west-1"},
      {"iotdata", "eu-west-1", "https://data-ats.iot-fips.eu-west-1.amazonaws.com iotdata eu-west-1"}};
  check(fips, true);
}

void names_that_can_be_no_host(void**) {
  for (const char* bad : {"a/b", "a b", "a@b", "a:1", "a\r\nb", "a?", "a#", "a_b", "-a", "a-", "\xc3\xa4"}) {
    CHECK_TEXT(answer(query_for(bad, "eu-west-1")), "kInvalidArgument", bad);
    CHECK_TEXT(answer(query_for("sqs", bad)), "kInvalidArgument", bad);
  }
  for (const char* bad : {"", ".", "a.", ".a", "a..b"}) {
    CHECK_TEXT(answer(query_for(bad, "eu-west-1")), "kInvalidArgument", bad);
  }
  CHECK_TEXT(answer(query_for("sqs", "eu.west")), "kInvalidArgument", "a region is one label");
  CHECK_TEXT(answer(query_for(Str("a\0b", 3), "eu-west-1")), "kInvalidArgument", "NUL");
  CHECK_TEXT(answer(query_for("sqs", "")), "kNoRegion", "no region");
  CHECK_TEXT(answer(query_for(std::string(63, 's'), "eu-west-1")).substr(0, 71), "https://" + std::string(63, 's'),
             "the longest label");
  CHECK_TEXT(answer(query_for(std::string(64, 's'), "eu-west-1")), "kInvalidArgument", "a longer label");
}

void hosts_exactly_fitting(void**) {
  const std::string rest = ".eu-west-1.amazonaws.com";
  for (size_t size : {kMaxHostBytes, kMaxHostBytes + 1, kMaxEndpointTextBytes, kMaxEndpointTextBytes + 1}) {
    std::string service;
    while (service.size() + rest.size() < size) service += service.size() % 50 == 49 ? '.' : 's';
    ResolvedEndpoint resolved;
    const Status status = resolve_endpoint(query_for(service, "eu-west-1"), resolved);
    CHECK_STATUS(status, size > kMaxHostBytes ? Status::kInvalidArgument : Status::kOk, std::to_string(size));
    if (status == Status::kOk) CHECK(resolved.endpoint.host.size() == size, "the whole host");
  }
}

void what_belongs_to_s3_alone(void**) {
  EndpointQuery query = query_for("sqs", "eu-west-1");
  query.path_style = true;
  CHECK_TEXT(answer(query), "https://sqs.eu-west-1.amazonaws.com sqs eu-west-1", "a setting for all is no error");
  query.accelerate = true;
  CHECK_TEXT(answer(query), "kInvalidArgument", "accelerate");
  query.accelerate = false;
  query.bucket = "bucket";
  CHECK_TEXT(answer(query), "kInvalidArgument", "a bucket");
}

void an_answer_forgets_the_one_before(void**) {
  ResolvedEndpoint resolved;
  EndpointQuery query = query_for("s3", "eu-west-1");
  query.bucket = "My_Bucket";
  query.endpoint_url = "http://h.example:8000/base";
  CHECK_STATUS(resolve_endpoint(query, resolved), Status::kOk, "the first");
  CHECK_STATUS(resolve_endpoint(query_for("sqs", "eu-west-1"), resolved), Status::kOk, "the second");
  CHECK_TEXT(resolved.base_path, "", "base path");
  CHECK_TEXT(resolved.endpoint.host, "sqs.eu-west-1.amazonaws.com", "host");
  CHECK(resolved.endpoint.port == 443 && resolved.endpoint.tls, "port and TLS");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(the_default_rule),          cmocka_unit_test(partitions),
      cmocka_unit_test(any_name_of_a_service),     cmocka_unit_test(services_with_one_host),
      cmocka_unit_test(services_with_one_region),  cmocka_unit_test(govcloud_is_validated_as_it_is),
      cmocka_unit_test(dual_stack_elsewhere),      cmocka_unit_test(certificates_of_iot),
      cmocka_unit_test(names_that_can_be_no_host), cmocka_unit_test(hosts_exactly_fitting),
      cmocka_unit_test(what_belongs_to_s3_alone),  cmocka_unit_test(an_answer_forgets_the_one_before),
  };
  return cmocka_run_group_tests_name("endpoint", tests, nullptr, nullptr);
}
