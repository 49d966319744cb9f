// A cache in front of a scripted source, in virtual time.
#pragma once

#include "../fakes/credentials_source.h"
#include "tinyaws/cached_credentials.h"

namespace tinyaws::fakes {

constexpr int64_t kSecond = 1000;
constexpr int64_t kMinute = 60 * kSecond;
constexpr int64_t kHour = 60 * kMinute;

struct CacheWorld {
  Chance chance;
  ScriptedSource source;
  CachedCredentials cache{source, chance};
  Instant now{1000};
  UnixTime wall{1440938160};  // 2015-08-30T12:36:00Z
  Credentials credentials;
  Call* fetch = nullptr;

  void pass(int64_t ms) {
    now = now + ms;
    wall.seconds = 1440938160 + (now.ms - 1000) / 1000;
  }

  Status get() {
    credentials = {};
    return cache.get(now, wall, credentials, fetch);
  }

  /// One asker from the question to the answer.
  Status get_through() {
    for (int i = 0; i < 10; ++i) {
      const Status status = get();
      if (status != Status::kPending) return status;
      CHECK(fetch != nullptr, "kPending without a fetch, though nobody else is there");
      run_to_end(*fetch, now, wall);
    }
    CHECK(false, "hang: a fetch after the other, and no answer");
    return Status::kPending;
  }

  /// New credentials of so many seconds, in the source: `key_id` tells them apart.
  void issue(const char* key_id, int64_t seconds) {
    source.status = Status::kOk;
    source.key_id = key_id;
    source.expiration = {wall.seconds + seconds};
  }

  /// As `issue`, and in the cache.
  void load(const char* key_id, int64_t seconds) {
    issue(key_id, seconds);
    CHECK_STATUS(get_through(), Status::kOk, "load");
    CHECK_TEXT(credentials.access_key_id, key_id, "load");
  }

  /// How long until the source is asked, with a `get` at each step; at most `most`.
  int64_t until_asked(int64_t step, int64_t most) {
    const int gets = source.gets;
    for (int64_t passed = 0; passed <= most; passed += step) {
      (void)get();
      if (source.gets != gets) return passed;
      pass(step);
    }
    return most + step;
  }

  /// A `get` that leaves the source alone.
  Status get_quietly() {
    const int gets = source.gets;
    const Status status = get();
    CHECK(source.gets == gets, "the source was asked");
    CHECK(fetch == nullptr, "a fetch was handed out");
    return status;
  }
};

/// What a life of so many seconds comes to: its windows, in milliseconds before its end.
struct Life {
  int64_t seconds;
  int64_t advisory;
  int64_t mandatory;
};

const Life kLives[] = {
    {12 * 3600, 5 * kMinute, kMinute},
    {3601, 5 * kMinute, kMinute},
    {901, 225 * kSecond, 45 * kSecond},
    {61, 15 * kSecond, 3 * kSecond},
    {5, kSecond, 200},
};

/// The end by the count of the cache, in milliseconds.
inline int64_t end_of(const Life& life) {
  return (life.seconds - 1) * kSecond;
}

inline void check_kept(CacheWorld& world, const char* key_id, const std::string& what) {
  CHECK_STATUS(world.get_quietly(), Status::kOk, what);
  CHECK_TEXT(world.credentials.access_key_id, key_id, what);
}

inline void check_between(int64_t value, int64_t least, int64_t most, const std::string& what) {
  CHECK(value >= least && value <= most, what + ": " + std::to_string(value) + " is not within " +
                                             std::to_string(least) + " and " + std::to_string(most));
}

}  // namespace tinyaws::fakes
