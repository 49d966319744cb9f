#include "tinyaws/client.h"

#include <new>

#include "sigv4/s3_family.h"

namespace tinyaws {
namespace {

// How soon credentials that somebody else is fetching are asked for again.
constexpr int64_t kFetchPollMs = 20;

Status presigned_payload_hash(const Body& body, Str service, char (&hex)[64], Str& hash) {
  hash = body.payload_hash;
  if (!hash.empty()) return Status::kOk;
  if (is_s3_family(service)) {
    hash = "UNSIGNED-PAYLOAD";
    return Status::kOk;
  }
  if (body.source != nullptr) return Status::kInvalidArgument;
  PayloadHash hasher;
  hasher.update(body.bytes);
  hash = Str(hex, sizeof hex);
  return hasher.finish(hex);
}

}  // namespace

Client::Client(const Port& port, CredentialsProvider& credentials, const ClientOptions& options)
    : credentials_(credentials),
      port_(port),
      context_{signer_, credentials, options_, port.environment, port.platform, &quota_},
      options_(options),
      connection_(port.transport, port.buffer, options.timeouts, options.observer) {}

Status Client::fetch(const ApiRequest& request, Response& response) {
  if (connection_.busy()) return Status::kBusy;
  ApiCall& call = *new (&work_.call) ApiCall(request, response, context_);
  (void)run(call);
  failure_ = call.detail();
  const Status status = call.status();
  call.~ApiCall();
  return status;
}

Status Client::run(Call& call) {
  const Status started = connection_.start(call);
  if (started != Status::kOk) return started;
  while (step() == Status::kPending) {
    if (connection_.ready()) continue;
    const Interest interest = connection_.interest();
    port_.platform.wait({&interest, 1}, connection_.next_deadline());
  }
  return Status::kOk;
}

Status Client::step() {
  const Instant now = port_.platform.now();
  return connection_.step(now, port_.platform.time_of_day(now));
}

// True: ask again. Runs what has to be fetched first, or waits for whoever is fetching.
bool Client::settle(Status& status, Call* fetch, Instant end) {
  if (status != Status::kPending) return false;
  const Instant now = port_.platform.now();
  status = Status::kOk;
  if (fetch != nullptr) {
    status = run(*fetch);
  } else if (end <= now) {
    status = Status::kDeadlineExceeded;
  } else {
    port_.platform.wait({}, earlier(now + kFetchPollMs, end));
  }
  return status == Status::kOk;
}

Instant Client::end_of_wait() {
  const uint32_t total_ms = options_.timeouts.total_ms;
  return total_ms > 0 ? port_.platform.now() + total_ms : kNever;
}

Status Client::prepare(const ApiRequest& request, PreparedRequest& prepared) {
  if (connection_.busy()) return Status::kBusy;
  const Instant end = end_of_wait();
  Status status;
  Call* fetch;
  do {
    fetch = nullptr;
    const Instant now = port_.platform.now();
    status = prepared.prepare(request, options_, port_.environment, context_.settings(), now,
                              port_.platform.time_of_day(now), fetch);
  } while (settle(status, fetch, end));
  return status;
}

Status Client::find_credentials(Credentials& credentials) {
  if (connection_.busy()) return Status::kBusy;
  const Instant end = end_of_wait();
  Status status;
  Call* fetch;
  do {
    fetch = nullptr;
    const Instant now = port_.platform.now();
    status = credentials_.get(now, port_.platform.time_of_day(now), credentials, fetch);
  } while (settle(status, fetch, end));
  return status == Status::kNotFound ? Status::kNoCredentials : status;
}

IoResult Client::presign(const ApiRequest& request, uint32_t seconds, MutBytes url) {
  if (connection_.busy()) return {Status::kBusy, 0};
  if (!port_.platform.knows_time()) return {Status::kClockNotSet, 0};
  PreparedRequest& prepared = *new (&work_.prepared) PreparedRequest;
  Credentials credentials;
  Status status = prepare(request, prepared);
  if (status == Status::kOk) status = find_credentials(credentials);
  return status == Status::kOk ? presign_prepared(request, credentials, seconds, url) : IoResult{status, 0};
}

// noinline: what it works with must not add to what preparing takes.
[[gnu::noinline]] IoResult Client::presign_prepared(const ApiRequest& request, const Credentials& credentials,
                                                    uint32_t seconds, MutBytes url) {
  const PreparedRequest& prepared = work_.prepared;
  char hex[64];
  Str payload_hash;
  RequestHead head(port_.buffer);
  Status status = presigned_payload_hash(request.body, prepared.scope.service, hex, payload_hash);
  if (status == Status::kOk) status = head.begin(prepared.request);
  if (status != Status::kOk) return {status, 0};
  signer_.set_tee(options_.tee);
  const SigningInput input{prepared.request.method, head.host(), head.target(), request.headers, payload_hash};
  const SigningConfig config{credentials, prepared.scope, prepared.policy,
                             port_.platform.time_of_day(port_.platform.now())};
  return signer_.presign(input, config, prepared.request.endpoint.tls, seconds, url);
}

}  // namespace tinyaws
