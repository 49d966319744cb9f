// What is known of the hosts of AWS.
#pragma once

namespace awsfetch {

// Pointers, for a table of Str would be twice as long.

struct Partition {
  const char* suffix;
  const char* global_region;  // of services that have one host for the whole partition
};

// Longer suffixes before those that they end with ("Partitions", AWS Fault Isolation Boundaries; the regions are
// botocore's implicitGlobalRegion).
inline constexpr Partition kPartitions[] = {
    {".api.aws", "us-east-1"},
    {".on.aws", ""},
    {".amazonaws.com", "us-east-1"},
    {".api.amazonwebservices.com.cn", "cn-northwest-1"},
    {".amazonaws.com.cn", "cn-northwest-1"},
    {".api.aws.ic.gov", "us-iso-east-1"},
    {".c2s.ic.gov", "us-iso-east-1"},
    {".api.aws.scloud", "us-isob-east-1"},
    {".sc2s.sgov.gov", "us-isob-east-1"},
    {".api.cloud-aws.adc-e.uk", "eu-isoe-west-1"},
    {".cloud.adc-e.uk", "eu-isoe-west-1"},
    {".api.aws.hci.ic.gov", "us-isof-south-1"},
    {".csp.hci.ic.gov", "us-isof-south-1"},
    {".api.amazonwebservices.eu", "eusc-de-east-1"},
    {".amazonaws.eu", "eusc-de-east-1"},
};

struct SigningName {
  const char* label;   // of the host, next to the region
  const char* before;  // the label in front of it; empty: any
  const char* service;
};

// Hosts that are not named after what they sign as (botocore's endpointPrefix and signingName). First match wins.
inline constexpr SigningName kSigningNames[] = {
    {"iot", "jobs", "iot-jobs-data"},
    {"iot", "tunneling", "IoTSecuredTunneling"},
    {"iotevents", "data", "ioteventsdata"},
    {"connect", "participant", "execute-api"},
    {"pinpoint", "sms-voice", "sms-voice"},
    {"sso", "portal", "awsssoportal"},
    {"pinpoint", "", "mobiletargeting"},
    {"email", "", "ses"},
    {"mail-manager", "", "ses"},
    {"queue", "", "sqs"},
    {"ddb", "", "dynamodb"},
    {"lambda-url", "", "lambda"},
    {"s3-accesspoint", "", "s3"},
    {"s3-accelerate", "", "s3"},
    {"s3-control", "", "s3"},
    {"oidc", "", "sso-oauth"},
    {"appconfigdata", "", "appconfig"},
    {"appstream2", "", "appstream"},
    {"appsync-api", "", "appsync"},
    {"aps-workspaces", "", "aps"},
    {"bedrock-agent", "", "bedrock"},
    {"bedrock-agent-runtime", "", "bedrock"},
    {"bedrock-agentcore-control", "", "bedrock-agentcore"},
    {"bedrock-data-automation", "", "bedrock"},
    {"bedrock-data-automation-runtime", "", "bedrock"},
    {"bedrock-runtime", "", "bedrock"},
    {"cassandra-streams", "", "cassandra"},
    {"cloudhsmv2", "", "cloudhsm"},
    {"contact-lens", "", "connect"},
    {"data-signer", "", "signer"},
    {"forecastquery", "", "forecast"},
    {"ivsrealtime", "", "ivs"},
    {"marketplace", "", "aws-marketplace"},
    {"memory-db", "", "memorydb"},
    {"migrationhub-config", "", "mgh"},
    {"models-v2-lex", "", "lex"},
    {"neptune", "", "neptune-db"},
    {"personalize-events", "", "personalize"},
    {"personalize-runtime", "", "personalize"},
    {"runtime-v2-lex", "", "lex"},
    {"servicecatalog-appregistry", "", "servicecatalog"},
    {"timestream-ingest", "", "timestream"},
    {"timestream-query", "", "timestream"},
};

}  // namespace awsfetch
