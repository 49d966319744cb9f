// Which clock certificates are judged by, and what happens where there is none.
// Covers C33: certificates judged without a clock.
#include "port_mbedtls_fixture.h"
#include "port_mbedtls_sessions_fixture.h"

using tinyaws::Instant;
using tinyaws::kUnknownTime;
using tinyaws::UnixTime;
using tinyaws::mbedtls::UnknownTime;
using namespace test;  // NOLINT: a test reads better so

namespace {

constexpr int64_t kIn2010 = 1280000000;
constexpr int64_t kIn2023 = 1700000000;
constexpr int64_t kIn2046 = 2400000000;
constexpr int64_t kDay = 86400;

constexpr char kUnknownWords[] =
    "it is not known what time it is, so no certificate can be judged: set the clock, or see "
    "TlsConfig::set_unknown_time";
constexpr char kExpired[] = "example.com: certificate has expired";
constexpr char kNotYet[] = "example.com: certificate is not yet valid (is this device's clock right?)";

Subject valid_between(const char* from, const char* to, Subject made = {}) {
  made.from = from;
  made.to = to;
  return made;
}

Subject of_2010(Subject made = {}) {
  return valid_between("20100101000000", "20110101000000", made);
}
Subject of_2045(Subject made = {}) {
  return valid_between("20450101000000", "20490101000000", made);
}

void learn(FakePlatform& platform, int64_t seconds) {
  (void)platform.service_clock().learn({seconds}, platform.unix_time(), platform.now());
}

struct Floored : Link {
  explicit Floored(int64_t floor, const std::string& certificate = pki().ec({})) : Link(certificate) {
    platform.seconds = kUnknownTime.seconds;
    platform.service_clock().set_floor({floor});
    config.set_unknown_time(UnknownTime::kJudgeByFloor);
  }
};

void assert_connects(Link& link) {
  const Status status = link.connect();
  if (status != Status::kOk) fail_msg("%s: %s", printable(tinyaws::name(status)).c_str(), words(link.client).c_str());
}

void assert_refuses(Link& link, const char* why) {
  assert_status(link.connect(), Status::kCertificateRejected);
  assert_text(words(link.client), why);
  assert_false(link.server.secured());
}

void refuses_without_the_time(void**) {
  Link link;
  assert_true(link.config.unknown_time() == UnknownTime::kRefuse);
  link.platform.seconds = kUnknownTime.seconds;
  assert_status(link.client.open({"example.com", 443, true}), Status::kClockNotSet);
  assert_text(words(link.client), kUnknownWords);
  assert_status(link.client.advance({}), Status::kClockNotSet);
  assert_int_equal(link.inner.calls, 0);
  link.client.close();
  assert_status(link.client.open({"example.com", 80, false}), Status::kPending);
  link.client.close();
  learn(link.platform, kIn2023);
  assert_connects(link);
}

void takes_a_clock_below_the_floor_for_none(void**) {
  Link link;
  link.platform.service_clock().set_floor({kIn2023});
  link.platform.seconds = kIn2023 - 1;
  assert_status(link.connect(), Status::kClockNotSet);
  link.client.close();
  link.platform.seconds = kIn2023;
  assert_connects(link);
}

void refuses_when_the_time_is_lost_while_it_connects(void**) {
  Link link;
  assert_status(link.client.open({"example.com", 443, true}), Status::kPending);
  link.platform.seconds = kUnknownTime.seconds;
  assert_status(link.client.advance({}), Status::kPending);
  assert_status(link.client.advance({}), Status::kClockNotSet);
  assert_text(words(link.client), kUnknownWords);
  assert_true(link.wire.to_server.empty());
}

void decides_for_each_configuration(void**) {
  Floored link(kIn2023);
  TlsConfig other(link.platform, link.config);
  assert_status(link.connect("example.com", &other), Status::kClockNotSet);
  link.client.close();
  assert_connects(link);
}

void judges_by_the_floor(void**) {
  // 2010-01-01 until 2011-01-01, of which the last second counts.
  constexpr int64_t kLast = 1293840000;
  struct {
    int64_t floor;
    Subject subject;
    const char* refusal;
  } const cases[] = {
      {kIn2023, {}, nullptr},      {kIn2023, of_2045(), nullptr},      {kIn2023, of_2010(), kExpired},
      {kLast, of_2010(), nullptr}, {kLast + 1, of_2010(), kExpired},   {0, of_2010(), nullptr},
      {0, of_2045(), nullptr},     {kIn2046 * 2, of_2045(), kExpired},
  };
  for (const auto& c : cases) {
    Floored link(c.floor, pki().ec(c.subject));
    if (c.refusal == nullptr) {
      assert_connects(link);
    } else {
      assert_refuses(link, c.refusal);
    }
  }
}

void judges_nothing_but_dates_by_the_floor(void**) {
  Floored link(kIn2023, pki().untrusted(of_2045()));
  assert_refuses(link, "example.com: certificate's issuer is not among the trusted CAs");
}

// A server whose chain is leaf, intermediate and root, all of the same dates.
struct Chain {
  explicit Chain(Subject (*dated)(Subject))
      : root(certify(dated(Pki::authority("Test CA")), pki().ca_key, "Test CA", pki().ca_key)),
        certificates(certify(dated({}), pki().ec_key, "Intermediate", pki().other_ca_key) +
                     certify(dated(Pki::authority("Intermediate")), pki().other_ca_key, "Test CA", pki().ca_key)) {}

  std::string root;
  std::string certificates;
};

Status connect(const Chain& chain, int64_t wall, int64_t floor, std::string& said) {
  Link link(chain.certificates);
  link.platform.seconds = wall;
  link.platform.service_clock().set_floor({floor});
  TlsConfig config(link.platform);
  assert_status(config.add_ca(chain.root), Status::kOk);
  config.set_unknown_time(UnknownTime::kJudgeByFloor);
  const Status status = link.connect("example.com", &config);
  said = words(link.client);
  return status;
}

// Not by the C library's, by which mbedTLS judges: roots and intermediates as well.
void judges_by_the_clock_of_the_platform_alone(void**) {
  const Chain past(of_2010);
  const Chain future(of_2045);
  std::string said;
  assert_status(connect(past, kIn2010, 0, said), Status::kOk);
  assert_status(connect(future, kIn2046, 0, said), Status::kOk);
  assert_status(connect(past, kIn2023, 0, said), Status::kCertificateRejected);
  assert_text(said, kExpired);
  assert_status(connect(future, kIn2023, 0, said), Status::kCertificateRejected);
  assert_text(said, kNotYet);
  assert_status(connect(past, kUnknownTime.seconds, kIn2010, said), Status::kOk);
  assert_status(connect(past, kUnknownTime.seconds, kIn2023, said), Status::kCertificateRejected);
  assert_status(connect(future, kUnknownTime.seconds, kIn2023, said), Status::kOk);
}

// Leaf and intermediate are valid, the trusted root is not.
void judges_the_root_as_well(void**) {
  for (const auto dated : {of_2010, of_2045}) {
    Link link;
    TlsConfig config(link.platform);
    const Chain other(dated);
    assert_status(config.add_ca(other.root), Status::kOk);
    assert_status(link.connect("example.com", &config), Status::kCertificateRejected);
    assert_text(words(link.client), dated == of_2010 ? kExpired : kNotYet);
  }
}

void goes_by_the_time_that_was_learnt(void**) {
  const std::string certificate = pki().ec(valid_between("20200101000000", "20240101000000"));
  Floored before(kIn2023, certificate);
  assert_connects(before);
  Floored after(kIn2023, certificate);
  learn(after.platform, kIn2023 + 2 * 365 * kDay);
  assert_refuses(after, kExpired);
  Floored early(kIn2010, certificate);
  learn(early.platform, kIn2010 + kDay);
  assert_refuses(early, kNotYet);
}

void corrects_a_clock_that_is_ten_years_off(void**) {
  constexpr int64_t kTenYears = 3652 * kDay;
  const std::string certificate = pki().ec(valid_between("20200101000000", "20240101000000"));
  for (const int64_t wall : {kIn2023 - kTenYears, kIn2023 + kTenYears}) {
    Link wrong(certificate);
    wrong.platform.seconds = wall;
    assert_refuses(wrong, wall < kIn2023 ? kNotYet : kExpired);
    Link corrected(certificate);
    corrected.platform.seconds = wall;
    learn(corrected.platform, kIn2023);
    assert_connects(corrected);
  }
  Link link(pki().ec(valid_between("20120101000000", "20140101000000")));
  link.platform.seconds = kIn2023 - kTenYears;
  learn(link.platform, kIn2023);
  assert_refuses(link, kExpired);
}

template <class Check>
void in_each_way(Check check) {
  for (const Way way : ways()) {
    print_message("  %s\n", name(way));
    Acquaintance pair(way);
    pair.platform.service_clock().set_floor({kIn2023 - 1});
    pair.config.set_unknown_time(UnknownTime::kJudgeByFloor);
    check(pair);
  }
}

void keeps_no_session_without_the_time(void**) {
  in_each_way([](Acquaintance& pair) {
    pair.platform.seconds = kUnknownTime.seconds;
    for (int again = 0; again < 3; ++again) assert_false(pair.meets());
    assert_int_equal(pair.sessions.count(), 0);
    learn(pair.platform, kIn2023);
    assert_false(pair.meets());
    assert_true(pair.meets());
  });
}

void offers_no_session_without_the_time(void**) {
  in_each_way([](Acquaintance& pair) {
    assert_false(pair.meets());
    pair.platform.seconds = kUnknownTime.seconds;
    for (int again = 0; again < 3; ++again) assert_false(pair.meets());
    pair.platform.seconds = kIn2023;
    assert_true(pair.meets());
  });
}

// A ticket of TLS 1.3 comes after the handshake.
void keeps_no_session_that_was_verified_without_the_time(void**) {
  in_each_way([](Acquaintance& pair) {
    pair.platform.seconds = kUnknownTime.seconds;
    Meeting meeting(pair.config, &pair.sessions, pair.way, pair.memory);
    assert_status(meeting.connect(), Status::kOk);
    learn(pair.platform, kIn2023);
    for (int turn = 0; turn < 3; ++turn) assert_status(meeting.receive().status, Status::kPending);
    assert_int_equal(pair.sessions.count(), 0);
  });
}

void ends_sessions_by_the_time_that_was_learnt(void**) {
  for (const int64_t days : {-2, 2}) {
    in_each_way([days](Acquaintance& pair) {
      assert_false(pair.meets());
      assert_true(pair.meets());
      learn(pair.platform, kIn2023 + days * kDay);
      assert_false(pair.meets());
      assert_true(pair.meets());
    });
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(refuses_without_the_time),
      cmocka_unit_test(takes_a_clock_below_the_floor_for_none),
      cmocka_unit_test(refuses_when_the_time_is_lost_while_it_connects),
      cmocka_unit_test(decides_for_each_configuration),
      cmocka_unit_test(judges_by_the_floor),
      cmocka_unit_test(judges_nothing_but_dates_by_the_floor),
      cmocka_unit_test(judges_by_the_clock_of_the_platform_alone),
      cmocka_unit_test(judges_the_root_as_well),
      cmocka_unit_test(goes_by_the_time_that_was_learnt),
      cmocka_unit_test(corrects_a_clock_that_is_ten_years_off),
      cmocka_unit_test(keeps_no_session_without_the_time),
      cmocka_unit_test(offers_no_session_without_the_time),
      cmocka_unit_test(keeps_no_session_that_was_verified_without_the_time),
      cmocka_unit_test(ends_sessions_by_the_time_that_was_learnt),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
