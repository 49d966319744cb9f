// Credentials that a service refuses: dropped, had anew and used, once.
// Covers C27: expired and unknown credentials, AccessDenied, storms, many calls at once, nothing newer to be had.
#include "../fakes/async_world.h"
#include "api_call_world.h"
#include "tinyaws/providers.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

const std::string kExpired = xml_error("400 Bad Request", "ExpiredToken");

void refused_credentials_are_renewed_once(void**) {
  const struct {
    bool json;
    const char* line;
    const char* code;
  } rows[] = {
      {true, "400 Bad Request", "ExpiredTokenException"},
      {true, "400 Bad Request", "UnrecognizedClientException"},
      {true, "400 Bad Request", "InvalidSignatureException"},
      {true, "400 Bad Request", "MissingAuthenticationTokenException"},
      {true, "400 Bad Request", "AuthFailure"},
      {true, "400 Bad Request", "AuthMissingFailure"},
      {true, "400 Bad Request", "AWS.InvalidAccount"},
      {true, "403 Forbidden", "ExpiredTokenException"},
      {false, "400 Bad Request", "ExpiredToken"},
      {false, "403 Forbidden", "ExpiredToken"},
      {false, "403 Forbidden", "InvalidClientTokenId"},
      {false, "403 Forbidden", "InvalidSecurity"},
      {false, "403 Forbidden", "SignatureDoesNotMatch"},
      {false, "403 Forbidden", "MissingAuthenticationToken"},
      {false, "401 Unauthorized", "AuthFailure"},
      {false, "403 Forbidden", "InvalidAccessKeyId"},
  };
  for (const auto& row : rows) {
    const std::string what = std::string(row.code) + (row.json ? " in JSON" : " in XML");
    CachedWorld world({"AKID1", "AKID2", "AKID3"});
    world.options.max_attempts = 1;  // it is not counted
    world.transport.peers = {
        peer_of({row.json ? json_error(row.line, row.code) : xml_error(row.line, row.code), kOkAnswer})};
    expect_done(world.fetch(post("body")), what);
    const auto sent = all_sent(world);
    check_requests(world, 2, what);
    CHECK_TEXT(key_of(sent[0].bytes, kScope, what), "AKID1", what);
    CHECK_TEXT(key_of(sent[1].bytes, kScope, what), "AKID2", what);
    CHECK_TEXT(body_of(sent[1].bytes), "body", what);
    CHECK(world.time.now.ms == 1000, what + ": at once");
    CHECK(world.series.source.fetches == 2, what + ": fetches");
  }
}

/// The documents of STS, which the codes stand deeper in.
void error_response_documents_count(void**) {
  CachedWorld world({"AKID1", "AKID2"});
  const std::string document =
      "<ErrorResponse "
      "xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>ExpiredToken"
      "</Code><Message>expired</Message></Error><RequestId>r</RequestId></ErrorResponse>";
  world.transport.peers = {peer_of({answer("403 Forbidden", document), kOkAnswer})};
  expect_done(world.fetch(request_to("sts", "POST")), "ErrorResponse");
  CHECK_TEXT(key_of(world.transport.last_request(), {"eu-west-1", "sts"}, "second"), "AKID2", "renewed");
}

void a_second_refusal_is_the_answer(void**) {
  CachedWorld world({"AKID1", "AKID2", "AKID3"});
  world.transport.peers = {repeating(kExpired)};
  const Fetched fetched = world.fetch(post("x"));
  CHECK_STATUS(fetched.status, Status::kServiceError, "refused twice");
  CHECK_TEXT(fetched.code, "ExpiredToken", "refused twice");
  check_requests(world, 2, "refused twice");
}

/// A provider that always has others to offer, as one of the caller's own may: still one repetition.
class EndlessProvider final : public CredentialsProvider {
 public:
  FixedCredentials fixed;
  int renewals = 0;

  Status get(Instant now, UnixTime wall, Credentials& credentials, Call*& fetch) override {
    return fixed.get(now, wall, credentials, fetch);
  }
  bool renew(uint32_t, Instant, UnixTime) override { return ++renewals > 0; }
  Str describe() const override { return "endless"; }
  IoResult explain(MutBytes) const override { return {}; }
};

void a_provider_that_always_renews(void**) {
  ClientWorld world;
  EndlessProvider provider;
  world.transport.peers = {repeating(kExpired)};
  Client client(Port{world.platform, world.environment, world.transport, world.buffer.bytes()}, provider,
                world.options);
  Response response;
  CHECK_STATUS(client.fetch(post("x"), response), Status::kServiceError, "refused twice");
  check_requests(world, 2, "refused twice");
}

void no_permission_is_not_an_expiry(void**) {
  for (const char* code : {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized"}) {
    CachedWorld world({"AKID1", "AKID2"});
    world.transport.peers = {repeating(json_error("403 Forbidden", code))};
    for (int i = 0; i < 50; ++i) {
      CHECK_STATUS(world.fetch(post("x")).status, Status::kServiceError, code);
      world.time.pass(2000);
    }
    check_requests(world, 50, code);
    CHECK(world.series.source.fetches == 1, std::string(code) + ": fetched again");
  }
}

/// "once a minute at most: a storm of refusals is not made a storm of fetches"
void a_storm_of_refusals(void**) {
  CachedWorld world({"AKID1", "AKID2", "AKID3", "AKID4", "AKID5"});
  world.options.timeouts.idle_ms = 100000000;
  world.transport.peers = {repeating(kExpired)};
  for (int i = 0; i < 59; ++i) {
    CHECK_STATUS(world.fetch(post("x")).status, Status::kServiceError, "storm");
    world.time.pass(1000);
  }
  CHECK(world.series.source.fetches == 2, "in a minute: " + std::to_string(world.series.source.fetches) + " fetches");
  check_requests(world, 60, "one renewal in 59 calls");
  world.time.pass(2000);
  CHECK_STATUS(world.fetch(post("x")).status, Status::kServiceError, "a minute later");
  CHECK(world.series.source.fetches == 3, "a minute later: fetches");
  check_requests(world, 62, "a minute later");
}

/// The cache's first set, before anybody is asked anything.
void load(CachedCredentials& cache, const AsyncWorld& world) {
  Credentials credentials;
  Call* fetch = nullptr;
  CHECK_STATUS(cache.get(world.now(), {kServiceTime}, credentials, fetch), Status::kPending, "load");
  run_to_end(*fetch, world.now(), {kServiceTime});
  CHECK_STATUS(cache.get(world.now(), {kServiceTime}, credentials, fetch), Status::kOk, "load");
}

void many_calls_with_the_same_expired_set(void**) {
  constexpr size_t kCalls = 20;
  for (const int64_t fetch_ms : {0, 300}) {
    AsyncWorld world(kCalls);
    SeriesSource series({"AKID1", "AKID2", "AKID3"});
    series.source.has_fetch = true;
    CachedCredentials cache(series, world.platform);
    world.provider = &cache;
    load(cache, world);
    if (fetch_ms > 0) series.source.call.script = {{Next::Action::kWait, world.now() + fetch_ms}};
    Peer peer = peer_of({kExpired, kOkAnswer, kOkAnswer, kOkAnswer});
    peer.answers[0].delay_ms = 100;
    world.net.peers["peer.example"] = {peer};
    const ApiRequest request = post("x");
    std::vector<std::unique_ptr<Response>> responses;
    std::vector<std::unique_ptr<ApiCall>> calls;
    for (size_t i = 0; i < kCalls; ++i) {
      responses.push_back(std::make_unique<Response>());
      calls.push_back(std::make_unique<ApiCall>(request, *responses[i], world.client().context()));
      CHECK_STATUS(world.client().start(*calls[i]), Status::kOk, "start");
    }
    world.run();
    for (const auto& call : calls) CHECK_STATUS(call->status(), Status::kOk, "each of them");
    CHECK(series.source.fetches == 2, std::to_string(series.source.fetches) + " fetches, one of them to load");
    CHECK(world.requests() == 2 * kCalls, std::to_string(world.requests()) + " requests");
    for (const auto& line : world.table.lines) {
      const auto sent = all_sent(line->wire());
      CHECK_TEXT(key_of(sent[0].bytes, kScope, "first"), "AKID1", "first");
      for (size_t i = 1; i < sent.size(); ++i) CHECK_TEXT(key_of(sent[i].bytes, kScope, "n"), "AKID2", "second");
    }
  }
}

/// A late refusal of the set before the present one takes no further fetch, within the minute either.
void a_late_refusal_of_an_older_set(void**) {
  AsyncWorld world(2);
  SeriesSource series({"AKID1", "AKID2", "AKID3"});
  series.source.has_fetch = true;
  CachedCredentials cache(series, world.platform);
  world.provider = &cache;
  load(cache, world);
  Peer quick = peer_of({kExpired, kOkAnswer}), slow = quick;
  quick.answers[0].delay_ms = 100;
  slow.answers[0].delay_ms = 1500;
  world.net.peers["peer.example"] = {quick, slow};
  const ApiRequest request = post("x");
  Response a, b;
  ApiCall first(request, a, world.client().context()), second(request, b, world.client().context());
  CHECK_STATUS(world.client().start(first), Status::kOk, "start");
  CHECK_STATUS(world.client().start(second), Status::kOk, "start");
  world.run();
  CHECK_STATUS(first.status(), Status::kOk, "first");
  CHECK_STATUS(second.status(), Status::kOk, "second");
  CHECK(series.source.fetches == 2, std::to_string(series.source.fetches) + " fetches");
}

// ---- Where nothing newer is

void credentials_of_the_caller_are_not_renewed(void**) {
  for (int kind = 0; kind < 2; ++kind) {
    ClientWorld world;
    world.environment.table = {{"AWS_ACCESS_KEY_ID", "AKID1"}, {"AWS_SECRET_ACCESS_KEY", "secret"}};
    StaticCredentials given({"AKID1", "secret"});
    EnvironmentCredentials variables(world.environment);
    CredentialsProvider& provider = kind == 0 ? static_cast<CredentialsProvider&>(given) : variables;
    world.transport.peers = {peer_of({kExpired, kOkAnswer})};
    Client client(Port{world.platform, world.environment, world.transport, world.buffer.bytes()}, provider,
                  world.options);
    Response response;
    CHECK_STATUS(client.fetch(post("x"), response), Status::kServiceError, "refused");
    CHECK_TEXT(response.error().code, "ExpiredToken", "refused");
    CHECK(response.error().error_class() == ErrorClass::kCredentials, "class");
    check_requests(world, 1, "refused");
  }
}

/// A file that somebody replaces: what stands there now is used; when it stands as it did, nothing is repeated.
void what_stands_in_a_file_is_read_again(void**) {
  for (const bool replaced : {true, false}) {
    CachedWorld world({"AKID1", replaced ? "AKID2" : "AKID1"}, false);
    world.transport.peers = {peer_of({kExpired, kOkAnswer})};
    const Fetched fetched = world.fetch(post("x"));
    if (replaced) {
      expect_done(fetched, "replaced");
      check_requests(world, 2, "replaced");
      CHECK_TEXT(key_of(world.transport.last_request(), kScope, "replaced"), "AKID2", "the new ones");
    } else {
      CHECK_STATUS(fetched.status, Status::kServiceError, "the same");
      CHECK_TEXT(fetched.code, "ExpiredToken", "the same");
      check_requests(world, 1, "the same");
    }
  }
}

void a_renewal_that_fails_has_its_own_error(void**) {
  for (const Status failure : {Status::kCredentialsUnavailable, Status::kCredentialsRefused,
                               Status::kMalformedCredentials, Status::kCredentialsExpired}) {
    CachedWorld world({"AKID1"});
    world.series.good = 1;
    world.series.failure = failure;
    world.transport.peers = {peer_of({kExpired, kOkAnswer})};
    const Fetched fetched = world.fetch(post("x"));
    CHECK_STATUS(fetched.status, failure, "the source's error");
    check_requests(world, 1, text(failure));
    CHECK_TEXT(world.cached_client().failure(), "series", "and its name");
  }
}

/// A body that can't be sent twice: the refusal is the answer, and the next call has the new credentials.
void a_source_that_cannot_rewind(void**) {
  CachedWorld world({"AKID1", "AKID2"});
  FakeSource source("content");
  source.rewind_status = Status::kUnsupported;
  ApiRequest request = request_to("s3", "PUT");
  request.body = Body(source, 7);
  request.body.payload_hash = "UNSIGNED-PAYLOAD";
  world.transport.peers = {peer_of({kExpired, kOkAnswer})};
  CHECK_STATUS(world.fetch(request).status, Status::kServiceError, "can't be sent again");
  check_requests(world, 1, "can't be sent again");
}

/// What was refused was not done: that it may not be repeated is no obstacle.
void requests_that_are_not_repeatable_are_renewed(void**) {
  CachedWorld world({"AKID1", "AKID2"});
  world.transport.peers = {peer_of({kExpired, kOkAnswer})};
  ApiRequest request = post("x");
  request.repeatable = false;
  expect_done(world.fetch(request), "refused, so not done");
}

/// The clock was wrong, not the key: one repetition with the same credentials, and nothing is fetched.
void a_wrong_clock_is_corrected_first(void**) {
  for (const char* code : {"InvalidSignatureException", "AuthFailure"}) {
    CachedWorld world({"AKID1", "AKID2"});
    world.time.wall.seconds -= 600;
    world.transport.peers = {peer_of({json_error("400 Bad Request", code, date_field(kServiceTime)), kOkAnswer})};
    expect_done(world.fetch(post("x")), code);
    check_requests(world, 2, code);
    CHECK(world.series.source.fetches == 1, std::string(code) + ": fetched");
    CHECK_TEXT(key_of(world.transport.last_request(), kScope, code), "AKID1", code);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(refused_credentials_are_renewed_once),
      cmocka_unit_test(error_response_documents_count),
      cmocka_unit_test(a_second_refusal_is_the_answer),
      cmocka_unit_test(a_provider_that_always_renews),
      cmocka_unit_test(no_permission_is_not_an_expiry),
      cmocka_unit_test(a_storm_of_refusals),
      cmocka_unit_test(many_calls_with_the_same_expired_set),
      cmocka_unit_test(a_late_refusal_of_an_older_set),
      cmocka_unit_test(credentials_of_the_caller_are_not_renewed),
      cmocka_unit_test(what_stands_in_a_file_is_read_again),
      cmocka_unit_test(a_renewal_that_fails_has_its_own_error),
      cmocka_unit_test(a_source_that_cannot_rewind),
      cmocka_unit_test(requests_that_are_not_repeatable_are_renewed),
      cmocka_unit_test(a_wrong_clock_is_corrected_first),
  };
  return cmocka_run_group_tests_name("api_call renewals", tests, nullptr, nullptr);
}
