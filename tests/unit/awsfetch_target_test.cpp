// What awsfetch reads from its URL or PATH: endpoint, target, service and region.
#include "../../examples/awsfetch/target.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <string>

#include "check.h"

using namespace awsfetch;

namespace {

struct HostCase {
  Str host;
  Str scope;  // "region/service"
  Str path = "/";
};

const HostCase kHosts[] = {
    // The rule: service.region.
    {"dynamodb.eu-west-1.amazonaws.com", "eu-west-1/dynamodb"},
    {"dynamodb.cn-north-1.amazonaws.com.cn", "cn-north-1/dynamodb"},
    {"lambda.ap-southeast-2.api.aws", "ap-southeast-2/lambda"},
    {"lambda.cn-north-1.api.amazonwebservices.com.cn", "cn-north-1/lambda"},
    {"sqs.us-gov-west-1.amazonaws.com", "us-gov-west-1/sqs"},
    {"sqs.us-iso-east-1.c2s.ic.gov", "us-iso-east-1/sqs"},
    {"sqs.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1/sqs"},
    {"sqs.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1/sqs"},
    {"sqs.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1/sqs"},
    {"sqs.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1/sqs"},
    {"states.eu-west-1.amazonaws.com", "eu-west-1/states"},
    {"dynamodb.eu-west-1.amazonaws.com.", "eu-west-1/dynamodb"},
    {"dynamodb-fips.us-east-1.amazonaws.com", "us-east-1/dynamodb"},
    {"streams.dynamodb.eu-west-1.amazonaws.com", "eu-west-1/dynamodb"},
    {"id.execute-api.eu-west-1.amazonaws.com", "eu-west-1/execute-api"},
    {"api.ecr.eu-west-1.amazonaws.com", "eu-west-1/ecr"},
    {"runtime.sagemaker.eu-west-1.amazonaws.com", "eu-west-1/sagemaker"},
    {"ingest.timestream.eu-west-1.amazonaws.com", "eu-west-1/timestream"},
    {"query-cell2.timestream.eu-west-1.amazonaws.com", "eu-west-1/timestream"},
    {"vpce-1a-2b.sqs.eu-west-1.vpce.amazonaws.com", "eu-west-1/sqs"},
    {"search-domain-1a2b.eu-west-1.es.amazonaws.com", "eu-west-1/es"},
    {"1a2b.eu-west-1.aoss.amazonaws.com", "eu-west-1/aoss"},

    // S3 in all its forms.
    {"s3.eu-west-1.amazonaws.com", "eu-west-1/s3"},
    {"bucket.s3.eu-west-1.amazonaws.com", "eu-west-1/s3"},
    {"bucket.with.dots.s3.eu-west-1.amazonaws.com", "eu-west-1/s3"},
    {"s3.dualstack.eu-west-1.amazonaws.com", "eu-west-1/s3"},
    {"bucket.s3.dualstack.eu-west-1.amazonaws.com", "eu-west-1/s3"},
    {"bucket.s3-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1/s3"},
    {"bucket.s3-fips.dualstack.us-east-1.amazonaws.com", "us-east-1/s3"},
    {"s3-eu-west-1.amazonaws.com", "eu-west-1/s3"},
    {"bucket.s3-eu-west-1.amazonaws.com", "eu-west-1/s3"},
    {"s3.amazonaws.com", "us-east-1/s3"},
    {"bucket.s3.amazonaws.com", "us-east-1/s3"},
    {"eu-west-1.s3.amazonaws.com", "us-east-1/s3"},
    {"bucket.s3-accelerate.amazonaws.com", "/s3"},
    {"bucket.s3-accelerate.dualstack.amazonaws.com", "/s3"},
    {"point-123456789012.s3-accesspoint.eu-west-1.amazonaws.com", "eu-west-1/s3"},
    {"point-123456789012.s3-accesspoint-fips.dualstack.us-east-1.amazonaws.com", "us-east-1/s3"},
    {"123456789012.s3-control.eu-west-1.amazonaws.com", "eu-west-1/s3"},
    {"a.op-1.s3-outposts.eu-west-1.amazonaws.com", "eu-west-1/s3-outposts"},
    {"a-1.s3-object-lambda.eu-west-1.amazonaws.com", "eu-west-1/s3-object-lambda"},
    {"bucket--usw2-az1--x-s3.s3express-usw2-az1.us-west-2.amazonaws.com", "us-west-2/s3express"},
    {"s3express-control.us-west-2.amazonaws.com", "us-west-2/s3express"},

    // Hosts without a region.
    {"iam.amazonaws.com", "us-east-1/iam"},
    {"iam.us-gov.amazonaws.com", "us-gov-west-1/iam"},
    {"iam.cn-north-1.amazonaws.com.cn", "cn-north-1/iam"},
    {"iam.global.api.amazonwebservices.com.cn", "cn-north-1/iam"},
    {"sts.amazonaws.com", "us-east-1/sts"},
    {"route53.amazonaws.com", "us-east-1/route53"},
    {"route53.amazonaws.com.cn", "cn-northwest-1/route53"},
    {"queue.amazonaws.com", "us-east-1/sqs"},
    {"eu-west-1.queue.amazonaws.com", "eu-west-1/sqs"},

    // Hosts that are not named after what they sign as.
    {"email.eu-west-1.amazonaws.com", "eu-west-1/ses"},
    {"123456789012.ddb.eu-west-1.amazonaws.com", "eu-west-1/dynamodb"},
    {"id.lambda-url.eu-west-1.on.aws", "eu-west-1/lambda"},
    {"bedrock-runtime.eu-west-1.amazonaws.com", "eu-west-1/bedrock"},
    {"metering.marketplace.us-east-1.amazonaws.com", "us-east-1/aws-marketplace"},
    {"voice-chime.us-east-1.amazonaws.com", "us-east-1/chime"},
    {"aps.eu-west-1.amazonaws.com", "eu-west-1/aps"},
    {"aps-workspaces.eu-west-1.amazonaws.com", "eu-west-1/aps"},
    {"appsync.eu-west-1.amazonaws.com", "eu-west-1/appsync"},
    {"id.appsync-api.eu-west-1.amazonaws.com", "eu-west-1/appsync"},
    {"cluster-1.cluster-1a2b.eu-west-1.neptune.amazonaws.com", "eu-west-1/neptune-db"},
    {"instance.1a2b.cn-north-1.neptune.amazonaws.com.cn", "cn-north-1/neptune-db"},
    {"neptune-graph.eu-west-1.amazonaws.com", "eu-west-1/neptune-graph"},
    {"participant.connect.eu-west-1.amazonaws.com", "eu-west-1/execute-api"},
    {"connect.eu-west-1.amazonaws.com", "eu-west-1/connect"},

    // AWS IoT serves three services behind one suffix.
    {"iot.eu-west-1.amazonaws.com", "eu-west-1/iot", "/mqtt"},
    {"xyz-ats.iot.eu-west-1.amazonaws.com", "eu-west-1/iotdata", "/topics/a?qos=1"},
    {"xyz-ats.iot.eu-west-1.amazonaws.com", "eu-west-1/iotdevicegateway", "/mqtt"},
    {"xyz-ats.iot.eu-west-1.amazonaws.com", "eu-west-1/iotdevicegateway", "/mqtt?x=1"},
    {"data-ats.iot.eu-west-1.amazonaws.com", "eu-west-1/iotdata"},
    {"data.iot-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1/iotdata"},
    {"data.jobs.iot.eu-west-1.amazonaws.com", "eu-west-1/iot-jobs-data"},
    {"api.tunneling.iot.eu-west-1.amazonaws.com", "eu-west-1/IoTSecuredTunneling"},
    {"data.iotevents.eu-west-1.amazonaws.com", "eu-west-1/ioteventsdata"},

    // No hosts of AWS, or of no service.
    {"localhost", "/"},
    {"127.0.0.1", "/"},
    {"amazonaws.com", "/"},
    {"eu-west-1.amazonaws.com", "/"},
    {"dynamodb.eu-west-1.amazonaws.com.evil.example", "/"},
    {"dynamodb.eu-west-1.notamazonaws.com", "/"},
    {"", "/"},
    {".", "/"},
    {".amazonaws.com", "/"},
};

std::string scope_text(Str host, Str path) {
  const HostScope scope = scope_of_host(host, path);
  return std::string(scope.region) + "/" + std::string(scope.service);
}

void service_and_region_from_the_host(void**) {
  for (const HostCase& test : kHosts) {
    const std::string scope = scope_text(test.host, test.path);
    if (scope != test.scope) print_error("%s%s\n", test.host.data(), test.path.data());
    assert_text(scope, test.scope);
  }
}

// Every host that botocore's rules compose. Two partitions share some names of global services, and "aws-global" is
// no region that signs.
void hosts_of_botocore(void**) {
  std::ifstream file(TINYAWS_CONFORMANCE_DIR "/endpoints/endpoints.tsv");
  if (!file) {
    print_message("SKIPPED hosts_of_botocore: no " TINYAWS_CONFORMANCE_DIR "/endpoints\n");
    skip();
  }
  size_t compared = 0;
  for (std::string line; std::getline(file, line);) {
    std::string field[7];
    size_t begin = 0;
    for (std::string& text : field) {
      const size_t end = std::min(line.find('\t', begin), line.size());
      text = line.substr(begin, end - begin);
      begin = std::min(end + 1, line.size());
    }
    const auto& [name, region, fips, dual, url, service, signing_region] = field;
    if (line[0] == '#' || url.rfind("https://", 0) != 0 || signing_region == "aws-global") continue;
    const std::string host = url.substr(8);
    const bool shared = signing_region == "us-gov-west-1" && host.find("us-gov") == std::string::npos;
    if (shared && scope_text(host, "/") == "us-east-1/" + service) continue;
    assert_text(scope_text(host, "/"), signing_region + "/" + service);
    ++compared;
  }
  assert_true(compared > 1500);
}

struct TargetCase {
  Str argument;
  Str endpoint;
  Str expected_endpoint;
  Str expected_text;
};

const TargetCase kTargets[] = {
    {"http://host", "", "http://host", "/"},
    {"http://host/", "", "http://host", "/"},
    {"https://host:8443/a/b?c=d", "", "https://host:8443", "/a/b?c=d"},
    {"HTTPS://Host/a", "", "HTTPS://Host", "/a"},
    {"http://host?a=b", "", "http://host", "?a=b"},
    {"http://host//a/../%41?x=/&y=?", "", "http://host", "//a/../%41?x=/&y=?"},
    {"http://user@[::1]:80/a b#c", "", "http://user@[::1]:80", "/a b#c"},
    {"http://host?q=http://other/", "", "http://host", "?q=http://other/"},
    {"/", "http://e", "http://e", "/"},
    {"/a?b", "http://e/base", "http://e/base", "/a?b"},
    {"?a=b", "http://e", "http://e", "?a=b"},
    {"//a", "", "", "//a"},
};

void arguments_are_taken_apart(void**) {
  for (const TargetCase& test : kTargets) {
    Target target;
    if (!read_target(test.argument, test.endpoint, target)) fail_msg("refused: %s", test.argument.data());
    assert_text(target.endpoint_url, test.expected_endpoint);
    assert_text(target.text, test.expected_text);
  }
}

void neither_url_nor_path(void**) {
  for (Str argument : {"", "host", "host/path", "ftp://host/", "http:/host", "-", "#a"}) {
    Target target;
    if (read_target(argument, "http://e", target)) fail_msg("taken: %s", argument.data());
  }
}

void raw_paths_are_encoded_once(void**) {
  const Str cases[][2] = {
      {"/", "/"},
      {"/a b/\xc3\xbc+%41", "/a%20b/%C3%BC%2B%2541"},
      {"/Az09-._~/", "/Az09-._~/"},
      {"/a b?c d=%20", "/a%20b?c d=%20"},
      {"?a b", "?a b"},
      {"/a#b:c@d&e=f", "/a%23b%3Ac%40d%26e%3Df"},
      {"//a/../b", "//a/../b"},
  };
  for (const auto& test : cases) {
    char out[128];
    assert_text(encode_path(test[0], tinyaws::MutBytes(out)), test[1]);
  }
}

void targets_are_joined_to_the_endpoint(void**) {
  const Str cases[][3] = {
      {"", "/a", "/a"},
      {"/", "/a", "/a"},
      {"/base", "/a?x", "/base/a?x"},
      {"/base/", "/a", "/base/a"},
      {"", "?a=b", "/?a=b"},
      {"/", "?a=b", "/?a=b"},
      {"/base", "?a=b", "/base?a=b"},
      {"/base", "/", "/base/"},
      {"/a//", "//b", "/a///b"},
      {"/base/", "?a", "/base?a"},
  };
  for (const auto& test : cases) {
    char out[64];
    assert_text(join_target(test[0], test[1], tinyaws::MutBytes(out)), test[2]);
  }
}

void variables_of_services(void**) {
  const Str cases[][2] = {
      {"dynamodb", "AWS_ENDPOINT_URL_DYNAMODB"},
      {"email", "AWS_ENDPOINT_URL_SES"},
      {"secretsmanager", "AWS_ENDPOINT_URL_SECRETS_MANAGER"},
      {"logs", "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS"},
      {"my-own.service", "AWS_ENDPOINT_URL_MY_OWN_SERVICE"},
  };
  for (const auto& test : cases) {
    char out[64];
    const Str name = service_variable(test[0], tinyaws::MutBytes(out));
    assert_text(name, test[1]);
    assert_int_equal(name.data()[name.size()], '\0');
  }
}

void variables_that_do_not_fit_are_none(void**) {
  char out[64];
  const size_t needed = sizeof "AWS_ENDPOINT_URL_DYNAMODB";
  for (size_t size = 0; size < sizeof out; ++size) {
    const Str name = service_variable("dynamodb", tinyaws::MutBytes(out, size));
    assert_int_equal(name.empty(), size < needed);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(service_and_region_from_the_host),
      cmocka_unit_test(hosts_of_botocore),
      cmocka_unit_test(arguments_are_taken_apart),
      cmocka_unit_test(neither_url_nor_path),
      cmocka_unit_test(raw_paths_are_encoded_once),
      cmocka_unit_test(targets_are_joined_to_the_endpoint),
      cmocka_unit_test(variables_of_services),
      cmocka_unit_test(variables_that_do_not_fit_are_none),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
