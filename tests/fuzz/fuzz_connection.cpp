// A connection, its call, its transport and its clock as a script of events: what each of them answers next is said
// by the input. When the input is at its end everybody waits, until time is over; then the connection has to serve
// one more call.
#include "fuzz.h"
#include "played_call.h"
#include "tinyaws/connection.h"

using namespace tinyaws;
using namespace tinyaws::fuzz;

namespace {

constexpr Str kSample = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

class Counter final : public Observer {
 public:
  size_t outcomes = 0;

  void on_event(const Event& event) override {
    check(event.call != nullptr && !name(event.kind).empty());
    outcomes += event.kind == Event::Kind::kDone || event.kind == Event::Kind::kFailed;
    check((event.kind == Event::Kind::kFailed) == (event.status != Status::kOk));
  }
};

Timeouts limits_of(Input& input) {
  Timeouts limits;
  limits.connect_ms = 1 + input.number() % 3000;
  limits.tls_ms = 1 + input.number() % 3000;
  limits.first_byte_ms = 1 + input.number() % 3000;
  limits.stall_ms = 1 + input.number() % 3000;
  limits.continue_ms = input.number() % 3000;
  limits.attempt_ms = input.flag() ? 1 + input.number() % 6000 : 0;
  limits.idle_ms = input.number() % 3000;
  return limits;
}

/// Steps the connection, and looks at it from outside.
class Runner {
 public:
  Runner(World& world, const Timeouts& limits, size_t buffer_size)
      : world_(world),
        transport_(world),
        buffer_(buffer_size),
        connection_(transport_, buffer_.bytes(), limits, &observer_) {}

  PlayedTransport& transport() { return transport_; }

  void run(PlayedCall& call) {
    const size_t before = observer_.outcomes;
    check(connection_.start(call) == Status::kOk && connection_.start(call) == Status::kBusy);
    for (size_t steps = 0; !call.ended(); ++steps) {
      check(steps < 100000);
      if (!world_.calm && world_.input.empty()) pass_or_end(call);
      step(call);
      if (!call.ended()) disturb();
    }
    check(!connection_.busy() && connection_.next_deadline() == kNever && !connection_.ready());
    check(connection_.interest().handle < 0);
    check(observer_.outcomes - before == call.outcomes() || call.cancelled());
  }

 private:
  void step(const PlayedCall& call) {
    const bool was_ready = connection_.ready();
    const size_t moves = world_.moves;
    world_.calls = 0;
    const Status status = connection_.step(world_.now, {1440938160});
    check((status == Status::kOk) == call.ended() && (status == Status::kOk || status == Status::kPending));
    check(world_.calls <= 200);
    if (moves == world_.moves) check(world_.calls <= 8);
    if (status == Status::kOk) return;
    check(connection_.busy());
    // Whoever is not ready has something to wait for, and need not be asked before that.
    if (connection_.ready()) {
      idle_steps_ = moves == world_.moves && was_ready ? idle_steps_ + 1 : 0;
      check(idle_steps_ < 8);
      return;
    }
    idle_steps_ = 0;
    check(world_.now < connection_.next_deadline());
    check(connection_.next_deadline().ms != kNever.ms || connection_.interest().handle >= 0);
    check(!connection_.in_exchange() || connection_.next_deadline().ms != kNever.ms);
    pass_time();
  }

  void pass_time() {
    const Instant next = connection_.next_deadline();
    const size_t event = world_.input.below(8);
    if (event == 0 || world_.calm) world_.now = next;
    if (event == 1) world_.now = next + static_cast<int64_t>(world_.input.number() % 5000);
    if (event == 2) world_.now = earlier(next, world_.now + static_cast<int64_t>(world_.input.number() % 5000));
    if (event > 4) world_.now = world_.now + 1;
    check(world_.now.ms != kNever.ms);
  }

  void disturb() {
    if (world_.calm) return;
    const size_t event = world_.input.byte();
    if (event == 255) connection_.cancel();
    if (event == 254) connection_.close_idle();
  }

  // The script is at its end: all choices are 0, "nothing just now", and the call's own is to end.
  void pass_or_end(const PlayedCall& call) {
    if (++silent_steps_ > 100) connection_.cancel();
    check(silent_steps_ < 110 || call.ended());
  }

  World& world_;
  PlayedTransport transport_;
  Counter observer_;
  Block buffer_;
  Connection connection_;
  size_t idle_steps_ = 0;
  size_t silent_steps_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  Input input(data, size);
  const Timeouts limits = limits_of(input);
  const size_t buffer_size = 512 + input.byte() * size_t{4};
  const Str script = input.text(input.number() % 1024);
  World world{Input(script)};
  world.answer = input.rest();
  Runner runner(world, limits, buffer_size);
  while (!world.input.empty()) {
    PlayedCall call(world, runner.transport());
    runner.run(call);
  }
  world.calm = true;
  world.answer = kSample;
  PlayedCall last(world, runner.transport());
  runner.run(last);
  check(last.responses() == 1 && !last.cancelled());
  return 0;
}
