// Sign, HTTP, async, environment: requests of the program's own, many at once, with the environment's credentials.
#include "tinyaws/async_client.h"
#include "tinyaws/client_storage.h"
#include "tinyaws/none.h"
#include "tinyaws/providers.h"

using namespace tinyaws;

namespace {

none::NullPlatform platform;
none::NullEnvironment environment;

class PutItem final : public Call {
 public:
  PutItem(Str body, const ApiContext& context) : context_(context) {
    request_.method = "POST";
    request_.endpoint.host = "dynamodb.eu-west-1.amazonaws.com";
    request_.headers = headers_;
    request_.body = body;
  }
  Status status() const { return status_; }

  Next next(Instant now, UnixTime wall, RequestHead& head) override {
    if (asked_) return {};
    asked_ = true;
    status_ = write(now, wall, head);
    if (status_ != Status::kOk) return {};
    return {Next::Action::kSend, kNever};
  }
  IoResult on_body(const ResponseHead&, Bytes piece) override { return {Status::kOk, piece.size()}; }
  void on_response(const ResponseHead& head, Instant) override {
    status_ = head.status < 300 ? Status::kOk : Status::kServiceError;
  }
  void on_failure(const Failure& failure, Instant) override { status_ = failure.status; }
  Instant deadline() const override { return kNever; }

 private:
  Status write(Instant now, UnixTime wall, RequestHead& head) {
    Credentials credentials;
    Call* fetch = nullptr;
    Status status = context_.credentials.get(now, wall, credentials, fetch);
    if (status != Status::kOk) return status;
    char hash[64];
    PayloadHash hashed;
    hashed.update(request_.body.bytes);
    status = hashed.finish(hash);
    if (status == Status::kOk) status = head.begin(request_);
    if (status != Status::kOk) return status;
    const SigningConfig config{credentials, {"eu-west-1", "dynamodb"}, SigningPolicy::for_service("dynamodb"), wall};
    const SigningInput input{request_.method, head.host(), head.target(), headers_, Str(hash, sizeof hash)};
    Signature signature;
    status = context_.signer.sign(input, config, signature);
    if (status == Status::kOk) status = head.add("X-Amz-Date", signature.date());
    if (status == Status::kOk && !credentials.session_token.empty()) {
      status = head.add("X-Amz-Security-Token", credentials.session_token);
    }
    if (status != Status::kOk) return status;
    const MutBytes space = head.value_space("Authorization");
    status = head.value_written(write_authorization(input, config, signature, space));
    return status == Status::kOk ? head.end() : status;
  }

  const ApiContext& context_;
  const Header headers_[2] = {{"X-Amz-Target", "DynamoDB_20120810.PutItem"},
                              {"Content-Type", "application/x-amz-json-1.0"}};
  Request request_;
  Status status_ = Status::kPending;
  bool asked_ = false;
};

}  // namespace

int main(int, char** words) {
  static ClientStorage<none::NullTransport, 8, 2048> storage;
  static EnvironmentCredentials credentials(environment);
  static AsyncClient client({platform, environment, storage.slots(), storage.queue()}, credentials);
  PutItem call(words[0], client.context());
  if (client.start(call) != Status::kOk) return 1;
  Interest interests[8];
  while (client.busy()) {
    platform.wait(client.interests(interests), client.next_deadline());
    client.poll();
  }
  return static_cast<int>(call.status());
}
