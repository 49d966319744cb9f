#include "tinyaws/backoff.h"

#include "tinyaws/error_info.h"

namespace tinyaws {
namespace {

constexpr int64_t kMaxMs = 20000;

}  // namespace

bool is_transient(uint16_t http_status) {
  const ErrorTraits traits = traits_of({}, http_status);
  return traits.transient || traits.throttling;
}

bool is_transient(Status status) {
  switch (status) {
    case Status::kResolveFailed:
    case Status::kConnectFailed:
    case Status::kTlsFailed:
    case Status::kConnectionLost:
    case Status::kConnectTimedOut:
    case Status::kTlsTimedOut:
    case Status::kFirstByteTimedOut:
    case Status::kStalled:
    case Status::kAttemptTimedOut:
    case Status::kTruncated:
      return true;
    default:
      return false;
  }
}

bool died_while_idle(const Failure& failure) {
  return failure.on_reused_connection && !failure.heard &&
         (failure.status == Status::kConnectionLost || failure.status == Status::kTlsFailed);
}

int64_t random_below(int64_t limit, Platform& platform) {
  char bytes[2] = {};
  if (platform.random(MutBytes(bytes)) != Status::kOk) return limit;
  const auto random =
      static_cast<int64_t>(static_cast<unsigned char>(bytes[0]) * 256 + static_cast<unsigned char>(bytes[1]));
  return limit * random / 65535;
}

Instant Backoff::next(Instant now, Platform& platform, int64_t base_ms) const {
  int64_t limit = base_ms;
  for (int i = 1; i < attempts_ && limit < kMaxMs; ++i) limit *= 2;
  return now + random_below(limit < kMaxMs ? limit : kMaxMs, platform);
}

bool RetryQuota::take(uint16_t cost) {
  if (tokens_ < cost) return false;
  tokens_ = static_cast<uint16_t>(tokens_ - cost);
  return true;
}

void RetryQuota::give_back(uint16_t tokens) {
  tokens_ = tokens < kTokens - tokens_ ? static_cast<uint16_t>(tokens_ + tokens) : kTokens;
}

}  // namespace tinyaws
