// What a connection tells its observer, and what it never shows.
// Covers C38: events without secrets.
#include "connection_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

void the_observer_sees_the_steps_in_order(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  Peer& peer = slot.transport.peers[0];
  peer.words = "words of the transport";
  peer.resolve_ms = peer.connect_ms = peer.secure_ms = 5;
  check_hello(slot, "first");
  CHECK_TEXT(slot.observer.kinds(), "resolving resolved connected verified head sent body sent status done",
             "events");
  CHECK_TEXT(slot.observer.find(Event::Kind::kResolving)->text, "peer.example", "resolving");
  CHECK_TEXT(slot.observer.find(Event::Kind::kConnected)->text, "words of the transport", "connected");
  CHECK_TEXT(slot.observer.find(Event::Kind::kHeadSent)->text, "GET /", "head sent");
  CHECK_TEXT(slot.observer.find(Event::Kind::kStatus)->text, "HTTP/1.1 200 OK", "status");
  const auto& done = slot.observer.events.back();
  CHECK(done.bytes_in == strlen(kHello) && done.bytes_out == slot.transport.last_request().size(),
        "bytes of the first");
  slot.observer.events.clear();
  check_hello(slot, "second");
  CHECK_TEXT(slot.observer.kinds(), "reused head sent body sent status done", "events of the second");
  CHECK_TEXT(slot.observer.events[0].text, "peer.example", "reused");
  CHECK(slot.observer.events.back().bytes_in == strlen(kHello), "bytes are counted by exchange");
}

void without_tls_nothing_is_verified(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  slot.transport.peers[0].resolve_ms = slot.transport.peers[0].connect_ms = 5;
  TestCall call;
  call.request.endpoint = {"peer.example", 80, false};
  CHECK_STATUS(slot.run(call), Status::kOk, "run");
  CHECK_TEXT(slot.observer.kinds(), "resolving resolved connected head sent body sent status done", "events");
}

/// However the transport passes through its states, the observer sees them all.
void states_passed_in_one_call_are_told_as_well(void**) {
  for (const bool at_once : {false, true}) {
    Slot slot;
    slot.transport.peers = {hello_peer()};
    slot.transport.peers[0].opens_at_once = at_once;
    check_hello(slot, "call");
    const std::string kinds = slot.observer.kinds();
    CHECK(contains(kinds, "connected verified"), "events: " + kinds);
  }
}

void the_observer_sees_why_it_failed(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  slot.transport.peers[0].fails_in = Transport::State::kSecuring;
  slot.transport.peers[0].advance_error = Status::kCertificateRejected;
  slot.transport.peers[0].words = "certificate has expired";
  TestCall call;
  CHECK_STATUS(slot.run(call), Status::kOk, "run");
  const auto& last = slot.observer.events.back();
  CHECK(last.kind == Event::Kind::kFailed && last.status == Status::kCertificateRejected, slot.observer.kinds());
  CHECK_TEXT(last.text, "certificate has expired", "why");
}

void the_observer_sees_no_secret(void**) {
  for (const int fails : {0, 1}) {
    Slot slot;
    slot.transport.peers = {Peer(answer("200 OK", "SECRET", "X-Token: SECRET\r\n"))};
    if (fails) slot.transport.peers[0].answers[0].bytes = "HTTP/1.1 200 OK\r\nX-SECRET SECRET\r\n\r\n";
    const Header headers[] = {{"Authorization", "SECRET"}};
    const Parameter query[] = {{"X-Amz-Signature", "SECRET"}};
    TestCall call;
    call.request.method = "POST";
    call.request.path = "/open";
    call.request.headers = headers;
    call.request.query = query;
    call.request.body = Body("SECRET");
    CHECK_STATUS(slot.run(call), Status::kOk, "run");
    CHECK(call.failed.size() == static_cast<size_t>(fails), "outcome");
    for (const auto& event : slot.observer.events) {
      CHECK(!contains(event.text, "SECRET"), std::string(name(event.kind)) + " shows: " + event.text);
    }
    CHECK_TEXT(slot.observer.find(Event::Kind::kHeadSent)->text, "POST /open", "without the query");
  }
}

/// The same, for a target in wire form, where the query is part of one text.
void the_observer_sees_no_query_of_a_target(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  TestCall call;
  call.request.target = "/open?X-Amz-Signature=SECRET";
  CHECK_STATUS(slot.run(call), Status::kOk, "run");
  CHECK_TEXT(slot.observer.find(Event::Kind::kHeadSent)->text, "GET /open", "without the query");
}

void the_observer_is_told_of_waiting(void**) {
  Slot slot;
  TestCall call;
  const Instant until = slot.time.now + 50;
  call.script = [&](Instant now, RequestHead&) { return now < until ? Next{Next::Action::kWait, until} : Next{}; };
  CHECK_STATUS(slot.run(call), Status::kOk, "run");
  CHECK_TEXT(slot.observer.kinds(), "waiting", "events");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(the_observer_sees_the_steps_in_order),
      cmocka_unit_test(without_tls_nothing_is_verified),
      cmocka_unit_test(states_passed_in_one_call_are_told_as_well),
      cmocka_unit_test(the_observer_sees_why_it_failed),
      cmocka_unit_test(the_observer_sees_no_secret),
      cmocka_unit_test(the_observer_sees_no_query_of_a_target),
      cmocka_unit_test(the_observer_is_told_of_waiting),
  };
  return cmocka_run_group_tests_name("connection observer", tests, nullptr, nullptr);
}
