// The other end of the wire in the tests of the mbedTLS port.
#pragma once

#include <mbedtls/ssl.h>
#include <mbedtls/ssl_ticket.h>

#if defined(MBEDTLS_SSL_PROTO_TLS1_3)
#include <psa/crypto.h>
#endif

#include <cstring>
#include <string>

#include "port_mbedtls_certificates.h"

namespace test {

struct Wire {
  std::string to_server;
  std::string to_client;
  bool server_gone = false;
};

/// A TLS server at the other end of the wire: collects what comes and sends what `to_send` holds. Hangs up after
/// an error.
class Server {
 public:
  Server(Wire& wire, const std::string& certificate, const Key& key) : wire_(wire), key_(key) {
#if defined(MBEDTLS_SSL_PROTO_TLS1_3)
    must("psa_crypto_init", psa_crypto_init());
#endif
    mbedtls_ssl_init(&ssl_);
    mbedtls_ssl_config_init(&config_);
    mbedtls_x509_crt_init(&certificate_);
    mbedtls_x509_crt_init(&client_ca_);
    mbedtls_ssl_ticket_init(&tickets_);
    must("x509_crt_parse", parse(certificate_, certificate));
    must("config_defaults", mbedtls_ssl_config_defaults(&config_, MBEDTLS_SSL_IS_SERVER, MBEDTLS_SSL_TRANSPORT_STREAM,
                                                        MBEDTLS_SSL_PRESET_DEFAULT));
    mbedtls_ssl_conf_rng(&config_, fake_random, nullptr);
    must("conf_own_cert", mbedtls_ssl_conf_own_cert(&config_, &certificate_, key_.pk()));
    must("conf_alpn", mbedtls_ssl_conf_alpn_protocols(&config_, protocols_));
    mbedtls_ssl_conf_sni(&config_, note_server_name, this);
  }
  ~Server() {
    mbedtls_ssl_free(&ssl_);
    mbedtls_ssl_config_free(&config_);
    mbedtls_x509_crt_free(&certificate_);
    mbedtls_x509_crt_free(&client_ca_);
    mbedtls_ssl_ticket_free(&tickets_);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::string received;
  std::string to_send;
  std::string server_name;
  int last_result = 0;
  bool finished = false;  // the client's close_notify has come

  void require_client_certificate(const std::string& ca) {
    must("x509_crt_parse", parse(client_ca_, ca));
    mbedtls_ssl_conf_ca_chain(&config_, &client_ca_, nullptr);
    mbedtls_ssl_conf_authmode(&config_, MBEDTLS_SSL_VERIFY_REQUIRED);
  }
  void issue_session_tickets() {
    must("ssl_ticket_setup",
         mbedtls_ssl_ticket_setup(&tickets_, fake_random, nullptr, MBEDTLS_CIPHER_AES_256_GCM, 3600));
    mbedtls_ssl_conf_session_tickets_cb(&config_, mbedtls_ssl_ticket_write, mbedtls_ssl_ticket_parse, &tickets_);
  }
  void speak_tls12_at_most() {
#if MBEDTLS_VERSION_NUMBER >= 0x03020000
    mbedtls_ssl_conf_max_tls_version(&config_, MBEDTLS_SSL_VERSION_TLS1_2);
#endif
  }
  mbedtls_ssl_config& config() {
    return config_;
  }
  mbedtls_ssl_context& ssl() {
    return ssl_;
  }
  bool secured() const {
    return secured_;
  }
  std::string protocol() const {
    const char* name = mbedtls_ssl_get_alpn_protocol(&ssl_);
    return name == nullptr ? "" : name;
  }

  /// Goes as far as it can.
  void step() {
    if (!started_) must("ssl_setup", start());
    if (last_result != 0) return;
    if (!secured_) {
      const int result = mbedtls_ssl_handshake(&ssl_);
      secured_ = result == 0;
      note(result);
    }
    if (secured_ && last_result == 0) {
      write();
      read();
    }
  }

  void close_orderly() {
    (void)mbedtls_ssl_close_notify(&ssl_);
  }

 private:
  static int parse(mbedtls_x509_crt& into, const std::string& pem) {
    return mbedtls_x509_crt_parse(&into, reinterpret_cast<const unsigned char*>(pem.c_str()), pem.size() + 1);
  }
  static int note_server_name(void* self, mbedtls_ssl_context*, const unsigned char* name, size_t size) {
    static_cast<Server*>(self)->server_name.assign(reinterpret_cast<const char*>(name), size);
    return 0;
  }
  static int put(void* self, const unsigned char* bytes, size_t size) {
    static_cast<Server*>(self)->wire_.to_client.append(reinterpret_cast<const char*>(bytes), size);
    return static_cast<int>(size);
  }
  static int get(void* self, unsigned char* space, size_t size) {
    std::string& bytes = static_cast<Server*>(self)->wire_.to_server;
    if (bytes.empty()) return MBEDTLS_ERR_SSL_WANT_READ;
    if (size > bytes.size()) size = bytes.size();
    memcpy(space, bytes.data(), size);
    bytes.erase(0, size);
    return static_cast<int>(size);
  }

  int start() {
    started_ = true;
    const int result = mbedtls_ssl_setup(&ssl_, &config_);
    mbedtls_ssl_set_bio(&ssl_, this, put, get, nullptr);
    return result;
  }
  void note(int result) {
    finished = finished || result == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY;
    if (result < 0 && result != MBEDTLS_ERR_SSL_WANT_READ && result != MBEDTLS_ERR_SSL_WANT_WRITE) {
      last_result = result;
      wire_.server_gone = true;
    }
  }
  void write() {
    while (!to_send.empty()) {
      const int n = mbedtls_ssl_write(&ssl_, reinterpret_cast<const unsigned char*>(to_send.data()), to_send.size());
      if (n <= 0) return note(n);
      to_send.erase(0, static_cast<size_t>(n));
    }
  }
  void read() {
    unsigned char bytes[4096];
    for (;;) {
      const int n = mbedtls_ssl_read(&ssl_, bytes, sizeof bytes);
      if (n <= 0) return note(n);
      received.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(n));
    }
  }

  Wire& wire_;
  const Key& key_;
  mbedtls_ssl_context ssl_;
  mbedtls_ssl_config config_;
  mbedtls_x509_crt certificate_;
  mbedtls_x509_crt client_ca_;
  mbedtls_ssl_ticket_context tickets_;
  const char* protocols_[3] = {"h2", "http/1.1", nullptr};
  bool started_ = false;
  bool secured_ = false;
};

}  // namespace test
