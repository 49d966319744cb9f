// A source of credentials on a virtual clock that is slow and fails, at random or for hours.
#pragma once

#include <algorithm>
#include <deque>
#include <random>
#include <string>
#include <vector>

#include "../fakes/check.h"
#include "tinyaws/call.h"
#include "tinyaws/credentials.h"

namespace tinyaws::fakes {

constexpr int64_t kSecond = 1000;
constexpr int64_t kMinute = 60 * kSecond;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kEnd = 48 * kHour;
constexpr int64_t kLongestFetch = 30 * kSecond;
constexpr int64_t kFirstSecond = 1440938160;  // 2015-08-30T12:36:00Z at the source when the test begins

struct Setting {
  int64_t life_seconds;
  int failures_percent;
  bool has_outage;  ///< From the 20th to the 26th hour nothing comes.
  bool is_dated;    ///< The source says when it issued them, and our wall clock is mad. Else both are right.
  bool outlives_expiration;
  bool has_cancels;

  std::string words() const {
    return "life " + std::to_string(life_seconds) + " s, " + std::to_string(failures_percent) + " % failures" +
           (has_outage ? ", outage" : "") + (is_dated ? ", dated" : "") + (outlives_expiration ? ", outlives" : "") +
           (has_cancels ? ", cancels" : "");
  }
};

struct Random {
  std::mt19937_64 engine;
  int64_t operator()(int64_t least, int64_t most) {
    return least + static_cast<int64_t>(engine() % static_cast<uint64_t>(most - least + 1));
  }
  bool chance(int percent) { return (*this)(0, 99) < percent; }
};

inline int64_t second_at_source(Instant now) {
  return kFirstSecond + now.ms / kSecond;
}

/// One set of credentials that was given, in the order of their names.
struct Given {
  Instant asked;
  Instant end;
  bool was_valid;  ///< When it was collected.
};

class SimulatedSource final : public CredentialsProvider, public Call {
 public:
  SimulatedSource(const Setting& setting, Random& random) : setting_(setting), random_(random) {}

  std::vector<Given> given;
  std::deque<Instant> begun;  ///< Fetches that were not cancelled, those of the last hour.
  size_t most_in_an_hour = 0;
  size_t fetches = 0;
  int64_t cancels = 0;
  bool is_running = false;
  bool has_failed = false;  ///< What was collected last was an error, or had expired.
  Instant failed;           ///< When such a thing was collected last.
  bool is_known = false;    ///< It has given some that are of use: kNotFound is a failure then.

  Status get(Instant now, UnixTime, Credentials& credentials, Call*& fetch) override {
    CHECK(!is_running, "the source was asked while its fetch runs");
    fetch = nullptr;
    if (!is_ready_) return begin(now, fetch);
    is_ready_ = false;
    const bool expired = end_ <= now;
    has_failed = result_ != Status::kOk || expired;
    if (has_failed) failed = now;
    if (result_ != Status::kOk) return result_;
    is_known = is_known || !expired || setting_.outlives_expiration;
    given.push_back({asked_, end_, !expired});
    key_id_ = std::to_string(given.size() - 1);
    credentials = {key_id_, "secret"};
    credentials.expiration = {second_at_source(end_)};
    if (setting_.is_dated) credentials.issued = {issued_};
    credentials.outlives_expiration = setting_.outlives_expiration;
    return Status::kOk;
  }
  Str describe() const override { return "simulated"; }
  IoResult explain(MutBytes) const override { return {}; }

  Next next(Instant now, UnixTime, RequestHead&) override {
    if (now < done_) return {Next::Action::kWait, done_};
    is_running = false;
    is_ready_ = true;
    issued_ = second_at_source(now);
    const bool in_outage = setting_.has_outage && now.ms >= 20 * kHour && now.ms < 26 * kHour;
    const bool fails = in_outage || random_.chance(setting_.failures_percent);
    const bool is_stale = fails && random_.chance(20);
    result_ = fails && !is_stale ? failure() : Status::kOk;
    const int64_t age = is_stale ? setting_.life_seconds + random_(0, 3600) : 0;
    end_ = {(issued_ + setting_.life_seconds - age - kFirstSecond) * kSecond};
    return {};
  }
  void on_cancel() override {
    CHECK(is_running, "a fetch was cancelled that does not run");
    is_running = false;
    ++cancels;
    begun.pop_back();
  }
  IoResult on_body(const ResponseHead&, Bytes) override { return {}; }
  void on_response(const ResponseHead&, Instant) override {}
  void on_failure(const Failure&, Instant) override {}
  Instant deadline() const override { return kNever; }

 private:
  Status begin(Instant now, Call*& fetch) {
    is_running = true;
    asked_ = now;
    const int kind = static_cast<int>(random_(0, 99));
    done_ = now + random_(0, kind < 70 ? 300 : kind < 95 ? 5 * kSecond : kLongestFetch);
    while (!begun.empty() && begun.front() + kHour <= now) begun.pop_front();
    begun.push_back(now);
    most_in_an_hour = std::max(most_in_an_hour, begun.size());
    ++fetches;
    fetch = this;
    return Status::kPending;
  }

  Status failure() {
    const Status kinds[] = {Status::kCredentialsUnavailable, Status::kCredentialsRefused,
                            Status::kMalformedCredentials, Status::kNotFound};
    return kinds[random_(0, is_known ? 3 : 2)];
  }

  const Setting& setting_;
  Random& random_;
  std::string key_id_;
  Instant asked_;
  Instant done_;
  Instant end_;
  int64_t issued_ = 0;
  Status result_ = Status::kOk;
  bool is_ready_ = false;
};

}  // namespace tinyaws::fakes
