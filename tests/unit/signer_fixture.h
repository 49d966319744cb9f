// What the tests of the signer share: an order that can be changed, and what must come of it.
#pragma once

#include <string>

#include "capture.h"
#include "check.h"
#include "reference_signature.h"
#include "tinyaws/sigv4.h"

namespace test {

using namespace tinyaws;

inline constexpr int64_t kTime = 1440938160;  // 2015-08-30T12:36:00Z
inline constexpr uint32_t kAnHour = 3600;

/// Everything that is signed, as strings that a test may change.
struct Order {
  std::string method = "POST";
  std::string host = "dynamodb.eu-west-1.amazonaws.com";
  std::string target = "/a%20b?x=1";
  std::string header_name = "Content-Type";
  std::string header_value = "application/x-amz-json-1.0";
  std::string payload_hash = "UNSIGNED-PAYLOAD";
  std::string key_id = "AKIDEXAMPLE";
  std::string secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  std::string token = "token/+=";
  std::string region = "eu-west-1";
  std::string service = "dynamodb";
  SigningPolicy policy;
  int64_t time = kTime;
  UnixTime expiration = kNoExpiration;

  Status sign(Signer& signer, Signature& signature) const {
    const Header headers[] = {{header_name, header_value}};
    const Credentials by = credentials();
    return signer.sign({method, host, target, headers, payload_hash}, config(by), signature);
  }

  IoResult presign(Signer& signer, MutBytes url, uint32_t expires = kAnHour, bool tls = true) const {
    const Header headers[] = {{header_name, header_value}};
    const Credentials by = credentials();
    return signer.presign({method, host, target, headers, payload_hash}, config(by), tls, expires, url);
  }

  IoResult authorize(const Signature& signature, MutBytes out) const {
    const Header headers[] = {{header_name, header_value}};
    const Credentials by = credentials();
    return write_authorization({method, host, target, headers, payload_hash}, config(by), signature, out);
  }

  Credentials credentials() const { return {key_id, secret, token, {}, expiration}; }
  SigningConfig config(const Credentials& by) const { return {by, {region, service}, policy, {time}}; }
};

inline std::string signature_by(Signer& signer, const Order& order) {
  Signature signature;
  assert_status(order.sign(signer, signature), Status::kOk);
  return std::string(signature.text());
}

inline std::string fresh_signature(const Order& order) {
  Signer signer;
  return signature_by(signer, order);
}

inline std::string url_by(Signer& signer, const Order& order, bool tls = true) {
  std::string url(1 << 18, '\0');
  const IoResult result = order.presign(signer, {&url[0], url.size()}, kAnHour, tls);
  assert_status(result.status, Status::kOk);
  url.resize(result.size);
  return url;
}

/// The tee's two texts must fit together, and the signature must be what the definition makes of them.
inline void assert_signed(const Order& order, const Capture& capture, const std::string& signature) {
  const std::string& text = capture.string_to_sign_text;
  assert_text(text.substr(text.rfind('\n') + 1), to_hex(sha256(capture.canonical_request_text)));
  const std::string day = text.substr(text.find('\n') + 1, 8);
  assert_text(signature, reference_signature(order.secret, day, order.region, order.service, text));
}

inline bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

inline void check_in_url(const Order& order) {
  Capture capture;
  Signer signer;
  signer.set_tee(&capture);
  const std::string url = url_by(signer, order);
  const size_t at = url.find("&X-Amz-Signature=");
  assert_true(at != std::string::npos);
  assert_signed(order, capture, url.substr(at + 17));
  assert_true(holds(url, "&X-Amz-Credential=" + order.key_id + "%2F20150830%2F"));
  if (order.token.empty()) return;
  assert_true(holds(url, "&X-Amz-Security-Token=" + order.token + "&"));  // of letters: nothing is encoded
}

}  // namespace test
