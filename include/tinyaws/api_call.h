// One request to an AWS service: credentials, signature, exchange and, where that is safe, again.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/call.h"
#include "tinyaws/config.h"
#include "tinyaws/connection.h"
#include "tinyaws/credentials.h"
#include "tinyaws/http.h"
#include "tinyaws/port.h"
#include "tinyaws/sigv4.h"

namespace tinyaws {

/// What to ask of which service. Views: they must live until the call has ended.
struct ApiRequest {
  Str service;      ///< Signing name, and first label of the host unless an endpoint is given: "dynamodb".
  Str region = {};  ///< Empty: ClientOptions::region, then AWS_REGION, then AWS_DEFAULT_REGION.
  Str method = "GET";
  Str path = "/";                   ///< As the service knows it; percent-encoded once when it is sent.
  Span<const Header> headers = {};  ///< All are signed but those that proxies change: see SigningInput.
  Body body = {};
  Span<const Parameter> query = {};       ///< Not yet percent-encoded.
  Str target = {};                        ///< Path and query in wire form, instead of `path` and `query`.
  const SigningPolicy* policy = nullptr;  ///< Null: SigningPolicy::for_service(service).
};

/// What is the same for all calls of a client.
struct ClientOptions {
  Str region = {};
  /// "https://host:port/base". Empty: AWS_ENDPOINT_URL, then https://{service}.{region}.{suffix of the partition}.
  Str endpoint_url = {};
  Timeouts timeouts = {};
  /// How often a request is sent at most. Repeated are: requests on a kept connection that turned out to be dead
  /// (once, not counted), failures to resolve, to connect and of TLS (a rejected certificate excepted), lost
  /// connections and truncated answers, time-outs of a single attempt, and the statuses 429, 500, 502, 503 and 504;
  /// never what can't be rewound. Waits in between are random below
  /// 50 ms * 2^(n-1), at most 20 s ("Retry behavior", AWS SDKs and Tools Reference Guide).
  uint8_t max_attempts = 3;
  Observer* observer = nullptr;
  SigningTee* tee = nullptr;
};

/// Region of a request, by the order of `ApiRequest::region`. Empty when there is none.
Str choose_region(Str request_region, Str client_region, const Environment& environment);

/// Domain of the partition that a region belongs to: "amazonaws.com.cn" for "cn-north-1".
Str partition_suffix(Str region);

/// Where a request goes, decided in the order of ClientOptions::endpoint_url.
/// `host` is written to only when the host is composed; `endpoint` has views into it or into `endpoint_url`.
struct Destination {
  Endpoint endpoint;
  Str base_path;
  char host[kMaxHostBytes];
};

/// Errors: kInvalidArgument (the URL can't be parsed or has a query; a service or region that can't be part of a
/// host name), kNoRegion.
Status choose_destination(Str service, Str region, Str endpoint_url, const Environment& environment,
                          Destination& destination);

/// A request with all defaults filled in. Views into the ApiRequest, the options, the environment and itself: it may
/// not be moved.
struct PreparedRequest {
  PreparedRequest() = default;
  PreparedRequest(const PreparedRequest&) = delete;
  PreparedRequest& operator=(const PreparedRequest&) = delete;

  /// Errors: as for `choose_destination`; kInvalidArgument without a service; kNoRegion.
  Status prepare(const ApiRequest& api, const ClientOptions& options, const Environment& environment);

  Request request;
  Scope scope;
  SigningPolicy policy;
  Destination destination;
};

/// The request as a Call: for Client::fetch, and for whoever drives a Connection.
class ApiCall final : public Call {
 public:
  /// Everything given must live until the call has ended.
  ApiCall(const ApiRequest& request, Response& response, Signer& signer, CredentialsProvider& credentials,
          const ClientOptions& options, const Environment& environment, Platform& platform)
      : api_(request),
        response_(response),
        signer_(signer),
        credentials_(credentials),
        options_(options),
        environment_(environment),
        platform_(platform) {}
  ApiCall(const ApiCall&) = delete;
  ApiCall& operator=(const ApiCall&) = delete;

  /// kPending until the call has ended. Then kOk for an answer of 2xx, kServiceError for any other answer, or why
  /// there is none.
  Status status() const { return status_; }

  /// What the transport said about the last failure, in words; empty when it had no part in it.
  Str detail() const { return detail_; }

  Next next(Instant now, UnixTime wall, RequestHead& head) override;
  void on_head(const ResponseHead& head, Instant now) override;
  IoResult on_body(const ResponseHead& head, Bytes piece) override;
  void on_response(const ResponseHead& head, Instant now) override;
  void on_failure(const Failure& failure, Instant now) override;
  Instant deadline() const override { return deadline_; }

 private:
  enum class Phase : uint8_t { kNew, kHashing, kReady, kSent, kBackingOff, kDone };

  Next begin(Instant now);
  Next hash_further(Instant now, MutBytes scratch);
  Next send(UnixTime wall, RequestHead& head);
  Next finish(Status status);
  Status write_signed(UnixTime wall, RequestHead& head);
  Str payload_hash() const;
  Status rewind();
  bool plan_repetition(Instant now);
  int64_t random_backoff_ms();

  const ApiRequest& api_;
  Response& response_;
  Signer& signer_;
  CredentialsProvider& credentials_;
  const ClientOptions& options_;
  const Environment& environment_;
  Platform& platform_;
  PreparedRequest prepared_;
  PayloadHash hash_;
  char hash_hex_[64];
  uint64_t hashed_ = 0;
  Instant deadline_ = kNever;
  Instant retry_at_;
  Str detail_;
  uint8_t attempts_ = 0;
  Phase phase_ = Phase::kNew;
  Status status_ = Status::kPending;
  bool repeated_free_ = false;
  bool body_read_ = false;  // the source was read and has to be rewound
  bool discards_ = false;   // the answer is not the last one
};

}  // namespace tinyaws
