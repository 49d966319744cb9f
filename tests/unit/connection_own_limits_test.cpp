// What a call brings along: its own time limits, its own TLS settings; and what it is told when it is cancelled.
// Covers C38: the buffer is wiped.
#include "connection_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

void an_attempt_is_limited_although_bytes_flow(void**) {
  Timeouts limits = Slot::default_limits();
  limits.attempt_ms = 5000;
  Slot slot(limits);
  const std::string body(1000, 'x');
  Answer drip{"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + body};
  drip.drip = 1;
  drip.drip_ms = 100;
  slot.transport.peers = {Peer(std::vector<Answer>{drip})};
  TestCall call;
  const Instant from = slot.time.now;
  CHECK_STATUS(slot.run(call), Status::kOk, "a dripping peer");
  check_failed(call, Status::kAttemptTimedOut, "a dripping peer");
  CHECK(call.failed[0].at == from + 5000, "ended after " + std::to_string(call.failed[0].at - from) + " ms");
}

void an_attempt_is_limited_while_it_connects(void**) {
  Timeouts limits = Slot::default_limits();
  limits.attempt_ms = 400;
  Slot slot(limits);
  slot.transport.peers = {hello_peer()};
  slot.transport.peers[0].connect_ms = 1000000;
  TestCall call;
  slot.start(call);
  check_limit(slot, call, slot.time.now, 400, Status::kAttemptTimedOut, "connecting");
}

void each_attempt_has_its_own_limit(void**) {
  Timeouts limits = Slot::default_limits();
  limits.attempt_ms = 1500;
  Slot slot(limits);
  Answer late{kHello};
  late.delay_ms = 1000;
  slot.transport.peers = {Peer(std::vector<Answer>{late, late, late})};
  TestCall call;
  call.exchanges = 3;
  CHECK_STATUS(slot.run(call), Status::kOk, "three attempts");
  CHECK(call.answered.size() == 3 && call.failed.empty(), "each has its own 1500 ms");
}

void limits_of_the_call_go_first(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  slot.transport.peers[0].connect_ms = 1000000;
  Timeouts own;
  own.connect_ms = 123;
  TestCall call;
  call.limits = &own;
  slot.start(call);
  check_limit(slot, call, slot.time.now, 123, Status::kConnectTimedOut, "the call's own");
  slot.transport.peers = {Peer()};
  TestCall next;
  slot.start(next);
  check_limit(slot, next, slot.time.now, 2000, Status::kFirstByteTimedOut, "the connection's, for the next call");
}

void a_cancelled_call_is_told(void**) {
  for (const Where where : kEverywhere) {
    Slot slot;
    Stuck stuck(slot, where);
    slot.start(stuck.call);
    CHECK_STATUS(slot.settle(), Status::kPending, words(where));
    slot.connection().cancel();
    CHECK(stuck.call.cancels == 1, words(where) + ": told " + std::to_string(stuck.call.cancels) + " times");
    CHECK(stuck.call.failed.empty(), words(where) + ": it did not fail");
    slot.connection().cancel();
    CHECK(stuck.call.cancels == 1, words(where) + ": told again");
  }
}

// None with settings of its own is kept: they may be gone before the transport is used again.
void tls_settings_need_another_connection(void**) {
  struct Tag final : TlsSettings {
  } one, two;
  Slot slot;
  slot.transport.peers = {hello_peer()};
  const TlsSettings* const settings[] = {nullptr, nullptr, &one, &one, &two, nullptr};
  const size_t opens[] = {1, 1, 2, 3, 4, 5};
  for (size_t i = 0; i < 6; ++i) {
    TestCall call;
    call.request.endpoint.tls_settings = settings[i];
    CHECK_STATUS(slot.run(call), Status::kOk, std::to_string(i));
    CHECK(slot.transport.opens() == opens[i], std::to_string(i) + ": connections opened");
    CHECK(slot.transport.endpoints.back().tls_settings == settings[i],
          std::to_string(i) + ": handed to the transport");
  }
}

void a_connection_that_goes_cancels_its_call(void**) {
  VirtualTime time;
  ScriptedTransport transport(time);
  transport.peers = {Peer()};
  GuardedBuffer buffer(1024);
  TestCall call;
  {
    Connection connection(transport, buffer.bytes());
    CHECK_STATUS(connection.start(call), Status::kOk, "start");
    for (int i = 0; i < 10; ++i) (void)connection.step(time.now, time.wall);
    CHECK(call.cancels == 0, "under way");
  }
  CHECK(call.cancels == 1, "told");
}

// Between `start` and the first `step` a loop asks how long it may wait.
void the_limits_of_an_earlier_call_are_forgotten(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  {
    const auto limits = std::make_unique<Timeouts>();
    limits->attempt_ms = 5000;
    TestCall first;
    first.limits = limits.get();
    CHECK_STATUS(slot.run(first), Status::kOk, "first");
  }
  TestCall second;
  slot.start(second);
  CHECK(slot.connection().next_deadline() == kNever, "nothing is waited for yet");
  slot.connection().cancel();
}

void secrets_are_wiped(void**) {
  for (const bool cancelled : {true, false}) {
    Slot slot;
    slot.transport.peers = {
        Peer(std::vector<Answer>(3, Answer{"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nSECRET"}))};
    TestCall call;
    call.secret = true;
    call.request.target = "/SECRET-in-the-request";
    if (cancelled) {
      call.sink.pend_for_ever = true;
      call.sink.fail_at = 0;
    }
    slot.start(call);
    (void)slot.settle();
    if (cancelled) slot.connection().cancel();
    const MutBytes memory = slot.buffer.bytes();
    CHECK(!contains({memory.data(), memory.size()}, "SECRET"), cancelled ? "cancelled" : "ended");
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(an_attempt_is_limited_although_bytes_flow),
      cmocka_unit_test(an_attempt_is_limited_while_it_connects),
      cmocka_unit_test(each_attempt_has_its_own_limit),
      cmocka_unit_test(limits_of_the_call_go_first),
      cmocka_unit_test(a_cancelled_call_is_told),
      cmocka_unit_test(tls_settings_need_another_connection),
      cmocka_unit_test(a_connection_that_goes_cancels_its_call),
      cmocka_unit_test(the_limits_of_an_earlier_call_are_forgotten),
      cmocka_unit_test(secrets_are_wiped),
  };
  return cmocka_run_group_tests_name("connection, what a call brings along", tests, nullptr, nullptr);
}
