#include "crypto/hmac.h"

#include <cstring>

#include "check.h"
#include "reference_signature.h"
#include "text/hex.h"

using namespace tinyaws;

namespace {

std::string hex(const unsigned char (&bytes)[kSha256Bytes]) {
  char out[2 * kSha256Bytes];
  write_hex(bytes, sizeof bytes, out);
  return {out, sizeof out};
}

std::string mac_of(const HmacKey& key, Bytes message) {
  Sha256State state;
  sha256_clone(state, key.inner);
  sha256_update(state, message);
  unsigned char mac[kSha256Bytes];
  assert_status(hmac_finish(key, state, mac), Status::kOk);
  return hex(mac);
}

std::string mac_of(Bytes prefix, Bytes key_bytes, Bytes message) {
  HmacKey key;
  assert_status(hmac_key_start(prefix, key_bytes, key), Status::kOk);
  const std::string mac = mac_of(key, message);
  hmac_key_stop(key);
  return mac;
}

std::string repeated(size_t count, int byte) {
  return std::string(count, static_cast<char>(byte));
}

struct Case {
  std::string key;
  std::string message;
  std::string mac;
};

std::string counting(int from, int to) {
  std::string out;
  for (int i = from; i <= to; ++i) out += static_cast<char>(i);
  return out;
}

// RFC 4231 section 4, cases 1 to 7; of case 5 only 128 bits are given.
const Case kCases[] = {
    {repeated(20, 0x0b), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
    {"Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {repeated(20, 0xaa), repeated(50, 0xdd), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
    {counting(1, 25), repeated(50, 0xcd), "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
    {repeated(20, 0x0c), "Test With Truncation", "a3b6167473100ee06e0c796c2955552b"},
    {repeated(131, 0xaa), "Test Using Larger Than Block-Size Key - Hash Key First",
     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
    {repeated(131, 0xaa),
     "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be "
     "hashed before being used by the HMAC algorithm.",
     "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
};

void rfc_4231(void**) {
  for (const Case& c : kCases) assert_text(mac_of({}, c.key, c.message).substr(0, c.mac.size()), c.mac);
}

void a_key_in_two_parts_is_the_key_in_one(void**) {
  for (const Case& c : kCases) {
    const Bytes key = c.key;
    for (size_t split = 0; split <= key.size(); ++split) {
      const std::string mac = mac_of({key.data(), split}, {key.data() + split, key.size() - split}, c.message);
      assert_text(mac.substr(0, c.mac.size()), c.mac);
    }
  }
}

void keys_and_messages_of_all_lengths_round_a_block(void**) {
  for (size_t key = 0; key <= 130; ++key) {
    const std::string bytes = repeated(key, 0x61 + static_cast<int>(key % 20));
    const std::string prefix = "AWS4";
    for (size_t message : {0, 1, 55, 56, 63, 64, 65, 200}) {
      const std::string text = repeated(message, 'm');
      assert_text(mac_of(prefix, bytes, text), test::to_hex(test::hmac_sha256(prefix + bytes, text)));
    }
  }
}

void a_key_is_derived_from_a_key(void**) {
  HmacKey key;
  assert_status(hmac_key_start("AWS4", "secret", key), Status::kOk);
  std::string same = "AWS4secret";
  for (const char* message : {"20150830", "", "eu-west-1"}) {
    assert_status(hmac_key_derive(key, message), Status::kOk);
    same = test::hmac_sha256(same, message);
    assert_text(mac_of(key, "text"), test::to_hex(test::hmac_sha256(same, "text")));
  }
  hmac_key_stop(key);
}

void a_key_serves_many_messages_and_pieces(void**) {
  HmacKey key;
  assert_status(hmac_key_start({}, kCases[1].key, key), Status::kOk);
  for (int round = 0; round < 3; ++round) {
    Sha256State inner;
    sha256_clone(inner, key.inner);
    for (char c : kCases[1].message) sha256_update(inner, {&c, 1});
    unsigned char mac[kSha256Bytes];
    assert_status(hmac_finish(key, inner, mac), Status::kOk);
    sha256_stop(inner);
    assert_text(hex(mac), kCases[1].mac);
  }
  hmac_key_stop(key);
}

void stopping_leaves_nothing_of_the_key(void**) {
  HmacKey key;
  memset(&key, 0x55, sizeof key);
  assert_status(hmac_key_start("AWS4", "secret", key), Status::kOk);
  HmacKey other;
  memset(&other, 0x55, sizeof other);
  assert_status(hmac_key_start("AWS4", "another", other), Status::kOk);
  hmac_key_stop(key);
  hmac_key_stop(other);
  assert_memory_equal(&key, &other, sizeof key);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(rfc_4231),
      cmocka_unit_test(a_key_in_two_parts_is_the_key_in_one),
      cmocka_unit_test(keys_and_messages_of_all_lengths_round_a_block),
      cmocka_unit_test(a_key_is_derived_from_a_key),
      cmocka_unit_test(a_key_serves_many_messages_and_pieces),
      cmocka_unit_test(stopping_leaves_nothing_of_the_key),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
