// A call to a service: where it goes, that it is signed, what is repeated, how often and how soon, and what not.
#include "../fakes/client_world.h"
#include "../fakes/verify_signature.h"

using namespace tinyaws;
using namespace tinyaws::fakes;

namespace {

const Scope kScope{"eu-west-1", "dynamodb"};

Peer peer_of(std::vector<std::string> list) {
  Peer peer;
  for (std::string& bytes : list) peer.answers.push_back({std::move(bytes)});
  return peer;
}

const std::string kOkAnswer = answer("200 OK", "done");
const std::string kBusyAnswer = answer("503 Slow Down", "busy");

struct Fetched {
  Status status;
  uint16_t http;
  std::string body;
};

Fetched fetch(ClientWorld& world, const ApiRequest& request, BodySink* sink = nullptr) {
  char memory[256];
  Response response = sink ? Response(*sink) : Response(memory);
  const Status status = world.client().fetch(request, response);
  return {status, response.status(), std::string(response.body())};
}

ApiRequest post(Body body) {
  ApiRequest request{"dynamodb"};
  request.method = "POST";
  request.body = body;
  return request;
}

void expect_done(const Fetched& fetched, const std::string& what) {
  CHECK_STATUS(fetched.status, Status::kOk, what);
  CHECK(fetched.http == 200, what + ": status");
  CHECK_TEXT(fetched.body, "done", what);
}

// ---- Where to

void regions_in_their_order(void**) {
  TableEnvironment environment;
  CHECK(choose_region("", "", environment).empty(), "none");
  environment.table["AWS_DEFAULT_REGION"] = "default";
  CHECK_TEXT(choose_region("", "", environment), "default", "AWS_DEFAULT_REGION");
  environment.table["AWS_REGION"] = "";
  CHECK_TEXT(choose_region("", "", environment), "default", "an empty AWS_REGION counts as none");
  environment.table["AWS_REGION"] = "region";
  CHECK_TEXT(choose_region("", "", environment), "region", "AWS_REGION");
  CHECK_TEXT(choose_region("", "client", environment), "client", "the client's");
  CHECK_TEXT(choose_region("request", "client", environment), "request", "the request's");
}

void partitions(void**) {
  const struct {
    const char* region;
    const char* suffix;
  } cases[] = {{"eu-west-1", "amazonaws.com"},      {"cn-north-1", "amazonaws.com.cn"},
               {"us-gov-west-1", "amazonaws.com"},  {"us-iso-east-1", "c2s.ic.gov"},
               {"us-isob-east-1", "sc2s.sgov.gov"}, {"us-isof-south-1", "csp.hci.ic.gov"},
               {"eusc-de-east-1", "amazonaws.eu"},  {"cnx", "amazonaws.com"}};
  for (const auto& c : cases) CHECK_TEXT(partition_suffix(c.region), c.suffix, c.region);
}

void expect_destination(const char* url, Str host, uint16_t port, bool tls, Str base) {
  TableEnvironment environment;
  Destination destination;
  CHECK_STATUS(choose_destination("sqs", "eu-west-1", url, environment, destination), Status::kOk, url);
  CHECK_TEXT(destination.endpoint.host, host, url);
  CHECK(destination.endpoint.port == port && destination.endpoint.tls == tls, std::string(url) + ": port or TLS");
  CHECK_TEXT(destination.base_path, base, url);
}

void endpoints_given(void**) {
  expect_destination("", "sqs.eu-west-1.amazonaws.com", 443, true, "");
  expect_destination("https://h.example", "h.example", 443, true, "");
  expect_destination("http://h.example", "h.example", 80, false, "");
  expect_destination("http://h.example:8000/", "h.example", 8000, false, "/");
  expect_destination("https://h.example:8443/a/b", "h.example", 8443, true, "/a/b");
  expect_destination("http://[::1]:9000/x", "::1", 9000, false, "/x");
  expect_destination("https://user:word@h.example/", "h.example", 443, true, "/");
}

void endpoints_that_are_none(void**) {
  TableEnvironment environment;
  for (const char* url : {"h.example", "ftp://h.example", "https://", "https://h:0", "https://h:65536", "https://h:x",
                          "https://h/?a=b", "https://h?a", "https://h/a b", "https://h\r\nX: y", "https://h/%zz",
                          "https://a b/", "https://h/a\nb", "https://h/#f", "//h.example", "https:h.example"}) {
    Destination destination;
    CHECK_STATUS(choose_destination("sqs", "eu-west-1", url, environment, destination), Status::kInvalidArgument,
                 printable(url));
  }
}

void endpoints_in_their_order(void**) {
  TableEnvironment environment;
  environment.table["AWS_ENDPOINT_URL"] = "http://from.environment:1";
  Destination destination;
  CHECK_STATUS(choose_destination("sqs", "eu-west-1", "", environment, destination), Status::kOk, "environment");
  CHECK_TEXT(destination.endpoint.host, "from.environment", "AWS_ENDPOINT_URL");
  CHECK_STATUS(choose_destination("sqs", "eu-west-1", "http://given", environment, destination), Status::kOk,
               "given");
  CHECK_TEXT(destination.endpoint.host, "given", "the option");
}

void names_that_can_be_no_host(void**) {
  TableEnvironment environment;
  for (const char* bad : {"a/b", "a b", "a@b", "a:1", "a\r\nb", "a?", "a#"}) {
    Destination destination;
    CHECK_STATUS(choose_destination(bad, "eu-west-1", "", environment, destination), Status::kInvalidArgument, bad);
    CHECK_STATUS(choose_destination("sqs", bad, "", environment, destination), Status::kInvalidArgument, bad);
  }
}

void hosts_exactly_fitting(void**) {
  TableEnvironment environment;
  const std::string rest = ".eu-west-1.amazonaws.com";
  for (size_t size : {kMaxHostBytes, kMaxHostBytes + 1}) {
    const std::string service(size - rest.size(), 's');
    Destination destination;
    const Status status = choose_destination(service, "eu-west-1", "", environment, destination);
    CHECK_STATUS(status, size > kMaxHostBytes ? Status::kInvalidArgument : Status::kOk, std::to_string(size));
  }
}

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

// ---- Signed

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

// ---- Repeated

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
  for (int attempts : {0, 1, 2, 3, 7, 255}) {
    ClientWorld world;
    world.options.max_attempts = static_cast<uint8_t>(attempts);
    world.transport.peers = {Peer(std::vector<Answer>(300, Answer{kBusyAnswer}))};
    const Fetched fetched = fetch(world, post("x"));
    const std::string what = std::to_string(attempts) + " attempts";
    CHECK_STATUS(fetched.status, Status::kServiceError, what);
    CHECK_TEXT(fetched.body, "busy", what + ": the last answer is delivered");
    CHECK(world.transport.total_requests() == static_cast<size_t>(std::max(1, attempts)),
          what + ": " + std::to_string(world.transport.total_requests()) + " requests");
  }
}

/// "random below 50 ms * 2^(n-1), at most 20 s"
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
      const int64_t bound = std::min<int64_t>(20000, int64_t{50} << (i - 1));
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

// ---- Bodies of attempts that failed

void a_sink_sees_nothing_of_answers_that_are_repeated(void**) {
  ClientWorld world;
  world.transport.peers = {peer_of({kBusyAnswer, kOkAnswer})};
  FakeSink sink;
  CHECK_STATUS(fetch(world, post("x"), &sink).status, Status::kOk, "second");
  CHECK_TEXT(sink.content, "done", "sink");
}

/// A sink that can't begin again is no obstacle as long as nothing was written to it.
void a_sink_that_cannot_restart_serves(void**) {
  ClientWorld world;
  world.transport.peers = {peer_of({kOkAnswer, kBusyAnswer, kOkAnswer})};
  for (int i = 0; i < 2; ++i) {
    FakeSink sink;
    sink.restart_status = Status::kUnsupported;
    CHECK_STATUS(fetch(world, post("x"), &sink).status, Status::kOk, i ? "after 503" : "first attempt");
    CHECK_TEXT(sink.content, "done", "sink");
  }
}

Peer peer_that_breaks_in_the_body() {
  Answer half{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"};
  half.breaks = Status::kConnectionLost;
  Peer peer;
  peer.answers = {half};
  return peer;
}

void a_broken_download_begins_again(void**) {
  ClientWorld world;
  world.transport.peers = {peer_that_breaks_in_the_body(), peer_of({kOkAnswer})};
  FakeSink sink;
  CHECK_STATUS(fetch(world, {"dynamodb"}, &sink).status, Status::kOk, "second");
  CHECK_TEXT(sink.content, "done", "the half of the first attempt is forgotten");
}

/// http.h: "kUnsupported when that can't be done; then the request is not repeated": the failure remains what it was.
void a_broken_download_to_a_sink_that_cannot_restart(void**) {
  ClientWorld world;
  world.transport.peers = {peer_that_breaks_in_the_body(), peer_of({kOkAnswer})};
  FakeSink sink;
  sink.restart_status = Status::kUnsupported;
  CHECK_STATUS(fetch(world, {"dynamodb"}, &sink).status, Status::kConnectionLost, "why it failed");
  CHECK(world.transport.total_requests() == 1, "repeated");
}

/// The same for a source: what it was told to upload has failed because the service was busy, or the line broke; not
/// because of the source, which did all that it had promised.
void a_source_that_cannot_rewind_is_not_repeated(void**) {
  for (const bool busy : {true, false}) {
    ClientWorld world;
    Answer breaks{""};
    breaks.breaks = Status::kConnectionLost;
    Peer first = peer_of({kBusyAnswer});
    if (!busy) first.answers = {breaks};
    world.transport.peers = {first, peer_of({kOkAnswer})};
    FakeSource source("content");
    source.rewind_status = Status::kUnsupported;
    ApiRequest request = post(Body(source, 7));
    request.body.payload_hash = "UNSIGNED-PAYLOAD";
    const Fetched fetched = fetch(world, request);
    CHECK(world.transport.total_requests() == 1, "repeated");
    CHECK_STATUS(fetched.status, busy ? Status::kServiceError : Status::kConnectionLost, busy ? "503" : "lost");
    if (busy) CHECK_TEXT(fetched.body, "busy", "what the service said");
  }
}

void a_source_that_cannot_rewind_needs_a_hash(void**) {
  ClientWorld world;
  world.transport.peers = {peer_of({kOkAnswer})};
  FakeSource source("content");
  source.rewind_status = Status::kUnsupported;
  const Status status = fetch(world, post(Body(source, 7))).status;
  CHECK(status == Status::kBodySourceFailed || status == Status::kUnsupported, "no hash: " + text(status));
  CHECK(world.transport.calls.empty(), "the network was touched");
}

void sources_that_fail_end_the_call(void**) {
  for (const bool hashed : {true, false}) {
    for (int kind = 0; kind < 2; ++kind) {
      ClientWorld world;
      world.transport.peers = {peer_of({kOkAnswer})};
      FakeSource source(kind == 0 ? "short" : "content");
      if (kind == 1) source.fail_at = 3;
      ApiRequest request = post(Body(source, 7));
      if (!hashed) request.body.payload_hash = "UNSIGNED-PAYLOAD";
      CHECK_STATUS(fetch(world, request).status, Status::kBodySourceFailed, kind ? "fails" : "ends early");
      expect_done(fetch(world, post("x")), "afterwards");
    }
  }
}

/// Slow sources are waited for, both while they are hashed and while they are sent.
void slow_sources(void**) {
  ClientWorld world;
  world.transport.peers = {peer_of({kOkAnswer})};
  FakeSource source(pattern(2000));
  source.piece = 50;
  source.pend_between = true;
  expect_done(fetch(world, post(Body(source, 2000))), "slow");
  check_signed(world.transport.last_request(), world.credentials, kScope, "slow");
  CHECK(source.pendings > 50, "it was never pending");
}

// ---- The deadline of the whole

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
    Status advance() override { return Status::kOk; }
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

// ---- Bodies that break their contract

/// Claims one byte more than it was asked for.
class BoastfulSource final : public BodySource {
 public:
  IoResult read(MutBytes out) override { return {Status::kOk, out.size() + 1}; }
  Status rewind() override { return Status::kOk; }
};

class BoastfulSink final : public BodySink {
 public:
  IoResult write(Bytes bytes) override { return {Status::kOk, bytes.size() + 1}; }
  Status restart() override { return Status::kOk; }
};

void a_source_that_claims_too_much_ends_the_call(void**) {
  BoastfulSource source;
  for (const bool hashed : {true, false}) {
    ClientWorld world;
    world.transport.peers = {peer_of({answer("200 OK", "done")})};
    Body body(source, 10000);
    if (!hashed) body.payload_hash = "UNSIGNED-PAYLOAD";
    CHECK_STATUS(fetch(world, post(body)).status, Status::kBodySourceFailed, hashed ? "hashed" : "sent");
  }
}

void a_sink_that_claims_too_much_ends_the_call(void**) {
  BoastfulSink sink;
  ClientWorld world;
  world.transport.peers = {peer_of({answer("200 OK", "done")})};
  CHECK_STATUS(fetch(world, post("x"), &sink).status, Status::kBodySinkFailed, "sink");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_source_that_claims_too_much_ends_the_call),
      cmocka_unit_test(a_sink_that_claims_too_much_ends_the_call),
      cmocka_unit_test(regions_in_their_order),
      cmocka_unit_test(partitions),
      cmocka_unit_test(endpoints_given),
      cmocka_unit_test(endpoints_that_are_none),
      cmocka_unit_test(endpoints_in_their_order),
      cmocka_unit_test(names_that_can_be_no_host),
      cmocka_unit_test(hosts_exactly_fitting),
      cmocka_unit_test(what_a_request_lacks),
      cmocka_unit_test(what_is_sent_is_signed),
      cmocka_unit_test(a_host_header_is_signed_as_sent),
      cmocka_unit_test(s3_sends_its_payload_hash),
      cmocka_unit_test(headers_of_the_signer_are_refused),
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
      cmocka_unit_test(a_sink_sees_nothing_of_answers_that_are_repeated),
      cmocka_unit_test(a_sink_that_cannot_restart_serves),
      cmocka_unit_test(a_broken_download_begins_again),
      cmocka_unit_test(a_broken_download_to_a_sink_that_cannot_restart),
      cmocka_unit_test(a_source_that_cannot_rewind_is_not_repeated),
      cmocka_unit_test(a_source_that_cannot_rewind_needs_a_hash),
      cmocka_unit_test(sources_that_fail_end_the_call),
      cmocka_unit_test(slow_sources),
      cmocka_unit_test(the_whole_has_a_deadline),
      cmocka_unit_test(an_answer_without_time_to_repeat_is_delivered),
      cmocka_unit_test(an_endless_answer_ends_at_the_deadline),
  };
  return cmocka_run_group_tests_name("api_call", tests, nullptr, nullptr);
}
