#include "tinyaws/sigv4.h"

#include <cstring>
#include <functional>
#include <memory>
#include <new>
#include <random>
#include <vector>

#include "capture.h"
#include "check.h"
#include "reference_signature.h"

using namespace tinyaws;

namespace {

constexpr int64_t kTime = 1440938160;  // 2015-08-30T12:36:00Z
constexpr uint32_t kAnHour = 3600;

/// Everything that is signed, as strings that a test may change.
struct Order {
  std::string method = "POST";
  std::string host = "dynamodb.eu-west-1.amazonaws.com";
  std::string target = "/a%20b?x=1";
  std::string header_name = "Content-Type";
  std::string header_value = "application/x-amz-json-1.0";
  std::string payload_hash = "UNSIGNED-PAYLOAD";
  std::string key_id = "AKIDEXAMPLE";
  std::string secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  std::string token = "token/+=";
  std::string region = "eu-west-1";
  std::string service = "dynamodb";
  SigningPolicy policy;
  int64_t time = kTime;

  Status sign(Signer& signer, Signature& signature) const {
    const Header headers[] = {{header_name, header_value}};
    return signer.sign({method, host, target, headers, payload_hash}, credentials(), scope(), policy, {time},
                       signature);
  }

  IoResult presign(Signer& signer, MutBytes url, uint32_t expires = kAnHour, bool tls = true) const {
    const Header headers[] = {{header_name, header_value}};
    return signer.presign({method, host, target, headers, payload_hash}, tls, credentials(), scope(), policy, {time},
                          expires, url);
  }

  IoResult authorize(const Signature& signature, MutBytes out) const {
    const Header headers[] = {{header_name, header_value}};
    return write_authorization({method, host, target, headers, payload_hash}, credentials(), scope(), policy,
                               signature, out);
  }

  Credentials credentials() const { return {key_id, secret, token}; }
  Scope scope() const { return {region, service}; }
};

std::string signature_by(Signer& signer, const Order& order) {
  Signature signature;
  assert_status(order.sign(signer, signature), Status::kOk);
  return std::string(signature.text());
}

std::string fresh_signature(const Order& order) {
  Signer signer;
  return signature_by(signer, order);
}

std::string url_by(Signer& signer, const Order& order, bool tls = true) {
  std::string url(1 << 18, '\0');
  const IoResult result = order.presign(signer, {&url[0], url.size()}, kAnHour, tls);
  assert_status(result.status, Status::kOk);
  url.resize(result.size);
  return url;
}

// --- The signature itself ---------------------------------------------------------------------------------------

/// The tee's two texts must fit together, and the signature must be what the definition makes of them.
void assert_signed(const Order& order, const test::Capture& capture, const std::string& signature) {
  const std::string& text = capture.string_to_sign_text;
  assert_text(text.substr(text.rfind('\n') + 1), test::to_hex(test::sha256(capture.canonical_request_text)));
  const std::string day = text.substr(text.find('\n') + 1, 8);
  assert_text(signature, test::reference_signature(order.secret, day, order.region, order.service, text));
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void check_in_headers(const Order& order) {
  test::Capture capture;
  Signer signer;
  signer.set_tee(&capture);
  assert_signed(order, capture, signature_by(signer, order));
  if (order.token.empty()) return;
  assert_true(holds(capture.canonical_request_text, "\nx-amz-security-token:" + order.token + "\n"));
}

void check_in_url(const Order& order) {
  test::Capture capture;
  Signer signer;
  signer.set_tee(&capture);
  const std::string url = url_by(signer, order);
  const size_t at = url.find("&X-Amz-Signature=");
  assert_true(at != std::string::npos);
  assert_signed(order, capture, url.substr(at + 17));
  assert_true(holds(url, "&X-Amz-Credential=" + order.key_id + "%2F20150830%2F"));
  if (order.token.empty()) return;
  assert_true(holds(url, "&X-Amz-Security-Token=" + order.token + "&"));  // of letters: nothing is encoded
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

// --- Policies ---------------------------------------------------------------------------------------------------

void policies_of_services(void**) {
  for (Str service : {"s3", "s3express", "s3-outposts", "s3-object-lambda"}) {
    const SigningPolicy policy = SigningPolicy::for_service(service);
    assert_true(!policy.normalize_path && !policy.double_encode && policy.content_sha256 && policy.sign_token);
  }
  const SigningPolicy iot = SigningPolicy::for_service("iotdevicegateway");
  assert_true(iot.normalize_path && iot.double_encode && !iot.content_sha256 && !iot.sign_token);
  for (Str service : {"", "dynamodb", "s", "S3", "s3x", "iot", "s3control"}) {
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

// --- The cached key ---------------------------------------------------------------------------------------------

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

// --- What is left behind ----------------------------------------------------------------------------------------

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

void after_forget_it_signs_as_before(void**) {
  Signer signer;
  const std::string before = signature_by(signer, {});
  signer.forget();
  signer.forget();
  assert_text(signature_by(signer, {}), before);
}

// --- Buffers ----------------------------------------------------------------------------------------------------

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

// --- URLs -------------------------------------------------------------------------------------------------------

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

// The service decodes the name before it reads it: two parameters of one meaning must not get into a URL.
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

// --- Bad input --------------------------------------------------------------------------------------------------

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
  assert_status(signer.sign(input, order.credentials(), order.scope(), order.policy, {kTime}, signature),
                Status::kTooManyHeaders);
  char url[2048];
  assert_status(
      signer.presign(input, true, order.credentials(), order.scope(), order.policy, {kTime}, kAnHour, url).status,
      Status::kTooManyHeaders);
  assert_status(write_authorization(input, order.credentials(), order.scope(), order.policy, signature, url).status,
                Status::kTooManyHeaders);
  assert_text(signature_by(signer, order), fresh_signature(order));
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
      cmocka_unit_test(every_change_derives_a_key_anew),
      cmocka_unit_test(the_turn_of_the_day),
      cmocka_unit_test(headers_and_urls_share_the_key),
      cmocka_unit_test(forget_and_the_end_leave_nothing_of_the_secret),
      cmocka_unit_test(another_secret_leaves_nothing_of_the_first),
      cmocka_unit_test(after_forget_it_signs_as_before),
      cmocka_unit_test(every_length_of_url_buffer),
      cmocka_unit_test(every_length_of_authorization_buffer),
      cmocka_unit_test(the_authorization_header),
      cmocka_unit_test(seconds_of_life),
      cmocka_unit_test(targets_go_on_with_the_parameters),
      cmocka_unit_test(parameters_of_presigning_are_refused_in_the_target),
      cmocka_unit_test(a_presigned_payload_hash_is_signed_as_a_header_for_s3),
      cmocka_unit_test(parameters_of_presigning_are_refused_when_encoded_too),
      cmocka_unit_test(other_parameters_are_not_refused),
      cmocka_unit_test(no_field_takes_cr_lf_or_nul),
      cmocka_unit_test(a_field_that_must_not_be_empty),
      cmocka_unit_test(methods_and_header_names_are_tokens),
      cmocka_unit_test(headers_of_the_signer_are_refused),
      cmocka_unit_test(times_outside_1970_to_9999),
      cmocka_unit_test(too_many_headers),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
