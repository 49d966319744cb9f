#include "trust.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace awsfetch {
namespace {

using tinyaws::Status;

// Empty when the file can be read, else why not: mbedTLS does not say.
Str why_unreadable(const char* path) {
  const int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  char byte;
  const bool readable = file >= 0 && read(file, &byte, 1) >= 0;
  const int reason = errno;
  if (file >= 0) close(file);
  return readable ? Str() : words_of_error(reason);
}

}  // namespace

MaybeExit Trust::read_certificate() {
  if (options_.cert.empty()) return {};
  const char* certificate = options_.cert.data();
  const char* key = options_.key.data();
  if (const Str why = why_unreadable(certificate); !why.empty()) {
    return usage_error("could not read the certificate {}: {}", {certificate, why});
  }
  if (const Str why = why_unreadable(key); !why.empty())
    return usage_error("could not read the key {}: {}", {key, why});
  if (known_.set_client_certificate_files(certificate, key) == Status::kOk) return {};
  return usage_error("could not use the certificate {} with the key {}: {}", {certificate, key, known_.describe()});
}

MaybeExit Trust::load_cas() {
  const Str bundle = environment_.variable("AWS_CA_BUNDLE");
  const char* path = options_.cacert.data();
  if (path == nullptr && !bundle.empty()) path = bundle.data();
  if (path == nullptr) path = tinyaws::mbedtls::find_system_ca_file();
  if (path == nullptr) {
    return usage_error(
        "no CA certificates on this system: install ca-certificates, give --cacert FILE or set AWS_CA_BUNDLE");
  }
  if (const Str why = why_unreadable(path); !why.empty())
    return usage_error("could not read the CA file {}: {}", {path, why});
  if (config_.add_ca_file(path) == Status::kOk) return {};
  return usage_error("could not use the CA file {}: {}", {path, config_.describe()});
}

tinyaws::Status Trust::open(const tinyaws::Endpoint& endpoint) {
  if (endpoint.tls && !loaded_ && !failure_) {
    failure_ = load_cas();
    loaded_ = !failure_;
  }
  if (endpoint.tls && failure_) return Status::kCertificateRejected;
  tinyaws::Endpoint shown = endpoint;
  if (shows_ && endpoint.tls && endpoint.tls_settings == nullptr) shown.tls_settings = &known_;
  return inner_.open(shown);
}

}  // namespace awsfetch
