// Resumption on transports that break, with an allocator that runs dry, and many times over.
// Covers C36: each allocation that fails, in turn, where sessions are resumed.
#include "port_mbedtls_allocator.h"
#include "port_mbedtls_sessions_fixture.h"

using namespace test;  // NOLINT: a test reads better so

namespace {

Status connect(Meeting& meeting) {
  Status status = meeting.client.open({"example.com", 443, true});
  for (int turn = 0; turn < 1000 && status == Status::kPending; ++turn) {
    meeting.server.step();
    Counting counting;
    status = meeting.client.advance({});
  }
  return status == Status::kPending ? Status::kStalled : status;
}

// A connection, its ticket and an answer.
Status converse(Meeting& meeting) {
  const Status status = connect(meeting);
  if (status != Status::kOk) return status;
  meeting.server.to_send = "down";
  for (int turn = 0; turn < 100; ++turn) {
    meeting.server.step();
    Counting counting;
    const IoResult got = meeting.receive();
    if (got.status != Status::kPending) return got.status;
  }
  return Status::kStalled;
}

// Of the resumed handshake and of its ticket: every one where they are few, else in steps that grow.
void survives_each_allocation_that_fails(void**) {
  for (const Way way : ways()) {
    Acquaintance pair(way);
    assert_false(pair.meets());
    size_t failures = 0;
    for (size_t k = 0;; k += 1 + k / 15) {
      if (pair.sessions.count() == 0) pair.meets();
      bool reached;
      {
        Meeting meeting(pair.config, &pair.sessions, way, pair.memory);
        allocator.count = 0;
        allocator.fail_at = k;
        const Status status = converse(meeting);
        reached = allocator.count > k;
        allocator.fail_at = SIZE_MAX;
        if (status != Status::kOk) {
          ++failures;
          assert_status(status, Status::kTlsFailed);
        }
      }
      if (!reached) break;
    }
    print_message("%s: %zu failures\n", name(way), failures);
    assert_true(failures > 5);
    pair.meets();
    assert_true(pair.meets());
  }
}

void survives_an_inner_transport_that_breaks_at_each_call(void**) {
  for (const Way way : ways()) {
    Acquaintance pair(way);
    pair.meets();
    for (size_t k = 0;; ++k) {
      if (pair.sessions.count() == 0) assert_false(pair.meets());
      Meeting meeting(pair.config, &pair.sessions, way, pair.memory);
      meeting.inner.piece = 50;
      meeting.inner.fail_at = k;
      const Status status = converse(meeting);
      if (meeting.inner.calls <= k) break;
      assert_true(status != Status::kOk && status != Status::kStalled);
    }
    pair.meets();
    assert_true(pair.meets());
  }
}

void loses_nothing_in_many_connections(void**) {
  for (const Way way : ways()) {
    Acquaintance pair(way);
    TlsSessionStore<2> sessions;
    int resumed = 0;
    for (int i = 0; i < 200; ++i) {
      const auto port = static_cast<uint16_t>(i % 10 == 0 ? i : 443);
      resumed += pair.meets(pair.config, &sessions, {"example.com", port, true}) ? 1 : 0;
      if (i % 25 == 0) pair.memory.lose();
    }
    print_message("%s: %d of 200 resumed\n", name(way), resumed);
    assert_true(resumed > 150 && resumed <= 180);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(survives_each_allocation_that_fails),
      cmocka_unit_test(survives_an_inner_transport_that_breaks_at_each_call),
      cmocka_unit_test(loses_nothing_in_many_connections),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
