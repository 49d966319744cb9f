// What a transport can do to a call that first has to get its credentials, from one or more servers: every scenario
// is run once to count the transport's calls, and then again for every call k and everything that port.h allows at
// it. However it fails, the call ends once, within its limits, with kOk or a Status that says why; nothing is sent
// unsigned; no secret stays in the memory of a place that failed; and the same objects then serve another call.
#include <memory>

#include "../fakes/chain_world.h"
#include "faults.h"
#include "tinyaws/client.h"
#include "tinyaws/container_credentials.h"
#include "tinyaws/instance_metadata.h"
#include "tinyaws/iot_credentials.h"
#include "tinyaws/profile_credentials.h"
#include "tinyaws/sts_credentials.h"

using namespace tinyaws;
using namespace tinyaws::fakes;

namespace {

using Function = ScriptedTransport::Function;
using Kind = Fault::Kind;

enum class Place { kContainer, kMetadata, kProfile, kProfileOfInstance, kWebIdentity, kIot };

struct Scenario {
  const char* name;
  Place place;
  int64_t most_ms;  ///< All limits of its exchanges together.
};

const Scenario kScenarios[] = {
    {"container", Place::kContainer, 60000},        {"instance metadata", Place::kMetadata, 80000},
    {"role of a profile", Place::kProfile, 600000}, {"role of the instance", Place::kProfileOfInstance, 600000},
    {"web identity", Place::kWebIdentity, 600000},  {"AWS IoT", Place::kIot, 180000},
};

class Run {
 public:
  explicit Run(const Scenario& scenario)
      : scenario_(scenario), metadata_(world.platform, world.environment, space()) {
    world.transport.manner.pend_between = false;
    world.transport.manner.pending_advances = 1;
    world.transport.manner.recv_piece = 250;
    world.transport.manner.send_piece = 500;
    world.transport.manner.holds_bytes = true;
    world.know("AKIDBASE", "basesecret/+abcdefg");
    world.know("jwt", "", "jwtsecretjwtsecret");
    world.files.table["/jwt"] = "jwtsecretjwtsecret";
    world.files.table["/h/.aws/config"] =
        "[profile keys]\nrole_arn = arn\nsource_profile = b\n[profile b]\naws_access_key_id = AKIDBASE\n"
        "aws_secret_access_key = basesecret/+abcdefg\n"
        "[profile instance]\nrole_arn = arn\ncredential_source = Ec2InstanceMetadata\n";
    world.environment.table["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/creds";
    world.environment.table["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/jwt";
    world.environment.table["AWS_ROLE_ARN"] = "arn";
    make_profile();
    limits_.first_byte_ms = limits_.stall_ms = 2000;
    options_.timeouts = limits_;
    client_ = std::make_unique<Client>(Port{world.platform, world.environment, world.transport, world.buffer.bytes()},
                                       place(), options_);
  }

  ChainWorld world;
  Status status = Status::kPending;
  int64_t elapsed_ms = 0;
  Client& client() { return *client_; }

  CredentialsProvider& place() {
    switch (scenario_.place) {
      case Place::kContainer:
        return container_;
      case Place::kMetadata:
        return metadata_;
      case Place::kProfile:
      case Place::kProfileOfInstance:
        return *profile_;
      case Place::kWebIdentity:
        return web_identity_;
      case Place::kIot:
        break;
    }
    return iot_;
  }

  void fetch() {
    const Instant begin = world.time.now;
    Response response;
    status = client_->fetch(ApiRequest{"dynamodb"}, response);
    elapsed_ms = world.time.now - begin;
    answered = response.status();
  }
  uint16_t answered = 0;

 private:
  MutBytes space() const { return world.space.bytes(); }

  void make_profile() {
    ProfileCredentials::Options options;
    options.profile = scenario_.place == Place::kProfile ? "keys" : "instance";
    options.sources.instance_metadata = &metadata_;
    profile_ = std::make_unique<ProfileCredentials>(world.platform, world.environment, &world.files, nullptr, space(),
                                                    options);
  }

  const Scenario& scenario_;
  ContainerCredentials container_{world.platform, world.environment, &world.files, space()};
  InstanceMetadata metadata_;
  WebIdentityCredentials web_identity_{world.platform, world.environment, &world.files, space()};
  IotCredentials iot_{world.platform, space(), IotOptions{kIotHost, "alias"}};
  std::unique_ptr<ProfileCredentials> profile_;
  Timeouts limits_;
  ClientOptions options_;
  std::unique_ptr<Client> client_;
};

/// What the way to a server, or a place for credentials, may say.
bool is_fair(Status status) {
  for (Status fair :
       {Status::kUnsupported, Status::kResolveFailed, Status::kConnectFailed, Status::kTlsFailed,
        Status::kCertificateRejected, Status::kConnectionLost, Status::kTruncated, Status::kConnectTimedOut,
        Status::kTlsTimedOut, Status::kFirstByteTimedOut, Status::kStalled, Status::kAttemptTimedOut,
        Status::kCredentialsUnavailable, Status::kMalformedCredentials, Status::kNoCredentials}) {
    if (status == fair) return true;
  }
  return false;
}

void check_ended(const Scenario& scenario, Run& run, const std::string& what) {
  if (run.status == Status::kOk) {
    CHECK(run.answered == 200 && run.world.served >= 1, what + ": kOk, and the service was not asked");
  } else {
    CHECK(is_fair(run.status), what + ": is " + text(run.status));
  }
  const bool failed_before = run.status != Status::kOk && run.world.transport.requests_to(kServiceHost) == 0 &&
                             run.world.transport.wire.hosts.back() != kServiceHost;
  if (failed_before) run.world.check_space_clean(what + ": " + text(run.status));
  run.world.explain(run.place());
  run.world.check_no_secret(run.client().failure(), what + ": the failure in words");
  CHECK(run.elapsed_ms <= scenario.most_ms, what + ": took " + std::to_string(run.elapsed_ms) + " ms");
  CHECK(!run.world.files.is_open, what + ": a file is left open");
}

void check_next(const Scenario& scenario, Run& run, const std::string& what) {
  run.world.transport.wire.fault = Fault();
  run.world.time.pass(61000);  // instance metadata remembers for a minute that there was none
  const size_t served = run.world.served;
  run.fetch();
  CHECK_STATUS(run.status, Status::kOk, what + ": the next call");
  check_ended(scenario, run, what + ": the next call");
  CHECK(run.world.served == served + 1, what + ": the next call was served once");
}

std::string words(const Scenario& scenario, const Fault& fault) {
  return std::string(scenario.name) + ", fault " + std::to_string(static_cast<int>(fault.kind)) + " (" +
         text(fault.status) + ") at call " + std::to_string(fault.at);
}

void every_call_fails_in_turn(void**) {
  size_t runs = 0, survived = 0;
  for (const Scenario& scenario : kScenarios) {
    Run good(scenario);
    good.fetch();
    CHECK_STATUS(good.status, Status::kOk, scenario.name);
    check_ended(scenario, good, scenario.name);
    const std::vector<Function> calls = good.world.transport.wire.calls;
    for (size_t k = 0; k < calls.size(); ++k) {
      for (const Fault& fault : faults_at(calls[k], k)) {
        Run run(scenario);
        run.world.transport.wire.fault = fault;
        run.fetch();
        const std::string what = words(scenario, fault);
        check_ended(scenario, run, what);
        if (is_harmless(fault.kind)) CHECK_STATUS(run.status, Status::kOk, what);
        survived += run.status == Status::kOk ? 1 : 0;
        check_next(scenario, run, what);
        ++runs;
      }
    }
  }
  print_message("%zu runs, %zu of them ended well\n", runs, survived);
  CHECK(runs > 500, "too few faults");
}

// The same for the files that a place reads.
void every_read_fails_in_turn(void**) {
  for (const Scenario& scenario : kScenarios) {
    Run good(scenario);
    good.world.files.piece = 50;
    good.fetch();
    CHECK_STATUS(good.status, Status::kOk, scenario.name);
    for (int read = 1; read <= good.world.files.reads; ++read) {
      const std::string what = std::string(scenario.name) + ", read " + std::to_string(read);
      Run run(scenario);
      run.world.files.piece = 50;
      run.world.files.fail_at_read = read;
      run.fetch();
      const bool fair = run.status == Status::kFileUnreadable || run.status == Status::kProfileNotFound ||
                        run.status == Status::kProfileInvalid;  // no first byte: as if the file were empty
      CHECK(fair, what + ": is " + text(run.status));
      run.world.check_space_clean(what);
      CHECK(run.world.transport.requests_to(kServiceHost) == 0, what + ": the service was asked");
      run.world.files.fail_at_read = INT_MAX;
      check_next(scenario, run, what);
    }
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(every_call_fails_in_turn),
      cmocka_unit_test(every_read_fails_in_turn),
  };
  return cmocka_run_group_tests_name("credentials_fault", tests, nullptr, nullptr);
}
