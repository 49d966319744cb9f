// The service's side of a signature: takes a request apart as it was sent and computes its Authorization anew.
#pragma once

#include <algorithm>
#include <ctime>
#include <string>
#include <vector>

#include "check.h"
#include "surroundings.h"
#include "tinyaws/sigv4.h"

namespace tinyaws::fakes {

struct SentRequest {
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;

  std::vector<std::string> all(const std::string& wanted) const {
    std::vector<std::string> out;
    for (const auto& field : fields) {
      if (lower(field.first) == lower(wanted)) out.push_back(field.second);
    }
    return out;
  }
  /// The field's one value; empty when it is missing. Two of them fail the test.
  std::string one(const std::string& wanted) const {
    const std::vector<std::string> values = all(wanted);
    CHECK(values.size() <= 1, "sent twice: " + wanted);
    return values.empty() ? "" : values[0];
  }
  static std::string lower(std::string text) {
    for (char& c : text) c = static_cast<char>(tolower(static_cast<unsigned char>(c)));
    return text;
  }
};

inline SentRequest parse_sent(const std::string& bytes) {
  SentRequest out;
  const size_t end = bytes.find("\r\n\r\n");
  CHECK(end != std::string::npos, "not a whole head: " + printable(bytes));
  const size_t line = bytes.find("\r\n");
  const size_t first = bytes.find(' '), second = bytes.find(' ', first + 1);
  out.method = bytes.substr(0, first);
  out.target = bytes.substr(first + 1, second - first - 1);
  CHECK_TEXT(bytes.substr(second + 1, line - second - 1), "HTTP/1.1", "version");
  for (size_t at = line + 2; at < end + 2;) {
    const size_t stop = bytes.find("\r\n", at);
    const size_t colon = bytes.find(": ", at);
    CHECK(colon < stop, "no colon: " + printable(bytes.substr(at, stop - at)));
    out.fields.emplace_back(bytes.substr(at, colon - at), bytes.substr(colon + 2, stop - colon - 2));
    at = stop + 2;
  }
  out.body = bytes.substr(end + 4);
  return out;
}

inline UnixTime parse_amz_date(const std::string& text) {
  CHECK(text.size() == 16, "X-Amz-Date: " + text);
  std::tm tm = {};
  CHECK(strptime(text.c_str(), "%Y%m%dT%H%M%SZ", &tm) != nullptr, "X-Amz-Date: " + text);
  return {timegm(&tm)};
}

inline std::string hash_of(const std::string& body) {
  PayloadHash hash;
  char hex[64];
  hash.update(body);
  CHECK_STATUS(hash.finish(hex), Status::kOk, "payload hash");
  return std::string(hex, sizeof hex);
}

/// Names that were signed, as Authorization tells them: "host;x-amz-date".
inline std::string signed_names(const SentRequest& sent) {
  const std::string authorization = sent.one("authorization");
  const size_t at = authorization.find("SignedHeaders=");
  CHECK(at != std::string::npos, "Authorization: " + authorization);
  return authorization.substr(at + 14, authorization.find_first_of(", ", at) - at - 14);
}

inline bool is_signed(const SentRequest& sent, const std::string& name) {
  return contains(";" + signed_names(sent) + ";", ";" + SentRequest::lower(name) + ";");
}

/// Checks that `bytes` carries a valid signature of `credentials` over all that it says to sign.
/// `payload_hash` empty: the hash of the body that was sent.
inline SentRequest check_signed(const std::string& bytes, const FixedCredentials& credentials, const Scope& scope,
                                const std::string& what, std::string payload_hash = "") {
  const SentRequest sent = parse_sent(bytes);
  std::vector<Header> headers;
  for (const auto& field : sent.fields) {
    const std::string name = SentRequest::lower(field.first);
    const bool added = name == "x-amz-date" || name == "x-amz-security-token" || name == "x-amz-content-sha256";
    if (!added && is_signed(sent, name)) headers.push_back({field.first, field.second});
  }
  if (payload_hash.empty()) payload_hash = hash_of(sent.body);
  const std::string host = sent.one("host");
  const SigningInput input{sent.method, host, sent.target, {headers.data(), headers.size()}, payload_hash};
  Signer signer;
  Signature signature;
  const Credentials keys = credentials.credentials();
  const SigningConfig config{keys, scope, SigningPolicy::for_service(scope.service),
                             parse_amz_date(sent.one("x-amz-date"))};
  CHECK_STATUS(signer.sign(input, config, signature), Status::kOk, what + ": signing anew");
  std::string authorization(4096, '\0');
  const IoResult written = write_authorization(input, config, signature, {&authorization[0], authorization.size()});
  CHECK_STATUS(written.status, Status::kOk, what);
  authorization.resize(written.size);
  CHECK_TEXT(sent.one("authorization"), authorization, what + ": Authorization");
  CHECK_TEXT(sent.one("x-amz-security-token"), credentials.token, what + ": token");
  CHECK_TEXT(sent.one("x-amz-content-sha256"), config.policy.content_sha256 ? payload_hash : "",
             what + ": content hash");
  return sent;
}

}  // namespace tinyaws::fakes
