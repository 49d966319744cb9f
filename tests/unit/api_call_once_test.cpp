// What is not repeated, or not any more: requests that must not be done twice, bodies that can be sent but once,
// calls without time. Covers C22: idempotency off, bodies rewound, the deadline before the next attempt.
#include "api_call_world.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

const std::string kThrottled = json_error("400 Bad Request", "ThrottlingException");

// ---- What is not to be done twice

ApiRequest once_only(Body body) {
  ApiRequest request = post(body);
  request.service = "sqs";
  request.repeatable = false;
  return request;
}

void refusals_are_repeated_whatever_the_request(void**) {
  for (const std::string& refusal :
       {kThrottled, xml_error("503 Slow Down", "SlowDown"), json_error("429 Too Many Requests", "Whatever")}) {
    ClientWorld world;
    world.transport.peers = {peer_of({refusal, kOkAnswer})};
    expect_done(fetch(world, once_only("x")), refusal);
    check_requests(world, 2, refusal);
  }
}

void what_may_have_been_done_is_not_repeated(void**) {
  for (const char* line : {"500 Internal Server Error", "502 Bad Gateway", "504 Gateway Timeout"}) {
    ClientWorld world;
    world.transport.peers = {peer_of({answer(line, "why"), kOkAnswer})};
    CHECK_STATUS(fetch(world, once_only("x")).status, Status::kServiceError, line);
    check_requests(world, 1, line);
  }
  for (int kind = 0; kind < 3; ++kind) {
    ClientWorld world;
    Peer peer = peer_of({kind == 0 ? "" : kind == 1 ? "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf" : ""});
    if (kind < 2) peer.answers[0].breaks = Status::kConnectionLost;
    world.transport.peers = {peer, peer_of({kOkAnswer})};
    const Status expected = kind == 2 ? Status::kFirstByteTimedOut : Status::kConnectionLost;
    CHECK_STATUS(fetch(world, once_only("x")).status, expected, "kind " + std::to_string(kind));
    check_requests(world, 1, "kind " + std::to_string(kind));
  }
}

void what_never_reached_the_service_is_repeated(void**) {
  const struct {
    Transport::State in;
    Status error;
  } rows[] = {{Transport::State::kResolving, Status::kResolveFailed},
              {Transport::State::kConnecting, Status::kConnectFailed}};
  for (const auto& row : rows) {
    ClientWorld world;
    Peer bad;
    bad.fails_in = row.in;
    bad.advance_error = row.error;
    world.transport.peers = {bad, peer_of({kOkAnswer})};
    expect_done(fetch(world, once_only("x")), text(row.error));
    CHECK(world.transport.opens() == 2, text(row.error));
  }
}

void what_waited_for_a_connection_in_vain_is_repeated(void**) {
  for (const bool tls : {false, true}) {
    ClientWorld world;
    Peer slow;
    (tls ? slow.secure_ms : slow.connect_ms) = 1000000;
    world.transport.peers = {slow, peer_of({kOkAnswer})};
    expect_done(fetch(world, once_only("x")), tls ? "kTlsTimedOut" : "kConnectTimedOut");
    CHECK(world.transport.opens() == 2, "connections");
  }
}

void a_handshake_that_failed_never_reached_the_service(void**) {
  ClientWorld world;
  Peer bad;
  bad.fails_in = Transport::State::kSecuring;
  bad.advance_error = Status::kTlsFailed;
  world.transport.peers = {bad, peer_of({kOkAnswer})};
  expect_done(fetch(world, once_only("x")), "kTlsFailed in the handshake");
}

/// What a connection took before it was lost may be a whole request, for all that is known here.
void what_left_in_part_is_not_repeated(void**) {
  for (size_t bytes : {0, 1, 100}) {
    ClientWorld world;
    Peer bad;
    bad.takes = bytes;
    bad.then = Status::kConnectionLost;
    world.transport.peers = {bad, peer_of({kOkAnswer})};
    const Status status = fetch(world, once_only("x")).status;
    const std::string what = std::to_string(bytes) + " bytes";
    CHECK_STATUS(status, bytes > 0 ? Status::kConnectionLost : Status::kOk, what);
    CHECK(world.transport.opens() == (bytes > 0 ? 1 : 2), what + ": connections");
  }
}

/// Of a kept connection only what left in this exchange counts.
void what_an_earlier_request_sent_does_not_count(void**) {
  for (size_t more : {0, 1}) {
    ClientWorld world;
    world.transport.peers = {peer_of({kOkAnswer}), peer_of({kOkAnswer})};
    expect_done(fetch(world, once_only("x")), "first");
    world.transport.peers[0].takes = world.transport.last_request().size() + more;
    world.transport.peers[0].then = Status::kConnectionLost;
    CHECK_STATUS(fetch(world, once_only("x")).status, more > 0 ? Status::kConnectionLost : Status::kOk, "second");
    CHECK(world.transport.opens() == (more > 0 ? 1 : 2), "connections");
  }
}

// ---- Bodies and deadlines

void sources_are_rewound_for_each_repetition(void**) {
  ClientWorld world;
  const std::string content = pattern(5000);
  FakeSource source(content);
  world.transport.peers = {peer_of({kThrottled, kBusyAnswer, kOkAnswer})};
  ApiRequest request = post(Body(source, 5000));
  expect_done(fetch(world, request), "third");
  CHECK(source.rewinds == 3, "once after it was hashed, once for each repetition: " + std::to_string(source.rewinds));
  for (const Sent& sent : all_sent(world)) {
    CHECK_TEXT(check_signed(sent.bytes, world.credentials, kScope, "sent").body, content, "body");
  }
}

/// The refusal came before the source was read to its end: what is left of it is not sent as the next body.
void a_source_read_halfway_is_rewound(void**) {
  ClientWorld world;
  const std::string content = pattern(20000);
  FakeSource source(content);
  source.piece = 500;
  Peer early = peer_of({kBusyAnswer});
  early.answers[0].when = Answer::When::kAfterHead;
  early.answers[0].body_bytes = 1000;
  early.send_piece = 700;
  early.takes = 3000;
  world.transport.peers = {early, peer_of({kOkAnswer})};
  expect_done(fetch(world, post(Body(source, 20000))), "second");
  CHECK_TEXT(check_signed(world.transport.last_request(), world.credentials, kScope, "second").body, content, "body");
}

/// No time is left for the next attempt: the call ends at once with what it has, and does not sleep till the
/// deadline.
void no_time_for_another_attempt(void**) {
  for (const bool answered : {true, false}) {
    ClientWorld world;
    world.platform.random_byte = 255;
    world.options.timeouts.total_ms = 900;
    Peer bad = peer_of({kThrottled});
    if (!answered) {
      bad.fails_in = Transport::State::kConnecting;
      bad.connect_ms = 870;
    }
    world.transport.peers = {bad};
    const Fetched fetched = fetch(world, request_to("sqs"));
    CHECK_STATUS(fetched.status, answered ? Status::kServiceError : Status::kConnectFailed, "last outcome");
    if (answered) CHECK_TEXT(fetched.code, "ThrottlingException", "what the service said");
    CHECK(world.time.now.ms == (answered ? 1000 : 1870), "ended at " + std::to_string(world.time.now.ms));
    CHECK(world.transport.opens() == 1, "connections");
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(refusals_are_repeated_whatever_the_request),
      cmocka_unit_test(what_may_have_been_done_is_not_repeated),
      cmocka_unit_test(what_never_reached_the_service_is_repeated),
      cmocka_unit_test(what_waited_for_a_connection_in_vain_is_repeated),
      cmocka_unit_test(a_handshake_that_failed_never_reached_the_service),
      cmocka_unit_test(what_left_in_part_is_not_repeated),
      cmocka_unit_test(what_an_earlier_request_sent_does_not_count),
      cmocka_unit_test(sources_are_rewound_for_each_repetition),
      cmocka_unit_test(a_source_read_halfway_is_rewound),
      cmocka_unit_test(no_time_for_another_attempt),
  };
  return cmocka_run_group_tests_name("api_call once", tests, nullptr, nullptr);
}
