// Presigned URLs: how long they live, how their targets go on, which parameters are refused.
// Covers C13: lives of presigned URLs, and the token in them.
#include "signer_fixture.h"

using namespace tinyaws;
using namespace test;

namespace {

void seconds_of_life(void**) {
  const Order order;
  Signer signer;
  char url[2048];
  for (uint32_t expires : {0u, kMaxPresignSeconds + 1, UINT32_MAX}) {
    const IoResult result = order.presign(signer, url, expires);
    assert_status(result.status, Status::kInvalidArgument);
    assert_int_equal(result.size, 0);
  }
  for (uint32_t expires : {1u, kMaxPresignSeconds}) {
    const IoResult result = order.presign(signer, url, expires);
    assert_status(result.status, Status::kOk);
    assert_true(holds(std::string(url, result.size), "&X-Amz-Expires=" + std::to_string(expires) + "&"));
  }
}

void urls_end_with_their_credentials(void**) {
  Order order;
  Signer signer;
  char url[2048];
  for (int64_t left : {1, 59, 60, 61}) {
    order.expiration = {order.time + left};
    const IoResult result = order.presign(signer, url, 60);
    assert_status(result.status, Status::kOk);
    assert_true(holds({url, result.size}, "&X-Amz-Expires=" + std::to_string(left < 60 ? left : 60) + "&"));
  }
  for (int64_t left : {0, -5}) {
    order.expiration = {order.time + left};
    assert_status(order.presign(signer, url, 60).status, Status::kCredentialsExpired);
  }
}

// Whoever does not know the time can't say how much of a life is left.
void urls_of_credentials_that_end_need_the_time(void**) {
  Signer signer;
  char url[2048];
  for (int64_t time : {kUnknownTime.seconds, int64_t{-1}}) {
    for (const bool ends : {true, false}) {
      Order order;
      order.time = time;
      if (ends) order.expiration = {kTime};
      const IoResult result = order.presign(signer, url);
      assert_status(result.status, Status::kInvalidArgument);
      assert_int_equal(result.size, 0);
    }
  }
}

void targets_go_on_with_the_parameters(void**) {
  const char* const rows[][2] = {
      {"", "/?X-Amz-A"},          {"/", "/?X-Amz-A"},
      {"/a", "/a?X-Amz-A"},       {"/a?", "/a?X-Amz-A"},
      {"/a?x", "/a?x&X-Amz-A"},   {"/a?x=1&", "/a?x=1&X-Amz-A"},
      {"?x", "/?x&X-Amz-A"},      {"/a?x?", "/a?x?&X-Amz-A"},
      {"/a%3F", "/a%3F?X-Amz-A"}, {"//a/../b", "//a/../b?X-Amz-A"},
  };
  for (const auto& row : rows) {
    Order order;
    order.target = row[0];
    Signer signer;
    assert_true(holds(url_by(signer, order), "https://" + order.host + row[1]));
    assert_true(holds(url_by(signer, order, false), "http://" + order.host + row[1]));
    check_in_url([&] {
      order.token = "";
      return order;
    }());
  }
}

void parameters_of_presigning_are_refused_in_the_target(void**) {
  for (const char* name :
       {"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders",
        "X-Amz-Signature", "X-Amz-Security-Token", "x-amz-date", "X-AMZ-EXPIRES"}) {
    for (const char* before : {"/?", "/?a=1&", "/?&&"}) {
      for (const char* behind : {"=1", "", "=&b"}) {
        Order order;
        order.target = std::string(before) + name + behind;
        Signer signer;
        char url[2048];
        assert_status(order.presign(signer, url).status, Status::kInvalidArgument);
      }
    }
  }
}

// S3 takes a URL's payload as unsigned unless the header says otherwise, so that it must be signed with the URL.
void a_presigned_payload_hash_is_signed_as_a_header_for_s3(void**) {
  Signer signer;
  Order order;
  order.policy.content_sha256 = true;
  for (const bool s3 : {true, false}) {
    for (const bool hashed : {true, false}) {
      order.service = s3 ? "s3" : "execute-api";
      order.payload_hash = hashed ? std::string(64, 'a') : "UNSIGNED-PAYLOAD";
      const bool names_it = url_by(signer, order).find("x-amz-content-sha256") != std::string::npos;
      assert_int_equal(names_it, s3 && hashed);
    }
  }
}

// The service decodes the name before it reads it: two parameters of one meaning must not get into a URL.
void parameters_of_presigning_are_refused_when_encoded_too(void**) {
  for (const char* name : {"X%2DAmz-Date", "%58-Amz-Expires", "X-Amz-Security%2dToken"}) {
    Order order;
    order.target = std::string("/?") + name + "=1";
    Signer signer;
    char url[2048];
    assert_status(order.presign(signer, url).status, Status::kInvalidArgument);
  }
}

void other_parameters_are_not_refused(void**) {
  for (const char* target : {"/?X-Amz-Target=1", "/?X-Amz-Dates", "/?a=X-Amz-Date", "/X-Amz-Date=1", "/?XAmzDate"}) {
    Order order;
    order.target = target;
    Signer signer;
    url_by(signer, order);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(seconds_of_life),
      cmocka_unit_test(urls_end_with_their_credentials),
      cmocka_unit_test(urls_of_credentials_that_end_need_the_time),
      cmocka_unit_test(targets_go_on_with_the_parameters),
      cmocka_unit_test(parameters_of_presigning_are_refused_in_the_target),
      cmocka_unit_test(a_presigned_payload_hash_is_signed_as_a_header_for_s3),
      cmocka_unit_test(parameters_of_presigning_are_refused_when_encoded_too),
      cmocka_unit_test(other_parameters_are_not_refused),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
