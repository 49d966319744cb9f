// Signing alone: what a program takes of the library that brings its own HTTP.
#include "tinyaws/sigv4.h"

using namespace tinyaws;

int main(int count, char** words) {
  const Header headers[] = {{"X-Amz-Target", "DynamoDB_20120810.ListTables"}};
  const SigningInput input{"POST", words[0], "/", headers, words[count - 1]};
  const Credentials credentials{"AKID", words[0], "TOKEN"};
  const SigningConfig config{
      credentials, {"eu-west-1", "dynamodb"}, SigningPolicy::for_service("dynamodb"), UnixTime{count}};
  static Signer signer;
  Signature signature;
  const Status status = signer.sign(input, config, signature);
  if (status != Status::kOk) return static_cast<int>(status);
  char authorization[512];
  return static_cast<int>(write_authorization(input, config, signature, MutBytes(authorization)).size);
}
