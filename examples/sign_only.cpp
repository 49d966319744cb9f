// Signing alone, for programs with an HTTP client of their own: no network, no heap, no file. Prints the header
// fields that have to be added to a request.
//
//   AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=... sign_only REGION
#include <tinyaws/sigv4.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>

using tinyaws::Str;

namespace {

void print_field(const char* name, Str value) {
  std::printf("%s: %.*s\n", name, static_cast<int>(value.size()), value.data());
}

Str variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? Str(value) : Str();
}

}  // namespace

int main(int argc, char** argv) {
  const tinyaws::Credentials credentials{variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"),
                                         variable("AWS_SESSION_TOKEN")};
  if (argc != 2 || credentials.access_key_id.empty() || credentials.secret_access_key.empty()) {
    std::fprintf(stderr, "usage: sign_only REGION, with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY set\n");
    return 2;
  }

  // What the HTTP client is going to send, byte for byte.
  char host[300];
  std::snprintf(host, sizeof host, "dynamodb.%s.amazonaws.com", argv[1]);
  const Str body = R"({"TableName":"devices"})";
  const tinyaws::Header headers[] = {{"Content-Type", "application/x-amz-json-1.0"},
                                     {"X-Amz-Target", "DynamoDB_20120810.DescribeTable"}};

  char payload_hash[64];
  tinyaws::PayloadHash hash;
  hash.update(body);
  tinyaws::Status status = hash.finish(payload_hash);

  tinyaws::SigningInput input;
  input.method = "POST";
  input.host = host;
  input.target = "/";
  input.headers = headers;
  input.payload_hash = {payload_hash, sizeof payload_hash};

  const tinyaws::SigningConfig config{
      credentials, {argv[1], "dynamodb"}, tinyaws::SigningPolicy::for_service("dynamodb"), {std::time(nullptr)}};
  tinyaws::Signer signer;
  tinyaws::Signature signature;
  if (status == tinyaws::Status::kOk) status = signer.sign(input, config, signature);
  char authorization[1024];
  tinyaws::IoResult written{status, 0};
  if (status == tinyaws::Status::kOk) {
    written = write_authorization(input, config, signature, tinyaws::MutBytes(authorization));
  }
  if (written.status != tinyaws::Status::kOk) {
    const Str why = tinyaws::describe(written.status);
    std::fprintf(stderr, "sign_only: %.*s\n", static_cast<int>(why.size()), why.data());
    return 1;
  }

  print_field("X-Amz-Date", signature.date());
  if (!credentials.session_token.empty()) print_field("X-Amz-Security-Token", credentials.session_token);
  print_field("Authorization", {authorization, written.size});
  return 0;
}
