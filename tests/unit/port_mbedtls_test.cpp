// The mbedTLS port between a fake transport and a real server of mbedTLS, in one process.
// Covers C20, C33: orderly and other ends, tickets, writes taken up again.
#include "port_mbedtls_fixture.h"

using tinyaws::Transport;
using namespace test;  // NOLINT: a test reads better so

namespace {

void assert_holds(const std::string& text, const char* part) {
  if (text.find(part) == std::string::npos) fail_msg("\"%s\" is not in \"%s\"", part, text.c_str());
}

void connects(const std::string& certificate, const Key& key) {
  Link link(certificate, key);
  assert_status(link.connect(), Status::kOk);
  assert_int_equal(static_cast<int>(link.client.state()), static_cast<int>(Transport::State::kOpen));
  assert_holds(words(link.client), "TLSv1.");
  assert_holds(words(link.client), "SHA");
  assert_text(link.server.server_name, "example.com");
  assert_text(link.server.protocol(), "http/1.1");
  assert_text(link.inner.host, "example.com");
  assert_false(link.inner.asked_for_tls);
  std::string got;
  assert_status(link.exchange("ping", "pong", got), Status::kOk);
  assert_text(link.server.received, "ping");
  assert_text(got, "pong");
}

void connects_with_rsa(void**) {
  connects(pki().rsa({}), pki().rsa_key);
}
void connects_with_ecdsa(void**) {
  connects(pki().ec({}), pki().ec_key);
}

void speaks_tls_12_and_13_and_no_older(void**) {
#if MBEDTLS_VERSION_NUMBER >= 0x03020000
  Link old;
  old.server.speak_tls12_at_most();
  assert_status(old.connect(), Status::kOk);
  assert_holds(words(old.client), "TLSv1.2 ECDHE-ECDSA-WITH-");
#if defined(MBEDTLS_SSL_PROTO_TLS1_3)
  Link modern;
  mbedtls_ssl_conf_min_tls_version(&modern.server.config(), MBEDTLS_SSL_VERSION_TLS1_3);
  assert_status(modern.connect(), Status::kOk);
  assert_holds(words(modern.client), "TLSv1.3 ");
  std::string got;
  assert_status(modern.exchange("ping", noise(50000), got), Status::kOk);
#endif
#else
  Link link;
  assert_status(link.connect(), Status::kOk);
  assert_holds(words(link.client), "TLSv1.2 ECDHE-ECDSA-WITH-");
#if defined(MBEDTLS_SSL_PROTO_TLS1_1)
  Link ancient;
  mbedtls_ssl_conf_max_version(&ancient.server.config(), MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_2);
  mbedtls_ssl_conf_min_version(&ancient.server.config(), MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_1);
  assert_status(ancient.connect(), Status::kTlsFailed);
  assert_holds(words(ancient.client), "the peer speaks no TLS version that this client does");
#endif
#endif
}

void tells_its_state_and_interest(void**) {
  Link link;
  assert_status(link.client.open({"example.com", 8443, true}), Status::kPending);
  assert_int_equal(link.inner.port, 8443);
  assert_int_equal(static_cast<int>(link.client.state()), static_cast<int>(Transport::State::kResolving));
  assert_text(words(link.client), "words of the inner transport");
  assert_status(link.client.advance({}), Status::kPending);
  assert_int_equal(static_cast<int>(link.client.state()), static_cast<int>(Transport::State::kConnecting));
  link.inner.capacity = 10;
  assert_status(link.client.advance({}), Status::kPending);
  assert_int_equal(static_cast<int>(link.client.state()), static_cast<int>(Transport::State::kSecuring));
  Interest interest = link.client.interest(true, true);
  assert_true(interest.write && !interest.read && interest.handle == 7);
  link.inner.capacity = SIZE_MAX;
  assert_status(link.client.advance({}), Status::kPending);
  interest = link.client.interest(true, true);
  assert_true(interest.read && !interest.write);
}

void moves_more_than_a_record_both_ways(void**) {
  Link link;
  assert_status(link.connect(), Status::kOk);
  const std::string up = noise(100000);
  const std::string down = noise(100001);
  std::string got;
  assert_status(link.exchange(up, down, got), Status::kOk);
  assert_true(link.server.received == up);
  assert_true(got == down);
}

void is_ready_while_it_holds_decrypted_bytes(void**) {
  Link link;
  assert_status(link.connect(), Status::kOk);
  assert_false(link.client.ready());
  link.server.to_send = "twelve bytes";
  link.server.step();
  char space[5];
  while (link.client.recv(space).status == Status::kPending) {
  }
  assert_true(link.client.ready());
  assert_int_equal(link.client.recv(space).size, 5);
  assert_int_equal(link.client.recv(space).size, 2);
  assert_false(link.client.ready());
  link.inner.has_ready_bytes = true;
  assert_true(link.client.ready());
}

void ends_orderly_after_close_notify(void**) {
  Link link;
  assert_status(link.connect(), Status::kOk);
  link.server.close_orderly();
  char space[16];
  for (int again = 0; again < 2; ++again) {
    const IoResult result = link.client.recv(space);
    assert_status(result.status, Status::kOk);
    assert_int_equal(result.size, 0);
  }
  link.client.close();
  link.server.step();
  assert_true(link.server.finished);
}

void reports_an_end_without_close_notify(void**) {
  Link link;
  assert_status(link.connect(), Status::kOk);
  link.wire.server_gone = true;
  char space[16];
  assert_status(link.client.recv(space).status, Status::kConnectionLost);
  assert_text(words(link.client), "connection closed without close_notify");
  assert_status(link.client.send("x").status, Status::kConnectionLost);
  link.client.close();
  assert_text(words(link.client), "connection closed without close_notify");
}

void reports_an_end_during_the_handshake(void**) {
  Link link;
  link.wire.server_gone = true;
  assert_status(link.client.open({"example.com", 443, true}), Status::kPending);
  assert_status(link.client.advance({}), Status::kPending);
  assert_status(link.client.advance({}), Status::kTlsFailed);
  assert_text(words(link.client), "connection closed during the TLS handshake");
  assert_status(link.client.advance({}), Status::kTlsFailed);
}

void reports_a_server_without_tls(void**) {
  Link link;
  link.wire.to_client = "HTTP/1.1 400 Bad Request\r\n\r\n";
  link.wire.server_gone = true;
  assert_status(link.connect(), Status::kTlsFailed);
  assert_holds(words(link.client), "is this a TLS port?");
}

void takes_a_pending_write_again_with_more_behind_it(void**) {
  Link link;
  assert_status(link.connect(), Status::kOk);
  const std::string text = noise(40000);
  link.inner.capacity = 100;
  assert_status(link.client.send(Bytes(text.data(), 1000)).status, Status::kPending);
  assert_true(link.client.interest(true, false).write);
  link.inner.capacity = SIZE_MAX;
  const IoResult result = link.client.send(text);
  assert_status(result.status, Status::kOk);
  assert_int_equal(result.size, 1000);
  std::string got;
  assert_status(link.exchange(Bytes(text.data() + 1000, text.size() - 1000), "", got), Status::kOk);
  assert_true(link.server.received == text);
}

// A HelloRequest, to which the client answers with an alert: reading then sends what an earlier send left over.
void knows_a_pending_write_that_a_read_has_sent(void**) {
#if defined(MBEDTLS_SSL_RENEGOTIATION)
  Link link;
  link.server.speak_tls12_at_most();
  mbedtls_ssl_conf_renegotiation(&link.server.config(), MBEDTLS_SSL_RENEGOTIATION_ENABLED);
  mbedtls_ssl_conf_renegotiation_enforced(&link.server.config(), MBEDTLS_SSL_RENEGOTIATION_NOT_ENFORCED);
  assert_status(link.connect(), Status::kOk);
  (void)mbedtls_ssl_renegotiate(&link.server.ssl());
  link.inner.capacity = 100;
  assert_status(link.client.send("sent once").status, Status::kOk);
  const std::string text = noise(3000);
  assert_status(link.client.send(text).status, Status::kPending);
  link.inner.capacity = SIZE_MAX;
  char space[16];
  assert_status(link.client.recv(space).status, Status::kPending);
  const IoResult result = link.client.send(text + "and more");
  assert_status(result.status, Status::kOk);
  assert_int_equal(result.size, text.size());
  link.server.step();
  assert_true(link.server.received == "sent once" + text);
#endif
}

// The port asks for no tickets, but 3.6.0 hands them over all the same.
void goes_on_after_session_tickets(void**) {
  for (const bool tls12 : {true, false}) {
    Link link;
    auto& config = const_cast<mbedtls_ssl_config&>(link.config.native());
    mbedtls_ssl_conf_session_tickets(&config, MBEDTLS_SSL_SESSION_TICKETS_ENABLED);
#if defined(MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_ENABLED)
    mbedtls_ssl_conf_tls13_enable_signal_new_session_tickets(&config,
                                                             MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_ENABLED);
#endif
    link.server.issue_session_tickets();
    if (tls12) link.server.speak_tls12_at_most();
    assert_status(link.connect(), Status::kOk);
    std::string got;
    assert_status(link.exchange("ping", "pong", got), Status::kOk);
    assert_text(got, "pong");
  }
}

void passes_plain_endpoints_through(void**) {
  Link link;
  assert_status(link.client.open({"host", 80, false}), Status::kPending);
  assert_status(link.client.advance({}), Status::kPending);
  assert_status(link.client.advance({}), Status::kOk);
  assert_int_equal(static_cast<int>(link.client.state()), static_cast<int>(Transport::State::kOpen));
  assert_int_equal(link.client.send("GET").size, 3);
  assert_text(link.wire.to_server, "GET");
  link.wire.to_client = "HTTP";
  char space[16];
  assert_int_equal(link.client.recv(space).size, 4);
  assert_text(words(link.client), "words of the inner transport");
  const Interest interest = link.client.interest(true, false);
  assert_true(interest.write && !interest.read);
  link.client.close();
  link.wire = {};
  assert_status(link.connect(), Status::kOk);
}

void shows_its_certificate(void**) {
  const std::string certificate = pki().ec({"device", "", "20200101000000", "20490101000000", false});
  Link link;
  link.server.require_client_certificate(pki().ca);
  assert_status(link.config.set_client_certificate(certificate, pki().ec_key.pem()), Status::kOk);
  assert_status(link.connect(), Status::kOk);
  std::string got;
  assert_status(link.exchange("ping", "pong", got), Status::kOk);

  Link without;
  without.server.require_client_certificate(pki().ca);
  Status status = without.connect();
  if (status == Status::kOk) status = without.exchange("ping", "pong", got);  // TLS 1.3: the refusal comes later
  assert_status(status, Status::kTlsFailed);
}

void names_the_alert_of_the_peer(void**) {
  const std::string certificate = pki().untrusted({"device", "", "20200101000000", "20490101000000", false});
  Link link;
  link.server.speak_tls12_at_most();
  link.server.require_client_certificate(pki().ca);
  assert_status(link.config.set_client_certificate(certificate, pki().ec_key.pem()), Status::kOk);
  assert_status(link.connect(), Status::kTlsFailed);
  assert_text(words(link.client), "the peer refused with the TLS alert \"unknown CA\" (48)");
}

void reports_a_broken_random_generator(void**) {
  Link link;
  link.platform.broken_random = true;
  assert_status(link.connect(), Status::kTlsFailed);
  assert_text(words(link.client), "the random generator failed");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(connects_with_rsa),
      cmocka_unit_test(connects_with_ecdsa),
      cmocka_unit_test(speaks_tls_12_and_13_and_no_older),
      cmocka_unit_test(tells_its_state_and_interest),
      cmocka_unit_test(moves_more_than_a_record_both_ways),
      cmocka_unit_test(is_ready_while_it_holds_decrypted_bytes),
      cmocka_unit_test(ends_orderly_after_close_notify),
      cmocka_unit_test(reports_an_end_without_close_notify),
      cmocka_unit_test(reports_an_end_during_the_handshake),
      cmocka_unit_test(reports_a_server_without_tls),
      cmocka_unit_test(takes_a_pending_write_again_with_more_behind_it),
      cmocka_unit_test(knows_a_pending_write_that_a_read_has_sent),
      cmocka_unit_test(goes_on_after_session_tickets),
      cmocka_unit_test(passes_plain_endpoints_through),
      cmocka_unit_test(shows_its_certificate),
      cmocka_unit_test(names_the_alert_of_the_peer),
      cmocka_unit_test(reports_a_broken_random_generator),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
