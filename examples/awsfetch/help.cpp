#include "options.h"

namespace awsfetch {
namespace {

constexpr char kHelpText[] = R"(Usage: awsfetch [options] URL|PATH
       awsfetch [options] --show-config | --export-credentials

Sends one request to an AWS service, signed with Signature Version 4, and writes the body of the answer to standard
output. A PATH is joined to the endpoint. Both are in wire form, as in curl: already percent-encoded.

Request
  -X, --request METHOD      GET; POST with a body
  -H, --header 'Name: V'    may be repeated; all are signed but those that proxies change. "Name;" and "Name:" send an
                            empty value. X-Amz-Date acts as --date, X-Amz-Content-Sha256 as --payload-hash
                            with --content-sha256. Content-Type is never made up.
  -d, --data TEXT           body; several are joined by "&"
  -d, --data @FILE          body from a file, byte for byte; "@-" is standard input
      --raw-path            the path is not percent-encoded yet: encode all up to the first "?"

Where to
      --service S           "dynamodb"; else from the host of URL or --endpoint-url when that is one of AWS, or s3 with
                            --bucket
      --region R            "eu-west-1"; else from that host, AWS_REGION, AWS_DEFAULT_REGION, the profile, the host of
                            an endpoint that is configured, the metadata of the instance
      --endpoint-url URL    what a PATH is joined to; else AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, the profile's
                            endpoint_url, AWS's own endpoint of the service in the region
      --fips, --dual-stack  AWS's endpoints with validated cryptography, with IPv6; also AWS_USE_FIPS_ENDPOINT,
                            AWS_USE_DUALSTACK_ENDPOINT and the profile
      --bucket NAME         of S3, in the host where it can stand there; PATH is then the key
      --path-style          the bucket in the path instead
      --cacert FILE         CAs to trust, PEM; else AWS_CA_BUNDLE, the system's
      --cert FILE --key FILE  certificate and private key to show to the server; with --iot-endpoint to that one only
      --no-clock            where the clock is not set, check certificates against the time that awsfetch was made, and
                            learn what time it is from the service
      --connect-timeout S   seconds for the connection, and for TLS: 10; decimals are fine, 0 is no limit
      --max-time S          seconds for everything together: no limit
      --max-attempts N      how often the request is sent at most, 1 to 100; else AWS_MAX_ATTEMPTS, 3, for DynamoDB 4

Credentials, the first of these that is there: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, with AWS_SESSION_TOKEN for
temporary ones; the profile (keys, role, web identity, credential_process); AWS_WEB_IDENTITY_TOKEN_FILE; the container
(AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI); the metadata of the instance.
      --profile P           this profile, and not the environment; else AWS_PROFILE, AWS_DEFAULT_PROFILE, "default".
                            Files: AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, else ~/.aws/config and credentials
      --imds-v1             instance metadata without a session token (IMDSv1) where there are none
      --iot-endpoint HOST   none of these, but AWS IoT's provider of credentials at this host or https URL; takes
                            --iot-role-alias, and --cert and --key of the device
      --iot-role-alias A    the alias of the role that the credentials are for
      --iot-thing NAME      the thing's name, where policies ask for its attributes
      --no-sign-request     no credentials and no signature
      --show-config         print region, credentials (never the secret) and, when the service is known, the endpoint,
                            each with where it was found; send nothing to the service
      --export-credentials  print the credentials, secret and all, as the JSON of a credential_process

Answer
  -o, --output FILE         the body goes there; a file that exists is left alone until the first byte comes, or an
                            answer of 2xx without one
  -i, --include             the status line and header before the body
  -v, --verbose             each step on standard error, without secrets; and when the signature is refused, where what
                            was signed differs from what the service expects, and the likely cause

Signing
      --presign SECONDS     print a URL that is valid so long, 1 to 604800, and send nothing. For S3 the body is not
                            signed; with --content-sha256 or --payload-hash it is, and X-Amz-Content-Sha256 (-v shows
                            it) has to be sent with the URL
      --sign-only           print canonical request, string to sign, signature and headers (or URL); send nothing
      --date YYYYMMDDTHHMMSSZ  sign as of then
      --unsigned-payload    the body is not signed; implies --content-sha256
      --payload-hash TEXT   stands in place of the body's hash
      --content-sha256, --no-content-sha256  send and sign X-Amz-Content-Sha256, or do not
      --path-as-is          do not take "//", "/./" and "/../" out of the path that is signed
      --single-encode, --double-encode       how often the path that is signed is percent-encoded
      --unsigned-token      the session token is sent but not signed
                            Without these five, what the service expects: S3 takes paths as they are.

      --help, --version

Exit: 0 an answer of 2xx; 1 any other answer; 2 usage, configuration or no credentials; 3 could not resolve, connect,
verify, in time or in HTTP, or could not write the answer. After 1 the last line of standard error is, as far as the
answer has it:
  awsfetch: CODE: MESSAGE (HTTP STATUS, request id ID)

Examples
  awsfetch 'https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15'
  awsfetch --service dynamodb --region eu-west-1 -H 'Content-Type: application/x-amz-json-1.0' \
      -H 'X-Amz-Target: DynamoDB_20120810.DescribeTable' -d '{"TableName":"devices"}' /
  awsfetch -X PUT -d @photo.jpg https://bucket.s3.eu-west-1.amazonaws.com/photo.jpg
  awsfetch --profile dev --show-config --service s3
)";

}  // namespace

Exit print_help() {
  print(kOutput, kHelpText);
  return finish_standard_output();
}

}  // namespace awsfetch
