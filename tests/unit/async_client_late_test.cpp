// What a loop that polls late must not cause: requests after the deadline, and attempts without an end.
#include "async_pool_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

/// The first exchange ends after the deadline, and a kept connection would serve the second at once.
void nothing_is_sent_after_the_deadline(void**) {
  PoolWorld world(2);
  world.net.peers["first.example"] = {late_peer(50)};
  world.net.peers["second.example"] = {hello_peer()};
  keep(world, 1, "second.example");
  const size_t before = world.requests();
  TestCall call;
  call.ends = world.now() + 40;
  call.request.endpoint.host = "first.example";
  call.script = [&call](Instant, RequestHead& head) {
    if (call.sent == 2) return Next{};
    if (call.sent == 1) call.request.endpoint.host = "second.example";
    return call.send(head);
  };
  start(world, call);
  world.poll();
  world.pass(55);
  for (int i = 0; i < 5; ++i) world.client().poll();
  CHECK(!world.client().busy(), "the call has ended");
  CHECK(world.requests() == before + 1, "requests: " + std::to_string(world.requests() - before));
  CHECK(call.failed.size() == 1 && call.failed[0].status == Status::kDeadlineExceeded, "kDeadlineExceeded");
}

/// A peer that drips and a loop that is always late: the attempt begins anew once, and not with each byte.
void an_attempt_begins_anew_once(void**) {
  AsyncWorld world(1);
  world.options.timeouts.attempt_ms = 5000;
  world.options.timeouts.stall_ms = 60000;
  Answer drips{"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + std::string(500, 'x')};
  drips.drip = 1;
  drips.drip_ms = 1000;
  world.net.peers[kHost] = {Peer(std::vector<Answer>{drips})};
  TestCall call;
  start(world, call);
  size_t polls = 0;
  for (; world.client().busy() && polls < 100; ++polls) {
    world.client().poll();
    world.pass(7000);
  }
  CHECK(polls <= 4, "polls of 7 s each: " + std::to_string(polls));
  CHECK(call.failed.size() == 1 && call.failed[0].status == Status::kAttemptTimedOut, "kAttemptTimedOut");
}

/// The slot of a call that waits is handed the kept transport of another: its time is not forgotten.
void a_transport_that_a_waiting_call_was_handed_grows_old(void**) {
  PoolWorld world(2);
  world.by = PollBy::kHandles;
  world.net.peers["kept.example"] = {hello_peer()};
  world.net.peers["wanted.example"] = {hello_peer()};
  keep(world, 1, "kept.example");
  const Instant begin = world.now();
  TestCall one;
  one.request.endpoint.host = "wanted.example";
  one.script = [&one, begin](Instant now, RequestHead& head) {
    if (now < begin + 10) return Next{Next::Action::kWait, begin + 10};
    return one.sent == 0 ? one.send(head) : Next{};
  };
  TestCall waits;
  waits.script = [begin](Instant now, RequestHead&) {
    return now < begin + 100000 ? Next{Next::Action::kWait, begin + 100000} : Next{};
  };
  start(world, one);
  start(world, waits);
  world.run_until(begin + 50000);
  CHECK(one.answered.size() == 1, "answered");
  CHECK(world.open_lines() == 0, "open after 50 s: " + std::to_string(world.open_lines()));
  CHECK_STATUS(world.client().cancel(waits), Status::kOk, "cancel");
}

/// What the peer has said before it left is read in the step that finds out.
void an_early_refusal_is_read_although_nothing_had_come_before(void**) {
  struct Leaving final : Transport {
    State state_ = State::kClosed;
    int sends = 0;
    std::string said;
    Status open(const Endpoint&) override { return state_ = State::kOpen, Status::kOk; }
    Status advance(Instant) override { return Status::kOk; }
    State state() const override { return state_; }
    IoResult send(Bytes bytes) override {
      if (++sends <= 3) return {Status::kOk, std::min<size_t>(bytes.size(), 300)};
      said = "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig";
      return {Status::kConnectionLost, 0};
    }
    IoResult recv(MutBytes space) override {
      if (said.empty()) return {sends <= 3 ? Status::kPending : Status::kOk, 0};
      const size_t size = std::min(space.size(), said.size());
      memcpy(space.data(), said.data(), size);
      said.erase(0, size);
      return {Status::kOk, size};
    }
    void close() override { state_ = State::kClosed; }
    Interest interest(bool sending, bool receiving) const override { return {7, receiving, sending}; }
    bool ready() const override { return false; }
    Str describe() const override { return {}; }
  } transport;
  char buffer[1024];
  Connection connection(transport, MutBytes(buffer));
  TestCall call;
  const std::string body(5000, 'b');
  call.request.method = "PUT";
  call.request.body = Body(Str(body));
  CHECK_STATUS(connection.start(call), Status::kOk, "start");
  CHECK_STATUS(connection.step({0}, {0}), Status::kOk, "one step");
  CHECK(call.answered.size() == 1 && call.answered[0] == 413, "the refusal");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {cmocka_unit_test(nothing_is_sent_after_the_deadline),
                              cmocka_unit_test(an_attempt_begins_anew_once),
                              cmocka_unit_test(a_transport_that_a_waiting_call_was_handed_grows_old),
                              cmocka_unit_test(an_early_refusal_is_read_although_nothing_had_come_before)};
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
