// A connection: its phases, its time limits to the millisecond, what it keeps and reuses, what it tells.
#include "../fakes/client_world.h"
#include "../fakes/test_call.h"

using namespace tinyaws;
using namespace tinyaws::fakes;

namespace {

const char* const kHello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

Peer hello_peer(size_t n = 10) {
  return Peer(std::vector<Answer>(n, Answer{kHello}));
}

void check_hello(Slot& slot, const std::string& what) {
  TestCall call;
  CHECK_STATUS(slot.run(call), Status::kOk, what);
  CHECK(call.failed.empty(), what + ": " + (call.failed.empty() ? "" : text(call.failed[0].status)));
  CHECK_TEXT(call.sink.content, "hello", what);
}

/// The call has failed once, and only now, with `status`.
void check_failed(TestCall& call, Status status, const std::string& what) {
  CHECK(call.failed.size() == 1, what + ": failures: " + std::to_string(call.failed.size()));
  CHECK_STATUS(call.failed[0].status, status, what);
  CHECK(call.answered.empty(), what + ": answered as well");
}

// ---- One call

void a_call_runs_through(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  TestCall call;
  CHECK(!slot.connection().busy(), "busy before start");
  slot.start(call);
  CHECK(slot.connection().busy(), "not busy after start");
  CHECK(slot.transport.calls.empty(), "start touches the transport");
  CHECK_STATUS(slot.run_on(), Status::kOk, "run");
  CHECK(!slot.connection().busy(), "busy after the end");
  CHECK(call.answered == std::vector<uint16_t>{200} && call.failed.empty(), "one answer");
  CHECK_TEXT(call.heads[0], "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "head");
  CHECK_TEXT(call.sink.content, "hello", "body");
  CHECK(slot.transport.hosts[0] == "peer.example" && slot.transport.endpoints[0].port == 443, "endpoint");
}

void a_second_call_is_refused_while_one_runs(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  slot.transport.peers[0].connect_ms = 5;
  TestCall call, other;
  slot.start(call);
  CHECK_STATUS(slot.connection().start(other), Status::kBusy, "before the first step");
  (void)slot.step();
  CHECK_STATUS(slot.connection().start(other), Status::kBusy, "under way");
  CHECK_STATUS(slot.run_on(), Status::kOk, "the first call is not disturbed");
  CHECK(other.asked == 0, "the other was asked");
  check_hello(slot, "afterwards");
}

void a_call_of_many_exchanges(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  TestCall call;
  call.exchanges = 5;
  CHECK_STATUS(slot.run(call), Status::kOk, "run");
  CHECK(call.answered.size() == 5 && slot.transport.opens() == 1, "five on one connection");
}

void a_call_may_have_nothing_to_send(void**) {
  Slot slot;
  TestCall call;
  call.exchanges = 0;
  CHECK_STATUS(slot.run(call), Status::kOk, "run");
  CHECK(slot.transport.calls.empty(), "the transport was touched");
}

void every_way_of_moving_bytes(void**) {
  for (size_t piece : {size_t{1}, size_t{7}, size_t{200}, SIZE_MAX}) {
    for (int kind = 0; kind < 8; ++kind) {
      Slot slot;
      slot.transport.peers = {hello_peer()};
      Peer& peer = slot.transport.peers[0];
      peer.send_piece = peer.recv_piece = piece;
      peer.pend_between = kind & 1;
      peer.holds_bytes = kind & 2;
      peer.opens_at_once = kind & 4;
      peer.pending_advances = kind & 1 ? 3 : 0;
      const std::string what = "pieces of " + std::to_string(piece) + ", kind " + std::to_string(kind);
      check_hello(slot, what);
      check_hello(slot, what + ", reused");
      CHECK(slot.transport.opens() == 1, what + ": opened twice");
    }
  }
}

/// port.h: `advance` right after `open` may be announced by ready() alone.
void a_transport_that_is_ready_right_after_open(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  slot.transport.peers[0].ready_to_advance = true;
  const Instant before = slot.time.now;
  check_hello(slot, "ready");
  CHECK(slot.time.now == before, "waited");
}

/// The head is told once, before any of the body, and not for interim answers.
void the_head_is_told_before_the_body(void**) {
  Slot slot;
  slot.transport.peers = {Peer("HTTP/1.1 100 Continue\r\n\r\n" + std::string(kHello))};
  slot.transport.peers[0].recv_piece = 1;
  TestCall call;
  CHECK_STATUS(slot.run(call), Status::kOk, "run");
  CHECK(call.told_heads == std::vector<uint16_t>{200}, "on_head");
}

void what_on_body_answers_ends_the_exchange(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  TestCall call;
  call.body_status = Status::kBufferTooSmall;
  CHECK_STATUS(slot.run(call), Status::kOk, "run");
  check_failed(call, Status::kBufferTooSmall, "on_body");
  CHECK(slot.transport.state() == Transport::State::kClosed, "half an answer is left on the connection");
  check_hello(slot, "afterwards");
}

void a_call_may_wait(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  TestCall call;
  const Instant until = slot.time.now + 500;
  call.script = [&](Instant now, RequestHead& head) {
    if (now < until) return Next{Next::Action::kWait, until};
    return call.sent == 0 ? call.send(head) : Next{};
  };
  slot.start(call);
  CHECK_STATUS(slot.settle(), Status::kPending, "waiting");
  CHECK(slot.connection().next_deadline() == until, "next_deadline while waiting");
  CHECK(!slot.connection().ready(), "ready while waiting");
  CHECK(call.asked <= 2, "asked over and over while waiting");
  CHECK_STATUS(slot.run_on(), Status::kOk, "run");
  CHECK_TEXT(call.sink.content, "hello", "body");
  CHECK(slot.time.now == until, "waited too long");
}

void a_call_that_computes_shares_its_thread(void**) {
  Slot slot;
  TestCall call;
  call.script = [&](Instant, RequestHead&) { return call.asked < 1000 ? Next{Next::Action::kAgain, {}} : Next{}; };
  slot.start(call);
  int steps = 0;
  for (; slot.step() == Status::kPending; ++steps) {
    CHECK(slot.connection().ready() || slot.connection().next_deadline() <= slot.time.now, "kAgain, yet not ready");
  }
  CHECK(steps >= 5, "1000 rounds of computing in " + std::to_string(steps) + " steps");
  CHECK(call.asked == 1000, "asked " + std::to_string(call.asked));
}

// ---- Time limits

/// Runs `call` until nothing moves, and checks that it then fails at `limit` after `from` with `status`, and not a
/// millisecond earlier.
void check_limit(Slot& slot, TestCall& call, Instant from, int64_t limit, Status status, const std::string& what) {
  CHECK_STATUS(slot.settle(), Status::kPending, what + ": settled");
  CHECK(call.failed.empty(), what + ": failed at once");
  CHECK(slot.connection().next_deadline() == from + limit,
        what + ": next_deadline is off by " + std::to_string(slot.connection().next_deadline() - (from + limit)));
  slot.time.now = from + (limit - 1);
  CHECK_STATUS(slot.settle(), Status::kPending, what + ": one millisecond early");
  CHECK(call.failed.empty(), what + ": failed one millisecond early");
  slot.time.now = from + limit;
  CHECK_STATUS(slot.settle(), Status::kOk, what + ": at the limit");
  check_failed(call, status, what);
  CHECK(slot.transport.state() == Transport::State::kClosed, what + ": not closed");
  slot.transport.peers.push_back(hello_peer());
  check_hello(slot, what + ": the next call");
}

void connecting_is_limited(void**) {
  for (const bool resolving : {true, false}) {
    Slot slot;
    slot.transport.peers = {hello_peer()};
    slot.transport.peers[0].resolve_ms = resolving ? 1000000 : 600;
    slot.transport.peers[0].connect_ms = 1000000;
    TestCall call;
    const Instant from = slot.time.now;
    slot.start(call);
    if (!resolving) {
      CHECK_STATUS(slot.settle(), Status::kPending, "resolving");
      slot.time.pass(600);
    }
    check_limit(slot, call, from, 1000, Status::kConnectTimedOut, resolving ? "resolving" : "connecting");
  }
}

void securing_is_limited(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  slot.transport.peers[0].connect_ms = 900;
  slot.transport.peers[0].secure_ms = 1000000;
  TestCall call;
  slot.start(call);
  CHECK_STATUS(slot.settle(), Status::kPending, "connecting");
  slot.time.pass(900);
  check_limit(slot, call, slot.time.now, 700, Status::kTlsTimedOut, "securing");
}

void the_first_byte_is_limited(void**) {
  Slot slot;
  slot.transport.peers = {Peer()};
  slot.transport.peers[0].connect_ms = 500;
  TestCall call;
  slot.start(call);
  CHECK_STATUS(slot.settle(), Status::kPending, "connecting");
  slot.time.pass(500);
  check_limit(slot, call, slot.time.now, 2000, Status::kFirstByteTimedOut, "first byte");
  CHECK(!call.failed[0].heard, "heard");
}

void a_stalled_upload_is_noticed(void**) {
  for (const bool in_head : {true, false}) {
    Slot slot;
    slot.transport.peers = {hello_peer()};
    slot.transport.peers[0].takes = in_head ? 10 : 3000;
    const std::string content = pattern(9000);
    TestCall call;
    call.request.method = "PUT";
    call.request.body = Bytes(content);
    slot.start(call);
    check_limit(slot, call, slot.time.now, 1500, Status::kStalled, in_head ? "in the head" : "in the body");
  }
}

void a_stalled_answer_is_noticed(void**) {
  const std::string whole = kHello;
  for (size_t at : {size_t{1}, size_t{20}, whole.size() - 5, whole.size() - 1}) {
    Slot slot;
    slot.transport.peers = {Peer(whole.substr(0, at))};
    slot.transport.peers[0].answers[0].delay_ms = 1900;
    TestCall call;
    slot.start(call);
    CHECK_STATUS(slot.settle(), Status::kPending, "request sent");
    slot.time.pass(1900);
    check_limit(slot, call, slot.time.now, 1500, Status::kStalled, "stalled after " + std::to_string(at));
    CHECK(call.failed[0].heard, "not heard");
  }
}

void silence_after_an_interim_answer_is_a_stall(void**) {
  Slot slot;
  slot.transport.peers = {Peer("HTTP/1.1 100 Continue\r\n\r\n")};
  TestCall call;
  slot.start(call);
  check_limit(slot, call, slot.time.now, 1500, Status::kStalled, "after 100");
}

/// Every byte begins the limit anew: a slow peer is no dead one.
void a_slow_answer_is_no_stall(void**) {
  Slot slot;
  slot.transport.peers = {Peer(kHello)};
  slot.transport.peers[0].answers[0] = Answer{kHello};
  slot.transport.peers[0].answers[0].delay_ms = 1999;
  slot.transport.peers[0].answers[0].drip = 1;
  slot.transport.peers[0].answers[0].drip_ms = 1499;
  check_hello(slot, "a byte every 1.499 s");
  CHECK(slot.time.now.ms > 60000, "it did not take its time");
}

/// Polls that come late find the bytes first and only then look at the clock.
void a_late_step_does_not_misfire(void**) {
  const int64_t kHour = 3600000;
  for (size_t piece : {size_t{1}, SIZE_MAX}) {
    for (int phase = 0; phase < 5; ++phase) {
      Slot slot;
      Peer peer = hello_peer();
      peer.send_piece = peer.recv_piece = piece;
      peer.resolve_ms = peer.connect_ms = phase == 0 ? 10 : 0;
      peer.secure_ms = phase == 1 ? 10 : 0;
      peer.answers[0].delay_ms = phase == 2 ? 10 : 0;
      peer.answers[0].drip = phase == 3 ? 20 : phase == 4 ? 41 : 0;
      peer.answers[0].drip_ms = 10;
      slot.transport.peers = {peer};
      TestCall call;
      const std::string what = "phase " + std::to_string(phase) + ", pieces of " + std::to_string(piece);
      slot.start(call);
      for (int round = 0; round < 10 && slot.connection().busy(); ++round) {
        (void)slot.settle();
        slot.time.pass(kHour);
      }
      // The connection is there after three hours at the latest: connecting is not asked for more than once.
      if (phase == 0) continue;
      CHECK(call.failed.empty(), what + ": " + (call.failed.empty() ? "" : text(call.failed[0].status)));
      CHECK_TEXT(call.sink.content, "hello", what);
    }
  }
}

void a_late_step_finds_the_connection_open(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  slot.transport.peers[0].connect_ms = 10;
  TestCall call;
  slot.start(call);
  CHECK_STATUS(slot.settle(), Status::kPending, "connecting");
  slot.time.pass(3600000);
  CHECK_STATUS(slot.settle(), Status::kOk, "an hour later");
  CHECK(call.failed.empty(),
        "failed though it was connected: " + (call.failed.empty() ? "" : text(call.failed[0].status)));
  CHECK_TEXT(call.sink.content, "hello", "body");
}

enum class Where { kResolving, kConnecting, kSecuring, kSending, kFirstByte, kBody, kWaiting, kSource, kSink };

/// A call that gets stuck in a certain place for ever.
struct Stuck {
  Stuck(Slot& slot, Where where) : source(pattern(5000)) {
    Peer peer = hello_peer();
    const int64_t ever = 1000000000;
    if (where == Where::kResolving) peer.resolve_ms = ever;
    if (where == Where::kConnecting) peer.connect_ms = ever;
    if (where == Where::kSecuring) peer.secure_ms = ever;
    if (where == Where::kSending) peer.takes = 20;
    if (where == Where::kFirstByte) peer.answers.clear();
    if (where == Where::kBody) peer.answers[0].bytes = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello";
    slot.transport.peers = {peer};
    if (where == Where::kWaiting) {
      call.script = [this](Instant, RequestHead&) {
        return call.failed.empty() ? Next{Next::Action::kWait, kNever} : Next{};
      };
    }
    if (where == Where::kSource) {
      source.fail_at = 700;
      source.pend_for_ever = true;
      call.request.method = "PUT";
      call.request.body = Body(source, 5000);
    }
    call.sink.fail_at = where == Where::kSink ? 2 : SIZE_MAX;
    call.sink.pend_for_ever = true;
  }
  FakeSource source;
  TestCall call;
};

const Where kEverywhere[] = {Where::kResolving, Where::kConnecting, Where::kSecuring,
                             Where::kSending,   Where::kFirstByte,  Where::kBody,
                             Where::kSource,    Where::kSink,       Where::kWaiting};

std::string words(Where where) {
  static const char* const kWords[] = {"resolving", "connecting", "securing", "sending", "first byte",
                                       "body",      "waiting",    "source",   "sink"};
  return kWords[static_cast<int>(where)];
}

void the_deadline_of_a_call_holds_everywhere(void**) {
  for (Where where : kEverywhere) {
    Slot slot;
    Stuck stuck(slot, where);
    const Instant end = stuck.call.ends = slot.time.now + 650;
    slot.start(stuck.call);
    CHECK_STATUS(slot.settle(), Status::kPending, words(where));
    CHECK(slot.connection().next_deadline() <= end, words(where) + ": next_deadline comes after the call's end");
    slot.time.now = Instant{end.ms - 1};
    CHECK_STATUS(slot.settle(), Status::kPending, words(where) + ": one millisecond early");
    CHECK(stuck.call.failed.empty(), words(where) + ": failed one millisecond early");
    slot.time.now = end;
    (void)slot.settle();
    CHECK(!stuck.call.failed.empty(), words(where) + ": not failed");
    check_failed(stuck.call, Status::kDeadlineExceeded, words(where));
    CHECK(!slot.connection().busy(), words(where) + ": still busy");
    const int asked = stuck.call.asked;
    slot.transport.peers.push_back(hello_peer());
    check_hello(slot, words(where) + ": the next call");
    CHECK(stuck.call.asked == asked, words(where) + ": asked after its end");
  }
}

/// A step that comes late finds an answer that came in time: one outcome, whichever it is.
void an_answer_found_too_late_has_one_outcome(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  slot.transport.peers[0].answers[0].delay_ms = 100;
  TestCall call;
  call.ends = slot.time.now + 200;
  slot.start(call);
  CHECK_STATUS(slot.settle(), Status::kPending, "sent");
  slot.time.pass(300);
  CHECK_STATUS(slot.settle(), Status::kOk, "late");
  CHECK(call.answered.size() + call.failed.size() == 1, "exactly one outcome is told");
}

/// A peer that always has more to say keeps nobody beyond the deadline.
void the_deadline_of_a_call_holds_while_bytes_flow(void**) {
  for (const bool upload : {false, true}) {
    Slot slot;
    const std::string content = pattern(200000);
    TestCall call;
    slot.transport.peers = {upload ? Peer() : Peer("HTTP/1.1 200 OK\r\n\r\n" + content)};
    slot.transport.peers[0].send_piece = slot.transport.peers[0].recv_piece = 20;
    if (upload) {
      call.request.method = "PUT";
      call.request.body = Bytes(content);
    }
    const Instant end = call.ends = slot.time.now + 100;
    slot.start(call);
    while (slot.step() == Status::kPending && slot.time.now < end + 50) slot.time.pass(10);
    const std::string what = upload ? "upload" : "download";
    CHECK(!call.failed.empty(), what + ": still running 50 ms after its deadline");
    check_failed(call, Status::kDeadlineExceeded, what);
    CHECK(call.failed[0].at <= end + 10, what + ": failed late");
  }
}

void the_deadline_of_a_call_holds_while_it_computes(void**) {
  Slot slot;
  TestCall call;
  call.script = [&](Instant, RequestHead&) { return call.failed.empty() ? Next{Next::Action::kAgain, {}} : Next{}; };
  const Instant end = call.ends = slot.time.now + 100;
  slot.start(call);
  while (slot.step() == Status::kPending && slot.time.now < end + 50) slot.time.pass(10);
  CHECK(!call.failed.empty(), "still running 50 ms after its deadline");
  check_failed(call, Status::kDeadlineExceeded, "computing");
}

void no_limit_is_no_limit(void**) {
  for (Where where : kEverywhere) {
    Timeouts none;
    none.connect_ms = none.tls_ms = none.first_byte_ms = none.stall_ms = none.total_ms = none.idle_ms = 0;
    Slot slot(none);
    Stuck stuck(slot, where);
    slot.start(stuck.call);
    for (int day = 0; day < 3; ++day) {
      CHECK_STATUS(slot.settle(), Status::kPending, words(where));
      const Instant deadline = slot.connection().next_deadline();
      const bool asks_again = where == Where::kSource || where == Where::kSink;
      CHECK(asks_again || deadline == kNever, words(where) + ": next_deadline though there is no limit");
      slot.time.pass(86400000);
    }
    CHECK(stuck.call.failed.empty(), words(where) + ": failed");
  }
}

/// http.h: asked again within 10 ms; and it is not the peer who is slow.
void a_pending_body_is_asked_again_and_is_no_stall(void**) {
  for (Where where : {Where::kSource, Where::kSink}) {
    Slot slot;
    Stuck stuck(slot, where);
    slot.start(stuck.call);
    CHECK_STATUS(slot.settle(), Status::kPending, words(where));
    const int& asked = where == Where::kSource ? stuck.source.reads : stuck.call.sink.writes;
    for (int i = 0; i < 1000; ++i) {
      const int before = asked;
      const Instant deadline = slot.connection().next_deadline();
      CHECK(slot.time.now < deadline && deadline <= slot.time.now + 10, words(where) + ": not asked within 10 ms");
      slot.time.now = deadline;
      CHECK_STATUS(slot.settle(), Status::kPending, words(where));
      CHECK(asked > before, words(where) + ": not asked again");
      CHECK(asked <= before + 2, words(where) + ": asked in a busy loop");
    }
    CHECK(stuck.call.failed.empty(),
          words(where) + ": failed: " + (stuck.call.failed.empty() ? "" : text(stuck.call.failed[0].status)));
    // It comes to life again.
    stuck.source.fail_at = stuck.call.sink.fail_at = SIZE_MAX;
    CHECK_STATUS(slot.run_on(), Status::kOk, words(where));
    CHECK_TEXT(stuck.call.sink.content, "hello", words(where));
    if (where == Where::kSource) CHECK_TEXT(body_of(slot.transport.last_request()), pattern(5000), "sent");
  }
}

/// The peer's time begins anew when the source has given something again.
void a_stall_is_counted_from_the_last_pause_of_the_source(void**) {
  Slot slot;
  Stuck stuck(slot, Where::kSource);
  slot.transport.peers[0].takes = 1500;
  slot.start(stuck.call);
  for (int i = 0; i < 300; ++i) {
    CHECK_STATUS(slot.settle(), Status::kPending, "source pending");
    slot.time.now = slot.connection().next_deadline();
  }
  stuck.source.fail_at = SIZE_MAX;
  CHECK_STATUS(slot.settle(), Status::kPending, "peer takes no more");
  CHECK(stuck.call.failed.empty(), "the source's pause was counted");
  check_limit(slot, stuck.call, slot.time.now, 1500, Status::kStalled, "after the pause");
}

// ---- Failures of the transport

void failures_say_why(void**) {
  const Transport::State states[] = {Transport::State::kResolving, Transport::State::kConnecting,
                                     Transport::State::kSecuring};
  const Status statuses[] = {Status::kResolveFailed, Status::kConnectFailed, Status::kCertificateRejected};
  for (int i = 0; i < 3; ++i) {
    Slot slot;
    slot.transport.peers = {hello_peer(), hello_peer()};
    slot.transport.peers[0].fails_in = states[i];
    slot.transport.peers[0].advance_error = statuses[i];
    slot.transport.peers[0].words = "because of " + std::to_string(i);
    TestCall call;
    CHECK_STATUS(slot.run(call), Status::kOk, "run");
    check_failed(call, statuses[i], text(statuses[i]));
    CHECK_TEXT(call.failed[0].detail, "because of " + std::to_string(i), "detail");
    CHECK(!call.failed[0].reused && !call.failed[0].heard, "neither reused nor heard");
    CHECK(slot.transport.state() == Transport::State::kClosed, "closed");
    check_hello(slot, "afterwards");
  }
}

void failures_say_how_far_they_came(void**) {
  for (const bool reused : {false, true}) {
    for (const bool heard : {false, true}) {
      Slot slot;
      Answer broken{heard ? "HTTP/1.1 2" : ""};
      broken.breaks = Status::kConnectionLost;
      slot.transport.peers = {reused ? Peer({Answer{kHello}, broken}) : Peer({broken}), hello_peer()};
      if (reused) check_hello(slot, "before");
      TestCall call;
      CHECK_STATUS(slot.run(call), Status::kOk, "run");
      check_failed(call, Status::kConnectionLost, "broken");
      CHECK(call.failed[0].reused == reused && call.failed[0].heard == heard, "how far");
      check_hello(slot, "afterwards");
    }
  }
}

void a_call_may_try_again_after_a_failure(void**) {
  Slot slot;
  slot.transport.peers = {Peer(), hello_peer()};
  slot.transport.peers[0].open_status = Status::kUnsupported;
  TestCall call;
  call.exchanges = 2;
  CHECK_STATUS(slot.run(call), Status::kOk, "run");
  CHECK(call.failed.size() == 1 && call.answered.size() == 1, "one failure, one answer");
}

Answer early_refusal() {
  Answer refusal{answer("403 Forbidden", "denied", "Connection: close\r\n")};
  refusal.when = Answer::When::kAfterHead;
  refusal.body_bytes = 10;
  return refusal;
}

/// The peer refuses early and takes no more, or resets what it has not read: its answer is heard.
void an_early_refusal_is_heard(void**) {
  for (const Status then : {Status::kPending, Status::kConnectionLost}) {
    for (const bool streamed : {false, true}) {
      Slot slot;
      slot.transport.peers = {Peer({early_refusal()}), hello_peer()};
      slot.transport.peers[0].takes = 3000;
      slot.transport.peers[0].then = then;
      FakeSource source(pattern(90000));
      const std::string content = pattern(90000);
      TestCall call;
      call.request.method = "PUT";
      call.request.body = streamed ? Body(source, 90000) : Body(Bytes(content));
      const std::string what = text(then) + (streamed ? ", streamed" : ", in memory");
      CHECK_STATUS(slot.run(call), Status::kOk, what);
      CHECK(call.failed.empty(), what + ": " + (call.failed.empty() ? "" : text(call.failed[0].status)));
      CHECK(call.answered == std::vector<uint16_t>{403}, what + ": answer");
      CHECK_TEXT(call.sink.content, "denied", what);
      check_hello(slot, what + ": afterwards");
      CHECK(slot.transport.opens() == 2, what + ": half a request was left on the connection");
    }
  }
}

/// The head of a refusal may be longer than what a body on its way out leaves of the buffer; the peer takes no more.
void an_early_refusal_with_a_long_head_is_no_stall(void**) {
  Slot slot;
  Answer refusal = early_refusal();
  refusal.bytes = answer("403 Forbidden", "denied", "X-Long: " + std::string(500, 'x') + "\r\n");
  slot.transport.peers = {Peer({refusal})};
  slot.transport.peers[0].takes = 3000;
  FakeSource source(pattern(90000));
  TestCall call;
  call.request.method = "PUT";
  call.request.body = Body(source, 90000);
  CHECK_STATUS(slot.run(call), Status::kOk, "run");
  if (call.failed.empty()) return;
  CHECK_STATUS(call.failed[0].status, Status::kHeadTooLarge, "a head of 560 bytes in a buffer of 1024");
}

/// An approval that comes early is no reason to drop what the service has not been told yet: success is only
/// reported when the whole request has left. That the call fails instead would be honest as well.
void check_early_approval(Answer early, size_t takes, Status then, const std::string& what) {
  Slot slot;
  early.when = Answer::When::kAfterHead;
  early.body_bytes = 1;
  slot.transport.peers = {Peer({early})};
  slot.transport.peers[0].send_piece = 500;
  slot.transport.peers[0].pend_between = true;
  slot.transport.peers[0].takes = takes;
  slot.transport.peers[0].then = then;
  FakeSource source(pattern(9000));
  TestCall call;
  call.request.method = "PUT";
  call.request.body = Body(source, 9000);
  CHECK_STATUS(slot.run(call), Status::kOk, what);
  if (call.answered.empty()) return;
  const size_t sent = body_of(slot.transport.last_request()).size();
  CHECK(sent == 9000, what + ": success reported, but of 9000 bytes only " + std::to_string(sent) + " were sent");
}

void an_early_approval_does_not_cut_the_request(void**) {
  check_early_approval({kHello}, SIZE_MAX, Status::kPending, "early 200");
  const std::string long_field = "X-Long: " + std::string(500, 'x') + "\r\n";
  check_early_approval({answer("200 OK", "hello", long_field)}, SIZE_MAX, Status::kPending,
                       "early 200 with a long head");
  const std::string interim = "HTTP/1.1 100 Continue\r\n" + long_field + "\r\n";
  check_early_approval({interim + kHello}, SIZE_MAX, Status::kPending, "100 with a long head");
}

void an_early_approval_of_a_peer_that_leaves(void**) {
  check_early_approval({kHello}, 3000, Status::kConnectionLost, "200, then a reset");
}

void an_early_approval_of_a_peer_that_takes_no_more(void**) {
  check_early_approval({kHello}, 3000, Status::kPending, "200, then nothing more is taken");
}

/// port.h: what had arrived may still be received when `send` has lost the connection; after any other error nothing
/// may. The transport of these tests fails the test where a connection does more.
void errors_of_send(void**) {
  for (const Status status : {Status::kConnectionLost, Status::kTlsFailed}) {
    for (const size_t takes : {size_t{0}, size_t{20}, size_t{3000}}) {
      Slot slot;
      slot.transport.peers = {hello_peer(), hello_peer()};
      slot.transport.peers[0].takes = takes;
      slot.transport.peers[0].then = status;
      const std::string content = pattern(9000);
      TestCall call;
      call.request.method = "PUT";
      call.request.body = Bytes(content);
      const std::string what = text(status) + " after " + std::to_string(takes);
      CHECK_STATUS(slot.run(call), Status::kOk, what);
      check_failed(call, status, what);
      check_hello(slot, what);
    }
  }
}

// ---- Keeping connections

void a_kept_connection_serves_again(void**) {
  for (const int64_t idle : {int64_t{0}, int64_t{3999}}) {
    Slot slot;
    slot.transport.peers = {hello_peer()};
    check_hello(slot, "first");
    slot.time.pass(idle);
    check_hello(slot, "second");
    CHECK(slot.transport.opens() == 1, "not reused after " + std::to_string(idle) + " ms");
  }
}

/// What must not be reused is closed and opened anew, unnoticed by the call.
void check_not_reused(Slot& slot, const std::string& what, std::function<void(TestCall&)> change = {}) {
  TestCall call;
  if (change) change(call);
  CHECK_STATUS(slot.run(call), Status::kOk, what);
  CHECK(call.failed.empty(), what + ": failed: " + (call.failed.empty() ? "" : text(call.failed[0].status)));
  CHECK_TEXT(call.sink.content, "hello", what);
  CHECK(slot.transport.opens() == 2, what + ": reused");
}

void a_connection_idle_for_too_long_is_not_used(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  check_hello(slot, "first");
  slot.time.pass(4001);
  check_not_reused(slot, "after 4001 ms");
}

void the_idle_time_counts_from_the_end_of_the_answer(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  slot.transport.peers[0].answers[0].drip = 1;
  slot.transport.peers[0].answers[0].drip_ms = 400;
  check_hello(slot, "an answer of 16 s");
  slot.time.pass(3000);
  check_hello(slot, "second");
  CHECK(slot.transport.opens() == 1, "not reused");
}

void idle_without_a_limit(void**) {
  Timeouts limits = Slot::default_limits();
  limits.idle_ms = 0;
  Slot slot(limits);
  slot.transport.peers = {hello_peer()};
  check_hello(slot, "first");
  slot.time.pass(86400000);
  check_hello(slot, "a day later");
  CHECK(slot.transport.opens() == 1, "connection.h: \"0: no limit\", yet not reused");
}

void another_endpoint_wants_another_connection(void**) {
  const Endpoint others[] = {{"other.example", 443, true},
                             {"peer.example", 444, true},
                             {"peer.example", 443, false},
                             {"peer.exampl", 443, true},
                             {"peer.example.", 443, true}};
  for (const Endpoint& other : others) {
    Slot slot;
    slot.transport.peers = {hello_peer()};
    check_hello(slot, "first");
    check_not_reused(slot, std::string(other.host) + ":" + std::to_string(other.port),
                     [&](TestCall& call) { call.request.endpoint = other; });
    CHECK(slot.transport.hosts[1] == other.host && slot.transport.endpoints[1].tls == other.tls, "endpoint");
  }
}

void an_idle_peer_that_says_something_is_not_used(void**) {
  for (const bool held : {false, true}) {
    for (int kind = 0; kind < 3; ++kind) {
      Slot slot;
      slot.transport.peers = {hello_peer()};
      slot.transport.peers[0].holds_bytes = held;
      check_hello(slot, "first");
      if (kind == 0) slot.transport.peer_says("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
      if (kind == 1) slot.transport.peer_ends();
      if (kind == 2) slot.transport.peer_ends(Status::kConnectionLost);
      check_not_reused(slot, kind == 0 ? "bytes" : kind == 1 ? "end" : "reset");
    }
  }
}

void answers_that_end_the_connection(void**) {
  const std::string kAnswers[] = {
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
      "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nevil!",
  };
  for (const std::string& in : kAnswers) {
    Slot slot;
    slot.transport.peers = {Peer(in), hello_peer()};
    check_hello(slot, "first");
    check_not_reused(slot, printable(in));
  }
}

/// One byte at a time, the surplus is still in the transport when the answer is complete.
void surplus_in_the_transport_spoils_the_connection(void**) {
  Slot slot;
  slot.transport.peers = {Peer(std::string(kHello) + kHello), hello_peer()};
  slot.transport.peers[0].recv_piece = 1;
  check_hello(slot, "first");
  check_not_reused(slot, "surplus");
}

void close_idle_closes_only_when_idle(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer()};
  slot.connection().close_idle();
  check_hello(slot, "first");
  slot.connection().close_idle();
  CHECK(slot.transport.state() == Transport::State::kClosed, "not closed");
  TestCall call;
  slot.start(call);
  for (int i = 0; i < 4; ++i) {
    (void)slot.step();
    const auto state = slot.transport.state();
    if (!slot.connection().busy()) break;
    slot.connection().close_idle();
    CHECK(slot.transport.state() == state, "close_idle during a call closed the transport");
  }
  if (slot.connection().busy()) CHECK_STATUS(slot.run_on(), Status::kOk, "run");
  CHECK_TEXT(call.sink.content, "hello", "body");
}

/// A call that only waits or computes keeps the connection of the one before.
void a_dead_kept_connection_is_found_out(void**) {
  Slot slot;
  slot.transport.peers = {hello_peer(), hello_peer()};
  check_hello(slot, "first");
  slot.transport.peer_vanishes();
  TestCall call;
  call.exchanges = 2;
  CHECK_STATUS(slot.run(call), Status::kOk, "run");
  CHECK(call.failed.size() == 1 && call.failed[0].reused && !call.failed[0].heard, "fails as reused");
  CHECK_TEXT(call.sink.content, "hello", "the second try");
}

// ---- Cancel

void cancel_everywhere(void**) {
  for (Where where : kEverywhere) {
    Slot slot;
    Stuck stuck(slot, where);
    slot.start(stuck.call);
    CHECK_STATUS(slot.settle(), Status::kPending, words(where));
    slot.connection().cancel();
    CHECK(!slot.connection().busy(), words(where) + ": busy");
    CHECK(slot.transport.state() == Transport::State::kClosed, words(where) + ": not closed");
    CHECK(stuck.call.failed.empty() && stuck.call.answered.empty(), words(where) + ": a word to the call");
    slot.transport.peers.push_back(hello_peer());
    check_hello(slot, words(where) + ": afterwards");
    CHECK(stuck.call.failed.empty() && stuck.call.answered.empty(), words(where) + ": a late word to the call");
  }
}

void cancel_after_every_step(void**) {
  for (int steps = 0; steps < 200; ++steps) {
    Slot slot;
    slot.transport.peers = {hello_peer()};
    Peer& peer = slot.transport.peers[0];
    peer.pending_advances = 1;
    peer.send_piece = 60;
    peer.recv_piece = 5;
    peer.pend_between = true;
    TestCall call;
    slot.start(call);
    for (int i = 0; i < steps && slot.connection().busy(); ++i) (void)slot.step();
    const bool ended = !slot.connection().busy();
    slot.connection().cancel();
    CHECK(!slot.connection().busy(), "busy after cancel");
    check_hello(slot, "after cancel at step " + std::to_string(steps));
    if (ended) return;
  }
}

// ---- What is told

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

// ---- Bounded work

void a_step_does_bounded_work(void**) {
  Slot slot;
  slot.transport.peers = {Peer(answer("200 OK", pattern(100000)))};
  slot.transport.peers[0].recv_piece = 50;
  slot.transport.peers[0].send_piece = 50;
  const std::string content = pattern(100000);
  TestCall call;
  call.request.method = "PUT";
  call.request.body = Bytes(content);
  CHECK_STATUS(slot.run(call, 100000), Status::kOk, "run");
  CHECK(call.sink.content == pattern(100000), "body");
  CHECK(slot.most_calls_in_a_step <= 200,
        "calls of the transport in one step: " + std::to_string(slot.most_calls_in_a_step));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_call_runs_through),
      cmocka_unit_test(a_second_call_is_refused_while_one_runs),
      cmocka_unit_test(a_call_of_many_exchanges),
      cmocka_unit_test(a_call_may_have_nothing_to_send),
      cmocka_unit_test(every_way_of_moving_bytes),
      cmocka_unit_test(a_transport_that_is_ready_right_after_open),
      cmocka_unit_test(the_head_is_told_before_the_body),
      cmocka_unit_test(what_on_body_answers_ends_the_exchange),
      cmocka_unit_test(a_call_may_wait),
      cmocka_unit_test(a_call_that_computes_shares_its_thread),
      cmocka_unit_test(connecting_is_limited),
      cmocka_unit_test(securing_is_limited),
      cmocka_unit_test(the_first_byte_is_limited),
      cmocka_unit_test(a_stalled_upload_is_noticed),
      cmocka_unit_test(a_stalled_answer_is_noticed),
      cmocka_unit_test(silence_after_an_interim_answer_is_a_stall),
      cmocka_unit_test(a_slow_answer_is_no_stall),
      cmocka_unit_test(a_late_step_does_not_misfire),
      cmocka_unit_test(a_late_step_finds_the_connection_open),
      cmocka_unit_test(the_deadline_of_a_call_holds_everywhere),
      cmocka_unit_test(an_answer_found_too_late_has_one_outcome),
      cmocka_unit_test(the_deadline_of_a_call_holds_while_bytes_flow),
      cmocka_unit_test(the_deadline_of_a_call_holds_while_it_computes),
      cmocka_unit_test(no_limit_is_no_limit),
      cmocka_unit_test(a_pending_body_is_asked_again_and_is_no_stall),
      cmocka_unit_test(a_stall_is_counted_from_the_last_pause_of_the_source),
      cmocka_unit_test(failures_say_why),
      cmocka_unit_test(failures_say_how_far_they_came),
      cmocka_unit_test(a_call_may_try_again_after_a_failure),
      cmocka_unit_test(an_early_refusal_is_heard),
      cmocka_unit_test(an_early_refusal_with_a_long_head_is_no_stall),
      cmocka_unit_test(an_early_approval_does_not_cut_the_request),
      cmocka_unit_test(an_early_approval_of_a_peer_that_leaves),
      cmocka_unit_test(an_early_approval_of_a_peer_that_takes_no_more),
      cmocka_unit_test(errors_of_send),
      cmocka_unit_test(a_kept_connection_serves_again),
      cmocka_unit_test(a_connection_idle_for_too_long_is_not_used),
      cmocka_unit_test(the_idle_time_counts_from_the_end_of_the_answer),
      cmocka_unit_test(idle_without_a_limit),
      cmocka_unit_test(another_endpoint_wants_another_connection),
      cmocka_unit_test(an_idle_peer_that_says_something_is_not_used),
      cmocka_unit_test(answers_that_end_the_connection),
      cmocka_unit_test(surplus_in_the_transport_spoils_the_connection),
      cmocka_unit_test(close_idle_closes_only_when_idle),
      cmocka_unit_test(a_dead_kept_connection_is_found_out),
      cmocka_unit_test(cancel_everywhere),
      cmocka_unit_test(cancel_after_every_step),
      cmocka_unit_test(the_observer_sees_the_steps_in_order),
      cmocka_unit_test(without_tls_nothing_is_verified),
      cmocka_unit_test(states_passed_in_one_call_are_told_as_well),
      cmocka_unit_test(the_observer_sees_why_it_failed),
      cmocka_unit_test(the_observer_sees_no_secret),
      cmocka_unit_test(the_observer_sees_no_query_of_a_target),
      cmocka_unit_test(the_observer_is_told_of_waiting),
      cmocka_unit_test(a_step_does_bounded_work),
  };
  return cmocka_run_group_tests_name("connection", tests, nullptr, nullptr);
}
