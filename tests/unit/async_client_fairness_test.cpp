// The work of one poll has bounds, and a slot in trouble is no trouble for the others.
#include "async_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

/// Peers, sources and calls that never come to an end: each poll does, and the others are served by it.
void one_poll_does_bounded_work(void**) {
  for (const size_t piece : {size_t{1}, size_t{100}, SIZE_MAX}) {
    for (int kind = 0; kind < 4; ++kind) {
      AsyncWorld world(2);
      const std::string endless = pattern(piece == SIZE_MAX ? 400000 : 400 * (piece + 9));
      FakeSource source(endless);
      TestCall busy, quick;
      Peer peer;
      peer.recv_piece = piece;
      peer.send_piece = std::min<size_t>(piece, 2048);
      if (kind == 0) peer.answers.push_back({"HTTP/1.1 200 OK\r\n\r\n" + endless});
      if (kind == 1) busy.request.body = Bytes(endless), busy.request.method = "PUT";
      if (kind == 2) busy.request.body = Body(source, endless.size()), busy.request.method = "PUT";
      if (kind == 3) busy.script = [](Instant, RequestHead&) { return Next{Next::Action::kAgain, {}}; };
      const std::string what = "kind " + std::to_string(kind) + ", pieces of " + std::to_string(piece);
      world.net.peers[kHost] = {peer};
      world.net.servers["quick.example"] = always_hello;
      quick.request.endpoint.host = "quick.example";
      start(world, busy);
      start(world, quick);
      Line* line = nullptr;
      for (int polls = 0; polls < 3; ++polls) {
        const size_t calls = line ? line->calls() : 0;
        const uint64_t moved = line ? line->wire().bytes_given + line->wire().bytes_taken : 0;
        const int asked = busy.asked;
        world.client().poll();
        if (!line && kind < 3) line = &world.line_to(kHost);
        CHECK(busy.asked - asked <= 256, what + ": asked " + std::to_string(busy.asked - asked) + " times");
        if (!line) continue;
        CHECK(line->calls() - calls <= 256, what + ": " + std::to_string(line->calls() - calls) + " calls in a poll");
        const uint64_t now_moved = line->wire().bytes_given + line->wire().bytes_taken - moved;
        CHECK(now_moved <= 128 * 2048, what + ": " + std::to_string(now_moved) + " bytes in a poll");
        CHECK(now_moved > 0, what + ": no progress in a poll");
        CHECK(world.client().next_deadline() <= world.now() || !world.met().empty(), what + ": it is not the end");
      }
      expect_hello(quick, what + ": the other one");
      world.end_client();
    }
  }
}

// ---- Fairness

enum class Nuisance { kNone, kSink, kSource, kDrip, kSilent };

struct Seen {
  std::vector<int64_t> ends;
  std::vector<size_t> calls;
  bool operator==(const Seen& o) const { return ends == o.ends && calls == o.calls; }
  std::string words() const {
    std::string out;
    for (size_t i = 0; i < ends.size(); ++i)
      out += std::to_string(ends[i]) + " ms " + std::to_string(calls[i]) + ", ";
    return out;
  }
};

/// Three calls beside a slot that is in trouble: when they end, and what they ask of their transports.
Seen run_beside(Nuisance nuisance, PollBy by) {
  AsyncWorld world(4);
  world.by = by;
  const bool of_sink = nuisance == Nuisance::kSink, of_source = nuisance == Nuisance::kSource;
  StuckCall stuck(world, of_sink ? Where::kSink : of_source ? Where::kSource : Where::kFirstByte);
  if (nuisance == Nuisance::kDrip) {
    Answer drip{answer("200 OK", std::string(100, 'x'))};
    drip.drip = 1;
    drip.drip_ms = 1000;
    world.net.peers["stuck.example"] = {Peer({drip})};
  }
  if (nuisance != Nuisance::kNone) start(world, stuck.call);
  Calls calls = make_calls(3);
  Told told(world);
  for (size_t i = 0; i < 3; ++i) {
    Peer peer = late_peer(300 * static_cast<int64_t>(i + 1));
    peer.connect_ms = peer.secure_ms = 70;
    peer.answers[0].drip = 7;
    peer.answers[0].drip_ms = 30;
    world.net.peers[kHosts[i]] = {peer};
    calls[i]->request.endpoint.host = kHosts[i];
    start(world, *calls[i], &told);
  }
  Seen seen;
  while (told.calls.size() < 3) {
    world.poll();
    if (told.calls.size() < 3) world.wait();
  }
  for (size_t i = 0; i < 3; ++i) {
    expect_hello(*calls[i], "beside a nuisance");
    seen.ends.push_back(told.times[i].ms);
    seen.calls.push_back(by == PollBy::kHandles ? world.line_to(kHosts[i]).calls() : 0);
  }
  world.end_client();
  return seen;
}

/// They end at the same time as without it; and when the loop knows its handles, they are not even looked at more
/// often.
void trouble_stays_in_its_slot(void**) {
  for (const PollBy by : {PollBy::kTrying, PollBy::kHandles}) {
    const Seen alone = run_beside(Nuisance::kNone, by);
    for (const Nuisance nuisance : {Nuisance::kSink, Nuisance::kSource, Nuisance::kDrip, Nuisance::kSilent}) {
      const Seen seen = run_beside(nuisance, by);
      CHECK(seen == alone, "nuisance " + std::to_string(static_cast<int>(nuisance)) + ": " + seen.words() +
                               "alone: " + alone.words());
    }
  }
}

/// What waits for a sink is asked again within 10 ms and not in a busy loop.
void a_stuck_sink_costs_few_polls(void**) {
  for (const Where where : {Where::kSink, Where::kSource}) {
    AsyncWorld world(2);
    StuckCall stuck(world, where);
    start(world, stuck.call);
    world.settle();
    const size_t before = world.polls;
    world.run_until(world.now() + 1000);
    CHECK(world.polls - before <= 1100, words(where) + ": " + std::to_string(world.polls - before) + " polls in 1 s");
    CHECK(stuck.call.sink.writes + stuck.source.reads >= 100, words(where) + ": asked within 10 ms");
    CHECK(stuck.call.failed.empty(), words(where) + ": not the peer's fault");
    world.end_client();
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(one_poll_does_bounded_work),
      cmocka_unit_test(trouble_stays_in_its_slot),
      cmocka_unit_test(a_stuck_sink_costs_few_polls),
  };
  return cmocka_run_group_tests_name("async client fairness", tests, nullptr, nullptr);
}
