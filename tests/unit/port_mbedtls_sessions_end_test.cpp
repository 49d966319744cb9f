// How sessions come and go with connections that end well, end badly and happen at the same time.
#include "port_mbedtls_sessions_fixture.h"

#if !defined(MBEDTLS_PRIVATE)
#define MBEDTLS_PRIVATE(member) member
#endif

using tinyaws::Transport;
using namespace test;  // NOLINT: a test reads better so

namespace {

const tinyaws::Endpoint kEndpoint{"example.com", 443, true};

bool holds(const TlsSessions& store, size_t size, const void* bytes, size_t length) {
  const Bytes memory(reinterpret_cast<const char*>(&store), size);
  return memory.find({static_cast<const char*>(bytes), length}) != Bytes::npos;
}

/// Until the client has sent what it offers and waits for an answer.
void begin(Meeting& meeting) {
  Status status = meeting.client.open(kEndpoint);
  for (int turn = 0; turn < 9 && meeting.wire.to_server.empty(); ++turn) status = meeting.client.advance({});
  assert_status(status, Status::kPending);
  assert_int_equal(static_cast<int>(meeting.client.state()), static_cast<int>(Transport::State::kSecuring));
}

void forgets_a_session_whose_handshake_fails(void**) {
  for (const Way way : ways()) {
    Acquaintance pair(way);
    assert_false(pair.meets());
    {
      Meeting cut(pair.config, &pair.sessions, way, pair.memory);
      begin(cut);
      cut.wire.server_gone = true;
      assert_status(cut.client.advance({}), Status::kTlsFailed);
      assert_int_equal(pair.sessions.count(), 0);
    }
    assert_false(pair.meets());
    assert_true(pair.meets());
  }
}

void forgets_a_session_whose_handshake_is_given_up(void**) {
  for (const Way way : ways()) {
    Acquaintance pair(way);
    assert_false(pair.meets());
    Meeting silent(pair.config, &pair.sessions, way, pair.memory);
    begin(silent);
    silent.client.close();
    assert_int_equal(pair.sessions.count(), 0);
    assert_false(pair.meets());
  }
}

void forgets_a_session_after_a_fatal_error(void**) {
  for (const Way way : ways()) {
    Acquaintance pair(way);
    assert_false(pair.meets());
    Meeting broken_one(pair.config, &pair.sessions, way, pair.memory);
    assert_status(broken_one.connect(), Status::kOk);
    while (broken_one.receive().status == Status::kOk) {
    }
    assert_int_equal(pair.sessions.count(), 1);
    broken_one.wire.to_client = std::string("\x17\x03\x03\x00\x20", 5) + noise(32);
    assert_status(broken_one.receive().status, Status::kTlsFailed);
    assert_int_equal(pair.sessions.count(), 0);
  }
}

// It is the network that ends it: the peer has done nothing wrong.
void keeps_a_session_whose_connection_is_lost(void**) {
  for (const Way way : ways()) {
    Acquaintance pair(way);
    assert_false(pair.meets());
    {
      Meeting cut(pair.config, &pair.sessions, way, pair.memory);
      assert_status(cut.connect(), Status::kOk);
      assert_true(cut.resumed());
      assert_status(cut.receive().status, Status::kPending);
      cut.wire.server_gone = true;
      assert_status(cut.receive().status, Status::kConnectionLost);
    }
    assert_true(pair.meets());
  }
}

void shares_a_session_among_connections_where_it_may(void**) {
  for (const Way way : ways()) {
    Acquaintance pair(way);
    assert_false(pair.meets());
    Meeting first(pair.config, &pair.sessions, way, pair.memory);
    Meeting second(pair.config, &pair.sessions, way, pair.memory);
    begin(first);
    assert_status(second.connect(), Status::kOk);
    assert_true(second.resumed() == (way != Way::kTickets13));
  }
}

// A check whether an idle connection still lives.
void takes_a_ticket_in_an_idle_receive(void**) {
#if defined(MBEDTLS_SSL_PROTO_TLS1_3)
  Acquaintance pair(Way::kTickets13);
  Meeting idle(pair.config, &pair.sessions, pair.way, pair.memory);
  mbedtls_ssl_conf_new_session_tickets(&idle.server.config(), 3);
  assert_status(idle.connect(), Status::kOk);
  assert_int_equal(pair.sessions.count(), 0);
  assert_status(idle.receive().status, Status::kPending);
  assert_int_equal(pair.sessions.count(), 1);
  assert_true(idle.wire.to_client.empty());
  assert_false(idle.client.ready());
  assert_int_equal(idle.client.send("ping").size, 4);
  assert_true(pair.meets());
#endif
}

void takes_a_ticket_that_drips_in(void**) {
  for (const Way way : ways()) {
    Acquaintance pair(way);
    {
      Meeting slow(pair.config, &pair.sessions, way, pair.memory);
      slow.inner.piece = 1;
      slow.inner.hesitant = true;
      Status status = slow.client.open(kEndpoint);
      for (int turn = 0; turn < 100000 && status == Status::kPending; ++turn) {
        slow.server.step();
        status = slow.client.advance({});
      }
      assert_status(status, Status::kOk);
      slow.server.step();
      while (!slow.wire.to_client.empty()) assert_status(slow.receive().status, Status::kPending);
      assert_status(slow.receive().status, Status::kPending);
    }
    assert_true(pair.meets());
  }
}

void keeps_no_ticket_that_it_is_told_not_to(void**) {
  for (const Way way : ways()) {
    Acquaintance pair(way, 0);
    assert_false(pair.meets());
    assert_int_equal(pair.sessions.count(), way == Way::kTickets13 ? 0 : 1);
  }
}

// mbedTLS would go on offering a ticket that belongs to another master secret.
void drops_the_ticket_of_a_server_that_gives_no_more(void**) {
  for (const Way way : ways()) {
    Acquaintance pair(way);
    assert_false(pair.meets());
    Meeting without(pair.config, &pair.sessions, way, pair.memory);
    mbedtls_ssl_conf_session_tickets_cb(&without.server.config(), nullptr, nullptr, nullptr);
    mbedtls_ssl_conf_session_cache(&without.server.config(), nullptr, nullptr, nullptr);
    assert_status(without.connect(), Status::kOk);
    assert_false(without.resumed());
    assert_status(without.receive().status, Status::kPending);
    // An id is an offer that only the next handshake can find out to be empty.
    assert_int_equal(pair.sessions.count(), way == Way::kIds12 ? 1 : 0);
  }
}

// mbedTLS 3 offers nothing but the version of the session that it resumes.
void recovers_when_a_server_changes_its_version(void**) {
#if defined(MBEDTLS_SSL_PROTO_TLS1_3)
  Acquaintance pair(Way::kTickets13);
  assert_false(pair.meets());
  pair.way = Way::kTickets12;
  Meeting older(pair.config, &pair.sessions, pair.way, pair.memory);
  assert_status(older.connect(), Status::kTlsFailed);
  assert_false(pair.meets());
  assert_true(pair.meets());
#endif
}

void wipes_what_it_forgets(void**) {
  Acquaintance pair(Way::kTickets12);
  alignas(TlsSessionStore<2>) unsigned char space[sizeof(TlsSessionStore<2>)] = {};
  auto* sessions = new (space) TlsSessionStore<2>;
  Meeting meeting(pair.config, sessions, pair.way, pair.memory);
  assert_status(meeting.connect(), Status::kOk);
  unsigned char master[48];
  memcpy(master, meeting.server.ssl().MBEDTLS_PRIVATE(session)->MBEDTLS_PRIVATE(master), sizeof master);
  assert_true(holds(*sessions, sizeof space, master, sizeof master));
  sessions->~TlsSessionStore<2>();
  assert_false(holds(*sessions, sizeof space, master, 8));
  assert_false(holds(*sessions, sizeof space, "example.com", 11));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(forgets_a_session_whose_handshake_fails),
      cmocka_unit_test(forgets_a_session_whose_handshake_is_given_up),
      cmocka_unit_test(forgets_a_session_after_a_fatal_error),
      cmocka_unit_test(keeps_a_session_whose_connection_is_lost),
      cmocka_unit_test(shares_a_session_among_connections_where_it_may),
      cmocka_unit_test(takes_a_ticket_in_an_idle_receive),
      cmocka_unit_test(takes_a_ticket_that_drips_in),
      cmocka_unit_test(keeps_no_ticket_that_it_is_told_not_to),
      cmocka_unit_test(drops_the_ticket_of_a_server_that_gives_no_more),
      cmocka_unit_test(recovers_when_a_server_changes_its_version),
      cmocka_unit_test(wipes_what_it_forgets),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
