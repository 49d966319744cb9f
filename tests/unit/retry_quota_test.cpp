// What a client may spend on repetitions, alone and between its calls.
// Covers C22: costs 14 and 5, what is given back, the cap of 500, an empty bucket.
#include "../fakes/async_world.h"
#include "api_call_world.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

void a_quota_counts(void**) {
  RetryQuota quota;
  CHECK(quota.tokens() == 500 && RetryQuota::kTransientCost == 14 && RetryQuota::kThrottlingCost == 5, "figures");
  CHECK(quota.take(14) && quota.tokens() == 486, "one");
  quota.give_back(5);
  CHECK(quota.tokens() == 491, "given back");
  quota.give_back(100);
  CHECK(quota.tokens() == 500, "the cap");
  quota.give_back(UINT16_MAX);
  CHECK(quota.tokens() == 500, "the cap, without an overflow");
  CHECK(quota.take(500) && quota.tokens() == 0, "to the last one");
  CHECK(!quota.take(1) && quota.tokens() == 0, "empty");
  quota.give_back(13);
  CHECK(!quota.take(14) && quota.tokens() == 13, "too few: nothing is taken");
  CHECK(quota.take(5) && quota.tokens() == 8, "enough for less");
}

const std::string kThrottled = json_error("400 Bad Request", "ThrottlingException");

/// One connection, one script over many calls; `expect` makes a call and counts what it sent.
struct QuotaWorld : ClientWorld {
  QuotaWorld() {
    options.max_attempts = 255;
    options.timeouts.idle_ms = 100000000;
    platform.random_byte = 0;
    transport.peers = {Peer()};
  }
  void will_say(const std::string& bytes, size_t n = 1) {
    for (size_t i = 0; i < n; ++i) transport.peers[0].answers.push_back(Answer{bytes});
  }
  void expect(size_t requests, Status status, const std::string& what) {
    const size_t before = transport.total_requests();
    const Fetched fetched = fetch(*this, request_to("sqs"));
    const size_t n = transport.total_requests() - before;
    CHECK(n == requests, what + ": " + std::to_string(n) + " requests, expected " + std::to_string(requests));
    CHECK_STATUS(fetched.status, status, what);
    CHECK(!fetched.body.empty(), what + ": the answer is given as it is");
  }
  /// 500 = 35 * 14 + 2 * 5
  void spend_all() {
    will_say(kBusyAnswer, 36 + 1);
    will_say(kThrottled, 3 + 1);
    expect(36, Status::kServiceError, "490 tokens");
    expect(1, Status::kServiceError, "10 are too few for a transient error");
    expect(3, Status::kServiceError, "but twice enough for a throttled one");
    expect(1, Status::kServiceError, "none is left");
  }
  void succeed(size_t times) {
    will_say(kOkAnswer, times);
    for (size_t i = 0; i < times; ++i) expect(1, Status::kOk, "success");
  }
};

void a_clients_calls_share_one(void**) {
  QuotaWorld world;
  world.spend_all();
}

/// "success +1"
void success_brings_one_token(void**) {
  QuotaWorld world;
  world.spend_all();
  world.succeed(4);
  world.will_say(kThrottled);
  world.expect(1, Status::kServiceError, "four");
  world.succeed(1);
  world.will_say(kThrottled, 2);
  world.expect(2, Status::kServiceError, "five");
}

/// "a retried success gives back what the last retry took"
void a_repetition_that_helped_costs_nothing(void**) {
  QuotaWorld world;
  world.spend_all();
  world.succeed(5);
  for (int i = 0; i < 20; ++i) {
    world.will_say(kThrottled);
    world.will_say(kOkAnswer);
    world.expect(2, Status::kOk, "throttled and done");
  }
  world.will_say(kThrottled, 2);
  world.expect(2, Status::kServiceError, "throttled twice: five tokens");
  world.will_say(kThrottled);
  world.expect(1, Status::kServiceError, "none is left");
  world.succeed(28);
  world.will_say(kBusyAnswer, 2);
  world.will_say(kOkAnswer);
  world.expect(3, Status::kOk, "28 taken, 14 given back");
  world.will_say(kBusyAnswer, 2);
  world.expect(2, Status::kServiceError, "14 were there");
  world.will_say(kThrottled);
  world.expect(1, Status::kServiceError, "and no more");
}

void success_brings_no_more_than_500(void**) {
  QuotaWorld world;
  world.succeed(700);
  world.spend_all();
}

void failures_without_an_answer_cost_as_much(void**) {
  ClientWorld world;
  world.options.max_attempts = 255;
  world.platform.random_byte = 0;
  Peer bad;
  bad.fails_in = Transport::State::kConnecting;
  world.transport.peers = {bad};
  CHECK_STATUS(fetch(world, request_to("sqs")).status, Status::kConnectFailed, "connect");
  CHECK(world.transport.opens() == 36, std::to_string(world.transport.opens()) + " connections for 490 tokens");
  CHECK_STATUS(fetch(world, request_to("sqs")).status, Status::kConnectFailed, "connect");
  CHECK(world.transport.opens() == 37, "none is left");
}

void an_async_clients_calls_share_one(void**) {
  AsyncWorld world(3);
  world.options.max_attempts = 255;
  world.options.timeouts.idle_ms = 100000000;
  world.net.servers["peer.example"] = [](const std::string&) { return kBusyAnswer; };
  const ApiRequest request = request_to("sqs");
  char memory[3][64];
  Response a(memory[0]), b(memory[1]), c(memory[2]);
  ApiCall first(request, a, world.client().context()), second(request, b, world.client().context()),
      third(request, c, world.client().context());
  for (ApiCall* call : {&first, &second, &third}) CHECK_STATUS(world.client().start(*call), Status::kOk, "start");
  world.run();
  for (ApiCall* call : {&first, &second, &third}) CHECK_STATUS(call->status(), Status::kServiceError, "the answer");
  CHECK(world.requests() == 3 + 35, std::to_string(world.requests()) + " requests of three calls");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_quota_counts),
      cmocka_unit_test(a_clients_calls_share_one),
      cmocka_unit_test(success_brings_one_token),
      cmocka_unit_test(a_repetition_that_helped_costs_nothing),
      cmocka_unit_test(success_brings_no_more_than_500),
      cmocka_unit_test(failures_without_an_answer_cost_as_much),
      cmocka_unit_test(an_async_clients_calls_share_one),
  };
  return cmocka_run_group_tests_name("retry quota", tests, nullptr, nullptr);
}
