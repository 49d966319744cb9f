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
  /// false: what the service may have done already is not asked for again. Then only what was refused, and what never
  /// reached the service, is repeated.
  bool repeatable = true;
};

/// What is the same for all calls of a client.
struct ClientOptions {
  Str region = {};
  /// "https://host:port/base". Empty: as DestinationQuery::endpoint_url says.
  Str endpoint_url = {};
  Timeouts timeouts = {};
  /// How often a request is sent at most; 1 turns repetitions off. 0: AWS_MAX_ATTEMPTS, else 3, and 4 for DynamoDB
  /// ("Retry behavior", AWS SDKs and Tools Reference Guide, standard mode). A variable that is no number from 1 on
  /// ends calls with kInvalidArgument.
  ///
  /// Repeated are, where the body can be sent once more and as long as the client's RetryQuota lasts: failures to
  /// resolve, to connect and of TLS (a rejected certificate excepted), lost connections and truncated answers,
  /// time-outs of a single attempt, and errors that are ErrorInfo::retryable. Before the n-th repetition it waits a
  /// random time below 50 ms * 2^(n-1) (DynamoDB 25 ms, throttling 1 s), at most 20 s; x-amz-retry-after
  /// (milliseconds) may make that longer, by 5 s at most. A long poll (SQS ReceiveMessage, SWF PollFor..., Step
  /// Functions GetActivityTask) waits even when it is not repeated for want of tokens: programs ask again at once.
  ///
  /// Not counted, and at once: one request after a kept connection turned out to be dead; one after the service's
  /// clock turned out to be 4 minutes or more from ours; one with newer credentials (CredentialsProvider::renew); one
  /// that does not ask for leave after 417; and kMaxRedirects to another region or host, as Amazon S3 says, signed
  /// for there and never out of TLS. An error that was read as permanent is not repeated because its end is missing.
  uint8_t max_attempts = 0;

  /// Correct the time of day by what services say (see ServiceClock), unless AWS_DISABLE_CLOCK_SKEW_CORRECTION is
  /// "true". Without it a call ends with kClockNotSet where the time isn't known.
  bool correct_clock = true;
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
  PreparedRequest();
  PreparedRequest(const PreparedRequest&) = delete;
  PreparedRequest& operator=(const PreparedRequest&) = delete;

  /// kPending as of Destination::find. Errors: those of Destination::find; kInvalidArgument without a service.
  Status prepare(const ApiRequest& api, const ClientOptions& options, const Environment& environment,
                 Settings* settings, Instant now, UnixTime wall, Call*& fetch);

  /// Goes where a redirection points. Errors: those of Destination::move_to; then nothing has changed.
  Status move_to(Str location);

  /// The same request to another region. Errors: those of Destination::move_to_region; then it goes where it was
  /// prepared to go.
  Status move_to_region(const ApiRequest& api, Str region);

  Request request;
  Scope scope;
  SigningPolicy policy;
  Destination destination;

 private:
  void fill_in(const ApiRequest& api);
};

/// What the calls of one client share. All of it must live until they have ended.
struct ApiContext {
  Signer& signer;
  CredentialsProvider& credentials;
  const ClientOptions& options;
  const Environment& environment;
  Platform& platform;
  RetryQuota* quota = nullptr;  ///< Null: repetitions cost nothing.

  /// Those of the options, else of the credentials; null: there are none.
  Settings* settings() const { return options.settings != nullptr ? options.settings : credentials.settings(); }
};

/// The request as a Call: for Client::fetch, for AsyncClient::start, and for whoever drives a Connection.
class ApiCall final : public NestingCall {
 public:
  /// Everything given must live until the call has ended; `context` itself is copied.
  ApiCall(const ApiRequest& request, Response& response, const ApiContext& context);
  ApiCall(const ApiCall&) = delete;
  ApiCall& operator=(const ApiCall&) = delete;

  /// kPending until the call has ended. Then kOk for an answer of 2xx, kServiceError for any other, and Amazon S3's
  /// 200 with an error in its body, or why there is none: kCancelled, when the call was abandoned.
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
  enum class Phase : uint8_t { kNew, kPreparing, kHashing, kReady, kSent, kBackingOff, kDelivering, kDone };

  /// What becomes of an answer's body: it is held back while the answer may be an error and not the last one.
  enum class AnswerBody : uint8_t { kPassedOn, kHeld, kDropped };

  Next own_next(Instant now, UnixTime wall, RequestHead& head) override;
  void own_head(const ResponseHead& head, Instant now) override;
  IoResult own_body(const ResponseHead& head, Bytes piece) override;
  void own_response(const ResponseHead& head, Instant now) override;
  void own_failure(const Failure& failure, Instant now) override;
  void own_cancel() override { finish(Status::kCancelled); }

  // What each of them says is wanted next; for a wait `retry_at_` says until when.
  using Action = Next::Action;
  Action go_on(Instant now, UnixTime wall, RequestHead& head);
  Action wait(Instant until);

  // Up to sending.
  Action begin(Instant now);
  Status read_variables();
  Action prepare(Instant now, UnixTime wall);
  Action hash_further(Instant now, MutBytes scratch);
  Action send(Instant now, RequestHead& head);
  Action write(const Credentials& credentials, UnixTime wall, RequestHead& head);
  Action wait_for(Call* fetch, Instant now);
  Action finish(Status status);
  bool asks_for_leave() const;
  Status write_signed(const Credentials& credentials, UnixTime wall, RequestHead& head);
  Status add_signature(const Credentials& credentials, UnixTime wall, RequestHead& head);
  Str payload_hash() const;
  Status rewind();

  // From the answer on.
  bool may_be_error(const ResponseHead& head) const;
  void judge(const ResponseHead& head, Extent extent);
  Action deliver(Instant now);
  void learn_time(const ResponseHead& head, const ErrorInfo& error);
  bool is_overruled(const ResponseHead& head, const ErrorInfo& error);
  bool is_clock_wrong(const ResponseHead& head, const ErrorInfo& error) const;
  bool move(const ResponseHead& head, const ErrorInfo& error);
  bool is_last_answer() const { return answer_body_ == AnswerBody::kPassedOn && response_.error().is_error(); }
  bool is_repeatable(const ErrorInfo& error) const;
  bool is_repeatable(const Failure& failure) const;
  bool plan_repetition(Instant now, bool throttled, Str hint);
  bool is_dynamodb() const { return prepared_.scope.service == "dynamodb"; }
  bool is_long_poll() const;
  void fail(const Failure& failure, Instant now);

  Phase phase_ = Phase::kNew;
  AnswerBody answer_body_ = AnswerBody::kPassedOn;
  Status status_ = Status::kPending;
  Status outcome_ = Status::kOk;  // what to end with when the answer has been delivered
  Backoff backoff_;
  uint8_t max_attempts_ = 0;
  uint8_t redirects_ = 0;
  bool corrects_clock_ = true;
  bool signed_ = false;
  bool repeated_free_ = false;
  bool clock_corrected_ = false;
  bool renewed_ = false;
  bool leave_refused_ = false;  // 417
  bool body_read_ = false;      // the source was read and has to be rewound
  uint16_t borrowed_ = 0;       // tokens that the last repetition took
  const ApiRequest& api_;
  Response& response_;
  ApiContext context_;
  uint32_t version_ = 0;  // of the credentials that signed
  Str detail_;
  Instant deadline_ = kNever;
  Instant retry_at_;    // nothing is done before
  UnixTime signed_at_;  // the time of day in the signature
  Instant head_at_;     // the answer's head was there
  UnixTime head_wall_;  // and the wall clock said this
  int64_t skew_ = 0;    // seconds between the service's clock and what was signed with
  uint64_t hashed_ = 0;
  PreparedRequest prepared_;
  PayloadHash hash_;
  char hash_hex_[64];
};

}  // namespace tinyaws
