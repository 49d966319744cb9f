// Sources and sinks of a call to a service: when attempts fail, when they fail themselves or break their contract.
#include "api_call_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

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
      cmocka_unit_test(a_sink_sees_nothing_of_answers_that_are_repeated),
      cmocka_unit_test(a_sink_that_cannot_restart_serves),
      cmocka_unit_test(a_broken_download_begins_again),
      cmocka_unit_test(a_broken_download_to_a_sink_that_cannot_restart),
      cmocka_unit_test(a_source_that_cannot_rewind_is_not_repeated),
      cmocka_unit_test(a_source_that_cannot_rewind_needs_a_hash),
      cmocka_unit_test(sources_that_fail_end_the_call),
      cmocka_unit_test(slow_sources),
      cmocka_unit_test(a_source_that_claims_too_much_ends_the_call),
      cmocka_unit_test(a_sink_that_claims_too_much_ends_the_call),
  };
  return cmocka_run_group_tests_name("api_call bodies", tests, nullptr, nullptr);
}
