#include "credentials_burst.h"

#include <poll.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "tinyaws/posix.h"
#include "tinyaws/tinyaws.h"

namespace {

using namespace tinyaws;

/// A device's client in small: transport, buffer, connection and call.
class SmallClient {
 public:
  SmallClient(const ApiRequest& request, const ClientOptions& options, CredentialsProvider& credentials,
              Platform& platform, const Environment& environment, posix::Resolver& resolver)
      : transport_(resolver),
        connection_(transport_, MutBytes(buffer_)),
        response_(body_),
        call_(request, response_, {signer_, credentials, options, environment, platform}) {}

  Status start() { return connection_.start(call_); }
  Status step(Platform& platform) { return connection_.step(platform.now(), platform.unix_time()); }
  const Connection& connection() const { return connection_; }
  Status status() const { return call_.status(); }

 private:
  posix::TcpTransport transport_;
  char buffer_[8192] = {};
  char body_[16384] = {};
  Connection connection_;
  Signer signer_;
  Response response_;
  ApiCall call_;
};

using Slots = std::vector<std::unique_ptr<SmallClient>>;

pollfd watched(const Interest& interest) {
  const int events = (interest.read ? POLLIN : 0) | (interest.write ? POLLOUT : 0);
  return {interest.handle, static_cast<short>(events), 0};
}

// Until one of the connections can go on.
void wait(const Slots& slots, Platform& platform) {
  std::vector<pollfd> descriptors;
  Instant until = platform.now() + 1000;
  for (const auto& slot : slots) {
    if (!slot->connection().busy()) continue;
    if (slot->connection().ready()) return;
    descriptors.push_back(watched(slot->connection().interest()));
    until = earlier(until, slot->connection().next_deadline());
  }
  const int64_t ms = std::max<int64_t>(until - platform.now(), 0);
  (void)poll(descriptors.data(), descriptors.size(), static_cast<int>(ms));
}

bool step_all(Slots& slots, Platform& platform) {
  bool busy = false;
  for (auto& slot : slots) {
    if (slot->connection().busy() && slot->step(platform) == Status::kPending) busy = true;
  }
  return busy;
}

}  // namespace

BurstResult run_burst(int count, Str url, CredentialsProvider& credentials, Platform& platform,
                      const Environment& environment) {
  ClientOptions options;
  options.endpoint_url = url;
  options.max_attempts = 1;
  const ApiRequest request{"execute-api", "us-east-1"};
  posix::Resolver resolver(platform);
  Slots slots;
  for (int i = 0; i < count; ++i) {
    slots.push_back(std::make_unique<SmallClient>(request, options, credentials, platform, environment, resolver));
    if (slots.back()->start() != Status::kOk) return {0, count, Status::kBusy};
  }
  while (step_all(slots, platform)) wait(slots, platform);

  BurstResult result;
  for (const auto& slot : slots) {
    if (slot->status() == Status::kOk) {
      ++result.ok;
    } else if (result.failed++ == 0) {
      result.first_failure = slot->status();
    }
  }
  return result;
}
