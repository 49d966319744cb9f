// A call that is begun once more has nothing of the time before: no wait, no source, no words.
#include "api_call_world.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

struct ResetWorld : LendingWorld {
  ApiRequest request = post("x");
  Response response;
  ApiCall call{request, response, context};

  /// Cancelled while it waits for its next attempt.
  void cancel_in_a_wait() {
    Connection connection(transport, buffer.bytes(), options.timeouts);
    CHECK_STATUS(connection.start(call), Status::kOk, "start");
    const auto step = [&] { (void)connection.step(time.now, platform.time_of_day(time.now)); };
    for (int i = 0; i < 50 && transport.total_requests() == 0; ++i) step();
    for (int i = 0; i < 5; ++i) step();
    CHECK(connection.busy() && time.now < connection.next_deadline(), "it waits");
    connection.cancel();
    CHECK_STATUS(call.status(), Status::kCancelled, "cancelled");
    call.reset();
  }
};

/// Whatever the answer: one that ends the call was still to be delivered then.
void a_wait_ends_with_its_call(void**) {
  for (const std::string& bytes : {kOkAnswer, json_error("400 Bad Request", "ValidationException"),
                                   json_error("400 Bad Request", "ThrottlingException")}) {
    ResetWorld world;
    world.platform.random_byte = 255;
    world.options.max_attempts = 3;
    world.transport.peers = {peer_of({answer("503 Busy", "", "x-amz-retry-after: 5000\r\n")})};
    world.cancel_in_a_wait();
    world.options.max_attempts = 1;
    world.transport.peers = {peer_of({bytes})};
    const Instant begin = world.time.now;
    (void)world.client().run(world.call);
    CHECK_STATUS(world.call.status(), bytes == kOkAnswer ? Status::kOk : Status::kServiceError, bytes);
    CHECK(world.time.now == begin, bytes + ": took " + std::to_string(world.time.now - begin) + " ms");
  }
}

/// It may be another source, which stands at its beginning: only what was read in this call has to be rewound.
void a_fresh_source_need_not_rewind(void**) {
  ResetWorld world;
  world.options.timeouts.idle_ms = 1000000;
  world.transport.peers = {peer_of({kOkAnswer, kOkAnswer})};
  for (const char* content : {"first", "other"}) {
    FakeSource source(content);
    source.rewind_status = Status::kUnsupported;
    world.request.body = Body(source, 5);
    world.request.body.payload_hash = "UNSIGNED-PAYLOAD";
    (void)world.client().run(world.call);
    CHECK_STATUS(world.call.status(), Status::kOk, content);
    CHECK_TEXT(body_of(world.transport.last_request()), content, "body");
    world.call.reset();
  }
  check_requests(world, 2, "two");
}

/// The same source once more is rewound.
void a_source_that_is_sent_again_is_rewound(void**) {
  ResetWorld world;
  world.options.timeouts.idle_ms = 1000000;
  world.transport.peers = {peer_of({kOkAnswer, kOkAnswer})};
  FakeSource source("content");
  world.request.body = Body(source, 7);
  for (int i = 0; i < 2; ++i) {
    (void)world.client().run(world.call);
    CHECK_STATUS(world.call.status(), Status::kOk, "again");
    CHECK_TEXT(body_of(world.transport.last_request()), "content", "body");
    world.call.reset();
  }
}

/// Its token is good once, and then can't be sent.
class SpoilingCredentials final : public CredentialsProvider {
 public:
  Status get(Instant now, UnixTime wall, Credentials& credentials, Call*& fetch) override {
    fixed_.token = given_++ == 0 ? "" : "bad\r\ntoken";
    return fixed_.get(now, wall, credentials, fetch);
  }
  Str describe() const override { return "spoiling"; }
  IoResult explain(MutBytes) const override { return {}; }

 private:
  FixedCredentials fixed_;
  int given_ = 0;
};

/// An attempt that fails before it is sent does not fail with the words of the one before.
void words_are_those_of_the_last_attempt(void**) {
  ClientWorld world;
  Peer refusing;
  refusing.fails_in = Transport::State::kConnecting;
  refusing.words = "connection refused";
  world.transport.peers = {refusing};
  SpoilingCredentials credentials;
  Client client(Port{world.platform, world.environment, world.transport, world.buffer.bytes()}, credentials,
                world.options);
  Response response;
  const Status status = client.fetch(post("x"), response);
  CHECK(status != Status::kOk && status != Status::kConnectFailed, text(status));
  CHECK(!contains(client.failure(), "refused"), std::string(client.failure()));
  CHECK(world.transport.opens() >= 1, "tried");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_wait_ends_with_its_call),
      cmocka_unit_test(a_fresh_source_need_not_rewind),
      cmocka_unit_test(a_source_that_is_sent_again_is_rewound),
      cmocka_unit_test(words_are_those_of_the_last_attempt),
  };
  return cmocka_run_group_tests_name("api_call reset", tests, nullptr, nullptr);
}
