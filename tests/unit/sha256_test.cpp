// The SHA-256 that this build is linked with: vectors of FIPS 180-4's examples and of NIST's CAVP.
#include "tinyaws/sha256.h"

#include <cstring>

#include "check.h"

using tinyaws::Bytes;
using tinyaws::Sha256State;
using tinyaws::Status;

namespace {

const char kEmpty[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const char kAbc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const char kTwoBlocksText[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
const char kTwoBlocks[] = "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1";
const char kMillionA[] = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

void assert_digest(Sha256State& state, const char* expected) {
  unsigned char digest[tinyaws::kSha256Bytes];
  assert_status(tinyaws::sha256_finish(state, digest), Status::kOk);
  tinyaws::sha256_stop(state);
  char hex[2 * sizeof digest + 1];
  for (size_t i = 0; i < sizeof digest; ++i) snprintf(hex + 2 * i, 3, "%02x", digest[i]);
  assert_string_equal(hex, expected);
}

void hashes(Bytes bytes, size_t piece, const char* expected) {
  Sha256State state;
  memset(&state, 0xA5, sizeof state);
  tinyaws::sha256_start(state);
  while (!bytes.empty()) {
    const size_t size = bytes.size() < piece ? bytes.size() : piece;
    tinyaws::sha256_update(state, Bytes(bytes.data(), size));
    bytes.remove_prefix(size);
  }
  assert_digest(state, expected);
}

void known_vectors(void**) {
  hashes("", 1, kEmpty);
  hashes("abc", 3, kAbc);
  hashes(kTwoBlocksText, sizeof kTwoBlocksText, kTwoBlocks);
}

void takes_any_pieces(void**) {
  hashes("abc", 1, kAbc);
  for (size_t piece = 1; piece < sizeof kTwoBlocksText; ++piece) hashes(kTwoBlocksText, piece, kTwoBlocks);
  static char million[1000000];
  memset(million, 'a', sizeof million);
  for (const size_t piece : {1, 63, 64, 65, 1000000}) hashes(Bytes(million, sizeof million), piece, kMillionA);
}

void takes_empty_updates(void**) {
  Sha256State state;
  tinyaws::sha256_start(state);
  tinyaws::sha256_update(state, Bytes());
  tinyaws::sha256_update(state, "abc");
  tinyaws::sha256_update(state, "");
  assert_digest(state, kAbc);
}

void clones_are_independent(void**) {
  Sha256State original;
  tinyaws::sha256_start(original);
  tinyaws::sha256_update(original, "a");
  Sha256State copy;
  memset(&copy, 0xA5, sizeof copy);
  tinyaws::sha256_clone(copy, original);
  tinyaws::sha256_update(copy, "something else");
  Sha256State second;
  tinyaws::sha256_clone(second, original);
  tinyaws::sha256_stop(copy);
  tinyaws::sha256_update(original, "bc");
  assert_digest(original, kAbc);
  tinyaws::sha256_update(second, "bc");
  assert_digest(second, kAbc);
}

void clones_a_new_hash(void**) {
  Sha256State original;
  tinyaws::sha256_start(original);
  Sha256State copy;
  tinyaws::sha256_clone(copy, original);
  tinyaws::sha256_stop(original);
  tinyaws::sha256_update(copy, "abc");
  assert_digest(copy, kAbc);
}

void stopping_leaves_nothing_of_the_input(void**) {
  for (const bool finished : {false, true}) {
    Sha256State state;
    memset(&state, 0, sizeof state);
    tinyaws::sha256_start(state);
    tinyaws::sha256_update(state, "THE SECRET");
    unsigned char digest[tinyaws::kSha256Bytes];
    if (finished) assert_status(tinyaws::sha256_finish(state, digest), Status::kOk);
    tinyaws::sha256_stop(state);
    const Bytes storage(reinterpret_cast<const char*>(state.storage), sizeof state.storage);
    assert_true(storage.find("SECRET") == Bytes::npos);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(known_vectors),       cmocka_unit_test(takes_any_pieces),
      cmocka_unit_test(takes_empty_updates), cmocka_unit_test(clones_are_independent),
      cmocka_unit_test(clones_a_new_hash),   cmocka_unit_test(stopping_leaves_nothing_of_the_input),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
