#include "tinyaws/backoff.h"
#include "tinyaws/cached_credentials.h"

namespace tinyaws {
namespace {

constexpr int32_t kSecond = 1000;
constexpr int32_t kMinute = 60 * kSecond;

constexpr int32_t kLongestLifeSeconds = 129600;  // GetSessionToken, GetFederationToken: DurationSeconds
constexpr int32_t kShortestLife = kSecond;
constexpr int32_t kAdvisoryWindow = 5 * kMinute;
constexpr int32_t kMandatoryWindow = kMinute;
constexpr int32_t kUnlimitedLife = 15 * kMinute;

constexpr int32_t kShortestWait = kSecond;
constexpr int32_t kLeastBetweenRenewals = kMinute;
constexpr int32_t kLongestWaitWhileKept = 10 * kMinute;
constexpr int32_t kLongestWaitWithout = kMinute;
constexpr int32_t kShortestExtension = 10 * kMinute;
constexpr int32_t kLongestExtension = 15 * kMinute;

// Milliseconds up to the longest life fit 32 bits, which spares 32-bit boards long division.
constexpr int32_t smaller(int64_t a, int32_t b) {
  return a < b ? static_cast<int32_t>(a) : b;
}

}  // namespace

CachedCredentials::CachedCredentials(CredentialsProvider& source, Platform& platform)
    : source_(source), platform_(platform) {}

// What outlives its expiration is told to hold until newer ones are asked for.
Status CachedCredentials::get(Instant now, UnixTime wall, Credentials& credentials, Call*& fetch) {
  const Status status = find(now, wall, fetch);
  if (status != Status::kOk) return status;
  credentials = store_.credentials();
  credentials.version = version_;
  if (!extended_) return status;
  const int32_t left = now < advisory_ ? smaller(advisory_ - now, kLongestExtension) : 0;
  credentials.expiration = {wall.seconds + left / kSecond};
  return status;
}

Status CachedCredentials::find(Instant now, UnixTime wall, Call*& fetch) {
  fetch = nullptr;
  if (clock_moves_ != platform_.service_clock().moves()) follow_clock(now, wall);
  if (is_fresh(now)) return Status::kOk;
  if (fetch_.was_abandoned() && holds_valid(now)) return fail(Status::kCredentialsUnavailable, now);
  if (fetch_.running()) return meanwhile(now);
  if (next_try_ <= now) return ask(now, wall, fetch);
  return now < expired_ && has_some_ ? Status::kOk : error_;
}

void CachedCredentials::invalidate() {
  drop();
  next_renewal_ = {};
}

void CachedCredentials::drop() {
  store_.clear();
  has_some_ = false;
  failures_ = 0;
  next_try_ = {};
}

bool CachedCredentials::renew(uint32_t version, Instant now, UnixTime wall) {
  if (version != version_ || !has_some_) return true;
  if (now < next_renewal_) return false;
  next_renewal_ = now + kLeastBetweenRenewals;
  if (!fetched_ && !fetch_.running() && !has_outcome() && source_gives_the_same(now, wall)) return false;
  drop();
  return true;
}

bool CachedCredentials::source_gives_the_same(Instant now, UnixTime wall) {
  Credentials given;
  Call* inner = nullptr;
  const Status status = source_.get(now, wall, given, inner);
  if (inner != nullptr) inner->on_cancel();
  const Credentials& kept = store_.credentials();
  return status == Status::kOk && given.access_key_id == kept.access_key_id &&
         given.secret_access_key == kept.secret_access_key && given.session_token == kept.session_token;
}

// What was reckoned with a wrong clock is reckoned once more.
void CachedCredentials::follow_clock(Instant now, UnixTime wall) {
  clock_moves_ = platform_.service_clock().moves();
  if (!has_some_ || extended_ || dated_) return;
  plan(now, end_of(store_.credentials(), now, wall));
  next_try_ = earlier(next_try_, expired_);
}

// While newer ones are being fetched.
Status CachedCredentials::meanwhile(Instant now) const {
  return has_some_ && now < mandatory_ ? Status::kOk : Status::kPending;
}

Status CachedCredentials::ask(Instant now, UnixTime wall, Call*& fetch) {
  Credentials given;
  Call* inner = nullptr;
  Status status = source_.get(now, wall, given, inner);
  if (status == Status::kPending && inner == nullptr) return meanwhile(now);
  if (status == Status::kPending) {
    fetch_.start(*inner, now);
    fetch = &fetch_;
    return Status::kPending;
  }
  if (status == Status::kOk) status = keep(given, now, wall);
  fetch_.forget();
  return status == Status::kOk ? Status::kOk : fail(status, now);
}

Status CachedCredentials::keep(const Credentials& credentials, Instant now, UnixTime wall) {
  const Instant end = end_of(credentials, now, wall);
  const bool is_over = end < now + kShortestLife;
  if (is_over && (!credentials.outlives_expiration || holds_valid(now))) return Status::kCredentialsExpired;
  const Status status = store_.set(credentials);
  if constexpr (kWithWords) too_large_ = status == Status::kOk ? 0 : CredentialsStore::size_of(credentials);
  if (status != Status::kOk) return status;
  has_some_ = true;
  ++version_;
  fetched_ = fetch_.sent_at() < kNever;
  dated_ = is_dated(credentials);
  clock_moves_ = platform_.service_clock().moves();
  failures_ = 0;
  if (is_over) {
    extend(now);
  } else {
    plan(now, end);
  }
  return Status::kOk;
}

bool CachedCredentials::is_dated(const Credentials& credentials) const {
  return credentials.issued.seconds > 0 && fetch_.sent_at() < kNever;
}

Instant CachedCredentials::end_of(const Credentials& credentials, Instant now, UnixTime wall) const {
  if (credentials.expiration.seconds == kNoExpiration.seconds) return kNever;
  const bool dated = is_dated(credentials);
  const Instant begin = dated ? fetch_.sent_at() : now;
  const int64_t from = dated ? credentials.issued.seconds : wall.seconds;
  if (credentials.expiration.seconds <= from) return begin;
  return begin + smaller(credentials.expiration.seconds - from - 1, kLongestLifeSeconds) * int64_t{kSecond};
}

void CachedCredentials::plan(Instant now, Instant end) {
  extended_ = false;
  expired_ = end;
  mandatory_ = kNever;
  advisory_ = now + kUnlimitedLife;
  if (end == kNever) return;
  const int32_t life = smaller(end - now, kLongestLifeSeconds * kSecond);
  const int32_t window = smaller(life / 4, kAdvisoryWindow);
  advisory_ = {end.ms - between(window - window / 2, window)};
  mandatory_ = {end.ms - smaller(life / 20, kMandatoryWindow)};
}

void CachedCredentials::extend(Instant now) {
  extended_ = true;
  expired_ = kNever;
  mandatory_ = kNever;
  advisory_ = now + between(kShortestExtension, kLongestExtension);
}

Status CachedCredentials::fail(Status status, Instant now) {
  if (store_.credentials().outlives_expiration && (extended_ || expired_ <= now)) {
    extend(now);
    return Status::kOk;
  }
  if (holds_valid(now)) {
    const int32_t left = smaller(expired_ - now, 2 * kLongestWaitWhileKept);
    const int32_t wait = between(left / 4, left / 2);
    next_try_ = earlier(now + (wait < kShortestWait ? kShortestWait : wait), expired_);
    return Status::kOk;
  }
  if (status == Status::kNotFound && !has_some_) return status;
  error_ = status == Status::kNotFound ? Status::kCredentialsExpired : status;
  const int32_t longest = smaller(kShortestWait << failures_, kLongestWaitWithout);
  if (longest < kLongestWaitWithout) ++failures_;
  next_try_ = now + between(longest / 2, longest);
  return error_;
}

int32_t CachedCredentials::between(int32_t least, int32_t most) {
  return least + static_cast<int32_t>(random_below(most - least, platform_));
}

void CachedCredentials::Fetch::start(Call& inner, Instant now) {
  abandoned_ = false;
  set_sent_at(now);
  (void)run_inside(inner);
}

Instant CachedCredentials::Fetch::deadline() const {
  return running() ? inner()->deadline() : kNever;
}

void CachedCredentials::Fetch::own_cancel() {
  abandoned_ = true;
  forget();
}

}  // namespace tinyaws
