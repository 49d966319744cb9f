// What the cache does when its source has nothing, or nothing that is any good.
// Covers C26: failures in each window, and what is kept meanwhile.
#include "credentials_fixture.h"
#include "fakes/check_words.h"

using namespace tinyaws;
using namespace tinyaws::fakes;

namespace {

const Status kFailures[] = {Status::kCredentialsUnavailable, Status::kCredentialsRefused,
                            Status::kMalformedCredentials, Status::kProcessFailed, Status::kNotFound};

// Waits for the next try as often as said, and checks that the same error is answered meanwhile.
void check_short_waits(CacheWorld& world, Status status, const std::string& what) {
  int64_t longest = kSecond;
  for (int i = 0; i < 12; ++i) {
    CHECK_STATUS(world.get_quietly(), status, what);
    const int64_t asked = world.until_asked(10, kHour);
    check_between(asked, longest / 2, longest + 10, what + ", wait " + std::to_string(i));
    longest = std::min(2 * longest, kMinute);
  }
}

void a_first_failure_is_tried_again_soon(void**) {
  for (Status status : kFailures) {
    if (status == Status::kNotFound) continue;
    for (bool has_fetch : {false, true}) {
      CacheWorld world;
      world.source.status = status;
      world.source.has_fetch = has_fetch;
      CHECK_STATUS(world.get_through(), status, "the first asker");
      world.source.has_fetch = false;
      check_short_waits(world, status, text(status));
      world.pass(kMinute);
      world.load("A", 3600);
      check_kept(world, "A", "as if nothing had been");
    }
  }
}

void what_is_not_configured_is_not_remembered(void**) {
  CacheWorld world;
  world.source.status = Status::kNotFound;
  for (int i = 1; i <= 5; ++i) {
    CHECK_STATUS(world.get(), Status::kNotFound, "not configured");
    CHECK(world.source.gets == i, "the source is asked each time");
  }
  world.load("A", 3600);
}

void kept_ones_hold_while_the_source_fails(void**) {
  for (Status status : kFailures) {
    for (uint64_t seed = 1; seed <= 5; ++seed) {
      CacheWorld world;
      world.chance = Chance(seed);
      world.load("A", 3601);
      const Instant end = world.now + 3600 * kSecond;
      world.source.status = status;
      world.pass(58 * kMinute);
      int tries = 0;
      while (world.now < end) {
        const int64_t left = end - world.now;
        CHECK_STATUS(world.get(), Status::kOk, "valid ones are used");
        CHECK_TEXT(world.credentials.access_key_id, "A", "valid ones are used");
        check_kept(world, "A", "until the next try");
        const int64_t asked = world.until_asked(1, kHour);
        check_between(asked, std::min(left, std::max(kSecond, left / 4)),
                      std::min(left, std::max(kSecond, left / 2 + 1)), "the next try");
        CHECK(++tries < 40, "a storm");
      }
      CHECK_STATUS(world.get_quietly(), status == Status::kNotFound ? Status::kCredentialsExpired : status,
                   "expired");
    }
  }
}

void a_failed_fetch_in_the_mandatory_window(void**) {
  CacheWorld world;
  world.source.has_fetch = true;
  world.load("A", 3601);
  world.pass(3560 * kSecond);
  world.source.status = Status::kCredentialsUnavailable;
  CHECK_STATUS(world.get_through(), Status::kOk, "who fetched in vain");
  check_kept(world, "A", "the others need not wait");
}

// By askers whose own time is shorter than the refresh takes.
void kept_ones_hold_while_every_refresh_is_abandoned(void**) {
  CacheWorld world;
  world.load("OLD", 3600);
  world.source.has_fetch = true;
  world.pass(3600 * kSecond - 4 * kMinute);
  int served = 0;
  int begun = 0;
  for (int i = 0; i < 60; ++i) {
    const Status status = world.get();
    served += status == Status::kOk ? 1 : 0;
    if (status == Status::kPending && world.fetch != nullptr) {
      ++begun;
      world.fetch->on_cancel();
    }
    world.pass(3 * kSecond);
  }
  CHECK(begun >= 1 && begun <= 6, "refreshes begun: " + std::to_string(begun));
  CHECK(served == 60 - begun, "all others are served: " + std::to_string(served));
}

void credentials_too_large_are_named(void**) {
  CacheWorld world;
  world.source.token.assign(kMaxCredentialsBytes, 't');
  CHECK_STATUS(world.get_through(), Status::kValueTooLong, "too large");
  char text[256];
  const IoResult explained = world.cache.explain(text);
  CHECK_STATUS(explained.status, Status::kOk, "explain");
  CHECK_WORDS(contains({text, explained.size}, "TINYAWS_MAX_CREDENTIALS_BYTES"), std::string(text, explained.size));
}

void expired_ones_are_not_handed_out(void**) {
  for (Status status : kFailures) {
    CacheWorld world;
    world.load("A", 901);
    world.pass(900 * kSecond);
    world.source.status = status;
    const Status expected = status == Status::kNotFound ? Status::kCredentialsExpired : status;
    CHECK_STATUS(world.get(), expected, "expired");
    check_short_waits(world, expected, "expired, " + text(status));
    world.pass(kMinute);
    world.load("B", 901);
    world.pass(900 * kSecond);
    world.source.status = status;
    CHECK_STATUS(world.get(), expected, "expired again");
    check_between(world.until_asked(10, kHour), kSecond / 2, kSecond + 10, "the waits begin anew");
  }
}

void a_source_whose_credentials_have_expired(void**) {
  for (int64_t left : {-(int64_t{1} << 40), int64_t{-1}, int64_t{0}, int64_t{1}}) {
    CacheWorld world;
    world.issue("A", left);
    CHECK_STATUS(world.get(), Status::kCredentialsExpired, std::to_string(left) + " seconds left");
    check_short_waits(world, Status::kCredentialsExpired, "nothing but expired ones");
    world.pass(kMinute);
    world.load("B", 901);
    world.pass(880 * kSecond);
    CHECK_STATUS(world.get(), Status::kOk, "the same ones again, soon to expire");
    world.pass(10 * kSecond);
    world.issue("C", left);
    CHECK_STATUS(world.get(), Status::kOk, "expired ones do not replace valid ones");
    check_kept(world, "B", "expired ones do not replace valid ones");
    world.pass(kMinute);
    CHECK_STATUS(world.get(), Status::kCredentialsExpired, "none is left");
  }
}

// A source that has no newer ones yet is not asked all the time.
void the_same_credentials_again(void**) {
  CacheWorld world;
  world.load("A", 3601);
  const Instant end = world.now + 3600 * kSecond;
  while (world.now < end) {
    CHECK_STATUS(world.get(), Status::kOk, "the same ones");
    world.pass(100);
  }
  CHECK(world.source.gets < 20, std::to_string(world.source.gets) + " times asked");
}

void credentials_that_do_not_fit(void**) {
  CacheWorld world;
  world.source.token = std::string(kMaxCredentialsBytes, 't');
  CHECK_STATUS(world.get(), Status::kValueTooLong, "a long token");
  check_short_waits(world, Status::kValueTooLong, "a long token");
  world.source.token = std::string(4096, 't');
  world.pass(kMinute);
  world.load("A", 901);
  CHECK(world.credentials.session_token == world.source.token, "4,096 bytes fit");
  world.source.token += std::string(512, 't');
  world.pass(890 * kSecond);
  CHECK_STATUS(world.get(), Status::kOk, "kept");
  check_kept(world, "A", "kept");
}

void metadata_that_has_expired_is_used(void**) {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    CacheWorld world;
    world.chance = Chance(seed);
    world.source.outlives_expiration = true;
    world.source.has_fetch = true;
    world.load("A", -86400);
    for (int i = 0; i < 3; ++i) {
      check_between(world.until_asked(kSecond, kHour), 10 * kMinute, 15 * kMinute + kSecond, "the next try");
      Call* const fetch = world.fetch;
      CHECK(fetch != nullptr, "one fetches");
      for (int j = 0; j < 3; ++j) check_kept(world, "A", "the others go on");
      run_to_end(*fetch);
      CHECK_STATUS(world.get(), Status::kOk, "expired again");
    }
  }
}

void metadata_outlives_its_expiration(void**) {
  for (Status status : kFailures) {
    CacheWorld world;
    world.source.outlives_expiration = true;
    world.load("A", 3601);
    world.source.status = status;
    world.pass(59 * kMinute + 30 * kSecond);
    CHECK_STATUS(world.get(), Status::kOk, "still valid");
    check_between(world.until_asked(100, kHour), 7500, 15100, "while valid the waits are those of all");
    world.pass(kMinute);
    CHECK_STATUS(world.get(), Status::kOk, "expired, and used");
    for (int i = 0; i < 5; ++i) {
      check_kept(world, "A", "expired, and used");
      check_between(world.until_asked(kSecond, kHour), 10 * kMinute, 15 * kMinute + kSecond, "the next try");
    }
    world.pass(15 * kMinute);
    world.load("B", 3601);
    world.source.status = status;
    check_between(world.until_asked(kSecond, kHour), 55 * kMinute, 58 * kMinute, "back to normal");
    check_between(world.until_asked(kSecond, kHour), 37 * kSecond, 151 * kSecond, "the wait of all");
  }
}

void expired_metadata_does_not_replace_valid(void**) {
  CacheWorld world;
  world.source.outlives_expiration = true;
  world.load("A", 3601);
  world.pass(58 * kMinute);
  world.issue("B", -1);
  CHECK_STATUS(world.get(), Status::kOk, "two minutes are left");
  check_kept(world, "A", "two minutes are left");
  world.pass(2 * kMinute);
  CHECK_STATUS(world.get(), Status::kOk, "none is left");
  CHECK_TEXT(world.credentials.access_key_id, "B", "both have expired: the newer ones");
}

void invalidating_drops_credentials_and_waits(void**) {
  CacheWorld world;
  world.load("A", 3601);
  world.cache.invalidate();
  CHECK(world.cache.expiration().seconds == kNoExpiration.seconds, "nothing is kept");
  world.source.status = Status::kNotFound;
  CHECK_STATUS(world.get(), Status::kNotFound, "nothing is kept");
  world.load("B", 3601);
  world.pass(58 * kMinute);
  world.source.status = Status::kCredentialsUnavailable;
  CHECK_STATUS(world.get(), Status::kOk, "kept");
  world.cache.invalidate();
  CHECK_STATUS(world.get(), Status::kCredentialsUnavailable, "asked at once");
  CHECK_STATUS(world.get_quietly(), Status::kCredentialsUnavailable, "and then not before the next try");
  for (int i = 0; i < 5; ++i) {
    world.pass(kMinute);
    CHECK_STATUS(world.get(), Status::kCredentialsUnavailable, "longer and longer waits");
  }
  world.cache.invalidate();
  CHECK_STATUS(world.get(), Status::kCredentialsUnavailable, "asked at once");
  check_between(world.until_asked(10, kHour), kSecond / 2, kSecond + 10, "the waits begin anew");
  world.cache.invalidate();
  world.load("C", 3601);
}

void without_randomness(void**) {
  for (Status status : {Status::kOk, Status::kCryptoFailed}) {
    for (int byte : {0, 255}) {
      CacheWorld world;
      world.chance.status = status;
      world.chance.byte = byte;
      world.load("A", 3601);
      const int64_t asked = world.until_asked(kSecond, kHour);
      const bool least = byte == 0 && status == Status::kOk;
      check_between(asked, least ? 3450 * kSecond : 55 * kMinute, least ? 3450 * kSecond : 55 * kMinute, "advisory");
    }
  }
}

void the_source_speaks_for_itself(void**) {
  CacheWorld world;
  world.source.place = "instance metadata";
  world.load("A", 3601);
  CHECK_TEXT(world.cache.describe(), "instance metadata", "describe");
  char text[64];
  const IoResult explained = world.cache.explain(text);
  CHECK_WORDS_TEXT(Str(text, explained.size), "instance metadata: asked 1", "explain");
  CHECK(world.cache.settings() == nullptr, "no settings");
  world.source.configured = reinterpret_cast<Settings*>(&world);
  CHECK(world.cache.settings() == world.source.configured, "settings");
  CHECK(world.cache.expiration().seconds == world.source.expiration.seconds, "expiration");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_first_failure_is_tried_again_soon),
      cmocka_unit_test(what_is_not_configured_is_not_remembered),
      cmocka_unit_test(kept_ones_hold_while_the_source_fails),
      cmocka_unit_test(a_failed_fetch_in_the_mandatory_window),
      cmocka_unit_test(kept_ones_hold_while_every_refresh_is_abandoned),
      cmocka_unit_test(credentials_too_large_are_named),
      cmocka_unit_test(expired_ones_are_not_handed_out),
      cmocka_unit_test(a_source_whose_credentials_have_expired),
      cmocka_unit_test(the_same_credentials_again),
      cmocka_unit_test(credentials_that_do_not_fit),
      cmocka_unit_test(metadata_that_has_expired_is_used),
      cmocka_unit_test(metadata_outlives_its_expiration),
      cmocka_unit_test(expired_metadata_does_not_replace_valid),
      cmocka_unit_test(invalidating_drops_credentials_and_waits),
      cmocka_unit_test(without_randomness),
      cmocka_unit_test(the_source_speaks_for_itself),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
