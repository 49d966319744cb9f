// The signature of a string to sign by its definition, on whole strings: RFC 2104 and "Derive a signing key" (AWS
// IAM User Guide). Shares nothing with the library but SHA-256.
#pragma once

#include <string>

#include "tinyaws/sha256.h"

namespace test {

inline std::string sha256(const std::string& text) {
  tinyaws::Sha256State state;
  tinyaws::sha256_start(state);
  tinyaws::sha256_update(state, text);
  unsigned char digest[tinyaws::kSha256Bytes];
  const tinyaws::Status status = tinyaws::sha256_finish(state, digest);
  tinyaws::sha256_stop(state);
  return {reinterpret_cast<const char*>(digest), status == tinyaws::Status::kOk ? sizeof digest : 0};
}

inline std::string hmac_sha256(std::string key, const std::string& message) {
  if (key.size() > tinyaws::kSha256BlockBytes) key = sha256(key);
  key.resize(tinyaws::kSha256BlockBytes);
  std::string inner, outer;
  for (char c : key) {
    inner += static_cast<char>(c ^ 0x36);
    outer += static_cast<char>(c ^ 0x5c);
  }
  return sha256(outer + sha256(inner + message));
}

inline std::string to_hex(const std::string& bytes) {
  std::string out;
  for (char c : bytes) {
    char digits[3];
    snprintf(digits, sizeof digits, "%02x", static_cast<unsigned char>(c));
    out += digits;
  }
  return out;
}

inline std::string reference_signature(const std::string& secret, const std::string& day, const std::string& region,
                                       const std::string& service, const std::string& string_to_sign) {
  std::string key = "AWS4" + secret;
  for (const std::string& step : {day, region, service, std::string("aws4_request")}) key = hmac_sha256(key, step);
  return to_hex(hmac_sha256(key, string_to_sign));
}

}  // namespace test
