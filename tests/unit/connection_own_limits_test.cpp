// What a call brings along: its own time limits, its own TLS settings; and what it is told when it is cancelled.
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
    CHECK(slot.transport.endpoints.back().tls_settings == settings[i], std::to_string(i) + ": handed to the transport");
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
  };
  return cmocka_run_group_tests_name("connection, what a call brings along", tests, nullptr, nullptr);
}
