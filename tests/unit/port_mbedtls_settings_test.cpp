// The mbedTLS port with settings of their own for one endpoint.
#include "port_mbedtls_fixture.h"

#if !defined(MBEDTLS_PRIVATE)
#define MBEDTLS_PRIVATE(member) member
#endif

using namespace test;  // NOLINT: a test reads better so

namespace {

/// A certificate's bytes as they are in flash.
class CertificateBytes {
 public:
  explicit CertificateBytes(const std::string& pem) {
    mbedtls_x509_crt_init(&certificate_);
    must("x509_crt_parse",
         mbedtls_x509_crt_parse(&certificate_, reinterpret_cast<const unsigned char*>(pem.c_str()), pem.size() + 1));
  }
  ~CertificateBytes() { mbedtls_x509_crt_free(&certificate_); }
  Bytes bytes() const { return {reinterpret_cast<const char*>(certificate_.raw.p), certificate_.raw.len}; }

 private:
  mbedtls_x509_crt certificate_;
};

const std::string& device_certificate() {
  static const std::string* made =
      new std::string(pki().ec({"device", "", "20200101000000", "20490101000000", false}));
  return *made;
}

void be_the_device(TlsConfig& config) {
  assert_status(config.set_client_certificate(device_certificate(), pki().ec_key.pem()), Status::kOk);
}

struct Visit {
  Status status;
  std::string subject;  // of the certificate that the server was shown; empty when it saw none
};

int note_subject(void* visit, mbedtls_x509_crt* certificate, int depth, uint32_t*) {
  if (depth != 0) return 0;
  char name[64];
  must("x509_dn_gets", mbedtls_x509_dn_gets(name, sizeof name, &certificate->subject) > 0 ? 0 : 1);
  static_cast<Visit*>(visit)->subject = name;
  return 0;
}

/// One connection of `link`'s client to a new server that asks for a certificate and does without.
Visit visit(Link& link, const tinyaws::TlsSettings* settings) {
  link.client.close();
  link.wire = {};
  Server server(link.wire, pki().ec({}), pki().ec_key);
  server.require_client_certificate(pki().ca);
  mbedtls_ssl_conf_authmode(&server.config(), MBEDTLS_SSL_VERIFY_OPTIONAL);
  Visit seen{Status::kOk, ""};
  mbedtls_ssl_conf_verify(&server.config(), note_subject, &seen);
  Status status = link.client.open({"example.com", 443, true, settings});
  for (int turn = 0; turn < 1000 && status == Status::kPending; ++turn) {
    server.step();
    status = link.client.advance({});
  }
  server.step();
  seen.status = status;
  link.client.close();
  return seen;
}

void shows_a_certificate_where_it_is_asked_to(void**) {
  Link link;
  TlsConfig device(link.platform, link.config);
  be_the_device(device);
  for (const bool as_device : {true, false, true, false}) {
    const Visit seen = visit(link, as_device ? &device : nullptr);
    assert_status(seen.status, Status::kOk);
    assert_text(seen.subject, as_device ? "CN=device" : "");
    assert_false(link.inner.given_settings);
  }
}

void a_server_that_insists_gets_it_by_the_settings_only(void**) {
  for (const bool as_device : {true, false}) {
    Link link;
    link.server.require_client_certificate(pki().ca);
    TlsConfig device(link.platform, link.config);
    be_the_device(device);
    Status status = link.connect("example.com", as_device ? &device : nullptr);
    std::string got;
    if (status == Status::kOk) status = link.exchange("ping", "pong", got);  // TLS 1.3: the refusal comes later
    assert_status(status, as_device ? Status::kOk : Status::kTlsFailed);
    link.client.close();
  }
}

void does_not_take_the_certificate_over(void**) {
  Link link;
  be_the_device(link.config);
  const TlsConfig nobody(link.platform, link.config);
  assert_text(visit(link, &nobody).subject, "");
  assert_text(visit(link, nullptr).subject, "CN=device");
}

void trusts_what_the_other_one_trusts(void**) {
  FakePlatform platform;
  TlsConfig first(platform);
  const TlsConfig second(platform, first);
  const TlsConfig third(platform, second);
  for (const TlsConfig* config : {&second, &third}) assert_false(config->has_ca());
  {
    Link link;
    assert_status(link.client.open({"example.com", 443, true, &third}), Status::kCertificateRejected);
    assert_text(words(link.client), "no trusted CAs are configured");
  }
  assert_status(first.add_ca(pki().other_ca), Status::kOk);
  for (const TlsConfig* config : {&second, &third}) {
    assert_true(config->has_ca());
    Link link;
    assert_status(link.connect("example.com", config), Status::kCertificateRejected);
    assert_text(words(link.client), "example.com: certificate's issuer is not among the trusted CAs");
    link.client.close();
  }
  assert_status(first.add_ca(pki().ca), Status::kOk);
  for (const TlsConfig* config : {&second, &third}) {
    Link link;
    assert_status(link.connect("example.com", config), Status::kOk);
    link.client.close();
  }
}

void settings_decide_alone_whom_to_trust(void**) {
  Link link;
  TlsConfig other(link.platform);
  assert_status(other.add_ca(pki().other_ca), Status::kOk);
  assert_status(link.connect("example.com", &other), Status::kCertificateRejected);
  assert_status(visit(link, nullptr).status, Status::kOk);
  FakePlatform late;
  late.seconds = 4000000000;
  const TlsConfig tomorrow(late, link.config);
  assert_status(visit(link, &tomorrow).status, Status::kCertificateRejected);
  assert_text(words(link.client), "example.com: certificate has expired");
}

void has_no_cas_of_its_own(void**) {
  FakePlatform platform;
  TlsConfig first(platform);
  TlsConfig second(platform, first);
  assert_status(second.add_ca(pki().ca), Status::kInvalidArgument);
  assert_text(second.describe(), "the CAs belong to another configuration: add them there");
  assert_status(second.add_ca_file("/nonexistent"), Status::kInvalidArgument);
  assert_false(first.has_ca());
}

void settings_may_go_when_the_transport_is_closed(void**) {
  Link link;
  {
    TlsConfig device(link.platform, link.config);
    be_the_device(device);
    assert_text(visit(link, &device).subject, "CN=device");
  }
  link.client.close();
  assert_text(visit(link, nullptr).subject, "");
}

void trusts_a_ca_in_place(void**) {
  CertificateBytes der(pki().ca);
  Link link;
  TlsConfig config(link.platform);
  TlsTransport client(config, link.inner);
  assert_status(config.add_ca_in_place({}), Status::kInvalidArgument);
  assert_status(config.add_ca_in_place("no certificate"), Status::kInvalidArgument);
  assert_false(config.has_ca());
  assert_status(config.add_ca_in_place(der.bytes()), Status::kOk);
  assert_true(config.has_ca());
  assert_ptr_equal(config.native().MBEDTLS_PRIVATE(ca_chain)->raw.p, der.bytes().data());
  Status status = client.open({"example.com", 443, true});
  for (int turn = 0; turn < 1000 && status == Status::kPending; ++turn) {
    link.server.step();
    status = client.advance({});
  }
  assert_status(status, Status::kOk);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(trusts_a_ca_in_place),
      cmocka_unit_test(shows_a_certificate_where_it_is_asked_to),
      cmocka_unit_test(a_server_that_insists_gets_it_by_the_settings_only),
      cmocka_unit_test(does_not_take_the_certificate_over),
      cmocka_unit_test(trusts_what_the_other_one_trusts),
      cmocka_unit_test(settings_decide_alone_whom_to_trust),
      cmocka_unit_test(has_no_cas_of_its_own),
      cmocka_unit_test(settings_may_go_when_the_transport_is_closed),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
