// The signing key that the signer caches: when it is derived anew, and what is left of a secret.
// Covers C14, C38: the cached key after every change and at midnight; the secret is gone with it.
#include "signer_fixture.h"

#include <cstring>
#include <functional>
#include <new>
#include <random>
#include <vector>

using namespace tinyaws;
using namespace test;

namespace {

// Parts that give the same text when they are put one behind the other, that are prefixes of each other, that fill
// the cache exactly, and that exceed it and differ at their very end.
std::vector<std::string> confusable_secrets() {
  const size_t room = kSigningKeyCacheBytes - std::string("eu-west-1dynamodb").size() - 3;
  return {"s",
          "se",
          "secret",
          "secreteu-west-1",
          "secre",
          std::string(room - 1, 'x'),
          std::string(room, 'x'),
          std::string(room + 1, 'x'),
          std::string(kSigningKeyCacheBytes, 'x'),
          std::string(kSigningKeyCacheBytes + 50, 'x') + "1",
          std::string(kSigningKeyCacheBytes + 50, 'x') + "2"};
}

void every_change_derives_a_key_anew(void**) {
  const std::vector<std::string> secrets = confusable_secrets();
  const std::vector<std::string> regions = {"eu-west-1", "eu-west-", "teu-west-1", "u-west-1", "e"};
  const std::vector<std::string> services = {"dynamodb", "ynamodb", "1dynamodb", "d"};
  const std::vector<int64_t> times = {kTime, kTime + 60, kTime + 86400, kTime + 365 * 86400};
  std::mt19937 random(5);
  Signer signer;
  for (int i = 0; i < 3000; ++i) {
    static Order order;
    switch (random() % 5) {  // one change at a time, or none
      case 0:
        order.secret = secrets[random() % secrets.size()];
        break;
      case 1:
        order.region = regions[random() % regions.size()];
        break;
      case 2:
        order.service = services[random() % services.size()];
        break;
      case 3:
        order.time = times[random() % times.size()];
        break;
      default:
        break;
    }
    assert_text(signature_by(signer, order), fresh_signature(order));
  }
}

void the_turn_of_the_day(void**) {
  Order order;
  Signer signer;
  for (int64_t time : {kTime, int64_t{1440979199}, int64_t{1440979200}, int64_t{1440979199}}) {
    order.time = time;
    assert_text(signature_by(signer, order), fresh_signature(order));
  }
}

void headers_and_urls_share_the_key(void**) {
  Order order, other;
  other.secret = "other";
  Signer signer;
  for (const Order& o : {order, order, other, order}) {
    Signer fresh;
    assert_text(url_by(signer, o), url_by(fresh, o));
    assert_text(signature_by(signer, o), fresh_signature(o));
  }
}

/// A signer in memory that a test may look at, during its life and after its end.
class OpenSigner {
 public:
  OpenSigner() {
    memset(memory_, 0x5a, sizeof memory_);
    signer_ = new (memory_) Signer;
  }
  Signer& operator*() { return *signer_; }
  void end() { signer_->~Signer(); }
  std::string memory() const { return {reinterpret_cast<const char*>(memory_), sizeof memory_}; }

 private:
  alignas(Signer) unsigned char memory_[sizeof(Signer)];
  Signer* signer_;
};

bool holds_a_piece(const std::string& memory, const std::string& secret) {
  for (size_t at = 0; at + 4 <= secret.size(); ++at) {
    if (holds(memory, secret.substr(at, 4))) return true;
  }
  return false;
}

/// Memory that is the same whatever the secret was holds neither it nor a key made from it.
void assert_wiped(const std::function<void(OpenSigner&)>& use, const std::function<void(OpenSigner&)>& end) {
  Order one, two;
  two.secret = "Zq83vMnP0LrTyUiOaSdFgHjKlQwErTyUiOpAsDfG";
  OpenSigner first, second;
  signature_by(*first, one);
  signature_by(*second, two);
  assert_true(holds_a_piece(first.memory(), one.secret));  // the search does find what is there
  use(first);
  use(second);
  end(first);
  end(second);
  assert_false(holds_a_piece(first.memory(), one.secret));
  assert_false(holds_a_piece(second.memory(), two.secret));
  assert_true(first.memory() == second.memory());
}

void forget_and_the_end_leave_nothing_of_the_secret(void**) {
  const auto nothing = [](OpenSigner&) {};
  const auto forget = [](OpenSigner& signer) { (*signer).forget(); };
  const auto end = [](OpenSigner& signer) { signer.end(); };
  assert_wiped(nothing, forget);
  assert_wiped(nothing, end);
  assert_wiped(forget, end);
  assert_wiped(forget, forget);
}

void another_secret_leaves_nothing_of_the_first(void**) {
  Order first, second;
  second.secret = "x";
  OpenSigner signer;
  signature_by(*signer, first);
  signature_by(*signer, second);
  assert_false(holds_a_piece(signer.memory(), first.secret));
  (*signer).forget();
}

void a_refused_request_leaves_nothing_of_the_secret(void**) {
  Order order;
  order.region = "";
  OpenSigner signer;
  Signature signature;
  assert_status(order.sign(*signer, signature), Status::kInvalidArgument);
  assert_false(holds_a_piece(signer.memory(), order.secret));
  assert_text(signature_by(*signer, {}), fresh_signature({}));
  (*signer).forget();
}

void after_forget_it_signs_as_before(void**) {
  Signer signer;
  const std::string before = signature_by(signer, {});
  signer.forget();
  signer.forget();
  assert_text(signature_by(signer, {}), before);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(every_change_derives_a_key_anew),
      cmocka_unit_test(the_turn_of_the_day),
      cmocka_unit_test(headers_and_urls_share_the_key),
      cmocka_unit_test(forget_and_the_end_leave_nothing_of_the_secret),
      cmocka_unit_test(another_secret_leaves_nothing_of_the_first),
      cmocka_unit_test(a_refused_request_leaves_nothing_of_the_secret),
      cmocka_unit_test(after_forget_it_signs_as_before),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
