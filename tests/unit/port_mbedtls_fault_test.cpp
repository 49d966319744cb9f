// The mbedTLS port on transports that drip, stall and break, and with an allocator that runs dry.
// Covers C36: each allocation of mbedTLS that fails, in turn.
#include "port_mbedtls_allocator.h"
#include "port_mbedtls_fixture.h"

using namespace test;  // NOLINT: a test reads better so

namespace {

Status connect(Link& link) {
  Status status;
  {
    Counting counting;
    status = link.client.open({"example.com", 443, true});
  }
  for (int turn = 0; turn < 1000 && status == Status::kPending; ++turn) {
    link.server.step();
    Counting counting;
    status = link.client.advance({});
  }
  return status == Status::kPending ? Status::kStalled : status;
}

// A connection, a request of `up`, an answer of `down`, and the orderly end.
Status converse(Link& link, Bytes up, const std::string& down, std::string& got) {
  Status status = connect(link);
  if (status != Status::kOk) return status;
  link.server.to_send = down;
  char space[3000];
  for (int turn = 0; turn < 3000; ++turn) {
    link.server.step();
    if (up.empty() && got.size() >= down.size()) return Status::kOk;
    Counting counting;
    if (!up.empty()) {
      const IoResult sent = link.client.send(up);
      if (sent.status != Status::kOk && sent.status != Status::kPending) return sent.status;
      up.remove_prefix(sent.size);
    }
    const IoResult received = link.client.recv(space);
    if (received.status != Status::kOk && received.status != Status::kPending) return received.status;
    got.append(space, received.size);
  }
  return Status::kStalled;
}

// After an error and `close`, the same objects serve the next connection.
void assert_usable_again(Link& link) {
  link.client.close();
  link.wire = {};
  link.inner.fail_at = SIZE_MAX;
  Server second(link.wire, pki().ec({}), pki().ec_key);
  Status status = link.client.open({"example.com", 443, true});
  for (int turn = 0; turn < 1000 && status == Status::kPending; ++turn) {
    second.step();
    status = link.client.advance({});
  }
  if (status != Status::kOk) fail_msg("not usable again: %s", words(link.client).c_str());
  assert_int_equal(link.client.send("x").size, 1);
}

void drips(size_t piece, bool hesitant) {
  Link link;
  link.inner.piece = piece;
  link.inner.hesitant = hesitant;
  assert_status(link.connect(), Status::kOk);
  const std::string up = noise(20000);
  const std::string down = noise(18000);
  std::string got;
  assert_status(link.exchange(up, down, got), Status::kOk);
  assert_true(link.server.received == up);
  assert_true(got == down);
}

void copes_with_drips(void**) {
  drips(1, true);
  drips(1, false);
  drips(7, true);
  drips(SIZE_MAX, true);
}

void copes_with_a_full_pipe(void**) {
  Link link;
  link.inner.capacity = 50;
  const std::string up = noise(5000);
  std::string got;
  assert_status(link.connect(), Status::kOk);
  assert_status(link.exchange(up, "down", got), Status::kOk);
  assert_true(link.server.received == up);
}

void survives_an_inner_transport_that_breaks_at_each_call(void**) {
  const std::string up = noise(2000);
  const std::string down = noise(2000);
  size_t broken = 0;
  for (size_t k = 0;; ++k) {
    Link link;
    link.inner.piece = 100;
    link.inner.fail_at = k;
    std::string got;
    const Status status = converse(link, up, down, got);
    if (link.inner.calls <= k) break;
    ++broken;
    const bool before = status == Status::kResolveFailed || status == Status::kConnectFailed;
    if (!before && status != Status::kTlsFailed && status != Status::kConnectionLost) {
      fail_msg("call %zu: status %d", k, static_cast<int>(status));
    }
    assert_text(words(link.client), "words of the inner transport");
    assert_status(link.client.advance({}), status);
    assert_usable_again(link);
  }
  assert_true(broken > 50);
}

void assert_reported(Status status, const Link& link, size_t k) {
  const std::string said = words(link.client);
  // Verification that lacks memory finds no issuer, which is the safe way to fail.
  const bool typed = status == Status::kTlsFailed || status == Status::kCertificateRejected;
  if (!typed || said.empty())
    fail_msg("allocation %zu: status %d, \"%s\"", k, static_cast<int>(status), said.c_str());
}

// Thousands of them: in steps that grow.
void survives_each_allocation_that_fails(void**) {
  size_t failures = 0;
  size_t out_of_memory = 0;
  for (size_t k = 0;; k += 1 + k / 15) {
    Link link;
    allocator.count = 0;
    allocator.fail_at = k;
    std::string got;
    const Status status = converse(link, "up", "down", got);
    const bool reached = allocator.count > k;
    allocator.fail_at = SIZE_MAX;
    if (!reached) break;
    if (status == Status::kOk) continue;  // mbedTLS can do without some, a faster exponentiation say
    ++failures;
    if (words(link.client) == "out of memory") ++out_of_memory;
    assert_reported(status, link, k);
    assert_usable_again(link);
  }
  print_message("%zu failures, %zu of them in the words \"out of memory\"\n", failures, out_of_memory);
  assert_true(out_of_memory > 10);
}

template <class Set>
void fails_each_allocation(Set set) {
  size_t failures = 0;
  for (size_t k = 0;; k += 1 + k / 15) {
    FakePlatform platform;
    TlsConfig config(platform);
    allocator.count = 0;
    allocator.fail_at = k;
    Status status;
    {
      Counting counting;
      status = set(config);
    }
    const bool reached = allocator.count > k;
    allocator.fail_at = SIZE_MAX;
    if (!reached) break;
    if (status == Status::kOk) continue;
    ++failures;
    if (config.describe().empty()) fail_msg("allocation %zu: no words", k);
    assert_status(set(config), Status::kOk);
  }
  assert_true(failures > 3);
}

void survives_each_allocation_that_fails_in_the_configuration(void**) {
  fails_each_allocation([](TlsConfig& config) { return config.add_ca(pki().ca); });
  const std::string certificate = pki().ec({});
  const std::string key = pki().ec_key.pem();
  fails_each_allocation([&](TlsConfig& config) { return config.set_client_certificate(certificate, key); });
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(copes_with_drips),
      cmocka_unit_test(copes_with_a_full_pipe),
      cmocka_unit_test(survives_an_inner_transport_that_breaks_at_each_call),
      cmocka_unit_test(survives_each_allocation_that_fails),
      cmocka_unit_test(survives_each_allocation_that_fails_in_the_configuration),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
