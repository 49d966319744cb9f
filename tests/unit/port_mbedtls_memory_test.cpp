// Each allocation of mbedTLS's failing in turn, in whole scenarios: the first thousand, then a sample up to the last;
// alone, or with all that follow it. Every one must end in a Status that says so and leave no block behind, and the
// same objects must serve the next run.
// Covers C36: allocations of mbedTLS that fail.
#include <map>

#include "port_mbedtls_heap.h"
#include "port_mbedtls_sessions_fixture.h"

using namespace test;  // NOLINT: a test reads better so

namespace {

constexpr size_t kSamples = 150;
constexpr size_t kCheckEach = 10;

struct Outcome {
  Status status = Status::kOk;
  std::string words;
};

Outcome note(Status status, Str said) {
  return {status, {said.data(), said.size()}};
}

std::string text(const Outcome& outcome) {
  if (outcome.status == Status::kOk) return "went well without it";
  return std::string(tinyaws::name(outcome.status)) + ", \"" + outcome.words + "\"";
}

/// What lives in the heap.
struct Living {
  size_t blocks = heap().live.size();
  size_t bytes = heap().bytes();
};

// mbedTLS with TLS 1.3 loses one direction's cipher context when there is no memory for the other's, which is as
// large: its issue 10917. Nobody but mbedTLS holds it, so that nothing can be done about it here.
bool is_mbedtls_own_loss(const Living& before, const Living& now) {
  return now.blocks == before.blocks + 1 && now.bytes == before.bytes + heap().refused;
}

/// Allocations that fail, of one scenario: `first` of them one by one.
class Failures {
 public:
  Failures(const char* scenario, size_t first, bool lasting, bool is_tls13)
      : scenario_(scenario), first_(first), lasting_(lasting), is_tls13_(is_tls13) {}

  /// `run` answers an Outcome. `check`, which is called after many of them, does the same with enough memory.
  template <class Run, class Check>
  void go_through(Run run, Check check) {
    check();  // what is allocated once and for ever
    heap().count = 0;
    assert_status(run().status, Status::kOk);
    const size_t total = heap().count;
    for (size_t k = 0; k < total; k = next(k, total)) {
      const Living before;
      heap().refuse({k, lasting_ ? SIZE_MAX : k + 1});
      const Outcome outcome = run();
      const bool reached = heap().count > k;
      heap().shortage = {};
      if (!reached) break;
      note_outcome(k, outcome);
      assert_nothing_leaked(k, before);
      if (k % kCheckEach == 0 || k >= first_) check();
    }
    print(total);
  }

 private:
  size_t next(size_t k, size_t total) const {
    return k + 1 < first_ || total <= first_ ? k + 1 : k + 1 + (total - first_) / kSamples;
  }
  void note_outcome(size_t k, const Outcome& outcome) {
    ++tried_;
    ++outcomes_[text(outcome)];
    if (!is_fine(outcome)) fail_msg("%s, allocation %zu: %s", scenario_, k, text(outcome).c_str());
  }
  // Verification that lacks memory for a moment finds no issuer, which is the safe way to fail.
  bool is_fine(const Outcome& outcome) const {
    if (outcome.status == Status::kTlsFailed) return !outcome.words.empty();
    if (lasting_) return false;
    return outcome.status == Status::kOk ||
           outcome.words == "example.com: certificate's issuer is not among the trusted CAs";
  }
  void assert_nothing_leaked(size_t k, const Living& before) {
    const Living now;
    if (now.blocks == before.blocks) return;
    if (!is_tls13_ || !is_mbedtls_own_loss(before, now)) {
      fail_msg("%s, allocation %zu: %zu blocks, then %zu", scenario_, k, before.blocks, now.blocks);
    }
    ++mbedtls_own_losses_;
  }
  void print(size_t total) const {
    const char* which = lasting_ ? "each with all that follow" : "in turn";
    print_message("  %s: %zu allocations, of which failed %s: %zu\n", scenario_, total, which, tried_);
    for (const auto& [what, times] : outcomes_) print_message("    %5zu  %s\n", times, what.c_str());
    if (mbedtls_own_losses_ > 0) print_message("    %5zu  of them lost a block of mbedTLS's\n", mbedtls_own_losses_);
  }

  const char* scenario_;
  size_t first_;
  bool lasting_;
  bool is_tls13_;
  size_t tried_ = 0;
  size_t mbedtls_own_losses_ = 0;
  std::map<std::string, size_t> outcomes_;
};

/// Alone and lasting; less often the latter, for most go the same way.
template <class Run, class Check>
void fail_each(const char* scenario, bool is_tls13, Run run, Check check) {
  Failures(scenario, 1000, false, is_tls13).go_through(run, check);
  Failures(scenario, 100, true, is_tls13).go_through(run, check);
}

// Signatures of RSA are quickly checked: a handshake has fewer allocations, and more of them are tried.
const std::string& root() {
  static const std::string* made =
      new std::string(certify(Pki::authority("RSA CA"), pki().rsa_key, "RSA CA", pki().rsa_key));
  return *made;
}
const std::string& leaf() {
  static const std::string* made = new std::string(certify({}, pki().rsa_key, "RSA CA", pki().rsa_key));
  return *made;
}

void configures(const char* scenario, const std::string& certificate, const Key& key) {
  FakePlatform platform;
  const std::string cas = pki().ca + root();
  const std::string key_text = key.pem();
  const auto run = [&] {
    TlsConfig config(platform);
    Status status = Status::kOk;
    {
      Clients clients;
      status = config.add_ca(cas);
      if (status == Status::kOk) status = config.set_client_certificate(certificate, key_text);
    }
    const Outcome outcome = note(status, config.describe());
    if (status == Status::kOk && !outcome.words.empty()) fail_msg("%s", outcome.words.c_str());
    heap().shortage = {};
    if (!config.has_ca()) assert_status(config.add_ca(cas), Status::kOk);
    if (status != Status::kOk) assert_status(config.set_client_certificate(certificate, key_text), Status::kOk);
    return outcome;
  };
  fail_each(scenario, false, run, [] {});
}

void is_configured(void**) {
  configures("a configuration with a key of RSA", leaf(), pki().rsa_key);
  configures("a configuration with a key on P-256", pki().ec({}), pki().ec_key);
}

void agree_on_p256(Server& server) {
#if MBEDTLS_VERSION_NUMBER >= 0x03010000
  static const uint16_t groups[] = {MBEDTLS_SSL_IANA_TLS_GROUP_SECP256R1, 0};
  mbedtls_ssl_conf_groups(&server.config(), groups);
#else
  static const mbedtls_ecp_group_id curves[] = {MBEDTLS_ECP_DP_SECP256R1, MBEDTLS_ECP_DP_NONE};
  mbedtls_ssl_conf_curves(&server.config(), curves);
#endif
}

/// A client with a certificate, and servers that ask for it.
struct Scene {
  explicit Scene(Way the_way) : way(the_way) {
    assert_status(config.add_ca(root()), Status::kOk);
    assert_status(config.set_client_certificate(leaf(), pki().rsa_key.pem()), Status::kOk);
  }

  Way way;
  Memory memory;
  FakePlatform platform;
  TlsConfig config{platform};
  TlsSessionStore<1, 2048> sessions;
  Wire wire;
  FakeTransport inner{wire};
  TlsTransport client{config, inner, &sessions};
  bool resumed = false;

  Outcome converse() {
    wire = {};
    Server server(wire, leaf(), pki().rsa_key);
    server.require_client_certificate(root());
    speak(server, way, memory);
    agree_on_p256(server);
    Status status = connect(server);
    if (status == Status::kOk) status = exchange(server);
    const Outcome outcome = note(status, client.describe());
    {
      Clients clients;
      client.close();
    }
    config.mend_client_key();  // what an RSA key holds since its last signature
    return outcome;
  }
  void must_converse() {
    const Outcome outcome = converse();
    if (outcome.status != Status::kOk) fail_msg("%s, with memory: %s", name(way), text(outcome).c_str());
  }

 private:
  Status connect(Server& server) {
    Status status = client.open({"example.com", 443, true});
    for (int turn = 0; turn < 1000 && status == Status::kPending; ++turn) {
      server.step();
      Clients clients;
      status = client.advance({});
    }
    resumed = words(client).find(", resumed") != std::string::npos;
    return status == Status::kPending ? Status::kStalled : status;
  }
  Status exchange(Server& server) {
    server.to_send = "pong";
    const IoResult sent = send();
    if (sent.status != Status::kOk) return sent.status;
    for (int turn = 0; turn < 100; ++turn) {
      server.step();
      const IoResult got = receive();
      if (got.status == Status::kOk)
        return server.received == "ping" && got.size == 4 ? Status::kOk : Status::kStalled;
      if (got.status != Status::kPending) return got.status;
    }
    return Status::kStalled;
  }
  IoResult send() {
    Clients clients;
    return client.send("ping");
  }
  IoResult receive() {
    Clients clients;
    char space[100];
    return client.recv(space);
  }
};

void shakes_hands_in_full(void**) {
  for (const Way way : ways()) {
    if (way == Way::kIds12) continue;
    Scene scene(way);
    const auto run = [&] {
      scene.sessions.clear();
      return scene.converse();
    };
    const auto check = [&] {
      scene.sessions.clear();
      scene.must_converse();
    };
    fail_each((std::string("a full handshake, ") + name(way)).c_str(), way == Way::kTickets13, run, check);
  }
}

/// A session to be offered any number of times.
class Kept {
 public:
  explicit Kept(Scene& scene) : scene_(scene) {
    scene.must_converse();
    const TlsSessions::Session session = scene.sessions.find(key(), scene.platform.time_of_day({}));
    terms_ = session.terms;
    bytes_.assign(session.bytes.data(), session.bytes.size());
    assert_false(bytes_.empty());
  }

  void restore() {
    scene_.sessions.clear();
    memcpy(scene_.sessions.keep(key(), terms_, bytes_.size()).data(), bytes_.data(), bytes_.size());
  }

 private:
  TlsSessions::Key key() const { return {"example.com", 443, scene_.config.identity(), scene_.config.changes()}; }

  Scene& scene_;
  TlsSessions::Terms terms_;
  std::string bytes_;
};

void resumes(void**) {
  for (const Way way : ways()) {
    Scene scene(way);
    Kept kept(scene);
    const auto run = [&] {
      kept.restore();
      return scene.converse();
    };
    const auto check = [&] {
      kept.restore();
      scene.must_converse();
      assert_true(scene.resumed);
    };
    fail_each((std::string("a resumed handshake, ") + name(way)).c_str(), way == Way::kTickets13, run, check);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(is_configured),
      cmocka_unit_test(shakes_hands_in_full),
      cmocka_unit_test(resumes),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
