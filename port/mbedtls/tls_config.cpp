#include <mbedtls/pem.h>
#include <mbedtls/platform.h>
#include <mbedtls/platform_util.h>

#include <cstring>

#include "compat.h"
#include "parser_input.h"
#include "tinyaws/mbedtls.h"
#include "words.h"

namespace tinyaws::mbedtls {
namespace {

int fill_random(void* platform, unsigned char* out, size_t size) {
  const Status status = static_cast<Platform*>(platform)->random({reinterpret_cast<char*>(out), size});
  return status == Status::kOk ? 0 : MBEDTLS_ERR_ENTROPY_SOURCE_FAILED;
}

int parse_certificates(mbedtls_x509_crt& chain, const ParserInput& input) {
  return input.error() != 0 ? input.error() : mbedtls_x509_crt_parse(&chain, input.data(), input.size());
}

int parse_private_key(mbedtls_pk_context& key, const ParserInput& input, Platform& platform) {
  return input.error() != 0 ? input.error() : parse_key(key, input.data(), input.size(), fill_random, &platform);
}

bool needs_password(int key_result) {
  return key_result == MBEDTLS_ERR_PK_PASSWORD_REQUIRED || key_result == MBEDTLS_ERR_PK_PASSWORD_MISMATCH ||
         key_result == MBEDTLS_ERR_PEM_FEATURE_UNAVAILABLE;  // a build that can't decrypt any
}

class Certificates {
 public:
  Certificates() { mbedtls_x509_crt_init(&chain); }
  ~Certificates() { mbedtls_x509_crt_free(&chain); }
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;

  mbedtls_x509_crt chain;
};

// Leaves `more` empty. False when there is no memory.
bool append(mbedtls_x509_crt& chain, mbedtls_x509_crt& more) {
  mbedtls_x509_crt* place = &chain;
  if (chain.version != 0) {
    while (place->next != nullptr) place = place->next;
    place->next = static_cast<mbedtls_x509_crt*>(mbedtls_calloc(1, sizeof chain));
    place = place->next;
  }
  if (place == nullptr) return false;
  *place = more;
  mbedtls_x509_crt_init(&more);
  return true;
}

}  // namespace

TlsConfig::TlsConfig(Platform& platform) : platform_(platform), trusted_(*this) {
  set_up();
}

TlsConfig::TlsConfig(Platform& platform, const TlsConfig& trusts_as)
    : platform_(platform), trusted_(trusts_as.trusted_) {
  set_up();
}

void TlsConfig::set_up() {
  mbedtls_ssl_config_init(&config_);
  mbedtls_x509_crt_init(&cas_);
  mbedtls_pk_init(&client_key_);
  // Fails for servers only, whose Diffie-Hellman group it allocates.
  (void)mbedtls_ssl_config_defaults(&config_, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
                                    MBEDTLS_SSL_PRESET_DEFAULT);
  require_tls12(config_);
  order_signatures(config_);
  mbedtls_ssl_conf_authmode(&config_, MBEDTLS_SSL_VERIFY_REQUIRED);
  mbedtls_ssl_conf_cert_profile(&config_, &mbedtls_x509_crt_profile_next);
  // mbedTLS only reads it, and walks the list anew in each handshake.
  mbedtls_ssl_conf_ca_chain(&config_, const_cast<mbedtls_x509_crt*>(&trusted_.cas_), nullptr);
  mbedtls_ssl_conf_rng(&config_, fill_random, &platform_);
#if defined(MBEDTLS_SSL_ALPN)
  static const char* protocols[] = {"http/1.1", nullptr};
  (void)mbedtls_ssl_conf_alpn_protocols(&config_, protocols);
#endif
#if defined(MBEDTLS_SSL_RENEGOTIATION)
  mbedtls_ssl_conf_renegotiation(&config_, MBEDTLS_SSL_RENEGOTIATION_DISABLED);
#endif
#if defined(MBEDTLS_SSL_SESSION_TICKETS)
  mbedtls_ssl_conf_session_tickets(&config_, MBEDTLS_SSL_SESSION_TICKETS_DISABLED);
#endif
}

TlsConfig::~TlsConfig() {
  mbedtls_ssl_config_free(&config_);
  drop_client();
  mbedtls_x509_crt_free(&cas_);
}

void TlsConfig::accept_tickets() {
  accept_session_tickets(config_);
}

uint64_t TlsConfig::identity() const {
  if (identity_ != 0) return identity_;
  const Status status = platform_.random({reinterpret_cast<char*>(&identity_), sizeof identity_});
  if (status != Status::kOk) identity_ = 0;
  return identity_;
}

bool TlsConfig::borrows_cas() {
  if (&trusted_ == this) return false;
  words_ = "the CAs belong to another configuration: add them there";
  return true;
}

Status TlsConfig::add_ca(Bytes pem_or_der) {
  return take_cas([&](mbedtls_x509_crt& into) { return parse_certificates(into, ParserInput(pem_or_der)); });
}

Status TlsConfig::add_ca_file(const char* path) {
  return take_cas([&](mbedtls_x509_crt& into) { return parse_certificates(into, ParserInput(path)); });
}

Status TlsConfig::add_ca_in_place(Bytes der) {
  const auto* const bytes = reinterpret_cast<const unsigned char*>(der.data());
  return take_cas([&](mbedtls_x509_crt& into) {
    return der.empty() ? MBEDTLS_ERR_X509_BAD_INPUT_DATA
                       : mbedtls_x509_crt_parse_der_nocopy(&into, bytes, der.size());
  });
}

Status TlsConfig::set_client_certificate(Bytes certificate, Bytes key) {
  return take_client([&] { return read_client(certificate, key); });
}

Status TlsConfig::set_client_certificate_files(const char* certificate_path, const char* key_path) {
  return take_client([&] { return read_client(certificate_path, key_path); });
}

Status TlsConfig::note(Status status, Str words) {
  words_ = words;
  return status;
}

Status TlsConfig::note_out_of_memory() {
  return note(Status::kTlsFailed, kOutOfMemory);
}

// What mbedTLS can't read it is given once more: it may have been memory that ran out on the way, which its answers
// often hide.
template <typename Parse>
Status TlsConfig::take_cas(Parse parse) {
  if (borrows_cas()) return Status::kInvalidArgument;
  for (const bool last : {false, true}) {
    Certificates read;
    clear_shortage();
    const int result = parse(read.chain);
    const bool unreadable = result != 0 && result != MBEDTLS_ERR_PK_FILE_IO_ERROR && !is_out_of_memory(result);
    if (unreadable && !last) continue;
    if (unreadable && is_memory_short()) break;
    return check_cas(result, read.chain);
  }
  return note_out_of_memory();
}

// `result` is how many certificates had to be left out, or an error when none could be read.
Status TlsConfig::check_cas(int result, mbedtls_x509_crt& read) {
  if (result == MBEDTLS_ERR_PK_FILE_IO_ERROR) return note(Status::kNotFound, "file of CA certificates can't be read");
  if (is_out_of_memory(result)) return note_out_of_memory();
  if (result < 0) return note(Status::kInvalidArgument, "there is no CA certificate that can be read");
  if (!append(cas_, read)) return note_out_of_memory();
  ++changes_;
  has_ca_ = true;
  return note(Status::kOk, result == 0 ? Str() : Str("some CA certificates can't be read and were left out"));
}

template <typename Parse>
Status TlsConfig::take_client(Parse parse) {
  if (has_client_certificate_) return note(Status::kInvalidArgument, "a client certificate is set already");
  if (!make_room_for_client()) return note_out_of_memory();
  Status status = parse();
  if (status == Status::kInvalidArgument) {
    drop_client();
    clear_shortage();
    status = make_room_for_client() ? parse() : note_out_of_memory();
  }
  if (status == Status::kInvalidArgument && is_memory_short()) status = note_out_of_memory();
  has_client_certificate_ = status == Status::kOk;
  changes_ += has_client_certificate_ ? 1 : 0;
  if (!has_client_certificate_) drop_client();
  return status;
}

bool TlsConfig::make_room_for_client() {
  client_certificate_ = static_cast<mbedtls_x509_crt*>(mbedtls_calloc(1, sizeof(mbedtls_x509_crt)));
  if (client_certificate_ != nullptr) mbedtls_x509_crt_init(client_certificate_);
  return client_certificate_ != nullptr;
}

void TlsConfig::drop_client() {
  mbedtls_x509_crt_free(client_certificate_);
  mbedtls_free(client_certificate_);
  client_certificate_ = nullptr;
  mbedtls_pk_free(&client_key_);
  mbedtls_pk_init(&client_key_);
}

void TlsConfig::mend_client_key() const {
  forget_blinding(client_key_);
}

// One after the other: no more than one of them is in memory.
template <typename Source>
Status TlsConfig::read_client(Source certificate, Source key) {
  const int certificate_result = parse_certificates(*client_certificate_, ParserInput(certificate));
  const int key_result = parse_private_key(client_key_, ParserInput(key), platform_);
  return check_client(certificate_result, key_result);
}

Status TlsConfig::check_client(int certificate_result, int key_result) {
  if (certificate_result == MBEDTLS_ERR_PK_FILE_IO_ERROR) {
    return note(Status::kNotFound, "file of the client certificate can't be read");
  }
  if (key_result == MBEDTLS_ERR_PK_FILE_IO_ERROR) {
    return note(Status::kNotFound, "file of the client's private key can't be read");
  }
  if (is_out_of_memory(certificate_result) || is_out_of_memory(key_result)) return note_out_of_memory();
  if (certificate_result != 0) return note(Status::kInvalidArgument, "client certificate can't be read");
  if (needs_password(key_result)) {
    return note(Status::kUnsupported, "client's private key has a password: only keys without one are supported");
  }
  if (key_result != 0) return note(Status::kInvalidArgument, "client's private key can't be read");
  return pair_client();
}

Status TlsConfig::pair_client() {
  int result = check_pair(client_certificate_->pk, client_key_, fill_random, &platform_);
  if (is_out_of_memory(result)) return note_out_of_memory();
  if (result != 0) return note(Status::kInvalidArgument, "client's private key does not belong to the certificate");
  result = mbedtls_ssl_conf_own_cert(&config_, client_certificate_, &client_key_);
  return result == 0 ? note(Status::kOk, {}) : note_out_of_memory();
}

}  // namespace tinyaws::mbedtls
