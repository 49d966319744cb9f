// What is stored is whole, and gone when it should be.
// Covers C38: credentials are wiped.
#include "tinyaws/credentials_store.h"
#include "credentials_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;

namespace {

constexpr char kSecret[] = "SECRET-THAT-MUST-NOT-STAY";
constexpr char kToken[] = "TOKEN-THAT-MUST-NOT-STAY";

template <class T>
bool holds(const T& object, Str text) {
  return contains({reinterpret_cast<const char*>(&object), sizeof object}, text);
}

void everything_is_copied(void**) {
  CredentialsStore store;
  CHECK(store.credentials().access_key_id.empty(), "empty at first");
  std::string id = "id";
  std::string secret = kSecret;
  std::string token = kToken;
  std::string account = "123456789012";
  CHECK_STATUS(store.set({id, secret, token, account, {5}, {4}, true}), Status::kOk, "set");
  id = secret = token = account = std::string(100, 'x');
  const Credentials& stored = store.credentials();
  CHECK_TEXT(stored.access_key_id, "id", "key id");
  CHECK_TEXT(stored.secret_access_key, kSecret, "secret");
  CHECK_TEXT(stored.session_token, kToken, "token");
  CHECK_TEXT(stored.account_id, "123456789012", "account id");
  CHECK(stored.expiration.seconds == 5 && stored.issued.seconds == 4 && stored.outlives_expiration, "the rest");
}

void as_much_as_fits(void**) {
  CredentialsStore store;
  const std::string token(4096, 't');
  const std::string other(kMaxCredentialsBytes - 4096 - 3, 'o');
  CHECK_STATUS(store.set({"i", "s", token, other + "a"}), Status::kOk, "exactly");
  CHECK(store.credentials().session_token == token, "token");
  CHECK(store.credentials().account_id == other + "a", "account id");
  CHECK_STATUS(store.set({"j", "s", token, other + "ab"}), Status::kValueTooLong, "one byte more");
  CHECK_TEXT(store.credentials().access_key_id, "i", "the old ones stay");
  CHECK_STATUS(store.set({std::string(kMaxCredentialsBytes, 'i'), {}}), Status::kOk, "a key id alone");
  CHECK_STATUS(store.set({std::string(kMaxCredentialsBytes + 1, 'i'), {}}), Status::kValueTooLong, "one byte more");
}

void replaced_ones_are_wiped(void**) {
  CredentialsStore store;
  CHECK_STATUS(store.set({"id", kSecret, kToken}), Status::kOk, "set");
  CHECK(holds(store, kSecret) && holds(store, kToken), "the test sees secrets");
  CHECK_STATUS(store.set({"i", "s"}), Status::kOk, "set anew");
  CHECK(!holds(store, "THAT-MUST-NOT-STAY"), "replaced");
  CHECK_STATUS(store.set({"id", kSecret, kToken}), Status::kOk, "set");
  store.clear();
  CHECK(!holds(store, "STAY"), "cleared");
  CHECK(store.credentials().access_key_id.empty() && store.credentials().session_token.empty(), "cleared");
}

void they_are_wiped_at_the_end(void**) {
  alignas(CredentialsStore) static char memory[sizeof(CredentialsStore)];
  auto* store = new (memory) CredentialsStore;
  CHECK_STATUS(store->set({"id", kSecret, kToken}), Status::kOk, "set");
  CHECK(holds(memory, kSecret), "the test sees secrets");
  store->~CredentialsStore();
  CHECK(!holds(memory, "STAY"), "the end");
}

void the_cache_wipes_what_it_replaces(void**) {
  CacheWorld world;
  world.source.secret = kSecret;
  world.source.token = kToken;
  world.load("A", 901);
  CHECK(holds(world.cache, kSecret) && holds(world.cache, kToken), "the test sees secrets");
  world.source.secret = "s";
  world.source.token = "t";
  world.pass(850 * kSecond);
  world.load("B", 901);
  CHECK(!holds(world.cache, "STAY"), "replaced");
  world.source.secret = kSecret;
  world.pass(850 * kSecond);
  world.load("C", 901);
  CHECK(holds(world.cache, kSecret), "the test sees secrets");
  world.cache.invalidate();
  CHECK(!holds(world.cache, "STAY"), "invalidated");
}

// A `get` that keeps what there was moves nothing.
void views_stay_until_they_are_replaced(void**) {
  CacheWorld world;
  world.source.secret = kSecret;
  world.load("A", 901);
  const Credentials before = world.credentials;
  world.source.secret.assign(100, 'x');
  world.source.status = Status::kCredentialsUnavailable;
  world.pass(880 * kSecond);
  CHECK_STATUS(world.get(), Status::kOk, "kept");
  CHECK_TEXT(before.secret_access_key, kSecret, "the views");
  CHECK(world.credentials.secret_access_key.data() == before.secret_access_key.data(), "the place");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(everything_is_copied),
      cmocka_unit_test(as_much_as_fits),
      cmocka_unit_test(replaced_ones_are_wiped),
      cmocka_unit_test(they_are_wiped_at_the_end),
      cmocka_unit_test(the_cache_wipes_what_it_replaces),
      cmocka_unit_test(views_stay_until_they_are_replaced),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
