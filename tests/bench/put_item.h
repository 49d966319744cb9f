// The request of the figures: a DynamoDB PutItem of 300 bytes with five headers and an 800-byte session token.
#pragma once

#include <cstring>

#include "tinyaws/sigv4.h"

namespace tinyaws::bench {

class PutItem {
 public:
  explicit PutItem(size_t token_size = 800) {
    std::memset(body_, 'b', sizeof body_);
    std::memset(token_, 'T', sizeof token_);
    credentials.session_token = Str(token_, token_size);
  }

  Status hash_body() {
    PayloadHash hash;
    hash.update({body_, sizeof body_});
    return hash.finish(payload_hash_);
  }

  Status sign_head(Signer& signer, Signature& signature) {
    input_.target = target;
    return signer.sign(input_, config_, signature);
  }

  /// What a client does for each request.
  Status sign(Signer& signer, Signature& signature) {
    const Status status = hash_body();
    return status == Status::kOk ? sign_head(signer, signature) : status;
  }

  static constexpr size_t kMaxToken = 65536;

  Str target = "/";
  Credentials credentials{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};

 private:
  char body_[300];
  char token_[kMaxToken];
  // With Host, X-Amz-Date and X-Amz-Security-Token five headers are signed.
  const Header headers_[2] = {{"Content-Type", "application/x-amz-json-1.0"},
                              {"X-Amz-Target", "DynamoDB_20120810.PutItem"}};
  char payload_hash_[64];
  SigningInput input_{"POST", "dynamodb.eu-west-1.amazonaws.com", target, headers_, {payload_hash_, 64}};
  const SigningConfig config_{credentials, {"eu-west-1", "dynamodb"}, {}, {1700000000}};
};

}  // namespace tinyaws::bench
