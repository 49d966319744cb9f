// One table of scenarios, run by Client and by AsyncClient with tables of 1, 2 and 5 and both kinds of `poll`: the
// same status, answer, words, requests, events and time of the end.
#include "async_parity_table.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

struct Outcome {
  Status status = Status::kPending;
  uint16_t http = 0;
  std::string body, head, detail, events, sent;
  size_t requests = 0, opens = 0, reads = 0, writes = 0;
  int64_t ended = 0;

  std::string words() const {
    return text(status) + ", HTTP " + std::to_string(http) + ", body \"" + printable(body, 60) + "\", detail \"" +
           detail + "\", " + std::to_string(requests) + " requests, " + std::to_string(opens) + " connections, " +
           std::to_string(reads) + " reads, " + std::to_string(writes) + " writes, at " + std::to_string(ended) +
           " ms: " + events;
  }
  bool operator==(const Outcome& o) const {
    return words() == o.words() && body == o.body && head == o.head && sent == o.sent;
  }
};

/// A scenario in a world of its own. What runs the calls is left open.
struct Play {
  Play(const Scenario& scenario_, size_t slots) : scenario(scenario_), world(slots), source(scenario_.upload) {
    world.options.observer = &observer;
    for (const Peer& peer : scenario.peers) world.net.peers[kHost].push_back(peer);
    world.net.servers["credentials.example"] = always_hello;
    if (scenario.fetches_credentials) world.provider = &fetched;
    if (scenario.change) scenario.change(world);
    if (scenario.bodies) scenario.bodies(source, sink);
    request.method = scenario.method;
    request.body = scenario.from_source ? Body(source, scenario.upload.size()) : Body(Bytes(scenario.upload));
    field.value = scenario.header;
    if (!scenario.header.empty()) request.headers = {&field, 1};
    memory.resize(scenario.room);
    if (scenario.to_sink) {
      response = std::make_unique<Response>(sink);
    } else {
      response = std::make_unique<Response>(MutBytes(memory.data(), memory.size()));
    }
  }

  void note(Status status, Str detail) {
    outcome.status = status;
    outcome.http = response->status();
    outcome.body = scenario.to_sink ? sink.content : std::string(response->body());
    outcome.head = std::string(response->head().bytes);
    outcome.detail = status == Status::kOk ? "" : std::string(detail);
    outcome.ended = world.now().ms;
  }
  Outcome end() {
    outcome.requests = world.requests();
    outcome.opens = world.opens();
    outcome.events = observer.kinds();
    outcome.reads = static_cast<size_t>(source.reads);
    outcome.writes = static_cast<size_t>(sink.writes);
    for (auto& line : world.table.lines) {
      for (const auto& list : line->wire().requests) {
        for (const std::string& one : list) outcome.sent = std::max(outcome.sent, one);
      }
    }
    return outcome;
  }

  const Scenario& scenario;
  AsyncWorld world;
  RecordingObserver observer;
  FetchedCredentials fetched;
  FakeSource source;
  FakeSink sink;
  Header field{"X-Given", ""};
  std::vector<char> memory;
  std::unique_ptr<Response> response;
  ApiRequest request{"dynamodb"};
  Outcome outcome;
};

Outcome run_by_client(const Scenario& scenario) {
  Play play(scenario, 1);
  AsyncWorld& world = play.world;
  Client client(Port{world.platform, world.environment, world.line(0), world.table.buffers[0]->bytes()},
                *world.provider, world.options);
  for (int i = 0; i < scenario.calls; ++i) {
    if (i > 0) world.pass(scenario.pause_ms);
    const Status status = client.fetch(play.request, *play.response);
    play.note(status, client.failure());
  }
  return play.end();
}

Outcome run_by_table(const Scenario& scenario, size_t slots, PollBy by, const std::string& what) {
  Play play(scenario, slots);
  AsyncWorld& world = play.world;
  world.by = by;
  ApiCall call(play.request, *play.response, world.client().context());
  Told told(world);
  told.then = [&](Call&) { play.note(call.status(), call.detail()); };
  for (int i = 0; i < scenario.calls; ++i) {
    if (i > 0) {
      world.pass(scenario.pause_ms);
      call.reset();
    }
    start(world, call, &told);
    world.run();
  }
  CHECK(told.calls.size() == static_cast<size_t>(scenario.calls), what + ": completions");
  return play.end();
}

void run_table(const std::vector<Scenario>& table) {
  for (const Scenario& scenario : table) {
    const Outcome expected = run_by_client(scenario);
    CHECK_STATUS(expected.status, scenario.expected, scenario.name + ", by Client");
    for (const size_t slots : {1, 2, 5}) {
      for (const PollBy by : {PollBy::kTrying, PollBy::kHandles}) {
        const std::string what = scenario.name + ", in a table of " + std::to_string(slots) +
                                 (by == PollBy::kTrying ? ", trying all" : ", by handles");
        const Outcome outcome = run_by_table(scenario, slots, by, what);
        CHECK(outcome == expected,
              what + "\n  Client:      " + expected.words() + "\n  AsyncClient: " + outcome.words());
      }
    }
  }
}

void the_same_answers(void**) {
  run_table(answers_of_all_kinds());
}
void the_same_failures(void**) {
  run_table(failures_on_the_way());
}
void the_same_bodies(void**) {
  run_table(bodies());
}
void the_same_refusals(void**) {
  run_table(before_anything_is_sent());
}
void the_same_time_outs(void**) {
  run_table(time_outs());
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(the_same_answers),  cmocka_unit_test(the_same_failures),  cmocka_unit_test(the_same_bodies),
      cmocka_unit_test(the_same_refusals), cmocka_unit_test(the_same_time_outs),
  };
  return cmocka_run_group_tests_name("async parity", tests, nullptr, nullptr);
}
