// A Linux system in one object: sockets, TLS with the CAs that the system trusts, clocks, environment, files,
// programs and the buffer of one connection. What most programs want; those that do not compose the same parts
// themselves.
#pragma once

#include <cstddef>

#include "tinyaws/config.h"
#include "tinyaws/mbedtls.h"
#include "tinyaws/port.h"
#include "tinyaws/posix.h"

namespace tinyaws {

/// Must outlive the clients and the credentials providers on top of it. `kBufferBytes` bounds a request's head (its
/// session token included) and a response's head. Cost: sizeof, of which kBufferBytes are the buffer; besides,
/// mbedTLS's heap (port/mbedtls/README.md): about 0.5 MB for a whole bundle of CAs, 45 KB while a TLS connection is
/// open.
template <size_t kBufferBytes = 8192>
class System {
 public:
  enum class Trust : bool {
    kSystem,   ///< The bundle that AWS_CA_BUNDLE names, else the system's.
    kNothing,  ///< No CA: the caller adds some with `tls_config`.
  };

  /// A bundle that can't be read makes every TLS connection fail with kCertificateRejected; `tls_config().describe()`
  /// says why it could not be read.
  explicit System(Trust trust = Trust::kSystem) : tls_config_(platform_), tls_(tls_config_, tcp_) {
    if (trust == Trust::kNothing) return;
    const Str bundle = environment_.variable("AWS_CA_BUNDLE");
    const char* path = bundle.empty() ? mbedtls::find_system_ca_file() : bundle.data();
    if (path != nullptr) ca_status_ = tls_config_.add_ca_file(path);
  }
  System(const System&) = delete;
  System& operator=(const System&) = delete;

  /// What a Client stands on. Without the CMake option TINYAWS_CREDENTIAL_PROCESS its `processes` is null.
  // NOLINTNEXTLINE(google-explicit-constructor): a system is meant to be handed to a Client as it is.
  operator Port() {
#if TINYAWS_CREDENTIAL_PROCESS
    return {platform_, environment_, tls_, MutBytes(buffer_), &files_, &processes_};
#else
    return {platform_, environment_, tls_, MutBytes(buffer_), &files_, nullptr};
#endif
  }

  posix::Platform& platform() {
    return platform_;
  }
  const posix::Environment& environment() const {
    return environment_;
  }

  /// One file at a time: between a client's `open` and `close` it is not to be used by others.
  posix::Files& files() {
    return files_;
  }

#if TINYAWS_CREDENTIAL_PROCESS
  /// One program at a time, too.
  posix::Processes& processes() {
    return processes_;
  }
#endif

  /// What connections trust and show unless their endpoint has `tls_settings`. For such ones:
  /// `mbedtls::TlsConfig other(system.platform(), system.tls_config())`, which must outlive each connection that it
  /// was used for.
  mbedtls::TlsConfig& tls_config() {
    return tls_config_;
  }

  /// How reading the CAs went; kNotFound when there is no bundle, or none was wanted.
  Status ca_status() const {
    return ca_status_;
  }

 private:
  posix::Platform platform_;
  posix::Environment environment_;
  posix::Files files_;
#if TINYAWS_CREDENTIAL_PROCESS
  posix::Processes processes_;
#endif
  posix::TcpTransport tcp_;
  mbedtls::TlsConfig tls_config_;
  mbedtls::TlsTransport tls_;
  Status ca_status_ = Status::kNotFound;
  char buffer_[kBufferBytes];
};

}  // namespace tinyaws
