// Complete calls through an AsyncClient with a cache of credentials, in worlds where everything fails now and then:
// at every step of a connection, in every manner of a service, with clocks that are wrong and credentials that
// expire.
//
//   TINYAWS_SIMULATION_CALLS=N    how many calls, 1,000 a world; 20,000 otherwise
//   TINYAWS_SIMULATION_SEED=S     the world of that seed alone
//
// Whatever happens: every call ends once, and within its deadline; no request is begun after it, and none more than
// there may be; each repetition was paid for, with tokens that were there; what may be done only once is done at most
// once; nothing is signed with credentials that the client can know to have expired; every signature is right; an
// answer is nobody else's, and whole; the library allocates nothing; and in the end nothing is left open.
// Covers C15, C16, C22, C27, C40: at random, all at once.
#include "simulated_world.h"

using namespace tinyaws;
using namespace tinyaws::fakes;

namespace {

constexpr size_t kDefaultCalls = 20000;

uint64_t failing_seed = 0;

uint64_t number(const char* variable, uint64_t otherwise) {
  const char* const text = getenv(variable);
  return text != nullptr ? strtoull(text, nullptr, 10) : otherwise;
}

void print(const Outcomes& outcomes) {
  print_message("%zu calls, %zu in trouble; %zu requests signed; %zu sets of credentials\n", outcomes.calls,
                outcomes.troubled, outcomes.signed_requests, outcomes.keys);
  for (size_t i = 0; i <= static_cast<size_t>(Status::kServiceError); ++i) {
    const Str word = name(static_cast<Status>(i));
    if (outcomes.statuses[i] == 0) continue;
    print_message("  ended with %-24.*s %8zu\n", static_cast<int>(word.size()), word.data(), outcomes.statuses[i]);
  }
  for (size_t i = 0; i < 12; ++i) {
    if (outcomes.requests[i] > 0) print_message("  %2zu requests %33s %8zu\n", i, "", outcomes.requests[i]);
  }
  print_message(
      "  requests beyond the first: %zu repetitions, %zu after dead connections, %zu after clock or keys,\n",
      outcomes.repeated, outcomes.freed, outcomes.clock_or_keys);
  print_message("  %zu redirected, %zu without leave; steps with an empty bucket: %zu\n", outcomes.moved,
                outcomes.leaves, outcomes.dry);
  for (size_t i = 0; i < kMishaps; ++i) {
    print_message("  %-22s %8zu%s", kMishapNames[i], outcomes.mishaps[i], i % 3 == 2 ? "\n" : "");
  }
  print_message("\n");
}

void check_variety(const Outcomes& outcomes) {
  for (size_t i = 0; i < kMishaps; ++i) CHECK(outcomes.mishaps[i] > 0, std::string("never: ") + kMishapNames[i]);
  CHECK(outcomes.freed > 0 && outcomes.clock_or_keys > 0 && outcomes.moved > 0 && outcomes.leaves > 0 &&
            outcomes.dry > 0,
        "every way to go on");
  const size_t succeeded = outcomes.statuses[static_cast<size_t>(Status::kOk)];
  CHECK(outcomes.troubled > outcomes.calls / 2, "most calls meet trouble");
  CHECK(succeeded > outcomes.calls / 3, "a good part succeeds: " + std::to_string(succeeded));
}

void every_call_keeps_its_promises(void**) {
  const uint64_t one = number("TINYAWS_SIMULATION_SEED", 0);
  const uint64_t worlds = number("TINYAWS_SIMULATION_CALLS", kDefaultCalls) / kWorldCalls;
  Outcomes all;
  for (uint64_t seed = one > 0 ? one : 1; seed <= (one > 0 ? one : worlds); ++seed) {
    failing_seed = seed;
    all.add(World(seed).run());
  }
  failing_seed = 0;
  print(all);
  if (one == 0 && all.calls >= kDefaultCalls) check_variety(all);
}

int tell_seed(void**) {
  if (failing_seed == 0) return 0;
  print_error("replay: TINYAWS_SIMULATION_SEED=%llu failure_simulation_test\n",
              static_cast<unsigned long long>(failing_seed));
  return 0;
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {cmocka_unit_test_teardown(every_call_keeps_its_promises, tell_seed)};
  return cmocka_run_group_tests_name("failure simulation", tests, nullptr, nullptr);
}
