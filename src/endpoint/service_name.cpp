#include "endpoint/service_name.h"

#include "base/ascii.h"

namespace tinyaws {
namespace {

// Of services with more than one name: the key, the name that signs, the one in the host where it is another, and the
// others. A name that stands twice is the first one's. Source: serviceId, signingName, endpointPrefix and the
// folder's name in botocore's data.
constexpr char kNames[] =
    "cloudwatch monitoring\n"
    "cloudwatch_logs logs\n"
    "eventbridge events\n"
    "sfn states states stepfunctions\n"
    "ses ses email\n"
    "sesv2 ses email\n"
    "ecr ecr ecr api.ecr\n"
    "iot_data_plane iotdata data-ats.iot iot-data\n"
    "iot_jobs_data_plane iot-jobs-data data.jobs.iot\n"
    "iotsecuretunneling IoTSecuredTunneling api.tunneling.iot\n"
    "iot_wireless iotwireless api.iotwireless\n"
    "iot_events_data ioteventsdata data.iotevents iotevents-data\n"
    "greengrass greengrass\n"
    "greengrassv2 greengrass\n"
    "timestream-write timestream ingest.timestream\n"
    "timestream-query timestream query.timestream\n"
    "dynamodb dynamodb\n"
    "dynamodb_streams dynamodb streams.dynamodb dynamodbstreams\n"
    "sso awsssoportal portal.sso\n"
    "sso-oidc sso-oauth oidc\n"
    "sagemaker sagemaker api.sagemaker\n"
    "sagemaker-edge sagemaker edge.sagemaker\n"
    "sagemaker-runtime sagemaker runtime.sagemaker\n"
    "bedrock bedrock\n"
    "bedrock-runtime bedrock bedrock-runtime\n"
    "appconfig appconfig\n"
    "appconfigdata appconfig appconfigdata\n"
    "cognito_identity_provider cognito-idp\n"
    "config_service config\n"
    "cost_explorer ce";

}  // namespace

ServiceName find_service(Str service) {
  for (Str rows = kNames; !rows.empty();) {
    Str row = take_until(rows, '\n');
    if (!has_word(row, service)) continue;
    const Str key = take_until(row, ' ');
    const Str signed_as = take_until(row, ' ');
    const Str in_host = take_until(row, ' ');
    return {in_host.empty() ? signed_as : in_host, signed_as, key};
  }
  return {service, service, {}};
}

}  // namespace tinyaws
