// One place after the other.
#include "credentials_fixture.h"
#include "fakes/check_words.h"
#include "tinyaws/providers.h"

using namespace tinyaws;
using namespace tinyaws::fakes;

namespace {

struct ChainWorld {
  ScriptedSource first;
  ScriptedSource second;
  ScriptedSource third;
  CredentialsProvider* places[3] = {&first, &second, &third};
  CredentialsChain chain{places};
  Credentials credentials;
  Call* fetch = nullptr;

  ChainWorld() {
    first.place = "first";
    second.place = "second";
    third.place = "third";
    for (ScriptedSource* place : {&first, &second, &third}) place->status = Status::kNotFound;
  }
  Status get() { return chain.get({}, {}, credentials, fetch); }
  std::string explained() const {
    char text[200];
    const IoResult result = chain.explain(text);
    CHECK_STATUS(result.status, Status::kOk, "explain");
    return std::string(text, result.size);
  }
  std::string asked() const {
    return std::to_string(first.gets) + std::to_string(second.gets) + std::to_string(third.gets);
  }
};

void the_first_that_has_some_gives_them(void**) {
  for (int who = 0; who < 3; ++who) {
    ChainWorld world;
    auto& giver = static_cast<ScriptedSource&>(*world.places[who]);
    giver.status = Status::kOk;
    giver.key_id = "found";
    CHECK_STATUS(world.get(), Status::kOk, giver.place);
    CHECK_TEXT(world.credentials.access_key_id, "found", giver.place);
    CHECK_TEXT(world.chain.describe(), giver.place, "describe");
    CHECK_TEXT(world.asked(),
               std::string(static_cast<size_t>(who) + 1, '1') + std::string(2 - static_cast<size_t>(who), '0'),
               "asked");
    CHECK_STATUS(world.get(), Status::kOk, "again");
    CHECK(world.first.gets == 2, "each search begins at the first place");
    giver.status = Status::kNotFound;
    CHECK_STATUS(world.get(), Status::kNotFound, "no more");
    CHECK_TEXT(world.chain.describe(), "chain", "describe");
  }
}

void an_error_ends_the_search(void**) {
  for (Status error : {Status::kMalformedFile, Status::kCredentialsIncomplete, Status::kCredentialsUnavailable,
                       Status::kCredentialsExpired, Status::kNoCredentials}) {
    ChainWorld world;
    world.second.status = error;
    world.third.status = Status::kOk;
    CHECK_STATUS(world.get(), error, "its own error");
    CHECK_TEXT(world.asked(), "110", "asked");
    CHECK_TEXT(world.chain.describe(), "second", "who failed");
    CHECK_WORDS_TEXT(world.explained(), "first: asked 1\nsecond: asked 1", "explain");
    world.second.status = Status::kNotFound;
    CHECK_STATUS(world.get(), Status::kOk, "the next search");
    CHECK_TEXT(world.asked(), "221", "asked");
  }
}

void nothing_is_configured(void**) {
  ChainWorld world;
  CHECK_WORDS_TEXT(world.explained(), "", "before any question");
  CHECK_TEXT(world.chain.describe(), "chain", "before any question");
  CHECK_STATUS(world.get(), Status::kNotFound, "all pass on");
  CHECK_WORDS_TEXT(world.explained(), "first: asked 1\nsecond: asked 1\nthird: asked 1", "explain");
  CHECK_TEXT(world.chain.describe(), "chain", "nobody");
  CHECK_STATUS(world.get(), Status::kNotFound, "the next search");
  CHECK_TEXT(world.asked(), "222", "all are asked again");
  CredentialsChain empty(Span<CredentialsProvider* const>{});
  Call* fetch = &world.first.call;
  CHECK_STATUS(empty.get({}, {}, world.credentials, fetch), Status::kNotFound, "no places");
  CHECK(fetch == nullptr, "no fetch");
}

void a_fetch_is_resumed_where_it_was_begun(void**) {
  ChainWorld world;
  world.second.has_fetch = true;
  world.second.status = Status::kOk;
  CHECK_STATUS(world.get(), Status::kPending, "the first asker");
  CHECK(world.fetch == &world.second.call, "the place's own fetch");
  Call& fetch = *world.fetch;
  CHECK_STATUS(world.get(), Status::kPending, "another asker");
  CHECK(world.fetch == nullptr, "has nothing to run");
  run_to_end(fetch);
  CHECK_STATUS(world.get(), Status::kOk, "the first asker again");
  CHECK_TEXT(world.asked(), "130", "asked");
  CHECK_WORDS_TEXT(world.explained(), "first: asked 1\nsecond: asked 3", "explain");
}

void a_fetch_that_finds_nothing_passes_on(void**) {
  ChainWorld world;
  world.first.has_fetch = true;
  world.second.has_fetch = true;
  world.third.status = Status::kOk;
  CHECK_STATUS(world.get(), Status::kPending, "the first place");
  run_to_end(*world.fetch);
  CHECK_STATUS(world.get(), Status::kPending, "the second place");
  CHECK(world.fetch == &world.second.call, "the second place");
  run_to_end(*world.fetch);
  CHECK_STATUS(world.get(), Status::kOk, "the third place");
  CHECK_TEXT(world.asked(), "221", "asked");
}

void a_cancelled_fetch_is_begun_anew(void**) {
  ChainWorld world;
  world.second.has_fetch = true;
  world.second.status = Status::kOk;
  for (int i = 1; i <= 3; ++i) {
    CHECK_STATUS(world.get(), Status::kPending, "an asker");
    CHECK(world.fetch != nullptr, "is given the fetch");
    world.fetch->on_cancel();
    CHECK(world.second.fetches == 2 * i - 1, "begun where the search stood, and again from the first place on");
  }
  CHECK_STATUS(world.get(), Status::kPending, "one that stays");
  run_to_end(*world.fetch);
  CHECK_STATUS(world.get(), Status::kOk, "one that stays");
}

// An hour later another place may have some.
void a_search_that_was_abandoned_begins_at_the_first_place(void**) {
  ChainWorld world;
  world.second.has_fetch = true;
  CHECK_STATUS(world.get(), Status::kPending, "an asker");
  world.fetch->on_cancel();
  world.first.status = Status::kOk;
  CHECK_STATUS(world.get(), Status::kOk, "the first place has some now");
  CHECK(!world.second.call.running, "and no fetch is left behind");
}

void explanations_of_any_length(void**) {
  ChainWorld world;
  (void)world.get();
  const std::string whole = world.explained();
  for (size_t size = 0; size <= whole.size(); ++size) {
    std::string text(size + 1, '#');
    const IoResult result = world.chain.explain({text.data(), size});
    CHECK_STATUS(result.status, size < whole.size() ? Status::kBufferTooSmall : Status::kOk, "explain");
    CHECK(result.size == whole.size(), "the size needed");
    CHECK(text[size] == '#', "nothing is written past the end");
  }
}

void chains_stand_in_chains(void**) {
  ChainWorld inner;
  ChainWorld outer;
  CredentialsChain empty(Span<CredentialsProvider* const>{});
  inner.third.status = Status::kOk;
  CredentialsProvider* const places[] = {&outer.first, &empty, &inner.chain};
  CredentialsChain chain(places);
  CHECK_STATUS(chain.get({}, {}, outer.credentials, outer.fetch), Status::kOk, "found");
  CHECK_TEXT(chain.describe(), "third", "describe");
  char text[100];
  const IoResult result = chain.explain(text);
  CHECK_WORDS_TEXT(Str(text, result.size), "first: asked 1\nfirst: asked 1\nsecond: asked 1\nthird: asked 1",
                   "explain");
}

void settings_of_the_first_that_has_some(void**) {
  ChainWorld world;
  CHECK(world.chain.settings() == nullptr, "nobody has any");
  world.third.configured = reinterpret_cast<Settings*>(&world.third);
  CHECK(world.chain.settings() == world.third.configured, "the third");
  world.second.configured = reinterpret_cast<Settings*>(&world.second);
  CHECK(world.chain.settings() == world.second.configured, "the second");
  auto* const given = reinterpret_cast<Settings*>(&world);
  CredentialsChain with_settings(world.places, given);
  CHECK(with_settings.settings() == given, "those given");
}

// A hundred askers of a cache in front of a chain, whose second place takes two fetches.
void behind_a_cache(void**) {
  ChainWorld world;
  Chance chance;
  CachedCredentials cache(world.chain, chance);
  world.first.has_fetch = true;
  world.second.has_fetch = true;
  world.second.status = Status::kOk;
  std::vector<Call*> fetches;
  int answered = 0;
  for (int round = 0; answered == 0; ++round) {
    CHECK(round < 10, "hang: no answer");
    for (int asker = 0; asker < 100; ++asker) {
      const Status status = cache.get({}, {}, world.credentials, world.fetch);
      if (world.fetch != nullptr) fetches.push_back(world.fetch);
      answered += status == Status::kOk ? 1 : 0;
    }
    if (answered == 0) run_to_end(*fetches.back());
  }
  CHECK(answered == 100 && fetches.size() == 2, "one fetch of each place");
  CHECK_TEXT(world.asked(), "220", "asked");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(the_first_that_has_some_gives_them),
      cmocka_unit_test(an_error_ends_the_search),
      cmocka_unit_test(nothing_is_configured),
      cmocka_unit_test(a_fetch_is_resumed_where_it_was_begun),
      cmocka_unit_test(a_fetch_that_finds_nothing_passes_on),
      cmocka_unit_test(a_cancelled_fetch_is_begun_anew),
      cmocka_unit_test(a_search_that_was_abandoned_begins_at_the_first_place),
      cmocka_unit_test(explanations_of_any_length),
      cmocka_unit_test(chains_stand_in_chains),
      cmocka_unit_test(settings_of_the_first_that_has_some),
      cmocka_unit_test(behind_a_cache),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
