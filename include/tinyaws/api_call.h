// One request to an AWS service: credentials, signature, exchange and, where that is safe, again.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/backoff.h"
#include "tinyaws/bytes.h"
#include "tinyaws/call.h"
#include "tinyaws/config.h"
#include "tinyaws/connection.h"
#include "tinyaws/credentials.h"
#include "tinyaws/destination.h"
#include "tinyaws/http.h"
#include "tinyaws/port.h"
#include "tinyaws/settings.h"
#include "tinyaws/sigv4.h"

namespace tinyaws {

/// What to ask of which service. Views: they must live until the call has ended.
struct ApiRequest {
  Str service;      ///< Its signing name, or its name as an endpoint: "dynamodb". See endpoint.h.
  Str region = {};  ///< Empty: ClientOptions::region, then as DestinationQuery::region says.
  Str method = "GET";
  Str path = "/";                   ///< As the service knows it; percent-encoded once when it is sent.
  Span<const Header> headers = {};  ///< All are signed but those that proxies change: see SigningInput.
  Body body = {};
  Span<const Parameter> query = {};       ///< Not yet percent-encoded.
  Str target = {};                        ///< Path and query in wire form, instead of `path` and `query`.
  const SigningPolicy* policy = nullptr;  ///< Null: SigningPolicy::for_service(service).
  Str bucket = {};  ///< S3: goes into the host or before the path, as endpoint.h says. The path is then the key's.
};

/// What is the same for all calls of a client.
struct ClientOptions {
  Str region = {};
  /// "https://host:port/base". Empty: as DestinationQuery::endpoint_url says.
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
  Settings* settings = nullptr;  ///< Null: CredentialsProvider::settings of the client's credentials.
  bool use_fips_endpoint = false;
  bool use_dualstack_endpoint = false;
  bool s3_path_style = false;
  bool s3_accelerate = false;
};

/// A request with all defaults filled in. Views into the ApiRequest, the options, the environment and itself: it may
/// not be moved.
struct PreparedRequest {
  PreparedRequest() = default;
  PreparedRequest(const PreparedRequest&) = delete;
  PreparedRequest& operator=(const PreparedRequest&) = delete;

  /// kPending as of Destination::find. Errors: those of Destination::find; kInvalidArgument without a service.
  Status prepare(const ApiRequest& api, const ClientOptions& options, const Environment& environment,
                 Settings* settings, Instant now, UnixTime wall, Call*& fetch);

  Request request;
  Scope scope;
  SigningPolicy policy;
  Destination destination;
};

/// What the calls of one client share. All of it must live until they have ended.
struct ApiContext {
  Signer& signer;
  CredentialsProvider& credentials;
  const ClientOptions& options;
  const Environment& environment;
  Platform& platform;
};

/// The request as a Call: for Client::fetch, for AsyncClient::start, and for whoever drives a Connection.
class ApiCall final : public NestingCall {
 public:
  /// Everything given must live until the call has ended; `context` itself is copied.
  ApiCall(const ApiRequest& request, Response& response, const ApiContext& context)
      : api_(request), response_(response), context_(context) {}
  ApiCall(const ApiCall&) = delete;
  ApiCall& operator=(const ApiCall&) = delete;

  /// kPending until the call has ended. Then kOk for an answer of 2xx, kServiceError for any other answer, or why
  /// there is none: kCancelled, when the call was abandoned.
  Status status() const { return status_; }

  /// Makes a call that has ended ready to be started once more, with the same request and response, whose contents
  /// may be others. REQUIRES: it does not run.
  void reset();

  /// What there is to say about the last failure, in words: the transport's, or the name of the provider of
  /// credentials. May be empty. Valid until the connection is used again: with AsyncClient, in Completion::on_done
  /// only; with Client, until its next call.
  Str detail() const { return detail_; }

  Instant deadline() const override { return deadline_; }

 private:
  enum class Phase : uint8_t { kNew, kPreparing, kHashing, kReady, kSent, kBackingOff, kDone };

  Next own_next(Instant now, UnixTime wall, RequestHead& head) override;
  void own_head(const ResponseHead& head, Instant now) override;
  IoResult own_body(const ResponseHead& head, Bytes piece) override;
  void own_response(const ResponseHead& head, Instant now) override;
  void own_failure(const Failure& failure, Instant now) override;
  void own_cancel() override { finish(Status::kCancelled); }

  Next begin(Instant now);
  Next prepare(Instant now, UnixTime wall);
  Next hash_further(Instant now, MutBytes scratch);
  Next send(Instant now, UnixTime wall, RequestHead& head);
  Next write(const Credentials& credentials, UnixTime wall, RequestHead& head);
  Next wait_for(Call* fetch, Instant now);
  Next finish(Status status);
  Status write_signed(const Credentials& credentials, UnixTime wall, RequestHead& head);
  Status add_signature(const Credentials& credentials, UnixTime wall, RequestHead& head);
  Str payload_hash() const;
  Status rewind();
  bool plan_repetition(Instant now);

  const ApiRequest& api_;
  Response& response_;
  ApiContext context_;
  PreparedRequest prepared_;
  PayloadHash hash_;
  char hash_hex_[64];
  uint64_t hashed_ = 0;
  Instant deadline_ = kNever;
  Instant retry_at_;
  Str detail_;
  Backoff backoff_;
  Phase phase_ = Phase::kNew;
  Status status_ = Status::kPending;
  bool repeated_free_ = false;
  bool body_read_ = false;  // the source was read and has to be rewound
  bool discards_ = false;   // the answer is not the last one
};

}  // namespace tinyaws
