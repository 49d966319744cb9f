// One folder of the AWS signing test suite's format: what is signed, and what must come of it.
#pragma once

#include <string>
#include <vector>

#include "tinyaws/sigv4.h"

namespace conformance {

enum class Kind { kHeader, kQuery };

struct Expected {
  std::string canonical_request;
  std::string string_to_sign;
  std::string signature;
  std::string signed_request;  ///< Empty where the folder has none.
};

struct RequestText {
  std::string method;
  std::string target;
  std::string host;
  std::vector<std::pair<std::string, std::string>> headers;  ///< All, Host too.
  std::string body;
};

/// Parses request.txt as conformance/README.md describes it.
RequestText parse_request(const std::string& text);

struct Context {
  std::string access_key_id;
  std::string secret_access_key;
  std::string token;
  std::string region;
  std::string service;
  std::string payload;  ///< Stands in place of the body's hash; empty: the hash.
  int64_t time = 0;
  uint32_t expires = 0;
  tinyaws::SigningPolicy policy;
};

Context parse_context(const std::string& json);

class SigningCase {
 public:
  SigningCase(const std::string& folder, const std::string& name);

  const std::string& name() const { return name_; }
  bool has(Kind kind) const;
  Expected expected(Kind kind) const;

  /// Valid as long as the case stays where it is.
  tinyaws::SigningInput input() const;
  tinyaws::Credentials credentials() const;
  tinyaws::Scope scope() const { return {context_.region, context_.service}; }
  const Context& context() const { return context_; }
  const RequestText& request() const { return request_; }

 private:
  std::string path(Kind kind, const char* what) const;

  std::string folder_;
  std::string name_;
  Context context_;
  RequestText request_;
  std::vector<tinyaws::Header> headers_;
  std::string payload_hash_;
};

}  // namespace conformance
