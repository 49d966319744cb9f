// Answers whose end is missing though nobody misses it, and sinks that have failed.
// Covers C22: what a repetition costs when the refused answer breaks off.
#include "api_call_world.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

std::string large_error(const char* code, const std::string& fields = "") {
  const std::string body =
      std::string("{\"__type\":\"") + code + "\",\"message\":\"" + std::string(3000, 'x') + "\"}";
  return answer("400 Bad Request", body, fields);
}

/// The last 500 bytes don't come: the peer ends its side, or the connection breaks.
Peer cut_off(const std::string& bytes, bool ends) {
  Peer peer = peer_of({bytes.substr(0, bytes.size() - 500)});
  peer.answers[0].ends = ends;
  if (!ends) peer.answers[0].breaks = Status::kConnectionLost;
  return peer;
}

struct DroppedWorld : LendingWorld {
  ApiRequest request = post("x");
  char memory[256];
  Response response{memory};

  void check_one_repetition(const std::string& what) {
    ApiCall call(request, response, context);
    (void)client().run(call);
    CHECK_STATUS(call.status(), Status::kOk, what);
    CHECK_TEXT(response.body(), "done", what);
    check_requests(*this, 2, what);
    CHECK(quota.tokens() == RetryQuota::kTokens, what + ": tokens left: " + std::to_string(quota.tokens()));
  }
};

/// One repetition, one wait, one loan, which comes back.
void a_throttled_answer_that_breaks_off_costs_one_repetition(void**) {
  for (const bool ends : {true, false}) {
    DroppedWorld world;
    world.platform.random_byte = 255;
    world.transport.peers = {cut_off(large_error("ThrottlingException"), ends), peer_of({kOkAnswer})};
    world.check_one_repetition("throttled");
    const auto sent = all_sent(world);
    const int64_t waited = sent[1].at - sent[0].at;
    CHECK(waited >= 995 && waited <= 1000, "throttled: waited " + std::to_string(waited));
  }
}

void a_throttled_answer_that_breaks_off_was_a_refusal(void**) {
  for (const bool ends : {true, false}) {
    DroppedWorld world;
    world.request.repeatable = false;
    world.transport.peers = {cut_off(large_error("ThrottlingException"), ends), peer_of({kOkAnswer})};
    world.check_one_repetition("not to be done twice");
  }
}

void a_correction_that_breaks_off_is_not_counted(void**) {
  for (const bool ends : {true, false}) {
    DroppedWorld world;
    world.time.wall.seconds += 600;
    world.options.max_attempts = 1;
    const std::string refusal = large_error("InvalidSignatureException", date_field(kServiceTime));
    world.transport.peers = {cut_off(refusal, ends), peer_of({kOkAnswer})};
    world.check_one_repetition("clock");
    check_signed_at(world, world.transport.last_request(), kScope, kServiceTime, "clock");
  }
}

/// At once, and though there are no tokens.
void a_correction_that_breaks_off_costs_nothing(void**) {
  DroppedWorld world;
  world.time.wall.seconds += 600;
  world.platform.random_byte = 255;
  while (world.quota.take(1)) continue;
  const std::string refusal = large_error("InvalidSignatureException", date_field(kServiceTime));
  world.transport.peers = {cut_off(refusal, false), peer_of({kOkAnswer})};
  ApiCall call(world.request, world.response, world.context);
  (void)world.client().run(call);
  CHECK_STATUS(call.status(), Status::kOk, "no tokens");
  check_requests(world, 2, "no tokens");
  CHECK(world.time.now.ms == 1000, "at once");
  CHECK(world.quota.tokens() == 1, "what a success gives");
}

/// But the deadline of the call is one.
void the_deadline_ends_what_is_dropped(void**) {
  DroppedWorld world;
  world.platform.random_byte = 0;
  world.options.timeouts.total_ms = 500;
  const std::string bytes = large_error("ThrottlingException");
  world.transport.peers = {peer_of({bytes.substr(0, bytes.size() - 500)}), peer_of({kOkAnswer})};
  CHECK_STATUS(fetch(world, world.request).status, Status::kDeadlineExceeded, "deadline");
  check_requests(world, 1, "deadline");
  CHECK(world.time.now.ms == 1500, "ended at " + std::to_string(world.time.now.ms));
}

/// Fails at its n-th write, and would go on afterwards.
class OnceFailingSink final : public BodySink {
 public:
  explicit OnceFailingSink(int fails_at) : fails_at_(fails_at) {}

  int writes = 0;

  IoResult write(Bytes bytes) override {
    if (++writes == fails_at_) return {Status::kNotFound, 0};
    return {Status::kOk, bytes.size() < 100 ? bytes.size() : 100};
  }
  Status restart() override { return Status::kOk; }

 private:
  int fails_at_;
};

void a_sink_that_has_failed_is_left_alone(void**) {
  const std::string large = large_error("ValidationException", kIdField);
  for (const std::string& bytes : {large, json_error("400 Bad Request", "ValidationException"), kOkAnswer}) {
    for (int fails_at : {1, 2, 15}) {
      if (fails_at > 1 && bytes != large) continue;
      ClientWorld world;
      world.transport.peers = {peer_of({bytes, kOkAnswer})};
      OnceFailingSink sink(fails_at);
      const std::string what = bytes.substr(0, 30) + ", write " + std::to_string(fails_at);
      const Fetched fetched = fetch(world, post("x"), &sink);
      CHECK_STATUS(fetched.status, Status::kBodySinkFailed, what);
      CHECK(sink.writes == fails_at, what + ": " + std::to_string(sink.writes) + " writes");
      CHECK_TEXT(fetched.code, bytes == kOkAnswer ? "" : "ValidationException", what);
      check_requests(world, 1, what);
    }
  }
}

/// What the service said is there all the same, in plain text.
void a_sink_that_has_failed_leaves_the_error(void**) {
  ClientWorld world;
  const std::string body = R"({"__type":"ValidationException","message":"\u0041 \"b\""})";
  world.transport.peers = {peer_of({answer("400 Bad Request", body + std::string(3000, ' '))})};
  OnceFailingSink sink(1);
  Response response(sink);
  CHECK_STATUS(world.client().fetch(post("x"), response), Status::kBodySinkFailed, "sink");
  CHECK_TEXT(response.error().code, "ValidationException", "code");
  CHECK_TEXT(response.error().message, "A \"b\"", "message");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_throttled_answer_that_breaks_off_costs_one_repetition),
      cmocka_unit_test(a_throttled_answer_that_breaks_off_was_a_refusal),
      cmocka_unit_test(a_correction_that_breaks_off_is_not_counted),
      cmocka_unit_test(a_correction_that_breaks_off_costs_nothing),
      cmocka_unit_test(the_deadline_ends_what_is_dropped),
      cmocka_unit_test(a_sink_that_has_failed_is_left_alone),
      cmocka_unit_test(a_sink_that_has_failed_leaves_the_error),
  };
  return cmocka_run_group_tests_name("api_call dropped", tests, nullptr, nullptr);
}
