// The blocking client: that it waits and no more, that it stays usable, what fits its buffer, presigned URLs.
// Covers C38: credentials that inject nothing, events without secrets.
#include "../fakes/client_world.h"
#include "../fakes/test_call.h"
#include "../fakes/verify_signature.h"

using namespace tinyaws;
using namespace tinyaws::fakes;

namespace {

const Scope kScope{"eu-west-1", "dynamodb"};

Peer done_peer(size_t n = 10) {
  return Peer(std::vector<Answer>(n, Answer{answer("200 OK", "done", "X-Amzn-RequestId: ID\r\n")}));
}

void check_usable(ClientWorld& world, const std::string& what) {
  if (world.transport.peers.empty()) world.transport.peers = {done_peer()};
  char memory[64];
  Response response(memory);
  CHECK_STATUS(world.client().fetch({"dynamodb"}, response), Status::kOk, what + ": the next call");
  CHECK_TEXT(response.body(), "done", what + ": the next call");
}

void the_response_can_be_read_after_fetch(void**) {
  ClientWorld world;
  world.transport.peers = {done_peer()};
  char memory[4];
  Response response(memory);
  CHECK_STATUS(world.client().fetch({"dynamodb"}, response), Status::kOk, "fetch");
  CHECK_TEXT(response.body(), "done", "a body that fits exactly");
  CHECK(response.status() == 200 && response.body_size() == 4, "status and size");
  CHECK_TEXT(response.header("x-amzn-requestid"), "ID", "header");
  CHECK_TEXT(response.head().status_line(), "HTTP/1.1 200 OK", "status line");
  CHECK(world.client().failure().empty(), "failure");
}

void a_response_is_used_again(void**) {
  ClientWorld world;
  world.transport.peers = {Peer({Answer{answer("200 OK", "first answer")}, Answer{answer("404 Not Found", "no")}})};
  char memory[64];
  Response response(memory);
  CHECK_STATUS(world.client().fetch({"dynamodb"}, response), Status::kOk, "first");
  CHECK_STATUS(world.client().fetch({"dynamodb"}, response), Status::kServiceError, "second");
  CHECK_TEXT(response.body(), "no", "the first body is forgotten");
  CHECK(response.status() == 404 && response.body_size() == 2, "status and size");
  world.transport.peers[0].fails_in = Transport::State::kConnecting;
  world.client().close();
  CHECK_STATUS(world.client().fetch({"dynamodb"}, response), Status::kConnectFailed, "third");
  CHECK(response.status() == 0 && response.body().empty() && response.head().bytes.empty(),
        "\"0 when no answer came\"");
}

/// When a call ends before anything is sent, the response does not keep the answer of the one before.
void a_call_that_never_began_leaves_no_old_answer(void**) {
  ClientWorld world;
  world.transport.peers = {done_peer()};
  char memory[64];
  Response response(memory);
  CHECK_STATUS(world.client().fetch({"dynamodb"}, response), Status::kOk, "first");
  CHECK_STATUS(world.client().fetch({""}, response), Status::kInvalidArgument, "no service");
  CHECK(response.status() == 0 && response.body().empty(), "\"0 when no answer came\"");
}

void a_body_that_does_not_fit(void**) {
  ClientWorld world;
  world.transport.peers = {done_peer()};
  char memory[3];
  Response response(memory);
  CHECK_STATUS(world.client().fetch({"dynamodb"}, response), Status::kBufferTooSmall, "4 bytes in 3");
  CHECK(world.transport.total_requests() == 1, "repeated");
  check_usable(world, "too small");
}

/// The client is at work, and its memory in use: whoever asks it from inside a call is refused.
class AskingSink final : public BodySink {
 public:
  explicit AskingSink(ClientWorld& world) : world_(world) {}
  IoResult write(Bytes piece) override {
    char url[512];
    Response other;
    CHECK_STATUS(world_.client().fetch({"sqs"}, other), Status::kBusy, "fetch in a fetch");
    CHECK_STATUS(world_.client().presign({"sqs"}, 60, url).status, Status::kBusy, "presign in a fetch");
    ++asked;
    return {Status::kOk, piece.size()};
  }
  Status restart() override { return Status::kOk; }

  int asked = 0;

 private:
  ClientWorld& world_;
};

void a_client_at_work_is_busy(void**) {
  ClientWorld world;
  world.transport.peers = {done_peer()};
  AskingSink sink(world);
  Response response(sink);
  CHECK_STATUS(world.client().fetch({"dynamodb"}, response), Status::kOk, "fetch");
  CHECK(sink.asked > 0 && response.status() == 200, "the answer");
  check_usable(world, "asked meanwhile");
}

void sinks_that_fail(void**) {
  ClientWorld world;
  world.transport.peers = {done_peer()};
  FakeSink sink;
  sink.fail_at = 2;
  Response response(sink);
  CHECK_STATUS(world.client().fetch({"dynamodb"}, response), Status::kBodySinkFailed, "sink");
  CHECK_TEXT(sink.content, "do", "what it took");
  check_usable(world, "sink");
}

void sinks_that_are_slow(void**) {
  ClientWorld world;
  world.transport.peers = {Peer(answer("200 OK", pattern(5000)))};
  FakeSink sink;
  sink.pend_between = true;
  sink.piece = 13;
  Response response(sink);
  CHECK_STATUS(world.client().fetch({"dynamodb"}, response), Status::kOk, "slow");
  CHECK_TEXT(sink.content, pattern(5000), "slow");
}

// ---- What fits

/// The head, token included, has to fit the buffer: exactly, and one byte short.
void heads_exactly_fitting_the_buffer(void**) {
  for (size_t token : {0, 900, 4096}) {
    size_t head_size = 0;
    {
      ClientWorld roomy(8192);
      roomy.credentials.token = std::string(token, 't');
      check_usable(roomy, "roomy");
      const std::string& sent = roomy.transport.last_request();
      check_signed(sent, roomy.credentials, kScope, std::to_string(token) + " bytes of token");
      head_size = sent.size();
    }
    if (head_size < Exchange::kMinBufferBytes) continue;
    for (size_t size : {head_size - 1, head_size}) {
      ClientWorld world(size);
      world.credentials.token = std::string(token, 't');
      world.transport.peers = {done_peer()};
      Response response;
      const std::string what = std::to_string(head_size) + " bytes in " + std::to_string(size);
      const Status status = world.client().fetch({"dynamodb"}, response);
      CHECK_STATUS(status, size < head_size ? Status::kRequestTooLarge : Status::kOk, what);
      if (status != Status::kOk) CHECK(world.transport.calls.empty(), what + ": the network was touched");
      world.credentials.token = "";
      check_usable(world, what);
    }
  }
}

void long_keys(void**) {
  ClientWorld world(8192);
  world.credentials.key_id = std::string(128, 'K');
  world.credentials.secret = std::string(200, 's');
  world.credentials.token = std::string(4096, 't');
  check_usable(world, "long keys");
  check_signed(world.transport.last_request(), world.credentials, kScope, "long keys");
}

void buffers_too_small_for_anything(void**) {
  for (size_t size : {size_t{1}, size_t{100}, Exchange::kMinBufferBytes - 1}) {
    ClientWorld world(size);
    world.transport.peers = {done_peer()};
    Response response;
    const Status status = world.client().fetch({"dynamodb"}, response);
    CHECK(status == Status::kRequestTooLarge || status == Status::kBufferTooSmall,
          std::to_string(size) + text(status));
    CHECK(world.transport.calls.empty(), "the network was touched");
  }
}

/// A value too many, a value too long, a value that can't be sent: each by its name, and the client remains usable.
void requests_that_cannot_be_sent(void**) {
  ClientWorld world;
  Response response;
  const std::string long_value(4000, 'x');
  const std::vector<Header> many(kMaxHeaders + 1, Header{"X-A", "b"});
  const Header too_long[] = {{"X-Long", long_value}}, injected[] = {{"X-A", "b\r\nX-B: c"}},
               coded[] = {{"Transfer-Encoding", "chunked"}};
  const struct {
    Span<const Header> headers;
    Status status;
  } cases[] = {
      {too_long, Status::kRequestTooLarge}, {injected, Status::kInvalidArgument}, {coded, Status::kInvalidArgument}};
  for (const auto& c : cases) {
    ApiRequest request{"dynamodb"};
    request.headers = c.headers;
    CHECK_STATUS(world.client().fetch(request, response), c.status, std::string(c.headers[0].name));
    CHECK(world.transport.calls.empty(), "the network was touched");
  }
  {
    ClientWorld roomy(16384);
    ApiRequest request{"dynamodb"};
    request.headers = {many.data(), many.size()};
    CHECK_STATUS(roomy.client().fetch(request, response), Status::kTooManyHeaders, "headers");
    check_usable(roomy, "too many");
  }
  check_usable(world, "refused");
}

void credentials_and_tokens_inject_nothing(void**) {
  for (int field = 0; field < 2; ++field) {
    ClientWorld world;
    (field ? world.credentials.token : world.credentials.key_id) = "AK\r\nX-Evil: 1";
    Response response;
    CHECK_STATUS(world.client().fetch({"dynamodb"}, response), Status::kInvalidArgument, field ? "token" : "key id");
    CHECK(world.transport.calls.empty(), "the network was touched");
    world.credentials.key_id = "AK";
    world.credentials.token = "";
    check_usable(world, "injection");
  }
}

// ---- Waiting

void waits_that_end_early_change_nothing(void**) {
  ClientWorld world;
  world.platform.wakes_early = true;
  world.transport.peers = {Peer({Answer{answer("503 Busy", "x")}, Answer{answer("200 OK", "done")}})};
  world.transport.peers[0].connect_ms = 300;
  world.transport.peers[0].answers[1].delay_ms = 900;
  check_usable(world, "early");
  CHECK(world.transport.total_requests() == 2, "requests");
}

/// Waiting is for the platform: the client does not ask a transport over and over.
void nothing_is_polled_in_a_loop(void**) {
  ClientWorld world;
  world.transport.peers = {done_peer()};
  Peer& peer = world.transport.peers[0];
  peer.resolve_ms = peer.connect_ms = peer.secure_ms = 500;
  peer.answers[0].delay_ms = 1500;
  check_usable(world, "slow peer");
  CHECK(world.transport.calls.size() < 30, std::to_string(world.transport.calls.size()) + " calls of the transport");
  CHECK(world.platform.waits < 15, std::to_string(world.platform.waits) + " waits");
}

void bytes_held_by_the_transport_are_not_waited_for(void**) {
  ClientWorld world;
  world.transport.peers = {done_peer()};
  world.transport.peers[0].holds_bytes = true;
  world.transport.peers[0].recv_piece = 3;
  const Instant before = world.time.now;
  check_usable(world, "held");
  CHECK(world.time.now == before, "waited for what was there");
}

void calls_of_any_kind_are_run(void**) {
  ClientWorld world;
  world.transport.peers = {done_peer()};
  TestCall call;
  call.exchanges = 3;
  CHECK_STATUS(world.client().run(call), Status::kOk, "run");
  CHECK(call.answered.size() == 3, "answers");
  check_usable(world, "run");
}

void close_closes_the_kept_connection(void**) {
  ClientWorld world;
  world.client().close();
  check_usable(world, "first");
  CHECK(world.transport.state() == Transport::State::kOpen, "not kept");
  world.client().close();
  CHECK(world.transport.state() == Transport::State::kClosed, "not closed");
  check_usable(world, "afterwards");
  CHECK(world.transport.opens() == 2, "connections");
}

void clients_share_nothing(void**) {
  ClientWorld a, b;
  b.credentials.key_id = "AKIDOTHER";
  check_usable(a, "a");
  check_usable(b, "b");
  check_usable(a, "a again");
  CHECK(contains(a.transport.last_request(), "AKIDEXAMPLE") && contains(b.transport.last_request(), "AKIDOTHER"),
        "keys");
}

/// Neither key nor token nor signature in anything that is told.
void the_observer_of_a_client_sees_no_secret(void**) {
  ClientWorld world;
  RecordingObserver observer;
  world.options.observer = &observer;
  world.credentials.token = "SESSIONTOKEN";
  world.transport.peers = {Peer({Answer{answer("503 Busy", "x")}, Answer{answer("200 OK", "done")}})};
  check_usable(world, "observed");
  CHECK(contains(observer.kinds(), "status done waiting"), observer.kinds());
  for (const auto& event : observer.events) {
    for (const char* secret : {"SESSIONTOKEN", "wJalr", "Signature=", "AKID"}) {
      CHECK(!contains(event.text, secret), "shown: " + event.text);
    }
  }
}

// ---- Presigned URLs

std::string presigned(ClientWorld& world, const ApiRequest& request, uint32_t seconds = 60) {
  std::string url(8192, '\0');
  const IoResult result = world.client().presign(request, seconds, {&url[0], url.size()});
  CHECK_STATUS(result.status, Status::kOk, "presign");
  url.resize(result.size);
  return url;
}

void urls_are_presigned_without_the_network(void**) {
  ClientWorld world;
  ApiRequest request{"s3"};
  request.path = "/bucket/a b";
  const std::string url = presigned(world, request);
  CHECK(url.compare(0, 37, "https://peer.example/bucket/a%20b?X-A") == 0, url);
  CHECK(contains(url, "X-Amz-Expires=60") && contains(url, "X-Amz-Signature="), url);
  CHECK(world.transport.calls.empty(), "the network was touched");
  // The same, from the signer alone.
  const SigningInput input{"GET", "peer.example", "/bucket/a%20b", {}, "UNSIGNED-PAYLOAD"};
  Signer signer;
  std::string expected(4096, '\0');
  const IoResult result = signer.presign(input, true, world.credentials.credentials(), {"eu-west-1", "s3"},
                                         SigningPolicy::for_service("s3"), world.platform.unix_time(), 60,
                                         {&expected[0], expected.size()});
  CHECK_STATUS(result.status, Status::kOk, "signer");
  CHECK_TEXT(url, expected.substr(0, result.size), "url");
}

void urls_exactly_fitting_and_one_short(void**) {
  ClientWorld world;
  const std::string whole = presigned(world, {"s3"});
  GuardedBuffer memory(whole.size());
  IoResult result = world.client().presign({"s3"}, 60, memory.bytes());
  CHECK_STATUS(result.status, Status::kOk, "exactly");
  result = world.client().presign({"s3"}, 60, memory.last(whole.size() - 1));
  CHECK_STATUS(result.status, Status::kBufferTooSmall, "one short");
  CHECK(result.size == whole.size(), "says what is needed");
}

void presigning_errors(void**) {
  ClientWorld world;
  char memory[2048];
  for (uint32_t seconds : {0u, kMaxPresignSeconds + 1}) {
    CHECK_STATUS(world.client().presign({"s3"}, seconds, memory).status, Status::kInvalidArgument, "seconds");
  }
  CHECK_STATUS(world.client().presign({"s3"}, kMaxPresignSeconds, memory).status, Status::kOk, "the longest");
  FakeSource source("content");
  ApiRequest request{"dynamodb"};
  request.body = Body(source, 7);
  CHECK_STATUS(world.client().presign(request, 60, memory).status, Status::kInvalidArgument,
               "a source without its hash");
  request.body.payload_hash = "UNSIGNED-PAYLOAD";
  CHECK_STATUS(world.client().presign(request, 60, memory).status, Status::kOk, "a source with its hash");
  world.credentials.status = Status::kNoCredentials;
  CHECK_STATUS(world.client().presign({"s3"}, 60, memory).status, Status::kNoCredentials, "credentials");
}

/// A URL made between two calls leaves the kept connection as it is.
void presigning_between_calls(void**) {
  ClientWorld world;
  check_usable(world, "before");
  (void)presigned(world, {"s3"});
  check_usable(world, "after");
  CHECK(world.transport.opens() == 1, "connections");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(the_response_can_be_read_after_fetch),
      cmocka_unit_test(a_response_is_used_again),
      cmocka_unit_test(a_call_that_never_began_leaves_no_old_answer),
      cmocka_unit_test(a_body_that_does_not_fit),
      cmocka_unit_test(a_client_at_work_is_busy),
      cmocka_unit_test(sinks_that_fail),
      cmocka_unit_test(sinks_that_are_slow),
      cmocka_unit_test(heads_exactly_fitting_the_buffer),
      cmocka_unit_test(long_keys),
      cmocka_unit_test(buffers_too_small_for_anything),
      cmocka_unit_test(requests_that_cannot_be_sent),
      cmocka_unit_test(credentials_and_tokens_inject_nothing),
      cmocka_unit_test(waits_that_end_early_change_nothing),
      cmocka_unit_test(nothing_is_polled_in_a_loop),
      cmocka_unit_test(bytes_held_by_the_transport_are_not_waited_for),
      cmocka_unit_test(calls_of_any_kind_are_run),
      cmocka_unit_test(close_closes_the_kept_connection),
      cmocka_unit_test(clients_share_nothing),
      cmocka_unit_test(the_observer_of_a_client_sees_no_secret),
      cmocka_unit_test(urls_are_presigned_without_the_network),
      cmocka_unit_test(urls_exactly_fitting_and_one_short),
      cmocka_unit_test(presigning_errors),
      cmocka_unit_test(presigning_between_calls),
  };
  return cmocka_run_group_tests_name("client", tests, nullptr, nullptr);
}
