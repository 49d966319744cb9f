// The store of TLS sessions with bytes in the place of sessions.
#include <cstring>
#include <new>
#include <string>

#include "check.h"
#include "tinyaws/mbedtls_sessions.h"

using tinyaws::Bytes;
using tinyaws::MutBytes;
using tinyaws::UnixTime;
using tinyaws::mbedtls::TlsSessions;
using tinyaws::mbedtls::TlsSessionStore;

namespace {

const UnixTime kNow{1000};
const TlsSessions::Terms kTerms{{900, 2000}, {1000, 1500}, false};
const TlsSessions::Key kKey{"host", 443, 7, 1};

bool put(TlsSessions& store, const TlsSessions::Key& key, const std::string& bytes,
         const TlsSessions::Terms& terms = kTerms) {
  const MutBytes space = store.keep(key, terms, bytes.size());
  if (space.empty()) return false;
  assert_int_equal(space.size(), bytes.size());
  memcpy(space.data(), bytes.data(), bytes.size());
  return true;
}

bool has(TlsSessions& store, const TlsSessions::Key& key, const std::string& bytes) {
  return store.find(key, kNow).bytes == Bytes(bytes);
}

void gives_back_what_it_keeps(void**) {
  TlsSessionStore<3, 64> store;
  assert_int_equal(store.count(), 0);
  assert_true(store.find(kKey, kNow).bytes.empty());
  assert_true(put(store, kKey, "session"));
  assert_int_equal(store.count(), 1);
  const TlsSessions::Session found = store.find(kKey, kNow);
  assert_text(found.bytes, "session");
  assert_int_equal(found.terms.trust.until, 2000);
  assert_int_equal(found.terms.life.until, 1500);
  assert_true(put(store, kKey, "a newer one"));
  assert_int_equal(store.count(), 1);
  assert_true(has(store, kKey, "a newer one"));
}

void tells_keys_apart(void**) {
  const TlsSessions::Key keys[] = {
      kKey, {"hos", 443, 7, 1}, {"hosts", 443, 7, 1}, {"host", 444, 7, 1}, {"host", 443, 8, 1}, {"", 443, 7, 1}};
  TlsSessionStore<6, 64> store;
  for (size_t i = 0; i < 6; ++i) assert_true(put(store, keys[i], std::string(i + 1, 'x')));
  assert_int_equal(store.count(), 6);
  for (size_t i = 0; i < 6; ++i) assert_true(has(store, keys[i], std::string(i + 1, 'x')));
  store.forget(keys[2]);
  for (size_t i = 0; i < 6; ++i) assert_true(has(store, keys[i], std::string(i == 2 ? 0 : i + 1, 'x')));
}

void forgets_what_belongs_to_other_settings(void**) {
  for (const uint64_t changes : {uint64_t{0}, uint64_t{2}}) {
    TlsSessionStore<2, 64> store;
    put(store, kKey, "session");
    assert_true(has(store, {"host", 443, 7, changes}, ""));
    assert_int_equal(store.count(), 0);
  }
}

void forgets_what_is_out_of_its_time(void**) {
  struct Case {
    int64_t now;
    bool kept;
  };
  const TlsSessions::Terms short_trust{{900, 1200}, {1000, 1500}, false};
  for (const Case& c : {Case{999, false}, {1000, true}, {1500, true}, {1501, false}}) {
    TlsSessionStore<2, 64> store;
    put(store, kKey, "session");
    assert_int_equal(store.find(kKey, {c.now}).bytes.size(), c.kept ? 7 : 0);
    assert_int_equal(store.count(), c.kept ? 1 : 0);
  }
  for (const Case& c : {Case{1200, true}, {1201, false}}) {
    TlsSessionStore<2, 64> store;
    put(store, kKey, "session", short_trust);
    assert_int_equal(store.find(kKey, {c.now}).bytes.size(), c.kept ? 7 : 0);
  }
}

void refuses_what_does_not_fit_and_keeps_what_it_has(void**) {
  TlsSessionStore<2, 20> store;
  assert_true(put(store, kKey, std::string(16, 'a')));
  assert_false(put(store, kKey, std::string(17, 'b')));
  assert_true(has(store, kKey, std::string(16, 'a')));
  const std::string host(20, 'h');
  assert_false(put(store, {host, 443, 7, 1}, "c"));
  assert_false(put(store, {host + "h", 443, 7, 1}, "c"));
  assert_int_equal(store.count(), 1);
}

void lets_the_least_recently_used_give_way(void**) {
  TlsSessionStore<3, 20> store;
  const TlsSessions::Key a{"a", 1, 7, 1}, b{"b", 1, 7, 1}, c{"c", 1, 7, 1}, d{"d", 1, 7, 1};
  put(store, a, "a");
  put(store, b, "b");
  put(store, c, "c");
  assert_true(has(store, a, "a"));
  put(store, d, "d");
  assert_true(has(store, b, ""));
  assert_true(has(store, a, "a") && has(store, c, "c") && has(store, d, "d"));
  store.forget(a);
  put(store, b, "b");
  assert_true(has(store, c, "c") && has(store, d, "d") && has(store, b, "b"));
}

bool holds_secret(const void* memory, size_t size) {
  return Bytes(static_cast<const char*>(memory), size).find("ssss") != Bytes::npos;
}

void wipes(void**) {
  using Store = TlsSessionStore<2, 100>;
  const std::string secret(60, 's');
  alignas(Store) unsigned char space[sizeof(Store)] = {};
  for (const int how : {0, 1, 2, 3, 4}) {
    auto* store = new (space) Store;
    put(*store, kKey, secret);
    assert_true(holds_secret(space, sizeof space));
    if (how == 0) store->forget(kKey);
    if (how == 1) store->clear();
    if (how == 2) put(*store, kKey, "x");
    if (how == 3) assert_true(store->find(kKey, {5000}).bytes.empty());
    if (how == 4) store->~Store();
    assert_false(holds_secret(space, sizeof space));
    if (how != 4) store->~Store();
  }
}

void wipes_what_gives_way(void**) {
  using Store = TlsSessionStore<1, 100>;
  alignas(Store) unsigned char space[sizeof(Store)] = {};
  auto* store = new (space) Store;
  put(*store, kKey, std::string(60, 's'));
  put(*store, {"other", 443, 7, 1}, "x");
  assert_false(holds_secret(space, sizeof space));
  store->~Store();
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(gives_back_what_it_keeps),
      cmocka_unit_test(tells_keys_apart),
      cmocka_unit_test(forgets_what_belongs_to_other_settings),
      cmocka_unit_test(forgets_what_is_out_of_its_time),
      cmocka_unit_test(refuses_what_does_not_fit_and_keeps_what_it_has),
      cmocka_unit_test(lets_the_least_recently_used_give_way),
      cmocka_unit_test(wipes),
      cmocka_unit_test(wipes_what_gives_way),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
