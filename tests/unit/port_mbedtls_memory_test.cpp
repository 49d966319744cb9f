// Each allocation of mbedTLS's failing in turn, in whole scenarios: the first thousand, then a sample up to the last.
// Every one must end in a Status that says so, leave no block behind, and let the same objects serve the next run.
// Linked with mbedTLS's static libraries, whose calloc and free the linker renames (--wrap): that counts what lives.
#include <map>
#include <vector>

#include "port_mbedtls_sessions_fixture.h"

namespace {
struct Heap {
  bool is_clients = false;
  size_t count = 0;
  size_t fail_at = SIZE_MAX;
  int64_t live = 0;
} heap;
}  // namespace

// NOLINTBEGIN(bugprone-reserved-identifier): the linker's names
extern "C" {
void* __real_calloc(size_t number, size_t size);
void __real_free(void* space);

void* __wrap_calloc(size_t number, size_t size) {
  if (heap.is_clients && heap.count++ == heap.fail_at) return nullptr;
  void* space = __real_calloc(number, size);
  heap.live += space != nullptr;
  return space;
}
void __wrap_free(void* space) {
  heap.live -= space != nullptr;
  __real_free(space);
}
}
// NOLINTEND(bugprone-reserved-identifier)

using namespace test;  // NOLINT: a test reads better so

namespace {

constexpr size_t kFirst = 1000;
constexpr size_t kSamples = 150;

/// What is allocated while it lives is the client's, not the server's.
class Clients {
 public:
  Clients() { heap.is_clients = true; }
  ~Clients() { heap.is_clients = false; }
};

struct Outcome {
  Status status = Status::kOk;
  std::string words;
};

/// How a scenario's failures ended.
class Tally {
 public:
  explicit Tally(const char* scenario, size_t total) : scenario_(scenario), total_(total) {}

  void add(size_t k, const Outcome& outcome) {
    ++tried_;
    ++outcomes_[outcome.status == Status::kOk ? "went well without it" : text(outcome)];
    if (outcome.status == Status::kOk) return;
    if (!is_typed(outcome)) fail_msg("%s, allocation %zu: %s", scenario_, k, text(outcome).c_str());
    ++failures_;
  }
  void print() const {
    print_message("  %s: %zu allocations, %zu failed in turn\n", scenario_, total_, tried_);
    for (const auto& [what, times] : outcomes_) print_message("    %5zu  %s\n", times, what.c_str());
    assert_true(failures_ > 0);
  }

 private:
  // Verification that lacks memory finds no issuer, which is the safe way to fail.
  static bool is_typed(const Outcome& outcome) {
    if (outcome.status == Status::kTlsFailed) return outcome.words == "out of memory";
    return outcome.status == Status::kCertificateRejected &&
           outcome.words == "certificate's issuer is not among the trusted CAs";
  }
  static std::string text(const Outcome& outcome) {
    return std::string(tinyaws::name(outcome.status).data()) + ", \"" + outcome.words + "\"";
  }

  const char* scenario_;
  size_t total_;
  size_t tried_ = 0;
  size_t failures_ = 0;
  std::map<std::string, size_t> outcomes_;
};

size_t next(size_t k, size_t total) {
  if (k + 1 < kFirst) return k + 1;
  return k + 1 + (total > kFirst ? (total - kFirst) / kSamples : 0);
}

/// `run` answers an Outcome; `check` is called after each, when nothing fails any more.
template <class Run, class Check>
void fail_each(const char* scenario, Run run, Check check) {
  check();  // what lives on for ever is allocated once
  heap.count = 0;
  assert_status(run().status, Status::kOk);
  const size_t total = heap.count;
  Tally tally(scenario, total);
  for (size_t k = 0; k < total; k = next(k, total)) {
    const int64_t before = heap.live;
    heap.count = 0;
    heap.fail_at = k;
    const Outcome outcome = run();
    const bool reached = heap.count > k;
    heap.fail_at = SIZE_MAX;
    if (heap.live != before) fail_msg("%s, allocation %zu: %d blocks leaked", scenario, k, int(heap.live - before));
    if (!reached) break;
    tally.add(k, outcome);
    check();
    if (heap.live != before) fail_msg("%s, after allocation %zu: %d blocks leaked", scenario, k, int(heap.live - before));
  }
  tally.print();
}

Outcome note(Status status, Str said) {
  return {status, {said.data(), said.size()}};
}

void configures(void**) {
  FakePlatform platform;
  const std::string cas = pki().other_ca + pki().ca;
  for (const Key* key : {&pki().rsa_key, &pki().ec_key}) {
    const std::string certificate = certify({}, *key, "Test CA", pki().ca_key);
    const std::string key_text = key->pem();
    const auto run = [&] {
      TlsConfig config(platform);
      Outcome outcome;
      {
        Clients clients;
        Status status = config.add_ca(cas);
        if (status == Status::kOk) status = config.set_client_certificate(certificate, key_text);
        outcome = note(status, config.describe());
      }
      heap.fail_at = SIZE_MAX;
      if (!config.has_ca()) assert_status(config.add_ca(cas), Status::kOk);
      if (outcome.status != Status::kOk) assert_status(config.set_client_certificate(certificate, key_text), Status::kOk);
      return outcome;
    };
    fail_each(key == &pki().rsa_key ? "a configuration, RSA" : "a configuration, EC", run, [&] { (void)run(); });
  }
}

/// A client with a certificate, its transport, and servers that ask for that.
struct Scene {
  explicit Scene(Way the_way) : way(the_way) {
    assert_status(config.add_ca(pki().ca), Status::kOk);
    assert_status(config.set_client_certificate(certificate, pki().rsa_key.pem()), Status::kOk);
  }

  Way way;
  Memory memory;
  FakePlatform platform;
  TlsConfig config{platform};
  TlsSessionStore<1, 2048> sessions;
  Wire wire;
  FakeTransport inner{wire};
  TlsTransport client{config, inner, &sessions};
  std::string certificate = pki().rsa({});
  bool resumed = false;

  Status connect(Server& server) {
    Status status = Status::kPending;
    {
      Clients clients;
      status = client.open({"example.com", 443, true});
    }
    for (int turn = 0; turn < 1000 && status == Status::kPending; ++turn) {
      server.step();
      Clients clients;
      status = client.advance({});
    }
    return status;
  }
  Status exchange(Server& server) {
    resumed = words(client).find(", resumed") != std::string::npos;
    server.to_send = "pong";
    for (int turn = 0; turn < 100; ++turn) {
      IoResult got;
      {
        Clients clients;
        if (turn == 0 && client.send("ping").size != 4) return Status::kStalled;
        char space[100];
        got = client.recv(space);
      }
      if (got.status == Status::kOk) return server.received == "ping" ? Status::kOk : Status::kTruncated;
      if (got.status != Status::kPending) return got.status;
      server.step();
    }
    return Status::kStalled;
  }
  Outcome converse() {
    wire = {};
    Server server(wire, certificate, pki().rsa_key);
    server.require_client_certificate(pki().ca);
    speak(server, way, memory);
    Status status = connect(server);
    if (status == Status::kOk) status = exchange(server);
    Clients clients;
    const Outcome outcome = note(status, client.describe());
    client.close();
    return outcome;
  }
  void must_converse() {
    const Outcome outcome = converse();
    if (outcome.status != Status::kOk) fail_msg("a run without failures: %s", outcome.words.c_str());
  }
};

void shakes_hands_in_full(void**) {
  for (const Way way : ways()) {
    Scene scene(way);
    const auto run = [&] {
      scene.sessions.clear();
      return scene.converse();
    };
    fail_each(name(way), run, [&] { scene.must_converse(); });
  }
}

void resumes(void**) {
  for (const Way way : ways()) {
    Scene scene(way);
    const auto prepare = [&] {
      scene.must_converse();
      if (scene.sessions.count() == 0) scene.must_converse();
      assert_int_equal(scene.sessions.count(), 1);
    };
    fail_each(name(way), [&] { return scene.converse(); }, prepare);
    scene.must_converse();
    assert_true(scene.resumed);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(configures),
      cmocka_unit_test(shakes_hands_in_full),
      cmocka_unit_test(resumes),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
