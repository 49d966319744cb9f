// Sessions resumed, and sessions that may not be, against a server of mbedTLS in the same process.
// Covers C33: resumed, not resumed, and after a change of CAs.
#include "port_mbedtls_sessions_fixture.h"

using tinyaws::Endpoint;
using namespace test;  // NOLINT: a test reads better so

namespace {

constexpr int kHour = 3600;
constexpr int64_t kEndOf2048 = 2493072000 - 1;  // mbedTLS's own clock is this machine's: it must not have come so far

template <class Check>
void in_each_way(Check check) {
  for (const Way way : ways()) {
    print_message("  %s\n", name(way));
    check(way);
  }
}

void resumes(void**) {
  in_each_way([](Way way) {
    Acquaintance pair(way);
    assert_false(pair.meets());
    assert_int_equal(pair.sessions.count(), 1);
    for (int again = 0; again < 4; ++again) assert_true(pair.meets());
    assert_int_equal(pair.sessions.count(), 1);
  });
}

void resumes_nothing_without_a_store(void**) {
  in_each_way([](Way way) {
    Acquaintance pair(way);
    for (int again = 0; again < 3; ++again) assert_false(pair.meets(pair.config, nullptr));
    assert_false(pair.meets());
    assert_false(pair.meets(pair.config, nullptr));
    assert_true(pair.meets());
  });
}

void shakes_hands_in_full_when_the_server_has_forgotten(void**) {
  in_each_way([](Way way) {
    Acquaintance pair(way);
    assert_false(pair.meets());
    pair.memory.lose();
    assert_false(pair.meets());
    assert_true(pair.meets());
  });
}

void keeps_hosts_and_ports_apart(void**) {
  in_each_way([](Way way) {
    Acquaintance pair(way);
    pair.certificate = pki().ec({"example.com", dns_entry("example.com") + dns_entry("www.example.com")});
    assert_false(pair.meets());
    assert_false(pair.meets({"www.example.com", 443, true}));
    assert_false(pair.meets({"example.com", 8443, true}));
    assert_int_equal(pair.sessions.count(), 3);
    assert_true(pair.meets());
    assert_true(pair.meets({"www.example.com", 443, true}));
    assert_true(pair.meets({"example.com.", 8443, true}));
  });
}

void resumes_with_an_address(void**) {
  in_each_way([](Way way) {
    Acquaintance pair(way);
    pair.certificate = pki().ec({"example.com", address_entry({"\x7f\0\0\1", 4})});
    assert_false(pair.meets({"127.0.0.1", 443, true}));
    assert_true(pair.meets({"127.0.0.1", 443, true}));
  });
}

void keeps_configurations_apart(void**) {
  in_each_way([](Way way) {
    Acquaintance pair(way);
    TlsConfig other(pair.platform);
    assert_status(other.add_ca(pki().ca), Status::kOk);
    assert_false(pair.meets());
    assert_false(pair.meets(other, &pair.sessions));
    assert_true(pair.meets());
    assert_true(pair.meets(other, &pair.sessions));
  });
}

// The next one stands at the same address, and has seen as many changes.
void knows_a_new_configuration_from_one_that_is_gone(void**) {
  in_each_way([](Way way) {
    Acquaintance pair(way);
    alignas(TlsConfig) unsigned char space[sizeof(TlsConfig)];
    for (int turn = 0; turn < 3; ++turn) {
      auto* config = new (space) TlsConfig(pair.platform);
      assert_status(config->add_ca(pki().ca), Status::kOk);
      assert_false(pair.meets(*config, &pair.sessions));
      assert_true(pair.meets(*config, &pair.sessions));
      config->~TlsConfig();
    }
  });
}

void asks_anew_after_a_change_of_the_configuration(void**) {
  const std::string device = pki().ec({"device", "", "20200101000000", "20490101000000", false});
  in_each_way([&](Way way) {
    Acquaintance pair(way);
    assert_false(pair.meets());
    assert_status(pair.config.add_ca(pki().other_ca), Status::kOk);
    assert_false(pair.meets());
    assert_true(pair.meets());
    assert_status(pair.config.set_client_certificate(device, pki().ec_key.pem()), Status::kOk);
    assert_false(pair.meets());
    assert_true(pair.meets());
    assert_int_equal(pair.sessions.count(), 1);
  });
}

void asks_anew_after_a_change_of_the_cas_that_are_borrowed(void**) {
  in_each_way([](Way way) {
    Acquaintance pair(way);
    TlsConfig other(pair.platform, pair.config);
    assert_false(pair.meets(other, &pair.sessions));
    assert_true(pair.meets(other, &pair.sessions));
    assert_status(pair.config.add_ca(pki().other_ca), Status::kOk);
    assert_false(pair.meets(other, &pair.sessions));
  });
}

// A connection of before the change: its session belongs to what was shown then.
void files_a_session_under_what_was_shown_in_its_handshake(void**) {
  const std::string device = pki().ec({"device", "", "20200101000000", "20490101000000", false});
  in_each_way([&](Way way) {
    Acquaintance pair(way);
    Meeting meeting(pair.config, &pair.sessions, way, pair.memory);
    assert_status(meeting.connect(), Status::kOk);
    assert_status(pair.config.set_client_certificate(device, pki().ec_key.pem()), Status::kOk);
    assert_status(meeting.receive().status, Status::kPending);
    assert_int_equal(pair.sessions.count(), 1);
    assert_false(pair.meets());
  });
}

void keeps_none_of_endpoints_with_settings(void**) {
  in_each_way([](Way way) {
    Acquaintance pair(way);
    TlsConfig other(pair.platform, pair.config);
    assert_false(pair.meets({"example.com", 443, true, &other}));
    assert_int_equal(pair.sessions.count(), 0);
    assert_false(pair.meets());
    assert_false(pair.meets({"example.com", 443, true, &other}));
    assert_true(pair.meets({"example.com", 443, true, &pair.config}));
  });
}

void lets_a_session_end_with_its_ticket(void**) {
  for (const Way way : ways()) {
    if (way == Way::kIds12) continue;
    Acquaintance pair(way, 100);
    assert_false(pair.meets());
    pair.platform.seconds += 100;
    assert_true(pair.meets());
    pair.platform.seconds += 1;
    assert_true(pair.meets() == (way == Way::kTickets13));  // which gives a new ticket each time
    pair.platform.seconds += 101;
    assert_false(pair.meets());
  }
}

// Renewed tickets do not make the one verification last longer.
void verifies_again_after_a_day(void**) {
  in_each_way([](Way way) {
    Acquaintance pair(way, 7 * 24 * kHour);
    assert_false(pair.meets());
    for (int turn = 0; turn < 3; ++turn) {
      pair.platform.seconds += 8 * kHour;
      assert_true(pair.meets());
    }
    pair.platform.seconds += 1;
    assert_false(pair.meets());
    assert_true(pair.meets());
  });
}

void resumes_nothing_when_the_clock_was_put_back(void**) {
  in_each_way([](Way way) {
    Acquaintance pair(way);
    assert_false(pair.meets());
    pair.platform.seconds -= 1;
    assert_false(pair.meets());
    assert_true(pair.meets());
  });
}

void assert_resumed_until(int64_t end, Acquaintance& pair, TlsConfig& config) {
  pair.platform.seconds = end - 600;
  assert_false(pair.meets(config, &pair.sessions));
  pair.platform.seconds = end;
  assert_true(pair.meets(config, &pair.sessions));
  pair.platform.seconds = end + 1;
  Meeting late(config, &pair.sessions, pair.way, pair.memory, pair.certificate);
  assert_status(late.connect(), Status::kCertificateRejected);
}

void ends_with_the_certificate_of_the_server(void**) {
  in_each_way([](Way way) {
    Acquaintance pair(way);
    pair.certificate = pki().ec({"example.com", "", "20200101000000", "20481231235959", false});
    assert_resumed_until(kEndOf2048, pair, pair.config);
  });
}

void ends_with_the_certificate_of_the_ca(void**) {
  in_each_way([](Way way) {
    Acquaintance pair(way);
    Subject ca = Pki::authority("Test CA");
    ca.to = "20481231235959";
    TlsConfig config(pair.platform);
    assert_status(config.add_ca(certify(ca, pki().ca_key, "Test CA", pki().ca_key)), Status::kOk);
    assert_resumed_until(kEndOf2048, pair, config);
  });
}

void lets_the_least_recently_used_give_way(void**) {
  in_each_way([](Way way) {
    Acquaintance pair(way);
    TlsSessionStore<2> sessions;
    const auto meets = [&](uint16_t port) { return pair.meets(pair.config, &sessions, {"example.com", port, true}); };
    assert_false(meets(1));
    assert_false(meets(2));
    assert_true(meets(1));
    assert_false(meets(3));
    assert_true(meets(1));
    assert_false(meets(2));
    assert_int_equal(sessions.count(), 2);
  });
}

void keeps_nothing_that_is_too_large(void**) {
  in_each_way([](Way way) {
    Acquaintance pair(way);
    TlsSessionStore<2, 60> sessions;
    assert_false(pair.meets(pair.config, &sessions));
    assert_int_equal(sessions.count(), 0);
    assert_false(pair.meets(pair.config, &sessions));
  });
}

void works_without_randomness_for_a_name(void**) {
  FakePlatform platform;
  platform.broken_random = true;
  const TlsConfig config(platform);
  assert_true(config.identity() == 0);
  platform.broken_random = false;
  const uint64_t identity = config.identity();
  assert_true(identity != 0 && config.identity() == identity);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(resumes),
      cmocka_unit_test(resumes_nothing_without_a_store),
      cmocka_unit_test(shakes_hands_in_full_when_the_server_has_forgotten),
      cmocka_unit_test(keeps_hosts_and_ports_apart),
      cmocka_unit_test(resumes_with_an_address),
      cmocka_unit_test(keeps_configurations_apart),
      cmocka_unit_test(knows_a_new_configuration_from_one_that_is_gone),
      cmocka_unit_test(asks_anew_after_a_change_of_the_configuration),
      cmocka_unit_test(asks_anew_after_a_change_of_the_cas_that_are_borrowed),
      cmocka_unit_test(files_a_session_under_what_was_shown_in_its_handshake),
      cmocka_unit_test(keeps_none_of_endpoints_with_settings),
      cmocka_unit_test(lets_a_session_end_with_its_ticket),
      cmocka_unit_test(verifies_again_after_a_day),
      cmocka_unit_test(resumes_nothing_when_the_clock_was_put_back),
      cmocka_unit_test(ends_with_the_certificate_of_the_server),
      cmocka_unit_test(ends_with_the_certificate_of_the_ca),
      cmocka_unit_test(lets_the_least_recently_used_give_way),
      cmocka_unit_test(keeps_nothing_that_is_too_large),
      cmocka_unit_test(works_without_randomness_for_a_name),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
