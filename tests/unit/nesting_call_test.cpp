// Calls inside calls: who is asked and told what, in which order; deadlines, limits and cancelling.
#include "../fakes/credentials_source.h"
#include "../fakes/test_call.h"

using namespace tinyaws;
using namespace tinyaws::fakes;

namespace {

/// Writes down what happens to its own part, and does as a script says.
class OuterCall final : public NestingCall {
 public:
  OuterCall() { request.endpoint = {"outer.example", 443, true}; }

  Request request;
  std::vector<Call*> inners;  ///< Run one after the other, before the own request.
  bool sends = true;
  std::string log;
  std::vector<Status> failures;
  Instant ends = kNever;
  const Timeouts* limits = nullptr;

  Instant deadline() const override { return ends; }

 private:
  Next own_next(Instant, UnixTime, RequestHead& head) override {
    log += "next ";
    if (ran_ < inners.size()) return run_inside(*inners[ran_++]);
    if (!sends || sent_) return {};
    sent_ = true;
    const Status begun = head.begin(request);
    const Status ended = head.end();
    CHECK(begun == Status::kOk && ended == Status::kOk, "request head");
    return {Next::Action::kSend, kNever};
  }
  void own_head(const ResponseHead&, Instant) override { log += "head "; }
  IoResult own_body(const ResponseHead&, Bytes piece) override {
    log += "body ";
    return {Status::kOk, piece.size()};
  }
  void own_response(const ResponseHead&, Instant) override { log += "response "; }
  void own_failure(const Failure& failure, Instant) override {
    log += "failure ";
    failures.push_back(failure.status);
  }
  const Timeouts* own_timeouts() const override { return limits; }
  void own_cancel() override { log += "cancel "; }

  size_t ran_ = 0;
  bool sent_ = false;
};

/// As OuterCall between the two: to nest three deep.
class MiddleCall final : public NestingCall {
 public:
  explicit MiddleCall(Call& inner) : inner_(inner) {}
  std::string log;
  Instant deadline() const override { return kNever; }

 private:
  Next own_next(Instant, UnixTime, RequestHead&) override {
    log += "next ";
    return asked_++ == 0 ? run_inside(inner_) : Next{};
  }
  void own_head(const ResponseHead&, Instant) override { log += "head "; }
  IoResult own_body(const ResponseHead&, Bytes piece) override { return {Status::kOk, piece.size()}; }
  void own_response(const ResponseHead&, Instant) override { log += "response "; }
  void own_failure(const Failure&, Instant) override { log += "failure "; }
  void own_cancel() override { log += "cancel "; }

  Call& inner_;
  int asked_ = 0;
};

const std::string kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

struct World {
  World() {
    Peer peer;
    peer.answers = {{kAnswer}, {kAnswer}, {kAnswer}};
    slot.transport.peers = {peer};
    first.request.endpoint = {"first.example", 443, true};
    second.request.endpoint = {"second.example", 443, true};
  }
  Slot slot;
  TestCall first, second;
  OuterCall outer;

  void start() { CHECK_STATUS(slot.connection().start(outer), Status::kOk, "start"); }
  Status run() {
    start();
    return slot.run_on();
  }
};

void nothing_inside(void**) {
  World world;
  CHECK_STATUS(world.run(), Status::kOk, "run");
  CHECK_TEXT(world.outer.log, "next head body response next ", "own part");
}

void one_after_the_other(void**) {
  World world;
  world.outer.inners = {&world.first, &world.second};
  CHECK_STATUS(world.run(), Status::kOk, "run");
  CHECK_TEXT(world.outer.log, "next next next head body response next ", "the inner calls' exchanges are theirs");
  for (TestCall* inner : {&world.first, &world.second}) {
    CHECK(inner->answered.size() == 1 && inner->told_heads.size() == 1, "inner");
    CHECK_TEXT(inner->sink.content, "hi", "inner");
    CHECK(inner->asked == 2 && inner->cancels == 0, "inner");
  }
  CHECK(world.slot.transport.hosts == std::vector<std::string>({"first.example", "second.example", "outer.example"}),
        "order");
}

void an_inner_that_sends_nothing(void**) {
  World world;
  world.first.exchanges = 0;
  world.outer.inners = {&world.first};
  world.outer.sends = false;
  CHECK_STATUS(world.run(), Status::kOk, "run");
  CHECK_TEXT(world.outer.log, "next next ", "no exchange");
}

void an_inner_that_fails(void**) {
  World world;
  Peer refusing;
  refusing.fails_in = Transport::State::kConnecting;
  Peer good;
  good.answers = {{kAnswer}};
  world.slot.transport.peers = {refusing, refusing, good};
  world.first.exchanges = 2;
  world.outer.inners = {&world.first};
  CHECK_STATUS(world.run(), Status::kOk, "run");
  CHECK(world.first.failed.size() == 2, "both told to the inner");
  CHECK_TEXT(world.outer.log, "next next head body response next ", "none told to the outer");
}

void three_deep(void**) {
  World world;
  MiddleCall middle(world.first);
  world.outer.inners = {&middle};
  CHECK_STATUS(world.run(), Status::kOk, "run");
  CHECK_TEXT(middle.log, "next next ", "middle");
  CHECK_TEXT(world.outer.log, "next next head body response next ", "outer");
  CHECK(world.first.answered.size() == 1, "inner");
  World cancelled;
  MiddleCall between(cancelled.first);
  cancelled.slot.transport.peers[0].resolve_ms = 500;
  cancelled.outer.inners = {&between};
  cancelled.start();
  CHECK_STATUS(cancelled.slot.settle(), Status::kPending, "resolving");
  cancelled.slot.connection().cancel();
  CHECK(cancelled.first.cancels == 1, "inner");
  CHECK_TEXT(between.log, "next cancel ", "middle");
  CHECK_TEXT(cancelled.outer.log, "next cancel ", "outer");
}

void cancelled_in_either_part(void**) {
  World inside;
  inside.slot.transport.peers[0].resolve_ms = 500;
  inside.outer.inners = {&inside.first, &inside.second};
  inside.start();
  CHECK_STATUS(inside.slot.settle(), Status::kPending, "resolving");
  inside.slot.connection().cancel();
  CHECK(inside.first.cancels == 1 && inside.second.cancels == 0, "the one that ran is told, and only once");
  CHECK_TEXT(inside.outer.log, "next cancel ", "outer");
  const int asked = inside.first.asked;
  inside.slot.transport.peers[0].resolve_ms = 0;
  CHECK_STATUS(inside.run(), Status::kOk, "run anew");
  CHECK(inside.first.asked == asked && inside.second.answered.size() == 1, "the one that was cancelled is forgotten");
  World after;
  after.outer.inners = {&after.first};
  after.slot.transport.peers.push_back(after.slot.transport.peers[0]);
  after.slot.transport.peers[1].resolve_ms = 500;
  after.start();
  CHECK_STATUS(after.slot.settle(), Status::kPending, "own exchange");
  after.slot.connection().cancel();
  CHECK(after.first.cancels == 0, "an inner that has ended is told nothing");
  CHECK_TEXT(after.outer.log, "next next cancel ", "outer");
}

// The deadline is the outer's: the inner is told to stop, and nobody is asked again.
void the_deadline_comes_inside(void**) {
  World world;
  world.slot.transport.peers[0].resolve_ms = 900;
  world.outer.ends = Instant{1300};
  world.outer.inners = {&world.first, &world.second};
  CHECK_STATUS(world.run(), Status::kOk, "run");
  CHECK(world.slot.time.now.ms == 1300, "at the deadline");
  CHECK(world.first.cancels == 1 && world.first.failed.empty(), "the inner is cancelled");
  CHECK(world.outer.failures == std::vector<Status>({Status::kDeadlineExceeded}), "the outer is told");
  CHECK_TEXT(world.outer.log, "next failure ", "nobody is asked again");
}

void the_deadline_comes_while_an_inner_waits(void**) {
  World world;
  world.first.script = [](Instant now, RequestHead&) { return Next{Next::Action::kWait, now + 100000}; };
  world.outer.ends = Instant{2500};
  world.outer.inners = {&world.first};
  CHECK_STATUS(world.run(), Status::kOk, "run");
  CHECK(world.slot.time.now.ms == 2500, "at the deadline");
  CHECK(world.first.cancels == 1, "the inner is cancelled");
  CHECK_TEXT(world.outer.log, "next failure ", "outer");
}

void check_time_out(World& world, int64_t inner_ms, int64_t outer_ms, const std::string& what) {
  Peer slow;
  slow.connect_ms = 100000;
  world.slot.transport.peers = {slow};
  world.outer.inners = {&world.first};
  CHECK_STATUS(world.run(), Status::kOk, what);
  CHECK(world.first.failed.size() == 1 && world.first.failed[0].status == Status::kConnectTimedOut, what);
  CHECK(world.first.failed[0].at.ms == 1000 + inner_ms,
        what + ": the inner's at " + std::to_string(world.first.failed[0].at.ms));
  CHECK(world.outer.failures == std::vector<Status>({Status::kConnectTimedOut}), what);
  CHECK(world.slot.time.now.ms == 1000 + inner_ms + outer_ms, what + ": the outer's");
}

void limits_of_both(void**) {
  Timeouts short_ones, long_ones;
  short_ones.connect_ms = 300;
  long_ones.connect_ms = 5000;
  World neither;
  check_time_out(neither, 1000, 1000, "the connection's");
  World inner;
  inner.first.limits = &short_ones;
  check_time_out(inner, 300, 1000, "the inner's own");
  World outer;
  outer.outer.limits = &long_ones;
  check_time_out(outer, 5000, 5000, "the outer's, for an inner that has none");
  World both;
  both.outer.limits = &long_ones;
  both.first.limits = &short_ones;
  check_time_out(both, 300, 5000, "each its own");
}

void a_body_that_an_inner_refuses(void**) {
  World world;
  world.first.body_status = Status::kValueTooLong;
  world.outer.inners = {&world.first};
  world.slot.transport.peers.push_back(world.slot.transport.peers[0]);
  CHECK_STATUS(world.run(), Status::kOk, "run");
  CHECK(world.first.failed.size() == 1 && world.first.failed[0].status == Status::kValueTooLong, "inner");
  CHECK_TEXT(world.outer.log, "next next head body response next ", "outer");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(nothing_inside),
      cmocka_unit_test(one_after_the_other),
      cmocka_unit_test(an_inner_that_sends_nothing),
      cmocka_unit_test(an_inner_that_fails),
      cmocka_unit_test(three_deep),
      cmocka_unit_test(cancelled_in_either_part),
      cmocka_unit_test(the_deadline_comes_inside),
      cmocka_unit_test(the_deadline_comes_while_an_inner_waits),
      cmocka_unit_test(limits_of_both),
      cmocka_unit_test(a_body_that_an_inner_refuses),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
