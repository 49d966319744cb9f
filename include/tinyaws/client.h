// The blocking client: one connection, one call at a time.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/api_call.h"
#include "tinyaws/connection.h"
#include "tinyaws/credentials.h"
#include "tinyaws/http.h"
#include "tinyaws/port.h"
#include "tinyaws/sigv4.h"

namespace tinyaws {

/// Sends signed requests and waits for the answers. Use from one thread at a time; clients share nothing.
class Client {
 public:
  /// `port`'s parts, `credentials` and the views and pointers in `options` must outlive the client.
  Client(const Port& port, CredentialsProvider& credentials, const ClientOptions& options = {});

  /// Sends one request and returns when the answer is complete.
  /// kOk: an answer of 2xx. kServiceError: any other, and Amazon S3's 200 with an error in its body; `response`
  /// holds it. Else what went wrong on the way, and `failure` says more. The client remains usable.
  /// kBusy: asked from within a call of this client, by a body's sink for instance; that call goes on.
  Status fetch(const ApiRequest& request, Response& response);

  /// Writes the presigned URL of a request, valid for `seconds` (1..604800) from now. Sends nothing.
  /// The payload hash is UNSIGNED-PAYLOAD for the S3 family and the body's hash for others, unless
  /// `request.body.payload_hash` says otherwise. Region and credentials are fetched where necessary. Errors: as for
  /// Signer::presign, `prepare` and `find_credentials`; kClockNotSet; kInvalidArgument for a body source without a
  /// payload hash; kBusy as for `fetch`.
  IoResult presign(const ApiRequest& request, uint32_t seconds, MutBytes url);

  /// Asks the client's provider for credentials, and fetches them where necessary. Their views are valid until the
  /// provider is asked again, by whomever. Errors: kNoCredentials; those of the provider, whose `explain` says more;
  /// kBusy; kDeadlineExceeded, when somebody else's fetch has not ended within Timeouts::total_ms. (Without that
  /// limit, do not share a provider with a Connection that only this thread steps.)
  Status find_credentials(Credentials& credentials);

  /// Fills in the defaults of a request without sending it: where it would go, and how it would be signed.
  /// Errors: those of PreparedRequest::prepare; kBusy and kDeadlineExceeded as for `find_credentials`.
  Status prepare(const ApiRequest& request, PreparedRequest& prepared);

  /// Runs any call to its end. Returns kOk when it has ended: its result lies with it. Errors: kBusy.
  Status run(Call& call);

  /// What there is to say, in words, about the last failure: "certificate has expired". May be empty.
  /// Valid until the next call.
  Str failure() const { return failure_; }

  /// Closes the connection kept from the last call.
  void close() { connection_.close_idle(); }

 private:
  /// What `fetch` and `presign` work on. It would be a kilobyte of the stack, below all that a call does.
  union Work {
    Work() {}
    ~Work() {}
    ApiCall call;
    PreparedRequest prepared;
  };

  Status step();
  bool settle(Status& status, Call* fetch, Instant end);
  Instant end_of_wait();
  IoResult presign_prepared(const ApiRequest& request, const Credentials& credentials, uint32_t seconds,
                            MutBytes url);

  CredentialsProvider& credentials_;
  Port port_;
  Str failure_;
  ApiContext context_;
  RetryQuota quota_;
  ClientOptions options_;
  Signer signer_;
  Connection connection_;
  Work work_;
};

}  // namespace tinyaws
