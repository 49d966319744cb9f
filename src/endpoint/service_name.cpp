#include "endpoint/service_name.h"

#include "base/ascii.h"

namespace tinyaws {
namespace {

struct NameRule {
  const char* names;  // besides the one in the host
  const char* in_host;
  const char* signed_as;
  const char* key;
};

// Services with more than one name. Source: signingName, endpointPrefix, serviceId and the folder's name in
// botocore's data. A name that stands twice is the first one's.
constexpr NameRule kNames[] = {
    {"cloudwatch", "monitoring", "monitoring", "cloudwatch"},
    {"", "logs", "logs", "cloudwatch_logs"},
    {"eventbridge", "events", "events", "eventbridge"},
    {"stepfunctions", "states", "states", "sfn"},
    {"ses", "email", "ses", "ses"},
    {"sesv2", "email", "ses", "sesv2"},
    {"api.ecr", "ecr", "ecr", "ecr"},
    {"iotdata iot-data", "data-ats.iot", "iotdata", "iot_data_plane"},
    {"iot-jobs-data", "data.jobs.iot", "iot-jobs-data", "iot_jobs_data_plane"},
    {"IoTSecuredTunneling iotsecuretunneling", "api.tunneling.iot", "IoTSecuredTunneling", "iotsecuretunneling"},
    {"iotwireless", "api.iotwireless", "iotwireless", "iot_wireless"},
    {"ioteventsdata iotevents-data", "data.iotevents", "ioteventsdata", "iot_events_data"},
    {"", "greengrass", "greengrass", "greengrass"},
    {"greengrassv2", "greengrass", "greengrass", "greengrassv2"},
    {"timestream timestream-write", "ingest.timestream", "timestream", "timestream_write"},
    {"timestream-query", "query.timestream", "timestream", "timestream_query"},
    {"dynamodbstreams", "streams.dynamodb", "dynamodb", "dynamodb_streams"},
    {"awsssoportal sso", "portal.sso", "awsssoportal", "sso"},
    {"sso-oauth sso-oidc", "oidc", "sso-oauth", "sso_oidc"},
    {"sagemaker", "api.sagemaker", "sagemaker", "sagemaker"},
    {"sagemaker-edge", "edge.sagemaker", "sagemaker", "sagemaker_edge"},
    {"sagemaker-runtime", "runtime.sagemaker", "sagemaker", "sagemaker_runtime"},
    {"", "bedrock-runtime", "bedrock", ""},
    {"", "appconfigdata", "appconfig", ""},
    {"", "cognito-idp", "cognito-idp", "cognito_identity_provider"},
    {"", "config", "config", "config_service"},
    {"", "ce", "ce", "cost_explorer"},
};

}  // namespace

ServiceName find_service(Str service) {
  for (const NameRule& rule : kNames) {
    if (has_word(rule.names, service)) return {rule.in_host, rule.signed_as, rule.key};
  }
  for (const NameRule& rule : kNames) {
    if (service == rule.in_host) return {rule.in_host, rule.signed_as, rule.key};
  }
  return {service, service, {}};
}

}  // namespace tinyaws
