// Servers of one's own, and the names that services have in settings.
#include "endpoint_fixture.h"

using namespace test;

namespace {

EndpointQuery url_query(Str url, Str service = "sqs") {
  EndpointQuery query = query_for(service, "eu-west-1");
  query.endpoint_url = url;
  return query;
}

void urls_given(void**) {
  const struct {
    const char* url;
    const char* expected;
  } cases[] = {{"https://h.example", "https://h.example"},
               {"http://h.example", "http://h.example"},
               {"http://h.example:8000/", "http://h.example:8000"},
               {"http://h.example:8000", "http://h.example:8000"},
               {"https://h.example:8443/a/b", "https://h.example:8443/a/b"},
               {"https://h.example:8443/a%20b/", "https://h.example:8443/a%20b"},
               {"https://user:word@h.example/", "https://h.example"}};
  for (const auto& c : cases) CHECK_TEXT(answer(url_query(c.url)), std::string(c.expected) + " sqs eu-west-1", c.url);
}

void urls_that_are_none(void**) {
  for (const char* url :
       {"h.example", "ftp://h.example", "https://", "https://h:0", "https://h/?a=b", "https://h?a", "https://h/a b",
        "https://h\r\nX: y", "https://h/%zz", "https://h/a\nb", "https://h/#f", "//h.example"}) {
    CHECK_TEXT(answer(url_query(url)), "kInvalidArgument", printable(url));
    CHECK_TEXT(answer(url_query(url, "s3")), "kInvalidArgument", printable(url));
  }
}

void what_is_signed_for_other_servers(void**) {
  CHECK_TEXT(answer(url_query("http://h", "cloudwatch")), "http://h monitoring eu-west-1", "the name of the scope");
  CHECK_TEXT(answer(url_query("http://h", "iam")), "http://h iam eu-west-1", "the region as it was given");
  CHECK_TEXT(answer(url_query("http://h", "any_name")), "http://h any_name eu-west-1", "a name that is in no host");
  EndpointQuery query = url_query("http://h");
  query.region = "my_region";
  CHECK_TEXT(answer(query), "http://h sqs my_region", "a region that is in no host");
  query.region = {};
  CHECK_TEXT(answer(query), "kNoRegion", "no region");
}

void wishes_that_only_aws_can_grant(void**) {
  EndpointQuery query = url_query("https://h.example", "s3");
  query.fips = true;
  CHECK_TEXT(answer(query), "kInvalidArgument", "FIPS");
  query.fips = false;
  query.dual_stack = true;
  CHECK_TEXT(answer(query), "kInvalidArgument", "dual stack");
  query.dual_stack = false;
  query.accelerate = true;
  CHECK_TEXT(answer(query), "kInvalidArgument", "accelerate");
  query.accelerate = false;
  CHECK_TEXT(answer(query), "https://h.example s3 eu-west-1", "none of them");
}

std::string key_of(Str service) {
  char buffer[64];
  const IoResult result = write_service_key(service, buffer);
  return result.status == Status::kOk ? std::string(buffer, result.size) : text(result.status);
}

void keys_of_services(void**) {
  const struct {
    const char* service;
    const char* key;
  } cases[] = {{"dynamodb", "dynamodb"},
               {"s3", "s3"},
               {"logs", "cloudwatch_logs"},
               {"monitoring", "cloudwatch"},
               {"cloudwatch", "cloudwatch"},
               {"events", "eventbridge"},
               {"states", "sfn"},
               {"stepfunctions", "sfn"},
               {"email", "ses"},
               {"ses", "ses"},
               {"sesv2", "sesv2"},
               {"ecr", "ecr"},
               {"api.ecr", "ecr"},
               {"iotdata", "iot_data_plane"},
               {"iot-data", "iot_data_plane"},
               {"iot-jobs-data", "iot_jobs_data_plane"},
               {"secretsmanager", "secrets_manager"},
               {"route53", "route_53"},
               {"apigateway", "api_gateway"},
               {"access-analyzer", "accessanalyzer"},
               {"autoscaling", "auto_scaling"},
               {"application-autoscaling", "application_auto_scaling"},
               {"cognito-identity", "cognito_identity"},
               {"cognito-idp", "cognito_identity_provider"},
               {"timestream-query", "timestream_query"},
               {"greengrass", "greengrass"},
               {"greengrassv2", "greengrassv2"},
               {"sso-oidc", "sso_oidc"},
               {"sso", "sso"},
               {"dynamodbstreams", "dynamodb_streams"},
               {"iotwireless", "iot_wireless"},
               {"iotevents", "iot_events"},
               {"iotevents-data", "iot_events_data"},
               {"sagemaker-runtime", "sagemaker_runtime"},
               {"config", "config_service"},
               {"ce", "cost_explorer"},
               {"elasticbeanstalk", "elastic_beanstalk"},
               {"globalaccelerator", "global_accelerator"},
               {"kinesisanalytics", "kinesis_analytics"},
               {"kinesisvideo", "kinesis_video"},
               {"s3control", "s3_control"},
               {"servicequotas", "service_quotas"},
               {"storagegateway", "storage_gateway"},
               {"iotsecuretunneling", "iotsecuretunneling"},
               {"Unheard-Of Name", "unheard_of_name"}};
  for (const auto& c : cases) CHECK_TEXT(key_of(c.service), c.key, c.service);
}

void keys_that_do_not_fit(void**) {
  char buffer[15];
  IoResult result = write_service_key("logs", buffer);
  CHECK(result.status == Status::kOk && result.size == sizeof buffer, "exactly fitting");
  result = write_service_key("logs", MutBytes(buffer).first(14));
  CHECK(result.status == Status::kBufferTooSmall && result.size == sizeof buffer, "the size needed");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(urls_given),
      cmocka_unit_test(urls_that_are_none),
      cmocka_unit_test(what_is_signed_for_other_servers),
      cmocka_unit_test(wishes_that_only_aws_can_grant),
      cmocka_unit_test(keys_of_services),
      cmocka_unit_test(keys_that_do_not_fit),
  };
  return cmocka_run_group_tests_name("endpoint url", tests, nullptr, nullptr);
}
