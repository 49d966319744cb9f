// What of a call to a service is repeated, how often and how soon, and what is not.
#include "api_call_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

void statuses_that_are_repeated(void**) {
  for (int code : {400, 403, 404, 408, 409, 429, 500, 501, 502, 503, 504, 505}) {
    ClientWorld world;
    const std::string line = std::to_string(code) + " Any";
    world.transport.peers = {peer_of({answer(line, "why"), kOkAnswer})};
    const Fetched fetched = fetch(world, post("x"));
    const bool repeated = code == 429 || code == 500 || code == 502 || code == 503 || code == 504;
    if (repeated) {
      expect_done(fetched, line);
    } else {
      CHECK_STATUS(fetched.status, Status::kServiceError, line);
      CHECK(fetched.http == code, line);
      CHECK_TEXT(fetched.body, "why", line);
    }
    CHECK(world.transport.total_requests() == (repeated ? 2u : 1u), line + ": requests");
  }
}

void statuses_between(void**) {
  for (int code : {200, 201, 206, 299, 300, 301, 307}) {
    ClientWorld world;
    world.transport.peers = {
        peer_of({answer(std::to_string(code) + " Any", "x", "Location: http://evil.example/\r\n")})};
    const Fetched fetched = fetch(world, {"dynamodb"});
    CHECK_STATUS(fetched.status, code < 300 ? Status::kOk : Status::kServiceError, std::to_string(code));
    CHECK(world.transport.total_requests() == 1, "redirects are not followed");
  }
}

void attempts_are_counted(void**) {
  for (int attempts : {1, 2, 3, 7, 30}) {
    ClientWorld world;
    world.options.max_attempts = static_cast<uint8_t>(attempts);
    world.transport.peers = {Peer(std::vector<Answer>(300, Answer{kBusyAnswer}))};
    const Fetched fetched = fetch(world, post("x"));
    const std::string what = std::to_string(attempts) + " attempts";
    CHECK_STATUS(fetched.status, Status::kServiceError, what);
    CHECK_TEXT(fetched.body, "busy", what + ": the last answer is delivered");
    CHECK(world.transport.total_requests() == static_cast<size_t>(attempts),
          what + ": " + std::to_string(world.transport.total_requests()) + " requests");
  }
}

/// "random below 50 ms * 2^(n-1) (DynamoDB 25 ms), at most 20 s"
void waits_in_between_stay_within_their_bounds(void**) {
  for (int random_byte : {0, 128, 255, -1}) {
    ClientWorld world;
    world.options.max_attempts = 14;
    world.options.timeouts.idle_ms = 100000;  // all on one connection
    world.platform.random_byte = random_byte;
    world.transport.peers = {Peer(std::vector<Answer>(20, Answer{kBusyAnswer}))};
    (void)fetch(world, post("x"));
    const auto& times = world.transport.request_times[0];
    CHECK(times.size() == 14, "attempts");
    for (size_t i = 1; i < times.size(); ++i) {
      const int64_t bound = std::min<int64_t>(20000, int64_t{25} << (i - 1));
      const int64_t waited = times[i] - times[i - 1];
      const std::string what = "wait " + std::to_string(i) + ", random " + std::to_string(random_byte) + ": " +
                               std::to_string(waited) + " ms of " + std::to_string(bound);
      CHECK(waited >= 0 && waited <= bound, what);
      if (random_byte == 0) CHECK(waited == 0, what);
      if (random_byte == 255) CHECK(waited >= bound - 1, what);
      if (random_byte == 128) CHECK(waited >= bound / 2 - 1 && waited <= bound / 2 + bound / 50 + 1, what);
    }
  }
}

/// Without chance, the wait still has its bounds and the call goes on.
void a_failing_random_generator_does_not_fail_the_call(void**) {
  ClientWorld world;
  world.platform.random_status = Status::kCryptoFailed;
  world.transport.peers = {peer_of({kBusyAnswer, kOkAnswer})};
  const Instant before = world.time.now;
  expect_done(fetch(world, post("x")), "without chance");
  CHECK(world.time.now - before <= 50, "waited too long");
}

void every_attempt_is_signed_anew_with_the_whole_body(void**) {
  for (const bool streamed : {false, true}) {
    ClientWorld world;
    world.options.max_attempts = 3;
    Peer peer = peer_of({kBusyAnswer, kBusyAnswer, kOkAnswer});
    peer.answers[0].delay_ms = 1900;
    world.transport.peers = {peer};
    FakeSource source(pattern(3000));
    const std::string content = pattern(3000);
    expect_done(fetch(world, streamed ? post(Body(source, 3000)) : post(Bytes(content))), "third");
    const auto& requests = world.transport.requests[0];
    CHECK(requests.size() == 3, "attempts");
    for (const std::string& request : requests) {
      CHECK_TEXT(check_signed(request, world.credentials, kScope, "attempt").body, content, "body");
    }
    CHECK(parse_sent(requests[0]).one("x-amz-date") != parse_sent(requests[1]).one("x-amz-date"), "an old date");
  }
}

/// Credentials may have been renewed in between.
void every_attempt_asks_for_credentials(void**) {
  ClientWorld world;
  world.transport.peers = {peer_of({kBusyAnswer, kOkAnswer})};
  expect_done(fetch(world, post("x")), "second");
  CHECK(world.credentials.gets == 2, "asked " + std::to_string(world.credentials.gets) + " times");
}

void failures_that_are_repeated(void**) {
  for (const Status status : {Status::kResolveFailed, Status::kConnectFailed, Status::kTlsFailed,
                              Status::kCertificateRejected, Status::kUnsupported}) {
    ClientWorld world;
    Peer bad = peer_of({kOkAnswer});
    bad.fails_in = Transport::State::kSecuring;
    bad.advance_error = status;
    bad.words = "why it failed";
    world.transport.peers = {bad};
    world.options.max_attempts = 3;
    CHECK_STATUS(fetch(world, post("x")).status, status, text(status));
    CHECK_TEXT(world.client().failure(), "why it failed", text(status));
    const bool never = status == Status::kCertificateRejected || status == Status::kUnsupported;
    if (never) CHECK(world.transport.opens() == 1, text(status) + ": repeated though nothing can change it");
    if (status == Status::kConnectFailed) CHECK(world.transport.opens() == 3, "connections");
    world.transport.peers = {peer_of({kOkAnswer})};
    expect_done(fetch(world, post("x")), text(status) + ": afterwards");
    CHECK(world.client().failure().empty(), "failure() of the call before");
  }
}

void time_outs_are_repeated(void**) {
  for (int kind = 0; kind < 4; ++kind) {
    ClientWorld world;
    Peer slow = peer_of({kOkAnswer});
    const int64_t ever = 100000000;
    if (kind == 0) slow.connect_ms = ever;
    if (kind == 1) slow.secure_ms = ever;
    if (kind == 2) slow.answers.clear();
    if (kind == 3) slow.takes = 10;
    world.transport.peers = {slow, slow, peer_of({kOkAnswer})};
    expect_done(fetch(world, post("x")), "kind " + std::to_string(kind));
    CHECK(world.transport.opens() == 3, "connections");
  }
}

/// An answer that is no HTTP will not be better the next time.
void malformed_answers_are_not_repeated(void**) {
  ClientWorld world;
  world.transport.peers = {peer_of({"HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n"}), peer_of({kOkAnswer})};
  CHECK_STATUS(fetch(world, post("x")).status, Status::kMalformedHead, "bare LF");
  CHECK(world.transport.total_requests() == 1, "repeated");
  expect_done(fetch(world, post("x")), "afterwards");
}

/// A kept connection that turned out to be dead: once more, not counted, at once.
void a_dead_kept_connection_costs_no_attempt(void**) {
  ClientWorld world;
  world.options.max_attempts = 1;
  Answer dies{""};
  dies.breaks = Status::kConnectionLost;
  Peer first = peer_of({kOkAnswer});
  first.answers.push_back(dies);
  world.transport.peers = {first, peer_of({kOkAnswer})};
  expect_done(fetch(world, post("x")), "first");
  const Instant before = world.time.now;
  expect_done(fetch(world, post("x")), "second");
  CHECK(world.time.now == before, "waited");
  CHECK(world.transport.opens() == 2 && world.transport.total_requests() == 3, "once more");
}

void a_new_connection_that_dies_costs_an_attempt(void**) {
  ClientWorld world;
  world.options.max_attempts = 1;
  Answer dies{""};
  dies.ends = true;
  Peer peer;
  peer.answers = {dies};
  world.transport.peers = {peer};
  CHECK_STATUS(fetch(world, post("x")).status, Status::kConnectionLost, "new");
  CHECK(world.transport.total_requests() == 1, "repeated");
}

/// Once heard, the request has had an effect; only what is counted repeats it.
void a_kept_connection_that_dies_in_its_answer_costs_an_attempt(void**) {
  ClientWorld world;
  world.options.max_attempts = 1;
  Answer dies{"HTTP/1.1 200 OK\r\n"};
  dies.breaks = Status::kConnectionLost;
  Peer first = peer_of({kOkAnswer});
  first.answers.push_back(dies);
  world.transport.peers = {first, peer_of({kOkAnswer})};
  expect_done(fetch(world, post("x")), "first");
  CHECK_STATUS(fetch(world, post("x")).status, Status::kConnectionLost, "second");
  CHECK(world.transport.total_requests() == 2, "repeated");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(statuses_that_are_repeated),
      cmocka_unit_test(statuses_between),
      cmocka_unit_test(attempts_are_counted),
      cmocka_unit_test(waits_in_between_stay_within_their_bounds),
      cmocka_unit_test(a_failing_random_generator_does_not_fail_the_call),
      cmocka_unit_test(every_attempt_is_signed_anew_with_the_whole_body),
      cmocka_unit_test(every_attempt_asks_for_credentials),
      cmocka_unit_test(failures_that_are_repeated),
      cmocka_unit_test(time_outs_are_repeated),
      cmocka_unit_test(malformed_answers_are_not_repeated),
      cmocka_unit_test(a_dead_kept_connection_costs_no_attempt),
      cmocka_unit_test(a_new_connection_that_dies_costs_an_attempt),
      cmocka_unit_test(a_kept_connection_that_dies_in_its_answer_costs_an_attempt),
  };
  return cmocka_run_group_tests_name("api_call repeated", tests, nullptr, nullptr);
}
