// What a transport can do to a fetch of the instance's credentials at each of its calls, one after the other: a good
// run counts the calls, then there is one run for every call k and everything that port.h allows at it. However it
// fails, there is an answer within the time that the limits allow; it is never kOk with other credentials than those
// that were sent; a fault that strikes once, after the service has been heard, does no harm to a fetch that may
// repeat; and the same objects then fetch well.
#include <functional>

#include "../unit/instance_metadata_fixture.h"

using namespace test;

namespace {

enum class Function { kOpen, kAdvance, kSend, kRecv };
using Kind = Fault::Kind;

// The longest of these fetches: four documents with three attempts of two seconds each.
constexpr int64_t kMostMs = 24000;

/// Answers a request by what it asks for.
using Service = std::function<std::string(const std::string& request)>;

/// The way to a service that can be asked for the same thing again after any failure.
class ServiceTransport final : public Transport {
 public:
  explicit ServiceTransport(Service service) : service_(std::move(service)) {}

  Fault fault;
  std::vector<Function> calls;
  size_t first_heard = SIZE_MAX;  ///< The call at which the first bytes of an answer came.

  bool readable() const { return !stuck_ && !outgoing_.empty(); }
  bool writable() const { return !stuck_; }

  Status open(const Endpoint&) override {
    calls.push_back(Function::kOpen);
    if (strikes(Kind::kStatus)) return fault.status;
    state_ = State::kConnecting;
    return Status::kPending;
  }
  Status advance(Instant) override {
    calls.push_back(Function::kAdvance);
    if (strikes(Kind::kStatus)) return fault.status;
    if (pends()) return Status::kPending;
    state_ = State::kOpen;
    return Status::kOk;
  }
  State state() const override { return state_; }
  IoResult send(Bytes bytes) override {
    calls.push_back(Function::kSend);
    if (strikes(Kind::kStatus)) return {fault.status, 0};
    if (pends()) return {Status::kPending, 0};
    const size_t n = strikes(Kind::kOneByte) ? 1 : std::min<size_t>(bytes.size(), 100);
    request_ += std::string(bytes.substr(0, n));
    if (contains(request_, "\r\n\r\n")) {
      outgoing_ = service_(request_);
      request_.clear();
    }
    return {Status::kOk, n};
  }
  IoResult recv(MutBytes space) override {
    calls.push_back(Function::kRecv);
    if (strikes(Kind::kStatus)) return {fault.status, 0};
    if (strikes(Kind::kEnd)) return {Status::kOk, 0};
    if (pends() || outgoing_.empty()) return {Status::kPending, 0};
    first_heard = std::min(first_heard, calls.size() - 1);
    const size_t n = strikes(Kind::kOneByte) ? 1 : std::min({outgoing_.size(), space.size(), size_t{60}});
    std::memcpy(space.data(), outgoing_.data(), n);
    outgoing_.erase(0, n);
    return {Status::kOk, n};
  }
  void close() override {
    state_ = State::kClosed;
    request_.clear();
    outgoing_.clear();
    stuck_ = false;
  }
  Interest interest(bool sending, bool receiving) const override {
    return state_ == State::kOpen ? Interest{7, receiving, sending} : Interest{7, false, true};
  }
  bool ready() const override { return false; }
  Str describe() const override { return "a service that fails once"; }

 private:
  bool strikes(Kind kind) const { return fault.kind == kind && calls.size() == fault.at + 1; }
  bool pends() {
    if (strikes(Kind::kPendForEver)) stuck_ = true;
    return stuck_ || strikes(Kind::kPendOnce);
  }

  Service service_;
  State state_ = State::kClosed;
  std::string request_;
  std::string outgoing_;
  bool stuck_ = false;
};

/// The objects of a program that fetches.
struct Run {
  Run(Service service, uint8_t attempts, bool allow_v1) : transport(std::move(service)), space(2048), buffer(1024) {
    options.max_attempts = attempts;
    options.allow_v1 = allow_v1;
    platform.random_byte = 255;
    provider = std::make_unique<InstanceMetadata>(platform, environment, space.bytes(), options);
    connection = std::make_unique<Connection>(transport, buffer.bytes());
  }

  VirtualTime time;
  ScriptedTransport unused{time};
  VirtualPlatform platform{time, unused};
  TableEnvironment environment;
  ServiceTransport transport;
  InstanceMetadataOptions options;
  GuardedBuffer space, buffer;
  std::unique_ptr<InstanceMetadata> provider;
  std::unique_ptr<Connection> connection;
  Credentials credentials;
  Str region;

  void run(Call& call, const std::string& what) {
    CHECK_STATUS(connection->start(call), Status::kOk, what);
    for (int i = 0; i < 20000; ++i) {
      if (connection->step(time.now, time.wall) != Status::kPending) return;
      const Interest interest = connection->interest();
      const bool moves = (interest.read && transport.readable()) || (interest.write && transport.writable());
      if (connection->ready() || (interest.handle >= 0 && moves)) continue;
      CHECK(!(connection->next_deadline() == kNever), what + ": hangs");
      time.now = connection->next_deadline();
    }
    CHECK(false, what + ": too many steps");
  }

  Status fetch(bool for_region, const std::string& what) {
    for (int i = 0; i < 10; ++i) {
      Call* call = nullptr;
      const Status status = for_region ? provider->find_region(time.now, time.wall, region, call)
                                       : provider->get(time.now, time.wall, credentials, call);
      if (status != Status::kPending) return status;
      CHECK(call != nullptr, what + ": nobody fetches");
      run(*call, what);
    }
    CHECK(false, what + ": asked without an end");
    return Status::kPending;
  }
};

std::string target_of(const std::string& request) {
  const size_t begin = request.find(' ') + 1;
  return request.substr(begin, request.find(' ', begin) - begin);
}

std::string chunked(const std::string& body) {
  char size[16];
  snprintf(size, sizeof size, "%zx\r\n", body.size() - 50);
  return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n32\r\n" + body.substr(0, 50) + "\r\n" + size +
         body.substr(50) + "\r\n0\r\n\r\n";
}

std::string good_service(const std::string& request) {
  const std::string target = target_of(request);
  const bool token = request.compare(0, 4, "PUT ") == 0;
  if (token) return token_reply();
  if (target == "/latest/meta-data/placement/region") return reply("404 Not Found", "");
  if (target == "/latest/meta-data/placement/availability-zone/") return reply("200 OK", "eu-west-3a");
  return target.back() == '/' ? reply("200 OK", "my-role") : chunked(document());
}

Service refusing_first_token() {
  auto tokens = std::make_shared<int>(0);
  return [tokens](const std::string& request) {
    if (request.compare(0, 4, "PUT ") == 0) return token_reply(++*tokens == 1 ? "old" : "new");
    return contains(request, ": old\r\n") ? reply("401 Unauthorized", "<html>") : good_service(request);
  };
}

Service failing_first() {
  auto seen = std::make_shared<std::vector<std::string>>();
  return [seen](const std::string& request) {
    const std::string target = target_of(request);
    if (std::find(seen->begin(), seen->end(), target) != seen->end()) return good_service(request);
    seen->push_back(target);
    return reply("503 Later", "<html>");
  };
}

std::string version_1_service(const std::string& request) {
  const bool has_token = contains(request, "x-aws-ec2-metadata-token");
  return has_token ? reply("405 Method Not Allowed", "") : good_service(request);
}

struct Scenario {
  std::string name;
  std::function<Service()> make;
  uint8_t attempts = 3;
  bool allow_v1 = false;
  bool region = false;
};

std::vector<Fault> faults_at(Function function, size_t k) {
  std::vector<Fault> list;
  const auto status = [&](Status s) { list.push_back({Kind::kStatus, k, s}); };
  const auto kind = [&](Kind which) { list.push_back({which, k, Status::kOk}); };
  if (function == Function::kOpen) {
    status(Status::kUnsupported);
    status(Status::kConnectFailed);
    return list;
  }
  kind(Kind::kPendOnce);
  kind(Kind::kPendForEver);
  if (function == Function::kAdvance) {
    for (Status s : {Status::kResolveFailed, Status::kConnectFailed, Status::kTlsFailed}) status(s);
    return list;
  }
  kind(Kind::kOneByte);
  status(Status::kConnectionLost);
  if (function == Function::kRecv) kind(Kind::kEnd);
  return list;
}

void check_result(const Scenario& scenario, const Run& run, Status status, const std::string& what) {
  if (status != Status::kOk) {
    CHECK(status == Status::kNotFound || status == Status::kCredentialsUnavailable, what + ": is " + text(status));
  } else if (scenario.region) {
    CHECK_TEXT(run.region, "eu-west-3", what);
  } else {
    CHECK_TEXT(run.credentials.access_key_id, "AKID", what);
    CHECK_TEXT(run.credentials.secret_access_key, "hush", what);
    CHECK_TEXT(run.credentials.session_token, "session", what);
  }
}

void run_faulty(const Scenario& scenario, const Fault& fault, size_t first_heard) {
  const std::string what = scenario.name + ", call " + std::to_string(fault.at) + ", kind " +
                           std::to_string(static_cast<int>(fault.kind)) + ", " + text(fault.status);
  Run run(scenario.make(), scenario.attempts, scenario.allow_v1);
  run.transport.fault = fault;
  const Instant before = run.time.now;
  const Status status = run.fetch(scenario.region, what);
  CHECK(run.time.now - before <= kMostMs, what + ": took " + std::to_string(run.time.now - before));
  check_result(scenario, run, status, what);
  const bool harmless = fault.kind == Kind::kPendOnce || fault.kind == Kind::kOneByte;
  const bool repeated = scenario.attempts > 1 && fault.at > first_heard && fault.status != Status::kUnsupported;
  if (harmless || repeated) CHECK_STATUS(status, Status::kOk, what);
  run.transport.fault = Fault();
  run.time.pass(run.options.unavailable_for_ms);
  const Status again = run.fetch(scenario.region, what + ", the next");
  CHECK_STATUS(again, Status::kOk, what + ", the next");
  check_result(scenario, run, again, what + ", the next");
}

size_t run_scenario(const Scenario& scenario) {
  Run good(scenario.make(), scenario.attempts, scenario.allow_v1);
  const Status status = good.fetch(scenario.region, scenario.name);
  CHECK_STATUS(status, Status::kOk, scenario.name);
  check_result(scenario, good, status, scenario.name);
  size_t runs = 0;
  for (size_t k = 0; k < good.transport.calls.size(); ++k) {
    for (const Fault& fault : faults_at(good.transport.calls[k], k)) {
      run_faulty(scenario, fault, good.transport.first_heard);
      ++runs;
    }
  }
  return runs;
}

void every_call_fails_in_turn(void**) {
  const auto good = [] { return Service(good_service); };
  const Scenario scenarios[] = {{"good, one attempt", good, 1},
                                {"good", good},
                                {"region", good, 3, false, true},
                                {"a refused token", refusing_first_token},
                                {"503 to each first request", failing_first},
                                {"version 1", [] { return Service(version_1_service); }, 3, true}};
  size_t runs = 0;
  for (const Scenario& scenario : scenarios) runs += run_scenario(scenario);
  print_message("%zu faults\n", runs);
  assert_true(runs > 500);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {cmocka_unit_test(every_call_fails_in_turn)};
  return cmocka_run_group_tests_name("imds_fault", tests, nullptr, nullptr);
}
