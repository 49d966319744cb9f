// A call to a service: what it lacks, that it is signed, and its deadline.
#include "api_call_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

void what_a_request_lacks(void**) {
  ClientWorld world;
  world.options.region = "";
  CHECK_STATUS(fetch(world, {"dynamodb"}).status, Status::kNoRegion, "no region");
  CHECK_STATUS(fetch(world, {"", "eu-west-1"}).status, Status::kInvalidArgument, "no service");
  world.credentials.status = Status::kNoCredentials;
  CHECK_STATUS(fetch(world, {"dynamodb", "eu-west-1"}).status, Status::kNoCredentials, "no credentials");
  CHECK(world.transport.calls.empty(), "the network was touched");
  world.credentials.status = Status::kOk;
  world.transport.peers = {peer_of({kOkAnswer})};
  expect_done(fetch(world, {"dynamodb", "eu-west-1"}), "afterwards");
}

void what_is_sent_is_signed(void**) {
  const Header headers[] = {{"X-Amz-Target", "DynamoDB_20120810.ListTables"},
                            {"Content-Type", "application/x-amz-json-1.0"},
                            {"User-Agent", "mine"},
                            {"x-custom", "  b   c "}};
  const Parameter query[] = {{"b", "2 3"}, {"a", "\xc3\xa9"}, {"A", "="}};
  FakeSource source(pattern(3000));
  source.piece = 700;
  for (int kind = 0; kind < 4; ++kind) {
    ClientWorld world;
    world.credentials.token = kind & 1 ? "session/token==" : "";
    world.options.endpoint_url = kind & 2 ? "http://[::1]:8000/base" : "https://peer.example";
    world.transport.peers = {peer_of({kOkAnswer})};
    ApiRequest request = kind & 2 ? post(Body(source, 3000)) : post("{\"a\":1}");
    request.headers = headers;
    request.query = query;
    request.path = "/a b/../c";
    const std::string what = "kind " + std::to_string(kind);
    expect_done(fetch(world, request), what);
    const SentRequest sent = check_signed(world.transport.last_request(), world.credentials, kScope, what);
    CHECK_TEXT(sent.target, std::string(kind & 2 ? "/base" : "") + "/a%20b/../c?b=2%203&a=%C3%A9&A=%3D", what);
    CHECK_TEXT(sent.body, kind & 2 ? pattern(3000) : std::string("{\"a\":1}"), what);
    CHECK_TEXT(sent.one("x-amz-date"), "20150830T123600Z", what);
    for (const char* name : {"host", "x-amz-date", "content-type", "x-amz-target", "x-custom"}) {
      CHECK(is_signed(sent, name), what + ": not signed: " + name);
    }
    CHECK(!is_signed(sent, "user-agent"), what + ": a proxy may change the user agent");
    if (source.at() > 0) CHECK_STATUS(source.rewind(), Status::kOk, "rewind");
  }
}

void a_host_header_is_signed_as_sent(void**) {
  ClientWorld world;
  world.transport.peers = {peer_of({kOkAnswer})};
  const Header headers[] = {{"Host", "other.example:1234"}};
  ApiRequest request = post("x");
  request.headers = headers;
  expect_done(fetch(world, request), "host");
  const SentRequest sent = check_signed(world.transport.last_request(), world.credentials, kScope, "host");
  CHECK_TEXT(sent.one("host"), "other.example:1234", "host");
  CHECK_TEXT(world.transport.hosts[0], "peer.example", "connected to the endpoint");
}

void s3_sends_its_payload_hash(void**) {
  for (const char* hash : {"", "UNSIGNED-PAYLOAD"}) {
    ClientWorld world;
    world.transport.peers = {peer_of({kOkAnswer})};
    FakeSource source("content");
    ApiRequest request{"s3"};
    request.method = "PUT";
    request.target = "/bucket/a%2Fb//c?x";
    request.body = Body(source, 7);
    request.body.payload_hash = hash;
    expect_done(fetch(world, request), hash);
    const SentRequest sent =
        check_signed(world.transport.last_request(), world.credentials, {"eu-west-1", "s3"}, hash, hash);
    CHECK_TEXT(sent.target, "/bucket/a%2Fb//c?x", "target");
    CHECK(source.rewinds == (*hash ? 0 : 1), "a source whose hash is given is read once");
  }
}

/// What the signer adds is never sent twice.
void headers_of_the_signer_are_refused(void**) {
  for (const char* name : {"Authorization", "x-amz-date", "X-Amz-Security-Token", "X-Amz-Content-Sha256"}) {
    ClientWorld world;
    world.transport.peers = {peer_of({kOkAnswer})};
    const Header headers[] = {{name, "mine"}};
    ApiRequest request = post("x");
    request.headers = headers;
    CHECK_STATUS(fetch(world, request).status, Status::kInvalidArgument, name);
    CHECK(world.transport.calls.empty(), "the network was touched");
    expect_done(fetch(world, post("x")), "afterwards");
  }
}

void the_whole_has_a_deadline(void**) {
  for (int kind = 0; kind < 5; ++kind) {
    ClientWorld world;
    world.options.timeouts.total_ms = 900;
    world.options.max_attempts = 200;
    Peer peer;
    FakeSource source(pattern(100));
    ApiRequest request = post("x");
    if (kind == 0) peer.connect_ms = 100000;
    if (kind == 2) peer = Peer(std::vector<Answer>(300, Answer{kBusyAnswer}));
    if (kind >= 3) {  // a source that never comes, while it is hashed or sent
      source.fail_at = 50;
      source.pend_for_ever = true;
      request.body = Body(source, 100);
      if (kind == 4) request.body.payload_hash = "UNSIGNED-PAYLOAD";
    }
    world.transport.peers = {peer};
    const Instant before = world.time.now;
    const Fetched fetched = fetch(world, request);
    const std::string what = "kind " + std::to_string(kind);
    CHECK(world.time.now - before <= 900, what + ": took " + std::to_string(world.time.now - before) + " ms");
    if (kind != 2) CHECK_STATUS(fetched.status, Status::kDeadlineExceeded, what);
    world.transport.peers = {peer_of({kOkAnswer})};
    world.client().close();
    expect_done(fetch(world, post("x")), what + ": afterwards");
  }
}

/// No time is left to try again: then the last answer is the result, and the response holds it.
void an_answer_without_time_to_repeat_is_delivered(void**) {
  ClientWorld world;
  world.options.timeouts.total_ms = 500;
  world.options.max_attempts = 5;
  world.platform.random_byte = 255;
  Peer peer = peer_of({kBusyAnswer});
  peer.answers[0].delay_ms = 480;
  world.transport.peers = {peer};
  const Fetched fetched = fetch(world, post("x"));
  CHECK_STATUS(fetched.status, Status::kServiceError, "20 ms left, 50 ms to wait");
  CHECK(fetched.http == 503, "status");
  CHECK_TEXT(fetched.body, "busy", "client.h: \"kServiceError: another answer; response holds it\"");
}

/// Bytes that never cease to come don't keep the caller beyond its deadline.
void an_endless_answer_ends_at_the_deadline(void**) {
  struct EndlessTransport final : Transport {
    VirtualTime& time;
    State state_ = State::kClosed;
    bool answered = false;
    uint64_t given = 0;
    explicit EndlessTransport(VirtualTime& t) : time(t) {}
    Status open(const Endpoint&) override { return state_ = State::kOpen, Status::kOk; }
    Status advance(Instant) override { return Status::kOk; }
    State state() const override { return state_; }
    IoResult send(Bytes bytes) override { return {Status::kOk, bytes.size()}; }
    IoResult recv(MutBytes space) override {
      time.pass(1);
      CHECK(given < 10000000, "10 MB and 10 s after a deadline of 2 s");
      const Str head = answered ? "" : "HTTP/1.1 200 OK\r\n\r\n";
      answered = true;
      memset(space.data(), 'x', space.size());
      memcpy(space.data(), head.data(), head.size());
      given += space.size();
      return {Status::kOk, space.size()};
    }
    void close() override { state_ = State::kClosed; }
    Interest interest(bool, bool) const override { return {}; }
    bool ready() const override { return true; }
    Str describe() const override { return {}; }
  };
  ClientWorld world;
  EndlessTransport endless(world.time);
  world.options.timeouts.total_ms = 2000;
  Client client({world.platform, world.environment, endless, world.buffer.bytes()}, world.credentials, world.options);
  Response response;
  const Instant before = world.time.now;
  CHECK_STATUS(client.fetch({"dynamodb"}, response), Status::kDeadlineExceeded, "endless");
  CHECK(world.time.now - before <= 2200, "took " + std::to_string(world.time.now - before) + " ms");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(what_a_request_lacks),
      cmocka_unit_test(what_is_sent_is_signed),
      cmocka_unit_test(a_host_header_is_signed_as_sent),
      cmocka_unit_test(s3_sends_its_payload_hash),
      cmocka_unit_test(headers_of_the_signer_are_refused),
      cmocka_unit_test(the_whole_has_a_deadline),
      cmocka_unit_test(an_answer_without_time_to_repeat_is_delivered),
      cmocka_unit_test(an_endless_answer_ends_at_the_deadline),
  };
  return cmocka_run_group_tests_name("api_call", tests, nullptr, nullptr);
}
