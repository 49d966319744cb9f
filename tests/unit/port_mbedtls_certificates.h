// Keys and certificates for the tests of the mbedTLS port, made when they are needed.
#pragma once

#include <mbedtls/asn1.h>
#include <mbedtls/ecp.h>
#include <mbedtls/oid.h>
#include <mbedtls/pk.h>
#include <mbedtls/rsa.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>

#include <cstdlib>
#include <string>

namespace test {

[[noreturn]] inline void broken(const char* what, int result) {
  fprintf(stderr, "test set-up: %s answered -0x%04X\n", what, static_cast<unsigned>(-result));
  abort();
}

inline void must(const char* what, int result) {
  if (result != 0) broken(what, result);
}

// Not random at all: the server of a test needs no secrets.
inline uint64_t& fake_random_state() {
  static uint64_t state = 0x9E3779B97F4A7C15;
  return state;
}
inline int fake_random(void*, unsigned char* out, size_t size) {
  uint64_t& state = fake_random_state();
  for (size_t i = 0; i < size; ++i) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    out[i] = static_cast<unsigned char>(state >> 24);
  }
  return 0;
}

class Key {
 public:
  enum class Kind { kRsa, kEc };

  explicit Key(Kind kind) {
    mbedtls_pk_init(&pk_);
    if (kind == Kind::kRsa) {
      must("pk_setup", mbedtls_pk_setup(&pk_, mbedtls_pk_info_from_type(MBEDTLS_PK_RSA)));
      must("rsa_gen_key", mbedtls_rsa_gen_key(mbedtls_pk_rsa(pk_), fake_random, nullptr, 2048, 65537));
    } else {
      must("pk_setup", mbedtls_pk_setup(&pk_, mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY)));
      must("ecp_gen_key", mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(pk_), fake_random, nullptr));
    }
  }
  ~Key() { mbedtls_pk_free(&pk_); }
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;

  mbedtls_pk_context* pk() const { return &pk_; }

  std::string pem() const {
    unsigned char text[4096];
    must("pk_write_key_pem", mbedtls_pk_write_key_pem(&pk_, text, sizeof text));
    return reinterpret_cast<const char*>(text);
  }

 private:
  mutable mbedtls_pk_context pk_;
};

struct Subject {
  std::string name = "example.com";
  std::string alternatives;  // GeneralName entries in DER; empty: no extension
  const char* from = "20200101000000";
  const char* to = "20490101000000";
  bool is_ca = false;
};

inline std::string der(int tag, const std::string& content) {
  return std::string(1, static_cast<char>(tag)) + static_cast<char>(content.size()) + content;
}
inline std::string dns_entry(const std::string& name) {
  return der(0x82, name);
}
inline std::string address_entry(const std::string& address) {
  return der(0x87, address);
}

/// A certificate in PEM for `key`, signed by `issuer_key`.
inline std::string certify(const Subject& subject, const Key& key, const std::string& issuer, const Key& issuer_key) {
  mbedtls_x509write_cert writer;
  mbedtls_x509write_crt_init(&writer);
  mbedtls_x509write_crt_set_version(&writer, MBEDTLS_X509_CRT_VERSION_3);
  mbedtls_x509write_crt_set_md_alg(&writer, MBEDTLS_MD_SHA256);
  mbedtls_x509write_crt_set_subject_key(&writer, key.pk());
  mbedtls_x509write_crt_set_issuer_key(&writer, issuer_key.pk());
  must("set_subject_name", mbedtls_x509write_crt_set_subject_name(&writer, ("CN=" + subject.name).c_str()));
  must("set_issuer_name", mbedtls_x509write_crt_set_issuer_name(&writer, ("CN=" + issuer).c_str()));
  must("set_validity", mbedtls_x509write_crt_set_validity(&writer, subject.from, subject.to));
  must("set_basic_constraints", mbedtls_x509write_crt_set_basic_constraints(&writer, subject.is_ca, -1));
#if MBEDTLS_VERSION_MAJOR >= 3
  unsigned char serial[] = {1};
  must("set_serial", mbedtls_x509write_crt_set_serial_raw(&writer, serial, sizeof serial));
#else
  mbedtls_mpi serial;
  mbedtls_mpi_init(&serial);
  must("mpi_lset", mbedtls_mpi_lset(&serial, 1));
  must("set_serial", mbedtls_x509write_crt_set_serial(&writer, &serial));
  mbedtls_mpi_free(&serial);
#endif
  if (!subject.alternatives.empty()) {
    const std::string names = der(MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE, subject.alternatives);
    must("set_extension", mbedtls_x509write_crt_set_extension(
                              &writer, MBEDTLS_OID_SUBJECT_ALT_NAME, MBEDTLS_OID_SIZE(MBEDTLS_OID_SUBJECT_ALT_NAME),
                              0, reinterpret_cast<const unsigned char*>(names.data()), names.size()));
  }
  unsigned char pem[4096];
  must("crt_pem", mbedtls_x509write_crt_pem(&writer, pem, sizeof pem, fake_random, nullptr));
  mbedtls_x509write_crt_free(&writer);
  return reinterpret_cast<const char*>(pem);
}

/// A small public-key infrastructure: one trusted CA, one other, and server keys of both kinds.
struct Pki {
  Key ca_key{Key::Kind::kEc};
  Key other_ca_key{Key::Kind::kEc};
  Key rsa_key{Key::Kind::kRsa};
  Key ec_key{Key::Kind::kEc};
  std::string ca = certify(authority("Test CA"), ca_key, "Test CA", ca_key);
  std::string other_ca = certify(authority("Other CA"), other_ca_key, "Other CA", other_ca_key);

  static Subject authority(const char* name) {
    Subject subject;
    subject.name = name;
    subject.to = "21500101000000";
    subject.is_ca = true;
    return subject;
  }

  std::string rsa(const Subject& subject) const { return certify(subject, rsa_key, "Test CA", ca_key); }
  std::string ec(const Subject& subject) const { return certify(subject, ec_key, "Test CA", ca_key); }
  std::string untrusted(const Subject& subject) const { return certify(subject, ec_key, "Other CA", other_ca_key); }
  std::string self_signed(const Subject& subject) const { return certify(subject, ec_key, subject.name, ec_key); }
};

inline const Pki& pki() {
  static const Pki* made = new Pki();
  return *made;
}

}  // namespace test
