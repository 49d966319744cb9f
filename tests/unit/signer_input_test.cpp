// What the signer refuses to sign, and that it signs as before afterwards.
// Covers C9, C38: fields and headers that the signer refuses.
#include "signer_fixture.h"

#include <vector>

using namespace tinyaws;
using namespace test;

namespace {

using Field = std::string Order::*;
const Field kFields[] = {&Order::method,       &Order::host,         &Order::target, &Order::header_name,
                         &Order::header_value, &Order::payload_hash, &Order::key_id, &Order::secret,
                         &Order::token,        &Order::region,       &Order::service};

void assert_refused(Signer& signer, const Order& order) {
  Signature signature;
  assert_status(order.sign(signer, signature), Status::kInvalidArgument);
  char url[2048];
  const IoResult result = order.presign(signer, url);
  assert_status(result.status, Status::kInvalidArgument);
  assert_int_equal(result.size, 0);
}

void no_field_takes_cr_lf_or_nul(void**) {
  const std::string expected = fresh_signature({});
  Signer signer;
  for (Field field : kFields) {
    for (char c : {'\r', '\n', '\0'}) {
      const size_t size = (Order().*field).size();
      for (size_t at : {size_t{0}, size / 2, size}) {
        Order order;
        (order.*field).insert(at, 1, c);
        assert_refused(signer, order);
      }
    }
    assert_text(signature_by(signer, {}), expected);
  }
}

void a_field_that_must_not_be_empty(void**) {
  Signer signer;
  for (Field field : {&Order::method, &Order::host, &Order::region, &Order::service, &Order::key_id, &Order::secret,
                      &Order::payload_hash, &Order::header_name}) {
    Order order;
    (order.*field).clear();
    assert_refused(signer, order);
  }
  for (Field field : {&Order::target, &Order::token, &Order::header_value}) {
    Order order;
    (order.*field).clear();
    signature_by(signer, order);
    url_by(signer, order);
  }
}

void methods_and_header_names_are_tokens(void**) {
  Signer signer;
  for (const char* bad : {"GE T", "GET ", " GET", "G/T", "G:T", "\xc3\xa4"}) {
    Order order;
    order.method = bad;
    assert_refused(signer, order);
    order.method = "GET";
    order.header_name = bad;
    assert_refused(signer, order);
  }
}

void headers_of_the_signer_are_refused(void**) {
  Signer signer;
  for (const char* name : {"authorization", "X-Amz-Date", "X-AMZ-SECURITY-TOKEN", "x-amz-content-sha256"}) {
    Order order;
    order.header_name = name;
    assert_refused(signer, order);
  }
}

void times_outside_1970_to_9999(void**) {
  Signer signer;
  for (int64_t time : {int64_t{-1}, int64_t{253402300800}, INT64_MIN, INT64_MAX}) {
    Order order;
    order.time = time;
    assert_refused(signer, order);
  }
  for (int64_t time : {int64_t{0}, int64_t{253402300799}}) {
    Order order;
    order.time = time;
    assert_text(signature_by(signer, order), fresh_signature(order));
  }
}

void too_many_headers(void**) {
  const Order order;
  const std::vector<Header> headers(kMaxHeaders + 1, Header{"a", "b"});
  const SigningInput input = {
      order.method, order.host, order.target, {headers.data(), headers.size()}, order.payload_hash};
  Signer signer;
  Signature signature;
  const Credentials by = order.credentials();
  const SigningConfig config = order.config(by);
  assert_status(signer.sign(input, config, signature), Status::kTooManyHeaders);
  char url[2048];
  assert_status(signer.presign(input, config, true, kAnHour, url).status, Status::kTooManyHeaders);
  assert_status(write_authorization(input, config, signature, url).status, Status::kTooManyHeaders);
  assert_text(signature_by(signer, order), fresh_signature(order));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(no_field_takes_cr_lf_or_nul),         cmocka_unit_test(a_field_that_must_not_be_empty),
      cmocka_unit_test(methods_and_header_names_are_tokens), cmocka_unit_test(headers_of_the_signer_are_refused),
      cmocka_unit_test(times_outside_1970_to_9999),          cmocka_unit_test(too_many_headers),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
