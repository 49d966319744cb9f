// AWS Signature Version 4, in headers and in presigned URLs.
// Rules: "AWS Signature Version 4 for API requests" in the AWS IAM User Guide ("Create a signed AWS API request")
// and, for S3, "Authenticating Requests (AWS Signature Version 4)" in the Amazon S3 API Reference.
//
// The signer signs what is on the wire. It is given the parts of the request in the form in which they are sent,
// and streams their canonical form into SHA-256: no length limit follows from signing, and nothing is allocated.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/config.h"
#include "tinyaws/credentials.h"
#include "tinyaws/http.h"
#include "tinyaws/sha256.h"
#include "tinyaws/status.h"
#include "tinyaws/time.h"

namespace tinyaws {

struct CanonicalRequest;

/// The region and service of the credential scope: "eu-west-1", "dynamodb". The service is the signing name,
/// which is not always the first label of the host ("email.eu-west-1..." signs as "ses").
struct Scope {
  Str region;
  Str service;
};

/// How a service reads a request before it verifies the signature.
struct SigningPolicy {
  bool normalize_path = true;   ///< Take out "//", "/./" and "/../" of the canonical path.
  bool double_encode = true;    ///< Percent-encode the wire form of the path once more.
  bool content_sha256 = false;  ///< Send and sign `x-amz-content-sha256`.
  bool sign_token = true;       ///< false: the session token is sent but not signed; a presigned URL gets it
                                ///< after its signature (AWS IoT Core: MQTT over WebSocket).

  /// What the service expects. The S3 family (s3, s3express, and what begins with s3-) takes the path as it
  /// is and wants `x-amz-content-sha256`; `iotdevicegateway` wants the token unsigned; all others, the defaults.
  static SigningPolicy for_service(Str service);
};

/// The parts of a request that a signature covers, in wire form.
struct SigningInput {
  Str method;
  Str host;    ///< The value of the Host header, with the port unless it is the scheme's own.
  Str target;  ///< Path and query, "/a%20b?x=1"; an empty path is "/". REQUIRES: begins with '/' or '?', or is empty.
  /// All are signed but those that a proxy may change (connection, expect, keep-alive, proxy-*,
  /// te, trailer, transfer-encoding, upgrade, user-agent, accept-encoding, via, x-forwarded-for, x-amzn-trace-id,
  /// sec-websocket-*). "Host" is passed over, for it stands above.
  Span<const Header> headers;
  Str payload_hash;  ///< See `Body::payload_hash`; 64 hex digits from `PayloadHash`, usually.
};

/// Who signs, for which service, and when: what many requests have in common.
struct SigningConfig {
  const Credentials& credentials;
  Scope scope;
  SigningPolicy policy;
  UnixTime time;
};

/// Hashes a payload, in as many pieces as it comes in.
class PayloadHash {
 public:
  PayloadHash() { sha256_start(state_); }
  ~PayloadHash() { sha256_stop(state_); }
  PayloadHash(const PayloadHash&) = delete;
  PayloadHash& operator=(const PayloadHash&) = delete;

  /// Forgets what was hashed.
  void restart() {
    sha256_stop(state_);
    sha256_start(state_);
  }

  void update(Bytes bytes) { sha256_update(state_, bytes); }

  /// Writes 64 lower-case hex digits. The object is then of no further use until `restart`. Errors: kCryptoFailed.
  Status finish(char (&hex)[64]);

 private:
  Sha256State state_;
};

/// What signing adds to a request that is signed in its headers.
struct Signature {
  char amz_date[16];  ///< "20150830T123600Z", the value of X-Amz-Date.
  char hex[64];       ///< The signature.

  Str date() const { return {amz_date, sizeof amz_date}; }
  Str text() const { return {hex, sizeof hex}; }
};

/// Is shown what is hashed, piece by piece, while it is hashed. For debugging: the canonical request holds the
/// session token.
class SigningTee {
 public:
  virtual void canonical_request(Bytes piece) = 0;
  virtual void string_to_sign(Bytes piece) = 0;

 protected:
  ~SigningTee() = default;
};

/// Signs. Keeps the derived signing key with the HMAC midstates of its last use, so that a further signature of
/// the same day, region, service and secret costs no key derivation. Use from one thread at a time.
/// Cost: about 2 * kSha256StateBytes + kSigningKeyCacheBytes; wiped by `forget` and at its end.
class Signer {
 public:
  Signer() = default;
  ~Signer() { forget(); }
  Signer(const Signer&) = delete;
  Signer& operator=(const Signer&) = delete;

  /// Signs `input` as of `config.time`. Takes time in proportion to the length of what it signs, but to the square of
  /// the number of query parameters and of path segments, which is what it costs to need no memory for them. The
  /// request must then be sent with these headers and no second of their name:
  ///   X-Amz-Date            signature.date()
  ///   X-Amz-Security-Token  config.credentials.session_token, when there is one
  ///   X-Amz-Content-Sha256  input.payload_hash, when config.policy.content_sha256
  ///   Authorization         what `write_authorization` writes
  /// Errors: kInvalidArgument (CR, LF or NUL anywhere; an empty method, host, region, service, key id, secret or
  /// payload hash; a header name that is no token; one of the four names above among the headers; a time outside
  /// the years 1970..9999), kTooManyHeaders, kCryptoFailed, kUnsupported (no SHA-256). The signer remains usable.
  Status sign(const SigningInput& input, const SigningConfig& config, Signature& signature);

  /// Writes the presigned URL of a request: its scheme, host, target, the X-Amz- parameters and the signature.
  /// Whoever uses the URL must send input.headers with it. `expires` in 1..kMaxPresignSeconds seconds, which
  /// the URL says unless the credentials end sooner: then it says how long they last.
  /// Services of the S3 family presign with the payload hash "UNSIGNED-PAYLOAD"; with any other, X-Amz-Content-Sha256
  /// is signed too and must be sent with it. Other services take the hash of the body. `policy.content_sha256` has no
  /// part in presigning.
  /// kOk with the URL's length, or kBufferTooSmall with the length needed. Other errors: as for `sign`; also
  /// kInvalidArgument for an X-Amz- parameter of presigning that the target already has; kCredentialsExpired.
  IoResult presign(const SigningInput& input, const SigningConfig& config, bool tls, uint32_t expires, MutBytes url);

  /// Shows later signatures' canonical request and string to sign to `tee`; null: to nobody.
  void set_tee(SigningTee* tee) { tee_ = tee; }

  /// Wipes the cached key.
  void forget();

 private:
  Status begin(const SigningInput& input, const SigningConfig& config, Signature& signature);
  Status use_key(Span<const Str> inputs);
  Status sign_canonical(const CanonicalRequest& request, Signature& signature);

  struct {
    HmacKey hmac;                        // the signing key, while key_live_
    char inputs[kSigningKeyCacheBytes];  // what it was made of, each with a NUL behind it
  } key_;                                // is wiped as one
  bool key_known_ = false;               // all of its inputs did fit; otherwise it serves only once
  bool key_live_ = false;
  SigningTee* tee_ = nullptr;
};

/// Writes the value of the Authorization header for a signature that `Signer::sign` made of the same arguments:
/// about 130 bytes, the key id, the scope and the names of the signed headers.
/// kOk with its length, or kBufferTooSmall with the length needed.
IoResult write_authorization(const SigningInput& input, const SigningConfig& config, const Signature& signature,
                             MutBytes out);

}  // namespace tinyaws
