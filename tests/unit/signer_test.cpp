// Signatures, in headers and in URLs; policies of services; buffers of every length.
// Covers C2, C8, C13: policies of services, long credentials, tokens that are not signed.
#include "signer_fixture.h"

#include <functional>
#include <memory>

using namespace tinyaws;
using namespace test;

namespace {

void check_in_headers(const Order& order) {
  test::Capture capture;
  Signer signer;
  signer.set_tee(&capture);
  assert_signed(order, capture, signature_by(signer, order));
  if (order.token.empty()) return;
  assert_true(holds(capture.canonical_request_text, "\nx-amz-security-token:" + order.token + "\n"));
}

void signing_agrees_with_the_definition(void**) {
  check_in_headers({});
  Order order;
  order.token = "token";
  check_in_url(order);
}

void long_tokens_secrets_and_key_ids(void**) {
  for (size_t token : {0, 4096, 65536}) {
    for (size_t secret : {1, 40, 60, 61, 200, 5000}) {
      Order order;
      order.key_id = std::string(128, 'K');
      order.secret = std::string(secret, 's');
      order.token = std::string(token, 'T');
      check_in_headers(order);
      check_in_url(order);
    }
  }
}

void payload_hashes(void**) {
  const std::string abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";  // FIPS 180-2, B.1
  const std::string none = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  char hex[64];
  PayloadHash whole;
  whole.update("abc");
  assert_status(whole.finish(hex), Status::kOk);
  assert_text(Str(hex, sizeof hex), abc);
  PayloadHash pieces;
  for (Str piece : {"a", "", "b", "c"}) pieces.update(piece);
  assert_status(pieces.finish(hex), Status::kOk);
  assert_text(Str(hex, sizeof hex), abc);
  PayloadHash empty;
  assert_status(empty.finish(hex), Status::kOk);
  assert_text(Str(hex, sizeof hex), none);
}

void the_tee_is_shown_what_is_asked_for_and_no_more(void**) {
  test::Capture capture;
  Signer signer;
  const std::string before = signature_by(signer, {});
  signer.set_tee(&capture);
  assert_text(signature_by(signer, {}), before);
  const size_t shown = capture.canonical_request_text.size();
  assert_true(shown > 0);
  assert_false(holds(capture.canonical_request_text + capture.string_to_sign_text, Order().secret));
  signer.set_tee(nullptr);
  signature_by(signer, {});
  assert_int_equal(capture.canonical_request_text.size(), shown);
}

void policies_of_services(void**) {
  for (Str service : {"s3", "s3express", "s3-outposts", "s3-object-lambda", "s3-another"}) {
    const SigningPolicy policy = SigningPolicy::for_service(service);
    assert_true(!policy.normalize_path && !policy.double_encode && policy.content_sha256 && policy.sign_token);
  }
  const SigningPolicy iot = SigningPolicy::for_service("iotdevicegateway");
  assert_true(iot.normalize_path && iot.double_encode && !iot.content_sha256 && !iot.sign_token);
  for (Str service : {"", "dynamodb", "s", "s3x", "iot", "s3control"}) {
    const SigningPolicy policy = SigningPolicy::for_service(service);
    assert_true(policy.normalize_path && policy.double_encode && !policy.content_sha256 && policy.sign_token);
  }
}

void an_unsigned_token_is_in_no_signature(void**) {
  Order with, without;
  with.token = "a/token";
  with.policy.sign_token = false;
  without.token = "";
  assert_text(fresh_signature(with), fresh_signature(without));
  Signer signer;
  const std::string unsigned_url = url_by(signer, with);
  assert_text(unsigned_url, url_by(signer, without) + "&X-Amz-Security-Token=a%2Ftoken");
}

void the_payload_hash_as_a_header(void**) {
  Order order;
  order.policy.content_sha256 = true;
  test::Capture capture;
  Signer signer;
  signer.set_tee(&capture);
  assert_signed(order, capture, signature_by(signer, order));
  assert_true(holds(capture.canonical_request_text, "\nx-amz-content-sha256:UNSIGNED-PAYLOAD\n"));
  assert_false(holds(url_by(signer, order), "sha256"));  // of headers only
}

/// `write` into every size from none to one more than needed; memory of just that size, for AddressSanitizer.
void assert_exact(const std::function<IoResult(MutBytes)>& write) {
  std::string whole(1 << 16, '\0');
  const IoResult result = write({&whole[0], whole.size()});
  assert_status(result.status, Status::kOk);
  whole.resize(result.size);
  for (size_t room = 0; room <= whole.size() + 1; ++room) {
    std::unique_ptr<char[]> exact(new char[room]);
    const IoResult written = write({exact.get(), room});
    assert_status(written.status, room < whole.size() ? Status::kBufferTooSmall : Status::kOk);
    assert_int_equal(written.size, whole.size());
    if (written.status == Status::kOk) assert_text(Str(exact.get(), written.size), whole);
  }
}

void every_length_of_url_buffer(void**) {
  for (bool sign_token : {true, false}) {
    Order order;
    order.policy.sign_token = sign_token;
    Signer signer;
    assert_exact([&](MutBytes out) { return order.presign(signer, out); });
  }
}

void every_length_of_authorization_buffer(void**) {
  const Order order;
  Signer signer;
  Signature signature;
  assert_status(order.sign(signer, signature), Status::kOk);
  assert_exact([&](MutBytes out) { return order.authorize(signature, out); });
}

void the_authorization_header(void**) {
  const Order order;
  Signer signer;
  Signature signature;
  assert_status(order.sign(signer, signature), Status::kOk);
  char out[512];
  const IoResult written = order.authorize(signature, out);
  assert_text(Str(out, written.size),
              "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-west-1/dynamodb/aws4_request, "
              "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, Signature=" +
                  std::string(signature.text()));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(signing_agrees_with_the_definition),
      cmocka_unit_test(long_tokens_secrets_and_key_ids),
      cmocka_unit_test(payload_hashes),
      cmocka_unit_test(the_tee_is_shown_what_is_asked_for_and_no_more),
      cmocka_unit_test(policies_of_services),
      cmocka_unit_test(an_unsigned_token_is_in_no_signature),
      cmocka_unit_test(the_payload_hash_as_a_header),
      cmocka_unit_test(every_length_of_url_buffer),
      cmocka_unit_test(every_length_of_authorization_buffer),
      cmocka_unit_test(the_authorization_header),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
