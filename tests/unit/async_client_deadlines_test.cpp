// Time limits: each slot has its own, and a poll that comes late blames nobody for it.
// Covers C21: nobody polls for a long time.
#include "async_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

constexpr int64_t kTenMinutes = 600000;

struct Limit {
  Where where;
  int64_t ms;
  Status status;
};

const Limit kLimits[] = {
    {Where::kResolving, 1000, Status::kConnectTimedOut},   {Where::kConnecting, 1000, Status::kConnectTimedOut},
    {Where::kSecuring, 700, Status::kTlsTimedOut},         {Where::kSending, 1500, Status::kStalled},
    {Where::kFirstByte, 2000, Status::kFirstByteTimedOut}, {Where::kBody, 1500, Status::kStalled},
};

/// Calls one after the other, each takes some time, for as long as the test wants.
struct Chain {
  Chain(AsyncWorld& in, int64_t ms) : world(in) {
    world.net.peers["chain.example"] = {late_peer(ms, 1000)};
    call.request.endpoint.host = "chain.example";
    told.then = [this](Call& ended) {
      CHECK(call.failed.empty(), "the chain: " + (call.failed.empty() ? "" : text(call.failed[0].status)));
      call.sent = 0;
      if (goes_on) start(world, ended, &told);
    };
    start(world, call, &told);
  }
  AsyncWorld& world;
  bool goes_on = true;
  TestCall call;
  Told told{world};
};

void each_limit_holds_while_other_slots_work(void**) {
  for (const PollBy by : {PollBy::kTrying, PollBy::kHandles}) {
    for (const bool of_attempt : {false, true}) {
      for (const Limit& limit : kLimits) {
        AsyncWorld world(3);
        world.by = by;
        world.options.timeouts.attempt_ms = of_attempt ? 600 : 0;
        StuckCall stuck(world, limit.where);
        const int64_t ms = of_attempt ? 600 : limit.ms;
        Chain chain(world, 30), other(world, 70);
        start(world, stuck.call);
        const Instant from = world.now();
        world.run_until(from + (ms - 1));
        CHECK(stuck.call.failed.empty(), words(limit.where) + ": too early");
        CHECK(world.client().next_deadline() <= from + ms, words(limit.where) + ": next_deadline");
        world.run_until(from + ms);
        expect_failed(stuck.call, of_attempt ? Status::kAttemptTimedOut : limit.status, words(limit.where));
        CHECK(chain.told.calls.size() + 2 >= static_cast<size_t>(ms / 70), "the others went on");
        chain.goes_on = other.goes_on = false;
        world.run();
      }
    }
  }
}

void the_total_time_holds_everywhere(void**) {
  for (const Where where : kEverywhere) {
    AsyncWorld world(2);
    StuckCall stuck(world, where);
    stuck.call.ends = world.now() + 650;
    Chain chain(world, 30);
    start(world, stuck.call);
    world.run_until(Instant{stuck.call.ends.ms - 1});
    CHECK(stuck.call.failed.empty(), words(where) + ": too early");
    world.run_until(stuck.call.ends);
    expect_failed(stuck.call, Status::kDeadlineExceeded, words(where));
    chain.goes_on = false;
    world.run();
  }
}

// ---- Polls that come late

struct LateWorld : AsyncWorld {
  explicit LateWorld(PollBy how) : AsyncWorld(2) {
    by = how;
    options.max_attempts = 1;
  }
  /// Nobody polls for so long.
  void sleep(int64_t ms) {
    settle();
    pass(ms);
  }
};

const PollBy kBoth[] = {PollBy::kTrying, PollBy::kHandles};

/// What arrived in time counts, however late it is looked at.
void what_arrived_in_time_is_taken(void**) {
  for (const PollBy by : kBoth) {
    for (int phase = 0; phase < 4; ++phase) {
      LateWorld world(by);
      Peer peer = hello_peer();
      if (phase == 0) peer.connect_ms = 100;
      if (phase == 1) peer.secure_ms = 100;
      if (phase == 2) peer.answers[0].delay_ms = 100;
      if (phase == 3) peer.answers[0].drip = 10, peer.answers[0].drip_ms = 100;
      world.net.peers[kHost] = {peer};
      TestCall call;
      start(world, call);
      world.sleep(kTenMinutes);
      world.run();
      expect_hello(call, "phase " + std::to_string(phase));
    }
  }
}

/// Who answers soon after the late poll is not punished for our absence.
void a_peer_that_answers_right_after_a_late_poll_is_heard(void**) {
  for (const PollBy by : kBoth) {
    for (int kind = 0; kind < 4; ++kind) {
      const bool in_body = kind % 2 == 1;
      LateWorld world(by);
      world.options.timeouts.attempt_ms = kind >= 2 ? 3000 : 0;
      Answer answer{kHello};
      answer.delay_ms = in_body ? 0 : kTenMinutes + 100;
      answer.drip = in_body ? 41 : 0;
      answer.drip_ms = kTenMinutes + 100;
      world.net.peers[kHost] = {Peer({answer})};
      TestCall call;
      start(world, call);
      world.sleep(kTenMinutes);
      world.settle();
      CHECK(call.failed.empty() && world.client().busy(), "failed at the late poll");
      CHECK(world.now() < world.client().next_deadline(), "next_deadline is in the past");
      world.run();
      expect_hello(call, in_body ? "in the body" : "first byte");
    }
  }
}

void a_peer_that_stays_silent_fails_at_the_second_look(void**) {
  for (const PollBy by : kBoth) {
    for (const Limit& limit : kLimits) {
      LateWorld world(by);
      StuckCall stuck(world, limit.where);
      start(world, stuck.call);
      world.sleep(kTenMinutes);
      const Instant late = world.now();
      world.settle();
      if (!world.client().busy()) {
        CHECK(
            limit.where == Where::kResolving || limit.where == Where::kConnecting || limit.where == Where::kSecuring,
            words(limit.where) + ": failed at the late poll");
        continue;
      }
      world.run();
      expect_failed(stuck.call, limit.status, words(limit.where));
      CHECK(world.now() <= late + limit.ms, words(limit.where) + ": later than at the second look");
    }
  }
}

void the_total_time_is_not_begun_anew(void**) {
  for (const PollBy by : kBoth) {
    for (const Where where : kEverywhere) {
      LateWorld world(by);
      StuckCall stuck(world, where);
      stuck.call.ends = world.now() + 3000;
      start(world, stuck.call);
      world.sleep(kTenMinutes);
      world.settle();
      CHECK(!world.client().busy(), words(where) + ": still runs");
      expect_failed(stuck.call, Status::kDeadlineExceeded, words(where));
    }
  }
}

/// A loop that is slow by nature: every wait is begun anew once at most, so that silence ends.
void silence_ends_in_a_loop_that_polls_every_20_s(void**) {
  for (const PollBy by : kBoth) {
    for (const Limit& limit : kLimits) {
      LateWorld world(by);
      StuckCall stuck(world, limit.where);
      start(world, stuck.call);
      int polls = 0;
      for (; world.client().busy(); ++polls) {
        CHECK(polls < 12, words(limit.where) + ": does not end");
        world.poll();
        world.pass(20000);
      }
      expect_failed(stuck.call, limit.status, words(limit.where));
    }
  }
}

/// The same loop gets answers from a peer that gives some each time.
void answers_come_in_a_loop_that_polls_every_20_s(void**) {
  for (const PollBy by : kBoth) {
    LateWorld world(by);
    Peer peer = hello_peer();
    peer.connect_ms = peer.secure_ms = peer.answers[0].delay_ms = 100;
    world.net.peers[kHost] = {peer};
    TestCall call;
    start(world, call);
    for (int polls = 0; world.client().busy(); ++polls) {
      CHECK(polls < 50, "does not end");
      world.poll();
      world.pass(20000);
    }
    expect_hello(call, "every 20 s");
  }
}

/// A late poll harms no slot through another one.
void a_late_poll_finds_many_slots_in_many_states(void**) {
  for (const PollBy by : kBoth) {
    AsyncWorld world(4, 2);
    world.by = by;
    const int64_t delays[] = {0, 100, 1900, kTenMinutes + 50, 500, 600};
    Calls calls = make_calls(6);
    for (size_t i = 0; i < 6; ++i) {
      world.net.peers[kHosts[i]] = {late_peer(delays[i])};
      calls[i]->request.endpoint.host = kHosts[i];
      start(world, *calls[i]);
    }
    world.settle();
    world.pass(kTenMinutes);
    world.run();
    for (size_t i = 0; i < 6; ++i) {
      CHECK_TEXT(calls[i]->sink.content, "hello", "call " + std::to_string(i));
      CHECK(calls[i]->failed.empty(), "call " + std::to_string(i) + " failed");
    }
  }
}

/// An idle connection is too old after a long sleep, and nobody uses it.
void kept_connections_do_not_outlive_a_long_sleep(void**) {
  for (const PollBy by : kBoth) {
    LateWorld world(by);
    world.net.servers[kHost] = always_hello;
    check_hello(world, "before");
    world.sleep(kTenMinutes);
    TestCall call;
    start(world, call);
    world.run();
    expect_hello(call, "after");
    CHECK(world.opens() == 2, "an old connection was used");
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(each_limit_holds_while_other_slots_work),
      cmocka_unit_test(the_total_time_holds_everywhere),
      cmocka_unit_test(what_arrived_in_time_is_taken),
      cmocka_unit_test(a_peer_that_answers_right_after_a_late_poll_is_heard),
      cmocka_unit_test(a_peer_that_stays_silent_fails_at_the_second_look),
      cmocka_unit_test(the_total_time_is_not_begun_anew),
      cmocka_unit_test(silence_ends_in_a_loop_that_polls_every_20_s),
      cmocka_unit_test(answers_come_in_a_loop_that_polls_every_20_s),
      cmocka_unit_test(a_late_poll_finds_many_slots_in_many_states),
      cmocka_unit_test(kept_connections_do_not_outlive_a_long_sleep),
  };
  return cmocka_run_group_tests_name("async client deadlines", tests, nullptr, nullptr);
}
