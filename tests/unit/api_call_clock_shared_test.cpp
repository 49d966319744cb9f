// What one call has learnt of the time serves the others: of all clients that stand on one platform.
// Covers C15: calls that are under way together, Client and AsyncClient, presigned URLs.
#include "../fakes/async_world.h"
#include "api_call_world.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

void two_calls_under_way_are_both_repeated(void**) {
  AsyncWorld world(2);
  world.net.time.wall.seconds -= 600;
  Peer peer = peer_of({refusal(kServiceTime), kOkAnswer});
  peer.answers[0].delay_ms = 100;
  Peer later = peer;
  later.answers[0].delay_ms = 900;
  world.net.peers["peer.example"] = {peer, later};
  const ApiRequest request = post("x");
  Response a, b;
  ApiCall first(request, a, world.client().context()), second(request, b, world.client().context());
  CHECK_STATUS(world.client().start(first), Status::kOk, "start");
  CHECK_STATUS(world.client().start(second), Status::kOk, "start");
  world.run();
  CHECK_STATUS(first.status(), Status::kOk, "first");
  CHECK_STATUS(second.status(), Status::kOk, "second: the offset was learnt from the other one's answer");
  CHECK(world.requests() == 4, std::to_string(world.requests()) + " requests");
  for (const auto& line : world.table.lines) {
    const SentRequest sent =
        check_signed(all_sent(line->wire())[1].bytes, world.credentials, kScope, "second of a line");
    CHECK(std::abs(parse_amz_date(sent.one("x-amz-date")).seconds - kServiceTime) <= 2, "signed at");
  }
}

void all_clients_of_a_platform_learn(void**) {
  SkewedWorld world(-600);
  world.transport.peers = {peer_of({done_at(kServiceTime)}), peer_of({kOkAnswer}), peer_of({kOkAnswer})};
  expect_done(fetch(world, post("x")), "teacher");
  world.client().close();
  {
    Client other(Port{world.platform, world.environment, world.transport, world.buffer.bytes()}, world.credentials,
                 world.options);
    Response response;
    CHECK_STATUS(other.fetch(post("x"), response), Status::kOk, "another client");
    check_signed_at(world, world.transport.last_request(), kScope, kServiceTime, "another client");
    other.close();
  }
  tinyaws::Slot slot(world.transport, world.buffer.bytes());
  AsyncClient async({world.platform, world.environment, {&slot, 1}}, world.credentials, world.options);
  const ApiRequest request = post("x");
  Response response;
  ApiCall call(request, response, async.context());
  CHECK_STATUS(async.start(call), Status::kOk, "start");
  for (int i = 0; async.busy(); ++i) {
    CHECK(i < 1000, "hang");
    async.poll();
    Interest interest[1];
    if (async.busy()) world.platform.wait(async.interests(interest), async.next_deadline());
  }
  CHECK_STATUS(call.status(), Status::kOk, "AsyncClient");
  check_requests(world, 3, "one each");
  check_signed_at(world, world.transport.last_request(), kScope, kServiceTime, "AsyncClient");
}

void an_async_client_learns_and_repeats(void**) {
  AsyncWorld world(1);
  world.net.time.wall.seconds += 3600;
  world.net.peers["peer.example"] = {peer_of({refusal(kServiceTime), kOkAnswer, kOkAnswer})};
  const ApiRequest request = post("x");
  for (int i = 0; i < 2; ++i) {
    Response response;
    ApiCall call(request, response, world.client().context());
    world.run(call);
    CHECK_STATUS(call.status(), Status::kOk, "call");
  }
  CHECK(world.requests() == 3, std::to_string(world.requests()) + " requests");
  CHECK(world.platform.service_clock().offset() == -3600, "offset");
}

void presigned_urls_are_corrected_too(void**) {
  SkewedWorld world(-3600);
  world.transport.peers = {peer_of({done_at(kServiceTime)})};
  expect_done(fetch(world, post("x")), "teacher");
  char url[2048];
  const IoResult result = world.client().presign({"s3"}, 60, url);
  CHECK_STATUS(result.status, Status::kOk, "presign");
  CHECK(contains({url, result.size}, "X-Amz-Date=20150830T1236"), std::string(url, result.size));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(two_calls_under_way_are_both_repeated),
      cmocka_unit_test(all_clients_of_a_platform_learn),
      cmocka_unit_test(an_async_client_learns_and_repeats),
      cmocka_unit_test(presigned_urls_are_corrected_too),
  };
  return cmocka_run_group_tests_name("api_call clock shared", tests, nullptr, nullptr);
}
