// Records that are no data, and the answers that mbedTLS gives them: nothing is lost, and nobody sleeps over bytes.
// Covers C33: records that are no data, in reads and writes.
#include "port_mbedtls_fixture.h"

using namespace test;  // NOLINT: a test reads better so

namespace {

void warn(Link& link) {
  must("send_alert", mbedtls_ssl_send_alert_message(&link.server.ssl(), MBEDTLS_SSL_ALERT_LEVEL_WARNING,
                                                    MBEDTLS_SSL_ALERT_MSG_NO_RENEGOTIATION));
}

void server_says(Link& link, const char* text) {
  link.server.to_send = text;
  link.server.step();
  assert_text(link.server.to_send, "");
}

void assert_receives(Link& link, const char* text) {
  char space[100];
  const IoResult result = link.client.recv(space);
  assert_status(result.status, Status::kOk);
  assert_text(std::string(space, result.size), text);
}

void assert_waits(Link& link) {
  char space[100];
  assert_status(link.client.recv(space).status, Status::kPending);
}

void connect_by_tls12(Link& link) {
  link.server.speak_tls12_at_most();
  assert_status(link.connect(), Status::kOk);
}

#if defined(MBEDTLS_SSL_RENEGOTIATION)
// A HelloRequest, which the client answers with an alert of its own.
void ask_for_renegotiation(Link& link) {
  mbedtls_ssl_conf_renegotiation(&link.server.config(), MBEDTLS_SSL_RENEGOTIATION_ENABLED);
  mbedtls_ssl_conf_renegotiation_enforced(&link.server.config(), MBEDTLS_SSL_RENEGOTIATION_NOT_ENFORCED);
  connect_by_tls12(link);
  must("renegotiate", mbedtls_ssl_renegotiate(&link.server.ssl()));
  assert_false(link.wire.to_client.empty());
}

void sends_all_after_an_alert_that_had_no_room(void**) {
  for (const size_t room : {0, 10}) {
    Link link;
    ask_for_renegotiation(link);
    link.inner.capacity = room;
    assert_waits(link);
    assert_true(link.client.interest(false, true).write);
    assert_status(link.client.send("first").status, Status::kPending);
    assert_true(link.client.interest(true, false).write);
    link.inner.capacity = SIZE_MAX;
    std::string got;
    assert_status(link.exchange("first", "", got), Status::kOk);
    assert_status(link.exchange(" and second", "", got), Status::kOk);
    assert_text(link.server.received, "first and second");
    assert_int_equal(link.server.last_result, 0);
  }
}

void offers_other_bytes_after_an_alert_that_had_no_room(void**) {
  Link link;
  ask_for_renegotiation(link);
  link.inner.capacity = 10;
  assert_waits(link);
  assert_status(link.client.send(noise(3000)).status, Status::kPending);
  link.inner.capacity = SIZE_MAX;
  const IoResult result = link.client.send("short");
  assert_status(result.status, Status::kOk);
  assert_int_equal(result.size, 5);
}

void reports_a_loss_while_an_alert_waits(void**) {
  Link link;
  ask_for_renegotiation(link);
  link.inner.capacity = 10;
  assert_waits(link);
  link.inner.fail_at = link.inner.calls;
  assert_status(link.client.send("bytes").status, Status::kConnectionLost);
}

void is_ready_when_a_send_has_sent_what_a_read_waited_for(void**) {
  Link link;
  ask_for_renegotiation(link);
  server_says(link, "behind it");
  link.inner.capacity = 0;
  assert_waits(link);
  assert_false(link.client.ready());
  link.inner.capacity = SIZE_MAX;
  assert_status(link.client.send("bytes").status, Status::kOk);
  assert_true(link.client.ready());
  assert_receives(link, "behind it");
  assert_waits(link);
  assert_false(link.client.ready());
}
#endif

void reads_what_is_behind_a_warning(void**) {
  Link link;
  connect_by_tls12(link);
  warn(link);
  server_says(link, "behind it");
  assert_receives(link, "behind it");
  warn(link);
  assert_waits(link);
  assert_text(link.wire.to_client, "");
  assert_false(link.client.ready());
}

void is_ready_after_more_warnings_than_it_reads_at_once(void**) {
  Link link;
  connect_by_tls12(link);
  for (int i = 0; i < 100; ++i) warn(link);
  assert_waits(link);
  assert_true(link.client.ready());
  for (int i = 0; i < 100 && !link.wire.to_client.empty(); ++i) {
    assert_true(link.client.ready());
    assert_waits(link);
  }
  server_says(link, "behind them");
  assert_receives(link, "behind them");
  assert_waits(link);
  assert_false(link.client.ready());
}

void is_not_ready_after_close(void**) {
  Link link;
  connect_by_tls12(link);
  for (int i = 0; i < 100; ++i) warn(link);
  assert_waits(link);
  assert_true(link.client.ready());
  link.client.close();
  assert_false(link.client.ready());
}

#if defined(MBEDTLS_SSL_PROTO_TLS1_3) && defined(MBEDTLS_SSL_SESSION_TICKETS)
// mbedTLS sends what is left over before it looks into a ticket.
void connect_with_a_ticket_to_read(Link& link) {
  link.config.accept_tickets();
  mbedtls_ssl_conf_min_tls_version(&link.server.config(), MBEDTLS_SSL_VERSION_TLS1_3);
  link.server.issue_session_tickets();
  assert_status(link.connect(), Status::kOk);
  server_says(link, "behind it");
}

void sends_once_what_was_left_over_when_a_ticket_came(void**) {
  Link link;
  connect_with_a_ticket_to_read(link);
  link.inner.capacity = 0;
  const std::string text = noise(3000);
  assert_status(link.client.send(text).status, Status::kPending);
  assert_waits(link);
  assert_true(link.client.interest(false, true).write);
  assert_false(link.client.ready());
  link.inner.capacity = SIZE_MAX;
  assert_int_equal(link.client.send(text).size, text.size());
  assert_true(link.client.ready());
  assert_receives(link, "behind it");
  link.server.step();
  assert_int_equal(link.server.received.size(), text.size());
  assert_true(link.server.received == text);
  assert_waits(link);
  assert_false(link.client.ready());
}
#endif

}  // namespace

int main() {
  const CMUnitTest tests[] = {
#if defined(MBEDTLS_SSL_RENEGOTIATION)
    cmocka_unit_test(sends_all_after_an_alert_that_had_no_room),
    cmocka_unit_test(offers_other_bytes_after_an_alert_that_had_no_room),
    cmocka_unit_test(reports_a_loss_while_an_alert_waits),
    cmocka_unit_test(is_ready_when_a_send_has_sent_what_a_read_waited_for),
#endif
    cmocka_unit_test(reads_what_is_behind_a_warning),
    cmocka_unit_test(is_ready_after_more_warnings_than_it_reads_at_once),
    cmocka_unit_test(is_not_ready_after_close),
#if defined(MBEDTLS_SSL_PROTO_TLS1_3) && defined(MBEDTLS_SSL_SESSION_TICKETS)
    cmocka_unit_test(sends_once_what_was_left_over_when_a_ticket_came),
#endif
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
