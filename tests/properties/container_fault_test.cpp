// What a transport, and the files, can do to a source of credentials that asks one server: every scenario is run once
// to count the transport's calls, and then again for every call k and everything that port.h allows at it. However it
// fails, the fetch ends within its limits, with whole credentials or with a Status that says that they could not be
// had; no secret stays behind; and the same objects then fetch again.
#include "../unit/document_source_fixture.h"
#include "faults.h"
#include "tinyaws/container_credentials.h"
#include "tinyaws/iot_credentials.h"

using namespace test;

namespace {

using Function = ScriptedTransport::Function;
using Kind = Fault::Kind;

const char* const kTokenPath = "/token";
const char* const kUrl = "http://169.254.170.23/v1/credentials";

const std::string kContainerDocument =
    "{\"AccessKeyId\":\"ASIA\",\"SecretAccessKey\":\"topsecret\",\"Token\":\"sessiontoken\"}";
const std::string kIotDocument =
    "{\"credentials\":{\"accessKeyId\":\"ASIA\",\"secretAccessKey\":\"topsecret\",\"sessionToken\":\"sessiontoken\","
    "\"expiration\":\"2021-09-21T04:16:53Z\"}}";

// Few calls more than there are kinds of them: some bytes at a time, what was decrypted announced by ready() alone.
Peer slow_peer(const std::vector<std::string>& list) {
  Peer peer;
  for (const std::string& bytes : list) peer.answers.push_back({bytes});
  peer.pending_advances = 1;
  peer.recv_piece = 60;
  peer.send_piece = 90;
  peer.holds_bytes = true;
  return peer;
}

struct Scenario {
  const char* name;
  bool iot;
  std::vector<std::string> first;  ///< Answers on the first connection; good ones follow on all others.
};

std::string good_answer(const Scenario& scenario) {
  return http("200 OK", scenario.iot ? kIotDocument : kContainerDocument);
}

std::vector<Scenario> scenarios() {
  const std::string bad = http("500 Oops", "<html>");
  const std::string container = http("200 OK", kContainerDocument), iot = http("200 OK", kIotDocument);
  return {
      {"container", false, {container}},
      {"container, second attempt", false, {bad, container}},
      {"container, cut document", false, {http("200 OK", "{\"AccessKeyId\":\"topsecret\""), container}},
      {"container, no connection kept", false, {"HTTP/1.1 200 OK\r\nConnection: close\r\n" + container.substr(17)}},
      {"AWS IoT", true, {iot}},
      {"AWS IoT, second attempt", true, {bad, iot}},
      {"AWS IoT, refused", true, {http("403 Forbidden", "{\"message\":\"Access Denied\"}")}},
  };
}

class Run {
 public:
  Run(const Scenario& scenario, uint8_t attempts) : scenario_(scenario) {
    world.transport.peers = {slow_peer(scenario.first), slow_peer({good_answer(scenario), good_answer(scenario)})};
    world.environment.table = {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", kUrl},
                               {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", kTokenPath}};
    world.files.table[kTokenPath] = "authorizationtoken";
    ContainerOptions options;
    options.max_attempts = attempts;
    container_ = std::make_unique<ContainerCredentials>(world.platform, world.environment, &world.files,
                                                        world.space.bytes(), options);
    IotOptions iot_options{"peer.example", "alias"};
    iot_options.max_attempts = attempts;
    iot_ = std::make_unique<IotCredentials>(world.platform, world.space.bytes(), iot_options);
  }

  SourceWorld world{2048, 1024};
  Status status = Status::kPending;
  int64_t elapsed_ms = 0;

  DocumentSource& source() {
    if (scenario_.iot) return *iot_;
    return *container_;
  }

  void fetch() {
    const Instant begin = world.time.now;
    status = world.fetch(source());
    elapsed_ms = world.time.now - begin;
  }

  void check(const std::string& what) {
    if (status == Status::kOk) {
      check_credentials(world, "ASIA", "topsecret", "sessiontoken");
    } else {
      CHECK(status == Status::kCredentialsUnavailable || status == Status::kCredentialsRefused ||
                status == Status::kMalformedCredentials || status == Status::kUnsupported,
            what + ": is " + text(status));
      CHECK(world.space_is_wiped(), what + ": secrets in the space");
    }
    CHECK(!world.space_holds("authorizationtoken"), what + ": a token in the space");
    const std::string words = explained(source());
    for (const char* secret : {"topsecret", "sessiontoken", "authorizationtoken"}) {
      CHECK(!contains(words, secret), what + ": " + words);
    }
    CHECK(words.find('\n') == std::string::npos, what + ": " + words);
  }

 private:
  const Scenario& scenario_;
  std::unique_ptr<ContainerCredentials> container_;
  std::unique_ptr<IotCredentials> iot_;
};

void run_faulty(const Scenario& scenario, uint8_t attempts, Status good, const Fault& fault) {
  const std::string what = std::string(scenario.name) + ", " + std::to_string(attempts) + " attempts, fault " +
                           std::to_string(static_cast<int>(fault.kind)) + " (" + text(fault.status) + ") at call " +
                           std::to_string(fault.at);
  Run run(scenario, attempts);
  run.world.transport.fault = fault;
  run.fetch();
  run.check(what);
  if (is_harmless(fault.kind)) CHECK_STATUS(run.status, good, what);
  const bool passes = fault.kind != Kind::kStatus || is_transient(fault.status);
  if (attempts == 3 && good == Status::kOk && passes) CHECK_STATUS(run.status, Status::kOk, what);
  const int64_t attempt = scenario.iot ? 30000 : 10000;
  CHECK(run.elapsed_ms <= attempt + attempts * 150, what + ": took " + std::to_string(run.elapsed_ms) + " ms");
  run.world.transport.fault = {};
  run.world.transport.peers.assign(run.world.transport.opens() + 1, slow_peer({good_answer(scenario)}));
  run.world.connection.close_idle();
  run.fetch();
  CHECK_STATUS(run.status, Status::kOk, what + ": the next fetch");
  run.check(what + ": the next fetch");
}

void every_call_fails_in_turn(void**) {
  size_t runs = 0;
  for (const Scenario& scenario : scenarios()) {
    for (uint8_t attempts = 1; attempts <= 3; attempts = static_cast<uint8_t>(attempts + 2)) {
      Run good(scenario, attempts);
      good.fetch();
      good.check(std::string(scenario.name) + ", without a fault");
      const std::vector<Function> calls = good.world.transport.calls;
      for (size_t k = 0; k < calls.size(); ++k) {
        for (const Fault& fault : faults_at(calls[k], k)) {
          run_faulty(scenario, attempts, good.status, fault);
          ++runs;
        }
      }
    }
  }
  print_message("%zu runs\n", runs);
  assert_true(runs > 500);
}

void every_read_of_the_token_fails_in_turn(void**) {
  const Scenario scenario = scenarios()[0];
  for (int read = 1; read <= 6; ++read) {
    Run run(scenario, 3);
    run.world.files.piece = 4;
    run.world.files.fail_at_read = read;
    CHECK_STATUS(run.world.fetch(run.source()), Status::kFileUnreadable, std::to_string(read));
    CHECK(run.world.space_is_wiped(), std::to_string(read));
    CHECK(run.world.transport.opens() == 0, std::to_string(read));
    run.world.files.fail_at_read = INT_MAX;
    run.fetch();
    CHECK_STATUS(run.status, Status::kOk, "the next fetch");
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(every_call_fails_in_turn),
      cmocka_unit_test(every_read_of_the_token_fails_in_turn),
  };
  return cmocka_run_group_tests_name("container_fault", tests, nullptr, nullptr);
}
