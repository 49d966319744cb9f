// What a transport can do to a call at each of its calls, one after the other: every scenario is run once to count
// the calls, and then again for every call k and everything that port.h allows at it. However it fails, the call ends
// once, with a Status that says why, within its deadlines; it is never kOk with a short or a wrong body; and the same
// objects then serve another call.
#include "../fakes/client_world.h"
#include "faults.h"

using namespace tinyaws;
using namespace tinyaws::fakes;

namespace {

using Function = ScriptedTransport::Function;
using Kind = Fault::Kind;

struct Scenario {
  std::string name;
  std::vector<Peer> peers;
  std::string method = "GET";
  std::string upload = "";
  std::string download = "";
  bool from_source = false;
  bool unsigned_payload = false;
  bool to_sink = false;
  int fetches = 1;
  uint16_t refusal = 0;  ///< A status other than 200 that the peers may answer ...
  std::string refusal_body = "";
};

struct Mode {
  std::string name;
  uint8_t attempts;
  uint32_t total_ms;
};

const Mode kModes[] = {{"no retries", 1, 0}, {"three attempts", 3, 0}, {"three attempts in 1.2 s", 3, 1200}};

// A peer like TLS over a slow line: some bytes at a time, and what it has decrypted is announced by ready() alone.
Peer slow_peer(std::vector<Answer> answers) {
  Peer peer(std::move(answers));
  peer.pending_advances = 1;
  peer.recv_piece = 90;
  peer.send_piece = 400;
  peer.holds_bytes = true;
  return peer;
}

std::vector<Answer> answers(const std::string& bytes, size_t n = 8) {
  return std::vector<Answer>(n, Answer{bytes});
}

std::string chunked(const std::string& body) {
  std::string out = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (size_t at = 0; at < body.size(); at += 100) {
    char size[32];
    const size_t n = std::min<size_t>(100, body.size() - at);
    snprintf(size, sizeof size, "%zx;a=b\r\n", n);
    out += size + body.substr(at, n) + "\r\n";
  }
  return out + "0\r\nX-Trailer: 1\r\n\r\n";
}

Scenario get() {
  Scenario s{"GET", {slow_peer(answers(answer("200 OK", "hello")))}};
  s.download = "hello";
  return s;
}

Scenario post() {
  Scenario s{"POST with a short body", {slow_peer(answers(answer("200 OK", "{}")))}};
  s.method = "POST";
  s.upload = "{\"TableName\":\"t\"}";
  s.download = "{}";
  return s;
}

Scenario put() {
  Scenario s{"PUT from a source", {slow_peer(answers(answer("200 OK", "")))}};
  s.peers[0].send_piece = 700;
  s.method = "PUT";
  s.upload = pattern(5000);
  s.from_source = true;
  return s;
}

Scenario download() {
  Scenario s{"download to a sink", {}};
  s.download = pattern(3000, 2);
  s.peers = {slow_peer(answers(answer("200 OK", s.download)))};
  s.peers[0].recv_piece = 250;
  s.to_sink = true;
  return s;
}

Scenario reuse() {
  Scenario s = post();
  s.name = "three calls on one connection";
  s.fetches = 3;
  return s;
}

Scenario retry() {
  Scenario s{"again after 503", {}};
  s.refusal = 503;
  s.refusal_body = "slow down";
  s.download = pattern(500, 3);
  std::vector<Answer> script = answers(answer("200 OK", s.download));
  script[0].bytes = answer("503 Slow Down", s.refusal_body);
  s.peers = {slow_peer(script), slow_peer(answers(answer("200 OK", s.download)))};
  s.method = "PUT";
  s.upload = pattern(900, 4);
  s.from_source = true;
  s.to_sink = true;
  return s;
}

Scenario chunks() {
  Scenario s{"chunked", {}};
  s.download = pattern(550, 5);
  s.peers = {slow_peer(answers(chunked(s.download)))};
  return s;
}

Scenario early_refusal() {
  Scenario s{"403 while uploading", {}};
  s.refusal = 403;
  s.refusal_body = "<Error><Code>AccessDenied</Code></Error>";
  Answer refused{answer("403 Forbidden", s.refusal_body)};
  refused.when = Answer::When::kAfterHead;
  refused.body_bytes = 100;
  s.peers = {slow_peer({refused})};
  s.peers[0].takes = 4000;
  s.method = "PUT";
  s.upload = pattern(20000, 6);
  s.from_source = true;
  s.unsigned_payload = true;
  return s;
}

/// The objects of a program that makes calls, and the memory its answers go to.
class Run {
 public:
  Run(const Scenario& scenario, const Mode& mode) : scenario_(scenario), source_(scenario.upload) {
    world.options.max_attempts = mode.attempts;
    world.options.timeouts.total_ms = mode.total_ms;
    world.transport.peers = scenario.peers;
    world.platform.most_waits = 3000;
  }

  ClientWorld world;
  Status status = Status::kPending;
  uint16_t answered = 0;
  std::string received;

  /// Fetches as often as the scenario has it, until one fails.
  void fetch_all() {
    for (int i = 0; i < scenario_.fetches && (i == 0 || status == Status::kOk); ++i) fetch();
  }

  void fetch() {
    Response response = scenario_.to_sink ? Response(sink_) : Response(memory_);
    Body body = scenario_.from_source ? Body(source_, scenario_.upload.size()) : Body(Bytes(scenario_.upload));
    if (scenario_.unsigned_payload) body.payload_hash = "UNSIGNED-PAYLOAD";
    ApiRequest request{"dynamodb"};
    request.method = scenario_.method;
    request.body = body;
    if (source_.at() > 0) CHECK_STATUS(source_.rewind(), Status::kOk, "rewind between calls");
    sink_.content.clear();
    const Instant before = world.time.now;
    status = world.client().fetch(request, response);
    elapsed_ms = std::max(elapsed_ms, world.time.now - before);
    answered = response.status();
    received = scenario_.to_sink ? sink_.content : std::string(response.body());
  }

  int64_t elapsed_ms = 0;

 private:
  const Scenario& scenario_;
  FakeSource source_;
  FakeSink sink_;
  char memory_[1024];
};

bool one_of(Status status, std::initializer_list<Status> list) {
  return std::find(list.begin(), list.end(), status) != list.end();
}

/// What may be said of a fault when nothing is tried again. (A kept connection that turns out to be dead is.)
bool is_fair(Status status, const Fault& fault, Function function) {
  if (fault.kind == Kind::kStatus) return status == fault.status;
  if (fault.kind == Kind::kEnd) return one_of(status, {Status::kConnectionLost, Status::kTruncated});
  if (fault.kind != Kind::kPendForEver) return false;
  if (function == Function::kAdvance) return one_of(status, {Status::kConnectTimedOut, Status::kTlsTimedOut});
  return one_of(status, {Status::kFirstByteTimedOut, Status::kStalled});
}

/// Statuses that ClientOptions::max_attempts names as repeated, without a doubt.
bool is_repeated(Status status) {
  return one_of(status, {Status::kConnectFailed, Status::kConnectionLost, Status::kConnectTimedOut,
                         Status::kTlsTimedOut, Status::kFirstByteTimedOut, Status::kStalled});
}

void check_answer(const Scenario& scenario, const Run& run, const std::string& what) {
  if (run.status == Status::kOk) {
    CHECK(run.answered == 200, what + ": kOk with status " + std::to_string(run.answered));
    CHECK_TEXT(run.received, scenario.download, what + ": kOk with a short or wrong body");
    CHECK_TEXT(body_of(run.world.transport.last_request()), scenario.upload, what + ": kOk for a wrong request");
  } else if (run.status == Status::kServiceError) {
    CHECK(scenario.refusal != 0, what + ": kServiceError nobody answered");
    CHECK(run.answered == scenario.refusal, what + ": kServiceError with status " + std::to_string(run.answered));
    CHECK_TEXT(run.received, scenario.refusal_body, what + ": body of the refusal");
  }
}

void check_time(const Mode& mode, const Run& run, const std::string& what) {
  const int64_t attempt = 1000 + 1000 + 2000 + 1500;
  const int64_t most = mode.total_ms ? mode.total_ms : (mode.attempts + 1) * attempt + 150;
  CHECK(run.elapsed_ms <= most, what + ": took " + std::to_string(run.elapsed_ms) + " ms");
}

void check_faulty(const Scenario& scenario, const Mode& mode, Status good, const Run& run, Function function,
                  const std::string& what) {
  const Fault& fault = run.world.transport.fault;
  check_answer(scenario, run, what);
  check_time(mode, run, what);
  if (run.status == good) return;
  const bool refused = run.status == Status::kServiceError && scenario.refusal != 0;
  if (is_harmless(fault.kind)) CHECK_STATUS(run.status, good, what + ": harmless");
  if (mode.total_ms != 0) {
    const bool late = run.status == Status::kDeadlineExceeded && run.elapsed_ms == mode.total_ms;
    CHECK(late || refused || is_fair(run.status, fault, function), what + ": is " + text(run.status));
    return;
  }
  CHECK(refused || is_fair(run.status, fault, function), what + ": is " + text(run.status));
  if (mode.attempts > 1) CHECK(!is_repeated(run.status), what + ": not tried again: " + text(run.status));
}

/// After whatever happened, the same client works.
void check_good_call(const Scenario& scenario, Run& run, const std::string& what) {
  run.world.transport.fault = Fault();
  run.world.transport.peers = {slow_peer(answers(answer("200 OK", scenario.download), 20))};
  run.world.transport.peers[0].recv_piece = SIZE_MAX;
  run.world.transport.peers[0].send_piece = SIZE_MAX;
  run.fetch();
  CHECK_STATUS(run.status, Status::kOk, what + ": the next call");
  check_answer(scenario, run, what + ": the next call");
}

std::string words(const Fault& fault, Function function) {
  static const char* const kKinds[] = {"nothing",          "",         "end",         "pending once",
                                       "pending for ever", "one byte", "open at once"};
  const std::string kind = fault.kind == Kind::kStatus ? text(fault.status) : kKinds[static_cast<int>(fault.kind)];
  const char* const function_name = function == Function::kOpen      ? "open"
                                    : function == Function::kAdvance ? "advance"
                                    : function == Function::kSend    ? "send"
                                                                     : "recv";
  return "call " + std::to_string(fault.at) + " (" + function_name + "): " + kind;
}

/// Runs the scenario with `fault`, then a good call. A fault behind the last call of the good run never strikes.
void run_faulty(const Scenario& scenario, const Mode& mode, Status good, const Fault& fault, Function function) {
  const std::string what = scenario.name + ", " + mode.name + ", " + words(fault, function);
  Run run(scenario, mode);
  run.world.transport.fault = fault;
  run.fetch_all();
  check_faulty(scenario, mode, good, run, function, what);
  check_good_call(scenario, run, what);
}

void run_scenario(const Scenario& scenario) {
  for (const Mode& mode : kModes) {
    Run good(scenario, mode);
    good.fetch_all();
    const std::string what = scenario.name + ", " + mode.name + ", without a fault";
    const bool refused = scenario.refusal == 403 || (scenario.refusal == 503 && mode.attempts == 1);
    CHECK_STATUS(good.status, refused ? Status::kServiceError : Status::kOk, what);
    check_answer(scenario, good, what);
    const std::vector<Function> calls = good.world.transport.calls;
    check_good_call(scenario, good, what);
    for (size_t k = 0; k < calls.size(); ++k) {
      for (const Fault& fault : faults_at(calls[k], k)) {
        run_faulty(scenario, mode, refused ? Status::kServiceError : Status::kOk, fault, calls[k]);
      }
    }
  }
}

void faults_in_get(void**) {
  run_scenario(get());
}
void faults_in_post(void**) {
  run_scenario(post());
}
void faults_in_put(void**) {
  run_scenario(put());
}
void faults_in_download(void**) {
  run_scenario(download());
}
void faults_in_reuse(void**) {
  run_scenario(reuse());
}
void faults_in_retry(void**) {
  run_scenario(retry());
}
void faults_in_chunks(void**) {
  run_scenario(chunks());
}
void faults_in_early_refusal(void**) {
  run_scenario(early_refusal());
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(faults_in_get),    cmocka_unit_test(faults_in_post),
      cmocka_unit_test(faults_in_put),    cmocka_unit_test(faults_in_download),
      cmocka_unit_test(faults_in_reuse),  cmocka_unit_test(faults_in_retry),
      cmocka_unit_test(faults_in_chunks), cmocka_unit_test(faults_in_early_refusal),
  };
  return cmocka_run_group_tests_name("fault", tests, nullptr, nullptr);
}
