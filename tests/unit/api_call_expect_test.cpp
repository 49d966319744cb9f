// Leave to send a large body: what becomes of the call when it is not given.
// Covers C18: 417, and a redirection before the body.
#include "api_call_world.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

/// More than it is worth to keep: each byte tells its place.
class LargeSource final : public BodySource {
 public:
  explicit LargeSource(uint64_t size) : size_(size) {}
  IoResult read(MutBytes out) override {
    size_t n = 0;
    for (; n < out.size() && at_ < size_; ++at_) out[n++] = static_cast<char>(at_ * 2654435761u >> 13);
    return {Status::kOk, n};
  }
  Status rewind() override {
    at_ = 0;
    return Status::kOk;
  }

 private:
  uint64_t size_, at_ = 0;
};

constexpr uint64_t kLarge = kExpectContinueBytes + 1;

Peer refusing(const std::string& bytes) {
  Peer peer = peer_of({bytes});
  peer.answers[0].when = Answer::When::kAfterHead;
  return peer;
}

void expect_large(const std::string& bytes, const FixedCredentials& credentials, const Scope& scope,
                  const std::string& what) {
  const SentRequest sent = check_signed(bytes, credentials, scope, what, "UNSIGNED-PAYLOAD");
  CHECK(sent.body.size() == kLarge, what + ": " + std::to_string(sent.body.size()) + " bytes");
  CHECK(static_cast<unsigned char>(sent.body[5000]) == static_cast<unsigned char>(5000 * 2654435761ull >> 13), what);
}

void a_server_that_knows_no_expectations(void**) {
  for (const char* service : {"s3", "execute-api"}) {
    ClientWorld world;
    world.options.max_attempts = 1;
    world.transport.peers = {refusing(answer("417 Expectation Failed", "")), peer_of({kOkAnswer})};
    LargeSource source(kLarge);
    ApiRequest request = request_to(service, "PUT");
    request.body = Body(source, kLarge);
    request.body.payload_hash = "UNSIGNED-PAYLOAD";
    expect_done(fetch(world, request), service);
    const auto sent = all_sent(world);
    check_requests(world, 2, service);
    const SentRequest first = parse_sent(sent[0].bytes), second = parse_sent(sent[1].bytes);
    CHECK_TEXT(first.one("expect"), "100-continue", "asks first");
    CHECK(first.body.empty() && !is_signed(first, "expect"), "no body yet, and not signed");
    CHECK_TEXT(second.one("expect"), "", "asks no more");
    expect_large(sent[1].bytes, world.credentials, {"eu-west-1", service}, service);
  }
}

void a_server_that_expects_nothing_at_all(void**) {
  ClientWorld world;
  const std::string refusal = answer("417 Expectation Failed", "no");
  world.transport.peers = {refusing(refusal), peer_of({refusal}), peer_of({kOkAnswer})};
  LargeSource source(kLarge);
  ApiRequest request = request_to("s3", "PUT");
  request.body = Body(source, kLarge);
  request.body.payload_hash = "UNSIGNED-PAYLOAD";
  const Fetched fetched = fetch(world, request);
  CHECK_STATUS(fetched.status, Status::kServiceError, "417 twice");
  CHECK(fetched.http == 417, "417 twice");
  check_requests(world, 2, "417 twice");
}

void a_417_to_a_request_that_asked_for_nothing(void**) {
  ClientWorld world;
  world.transport.peers = {peer_of({answer("417 Expectation Failed", "no"), kOkAnswer})};
  CHECK_STATUS(fetch(world, request_to("s3", "PUT")).status, Status::kServiceError, "small");
  check_requests(world, 1, "small");
}

/// The bucket is elsewhere: no byte of the body has been sent to the first host, and all of it to the second.
void a_redirection_before_the_body(void**) {
  S3World world;
  Peer away = peer_of({kOkAnswer});
  away.answers = {Answer{"HTTP/1.1 100 Continue\r\n\r\n", Answer::When::kAfterHead}};
  away.answers[0].bytes += kOkAnswer;
  away.answers[0].body_bytes = kLarge;
  world.transport.peers = {refusing(moved(kAwayField)), away};
  LargeSource source(kLarge);
  ApiRequest request = object("PUT");
  request.body = Body(source, kLarge);
  request.body.payload_hash = "UNSIGNED-PAYLOAD";
  expect_done(fetch(world, request), "301 before the body");
  const auto sent = all_sent(world);
  check_requests(world, 2, "301 before the body");
  CHECK(parse_sent(sent[0].bytes).body.empty(), "nothing to the first");
  CHECK_TEXT(sent[1].host, kAway, "second");
  CHECK_TEXT(parse_sent(sent[1].bytes).one("expect"), "100-continue", "asks there, too");
  expect_large(sent[1].bytes, world.credentials, kAwayScope, "second");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_server_that_knows_no_expectations),
      cmocka_unit_test(a_server_that_expects_nothing_at_all),
      cmocka_unit_test(a_417_to_a_request_that_asked_for_nothing),
      cmocka_unit_test(a_redirection_before_the_body),
  };
  return cmocka_run_group_tests_name("api_call expect", tests, nullptr, nullptr);
}
