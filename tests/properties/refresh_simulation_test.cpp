// Two days of a cache on a virtual clock, with a source that is slow, fails at random or for hours, and askers that
// come at random, all at once, and leave while they fetch.
//
//   refresh_simulation_test [SEED]     Every setting with that seed; else with TINYAWS_SEED of the environment;
//   else 1.
//
// Whatever happens:
// - One fetch runs at a time.
// - Credentials that are handed out have not expired by the source's own clock. Where they outlive their expiration:
//   they have only when the source was asked in vain since (or up to 32 seconds before, for the cache counts a life
//   short), at most 15 minutes ago, or is being asked.
// - Who gets an error gets it while nothing valid is kept, and at most 60 seconds after the source was asked in vain.
//   A source that never fails is never the reason for one.
// - Within any hour at most 130 fetches begin, besides those that replace one that was cancelled.
// - An asker has its answer within the time of two fetches, and one more for each that is cancelled while it waits.
// Covers C26, C29, C40: days of a clock that is virtual, with hours of failures.
#include <cstdlib>
#include <queue>
#include <vector>

#include "../fakes/credentials_source.h"
#include "simulated_source.h"
#include "tinyaws/cached_credentials.h"

using namespace tinyaws;
using namespace tinyaws::fakes;

namespace {

constexpr int64_t kLongestPoll = 400;
constexpr int64_t kCountedShort = kLongestFetch + 2 * kSecond;  // how much sooner the cache may take them as expired
constexpr size_t kMostFetchesAnHour = 130;

struct Asker {
  bool is_asking = false;
  Instant since;
  int64_t cancels_before = 0;
  Call* fetch = nullptr;
  Instant leaves = kNever;
};

class Simulation {
 public:
  Simulation(const Setting& setting, uint64_t seed)
      : setting_(setting), seed_(seed), random_{std::mt19937_64(seed)}, source_(setting, random_), chance_(seed) {}

  void run() {
    for (size_t i = 0; i < kAskers; ++i) visits_.push({random_(0, kMinute), i});
    while (visits_.top().first < kEnd) {
      now_ = {visits_.top().first};
      const size_t i = visits_.top().second;
      visits_.pop();
      visits_.push({visit(askers_[i]).ms, i});
    }
    require(errors_ == 0 || setting_.failures_percent > 0 || setting_.has_outage, "an error without a failure");
    require(answers_ > 8000, "askers that ask");
  }

  size_t fetches() const { return source_.fetches; }
  size_t most_in_an_hour() const { return source_.most_in_an_hour; }
  size_t errors() const { return errors_; }
  size_t answers() const { return answers_; }

 private:
  using Visit = std::pair<int64_t, size_t>;
  static constexpr size_t kAskers = 20;

  void require(bool ok, const char* what) const {
    if (ok) return;
    CHECK(false, std::string(what) + ", at " + std::to_string(now_.ms) + " ms\n  " + setting_.words() +
                     "\n  replay: refresh_simulation_test " + std::to_string(seed_));
  }

  /// Lets an asker do what it has to do now. Answers when it comes again.
  Instant visit(Asker& asker) {
    if (asker.fetch != nullptr && asker.leaves <= now_) {
      asker.fetch->on_cancel();
      asker = {};
      return next_question();
    }
    if (asker.fetch != nullptr) {
      const Next next = asker.fetch->next(now_, wall(), head_);
      if (next.action == Next::Action::kWait) return earlier(next.until, asker.leaves);
      asker.fetch = nullptr;
    }
    if (!asker.is_asking) asker = {true, now_, source_.cancels, nullptr, kNever};
    return ask(asker);
  }

  Instant ask(Asker& asker) {
    Credentials credentials;
    const Status status = cache_.get(now_, wall(), credentials, asker.fetch);
    require(source_.begun.size() <= kMostFetchesAnHour, "a storm of fetches");
    require((asker.fetch != nullptr) <= source_.is_running, "a fetch that is not the source's");
    if (status == Status::kPending) {
      const int64_t patience = (source_.cancels - asker.cancels_before + 2) * (kLongestFetch + kLongestPoll);
      require(now_ - asker.since <= patience, "an asker waits for ever");
      require(asker.fetch != nullptr || source_.is_running, "an asker waits for nobody");
      if (asker.fetch == nullptr) return now_ + random_(20, kLongestPoll);
      if (setting_.has_cancels && random_.chance(10)) asker.leaves = now_ + random_(0, kLongestFetch);
      return now_;
    }
    ++answers_;
    if (status == Status::kOk) {
      check_given(credentials);
    } else {
      check_error(status);
    }
    asker = {};
    return next_question();
  }

  void check_given(const Credentials& credentials) const {
    const Given& given = source_.given[std::stoul(std::string(credentials.access_key_id))];
    if (now_ < given.end) return;
    require(setting_.outlives_expiration, "expired credentials were handed out");
    require(source_.is_running || (source_.has_failed && given.end <= source_.failed + kCountedShort),
            "expired credentials were handed out before newer ones were asked for");
    require(source_.is_running || now_ - source_.failed <= 15 * kMinute, "newer ones were not asked for again");
  }

  void check_error(Status status) {
    ++errors_;
    require(status != Status::kNotFound, "what was configured once is not 'not configured'");
    require(source_.has_failed && now_ - source_.failed <= kMinute, "an error that is old");
    for (const Given& given : source_.given) {
      require(!given.was_valid || given.asked + (setting_.life_seconds - 2) * kSecond <= now_,
              "valid ones were to be had");
      require(!setting_.outlives_expiration, "ones that outlive their expiration were to be had");
    }
  }

  /// Three minutes later on average; some at full ten minutes, and so all at once.
  Instant next_question() {
    const Instant at = now_ + random_(1, 6 * kMinute);
    return random_.chance(20) ? Instant{(at.ms / (10 * kMinute) + 1) * 10 * kMinute} : at;
  }

  UnixTime wall() {
    const int64_t ten_years = int64_t{10} * 365 * 86400;
    return {second_at_source(now_) + (setting_.is_dated ? random_(-ten_years, ten_years) : 0)};
  }

  const Setting& setting_;
  uint64_t seed_;
  Random random_;
  SimulatedSource source_;
  Chance chance_;
  CachedCredentials cache_{source_, chance_};
  Asker askers_[kAskers];
  std::priority_queue<Visit, std::vector<Visit>, std::greater<Visit>> visits_;
  Instant now_;
  char buffer_[16];
  RequestHead head_{MutBytes(buffer_)};
  size_t errors_ = 0;
  size_t answers_ = 0;
};

uint64_t first_seed = 1;

void simulate(int64_t life_seconds) {
  for (int i = 0; i < 32; ++i) {
    constexpr int kRates[] = {0, 10, 50, 95};
    const bool has_cancels = (i + i / 4) % 2 != 0;
    const Setting setting = {life_seconds, kRates[i % 4], (i & 4) != 0, (i & 8) != 0, (i & 16) != 0, has_cancels};
    Simulation simulation(setting, first_seed);
    simulation.run();
    print_message("%s: %zu answers, %zu errors, %zu fetches, at most %zu in an hour\n", setting.words().c_str(),
                  simulation.answers(), simulation.errors(), simulation.fetches(), simulation.most_in_an_hour());
  }
}

void fifteen_minutes(void**) {
  simulate(900);
}
void an_hour(void**) {
  simulate(3600);
}
void six_hours(void**) {
  simulate(6 * 3600);
}
void twelve_hours(void**) {
  simulate(12 * 3600);
}

}  // namespace

int main(int argc, char** argv) {
  const char* const seed = argc > 1 ? argv[1] : std::getenv("TINYAWS_SEED");
  if (seed != nullptr) first_seed = std::strtoull(seed, nullptr, 10);
  const CMUnitTest tests[] = {
      cmocka_unit_test(fifteen_minutes),
      cmocka_unit_test(an_hour),
      cmocka_unit_test(six_hours),
      cmocka_unit_test(twelve_hours),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
