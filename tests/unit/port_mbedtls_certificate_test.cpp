// Which certificates are accepted, and what is said about the others.
// Covers C33: certificates that are refused, and why.
#include <unistd.h>

#include "port_mbedtls_fixture.h"

using namespace test;  // NOLINT: a test reads better so

namespace {

const std::string kIpv4Entry = address_entry(std::string("\xC0\x00\x02\x07", 4));
const std::string kIpv6Entry = address_entry(std::string("\x20\x01\x0D\xB8", 4) + std::string(11, '\0') + '\1');

Subject subject(const char* name, const std::string& alternatives = "") {
  Subject made;
  made.name = name;
  made.alternatives = alternatives;
  return made;
}

Subject valid_between(const char* from, const char* to) {
  Subject made;
  made.from = from;
  made.to = to;
  return made;
}

void accepts(const std::string& certificate, Str host) {
  Link link(certificate);
  const Status status = link.connect(host);
  if (status != Status::kOk) fail_msg("%.*s: %s", (int)host.size(), host.data(), words(link.client).c_str());
}

void refuses(const std::string& certificate, Str host, const char* why) {
  Link link(certificate);
  assert_status(link.connect(host), Status::kCertificateRejected);
  assert_text(words(link.client), std::string(host.data(), host.size()) + ": " + why);
  assert_false(link.server.secured());
}

void checks_names(void**) {
  const std::string two = pki().ec(subject("unused", dns_entry("one.example") + dns_entry("*.two.example")));
  accepts(two, "one.example");
  accepts(two, "ONE.Example");
  accepts(two, "a.two.example");
  refuses(two, "two.example", "certificate is for another name");
  refuses(two, "a.b.two.example", "certificate is for another name");
  refuses(two, "unused", "certificate is for another name");
  refuses(pki().ec(subject("example.com")), "example.org", "certificate is for another name");
}

void checks_addresses(void**) {
  const std::string both = pki().ec(subject("device", dns_entry("device") + kIpv4Entry + kIpv6Entry));
  accepts(both, "192.0.2.7");
  accepts(both, "2001:db8::1");
  accepts(both, "2001:0DB8:0:0:0:0:0:1");
  accepts(both, "device");
  refuses(both, "192.0.2.8", "certificate is for another name");
  refuses(both, "2001:db8::2", "certificate is for another name");
  // The text of an address in a place for names is no address.
  refuses(pki().ec(subject("192.0.2.7")), "192.0.2.7", "certificate is for another name");
  refuses(pki().ec(subject("x", dns_entry("192.0.2.7"))), "192.0.2.7", "certificate is for another name");
  // A name of four letters is no address of four bytes.
  refuses(pki().ec(subject("x", address_entry("abcd"))), "abcd", "certificate is for another name");
}

void sends_no_server_name_for_an_address(void**) {
  Link link(pki().ec(subject("device", kIpv4Entry)));
  assert_status(link.connect("192.0.2.7"), Status::kOk);
  assert_text(link.server.server_name, "");
}

void refuses_a_host_that_is_no_name(void**) {
  Link link;
  assert_status(link.client.open({"", 443, true}), Status::kInvalidArgument);
  link.client.close();
  assert_status(link.client.open({Str("a\0b", 3), 443, true}), Status::kInvalidArgument);
  link.client.close();
  const std::string host(tinyaws::kMaxHostBytes + 1, 'a');
  assert_status(link.client.open({host, 443, true}), Status::kInvalidArgument);
  link.client.close();
  assert_status(link.connect("example.com."), Status::kOk);
  assert_text(link.server.server_name, "example.com");
}

void checks_validity(void**) {
  refuses(pki().ec(valid_between("20100101000000", "20110101000000")), "example.com", "certificate has expired");
  refuses(pki().ec(valid_between("20450101000000", "20490101000000")), "example.com",
          "certificate is not yet valid (is this device's clock right?)");
}

// The clock of the Platform counts as well, to the second.
void checks_validity_by_the_clock_of_the_platform(void**) {
  struct {
    int64_t seconds;
    Status status;
    const char* words;
  } const cases[] = {
      {0, Status::kCertificateRejected, "certificate is not yet valid (is this device's clock right?)"},
      {1582979695, Status::kCertificateRejected, "certificate is not yet valid (is this device's clock right?)"},
      {1582979696, Status::kOk, "TLSv1."},
      {4107542399, Status::kOk, "TLSv1."},
      {4107542400, Status::kCertificateRejected, "certificate has expired"},
  };
  const std::string certificate = pki().ec(valid_between("20200229123456", "21000228235959"));
  for (const auto& c : cases) {
    Link link(certificate);
    link.platform.seconds = c.seconds;
    assert_status(link.connect(), c.status);
    assert_true(words(link.client).find(c.words) != std::string::npos);
  }
}

void checks_trust(void**) {
  refuses(pki().untrusted({}), "example.com", "certificate's issuer is not among the trusted CAs");
  refuses(pki().self_signed({}), "example.com", "self-signed certificate is not among the trusted CAs");
  // The right name of the issuer, the wrong key.
  refuses(certify({}, pki().ec_key, "Test CA", pki().other_ca_key), "example.com",
          "certificate's issuer is not among the trusted CAs");
}

void says_all_that_is_wrong(void**) {
  refuses(pki().self_signed(valid_between("20100101000000", "20110101000000")), "example.org",
          "certificate has expired; certificate is for another name; "
          "self-signed certificate is not among the trusted CAs");
  refuses(pki().untrusted(valid_between("20450101000000", "20490101000000")), "192.0.2.1",
          "certificate is not yet valid (is this device's clock right?); certificate is for another name; "
          "certificate's issuer is not among the trusted CAs");
}

void has_words_for_the_longest_host(void**) {
  const std::string host(tinyaws::kMaxHostBytes, 'a');
  refuses(pki().ec({}), host, "certificate is for another name");
}

void refuses_to_connect_without_a_ca(void**) {
  Wire wire;
  FakePlatform platform;
  FakeTransport inner(wire);
  TlsConfig config(platform);
  TlsTransport client(config, inner);
  assert_status(client.open({"example.com", 443, true}), Status::kCertificateRejected);
  assert_text(words(client), "no trusted CAs are configured");
  assert_status(client.advance({}), Status::kCertificateRejected);
  assert_int_equal(inner.calls, 0);
  client.close();
  assert_status(client.open({"example.com", 80, false}), Status::kPending);
}

void is_usable_after_a_refusal(void**) {
  Link link;
  assert_status(link.connect("example.org"), Status::kCertificateRejected);
  link.client.close();
  link.wire = {};
  Server second(link.wire, pki().ec({}), pki().ec_key);
  Status status = link.client.open({"example.com", 443, true});
  while (status == Status::kPending) {
    second.step();
    status = link.client.advance({});
  }
  assert_status(status, Status::kOk);
}

std::string der_of(const std::string& pem) {
  mbedtls_x509_crt parsed;
  mbedtls_x509_crt_init(&parsed);
  must("x509_crt_parse",
       mbedtls_x509_crt_parse(&parsed, reinterpret_cast<const unsigned char*>(pem.c_str()), pem.size() + 1));
  const std::string der(reinterpret_cast<const char*>(parsed.raw.p), parsed.raw.len);
  mbedtls_x509_crt_free(&parsed);
  return der;
}

void takes_a_ca_in_any_form(void**) {
  FakePlatform platform;
  TlsConfig config(platform);
  assert_status(config.add_ca(""), Status::kInvalidArgument);
  assert_status(config.add_ca("no certificate"), Status::kInvalidArgument);
  assert_status(config.add_ca("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
                Status::kInvalidArgument);
  assert_text(config.describe(), "there is no CA certificate that can be read");
  assert_false(config.has_ca());
  const std::string der = der_of(pki().ca);
  assert_status(config.add_ca(der), Status::kOk);
  assert_status(config.add_ca(Bytes(der.data(), der.size() - 1)), Status::kInvalidArgument);
  const std::string pem = pki().ca;
  assert_status(config.add_ca(pem), Status::kOk);
  assert_status(config.add_ca(Bytes(pem.c_str(), pem.size() + 1)), Status::kOk);
  assert_text(config.describe(), "");
  assert_true(config.has_ca());
}

void takes_the_good_part_of_a_bundle(void**) {
  const std::string bad = "-----BEGIN CERTIFICATE-----\nMAAwADAA\n-----END CERTIFICATE-----\n";
  std::string bundle = "# words\n" + bad + pki().other_ca + bad + pki().ca + bad;
  for (int i = 3; i < 150; ++i) bundle += bad;  // whose number is not taken for an error
  char path[] = "/tmp/tinyaws-bundle-XXXXXX";
  const int file = mkstemp(path);
  assert_int_equal(write(file, bundle.data(), bundle.size()), bundle.size());
  close(file);
  for (const bool from_file : {false, true}) {
    Wire wire;
    FakePlatform platform;
    TlsConfig config(platform);
    assert_status(from_file ? config.add_ca_file(path) : config.add_ca(bundle), Status::kOk);
    assert_text(config.describe(), "some CA certificates can't be read and were left out");
    FakeTransport inner(wire);
    TlsTransport client(config, inner);
    Server server(wire, pki().ec({}), pki().ec_key);
    Status status = client.open({"example.com", 443, true});
    while (status == Status::kPending) {
      server.step();
      status = client.advance({});
    }
    assert_status(status, Status::kOk);
  }
  unlink(path);
}

void reports_missing_files(void**) {
  FakePlatform platform;
  TlsConfig config(platform);
  assert_status(config.add_ca_file("/nonexistent"), Status::kNotFound);
  assert_text(config.describe(), "file of CA certificates can't be read");
  assert_status(config.set_client_certificate_files("/nonexistent", "/nonexistent"), Status::kNotFound);
  assert_text(config.describe(), "file of the client certificate can't be read");
}

const char kEncryptedKey[] =
    "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: "
    "AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n"
    "MHcCAQEEIBUvBmUQtVLgIiaXnMSrSZnJnyiI1M6lO2cJ3qV3mZ0V\n-----END EC PRIVATE KEY-----\n";
// PKCS#8, PBES2 with AES-256: `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -aes256 -pass
// pass:test`.
const char kEncryptedPkcs8[] =
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
    "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgD+ZATENoyIAICCAAw\n"
    "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEJyJ3dInIucfBavuRvVj0b8EgZDh\n"
    "yj68z4RzMRJcxyLoxkuz1N+sRgMU+IfLlN78lUfaTZiE+j8HmDY3RMs9JzrJcq2w\n"
    "kGcG09XKWF0RpvGjBHIvykV5XjIu+8Q7SeO0aDYGHzP3Ro1vWsQY830dnjBgzlfJ\n"
    "IiZTUv3CmQEG6RSk4EPXfW7sMQatVz/QnAdxIj8Hyrr4hxGPcDPkrrBcRRUY7M0=\n"
    "-----END ENCRYPTED PRIVATE KEY-----\n";

void checks_the_client_certificate(void**) {
  FakePlatform platform;
  TlsConfig config(platform);
  const std::string certificate = pki().ec({});
  const std::string key = pki().ec_key.pem();
  assert_status(config.set_client_certificate("", key), Status::kInvalidArgument);
  assert_status(config.set_client_certificate("junk", key), Status::kInvalidArgument);
  assert_text(config.describe(), "client certificate can't be read");
  assert_status(config.set_client_certificate(certificate, ""), Status::kInvalidArgument);
  assert_status(config.set_client_certificate(certificate, "junk"), Status::kInvalidArgument);
  assert_text(config.describe(), "client's private key can't be read");
  assert_status(config.set_client_certificate(certificate, pki().ca_key.pem()), Status::kInvalidArgument);
  assert_text(config.describe(), "client's private key does not belong to the certificate");
  for (const char* encrypted : {kEncryptedKey, kEncryptedPkcs8}) {
#if !defined(MBEDTLS_PKCS5_C)
    if (encrypted == kEncryptedPkcs8) continue;  // a kind of text that such a build does not know
#endif
    assert_status(config.set_client_certificate(certificate, encrypted), Status::kUnsupported);
    assert_text(config.describe(), "client's private key has a password: only keys without one are supported");
  }
  assert_status(config.set_client_certificate(certificate, key), Status::kOk);
  assert_status(config.set_client_certificate(certificate, key), Status::kInvalidArgument);
  assert_text(config.describe(), "a client certificate is set already");
}

void finds_the_ca_file_of_the_system(void**) {
  const char* path = tinyaws::mbedtls::find_system_ca_file();
  if (path == nullptr) skip();
  FakePlatform platform;
  TlsConfig config(platform);
  assert_status(config.add_ca_file(path), Status::kOk);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(checks_names),
      cmocka_unit_test(checks_addresses),
      cmocka_unit_test(sends_no_server_name_for_an_address),
      cmocka_unit_test(refuses_a_host_that_is_no_name),
      cmocka_unit_test(checks_validity),
      cmocka_unit_test(checks_validity_by_the_clock_of_the_platform),
      cmocka_unit_test(checks_trust),
      cmocka_unit_test(says_all_that_is_wrong),
      cmocka_unit_test(has_words_for_the_longest_host),
      cmocka_unit_test(refuses_to_connect_without_a_ca),
      cmocka_unit_test(is_usable_after_a_refusal),
      cmocka_unit_test(takes_a_ca_in_any_form),
      cmocka_unit_test(takes_the_good_part_of_a_bundle),
      cmocka_unit_test(reports_missing_files),
      cmocka_unit_test(checks_the_client_certificate),
      cmocka_unit_test(finds_the_ca_file_of_the_system),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
