// A Linux system in one object: sockets, TLS with the CAs that the system trusts, clocks, environment, files,
// programs, and the memory of one connection (System) or of many (AsyncSystem). What most programs want; those that
// do not compose the same parts themselves.
#pragma once

#include <cstddef>

#include "tinyaws/async_client.h"
#include "tinyaws/client_storage.h"
#include "tinyaws/config.h"
#include "tinyaws/mbedtls.h"
#include "tinyaws/mbedtls_sessions.h"
#include "tinyaws/port.h"
#include "tinyaws/posix.h"
#include "tinyaws/posix_poller.h"
#include "tinyaws/posix_resolver.h"

namespace tinyaws {

/// TLS over TCP: a transport and the one under it.
class TlsOverTcp {
 public:
  TlsOverTcp(posix::Resolver& resolver, posix::Poller* poller, mbedtls::TlsConfig& config,
             mbedtls::TlsSessions* sessions)
      : tcp_(resolver, poller), tls_(config, tcp_, sessions) {}

  // NOLINTNEXTLINE(google-explicit-constructor): it is a transport, in two parts
  operator Transport&() { return tls_; }

 private:
  posix::TcpTransport tcp_;
  mbedtls::TlsTransport tls_;
};

/// TLS sessions that a System or an AsyncSystem keeps, to be resumed: one an endpoint. Cost:
/// mbedtls::kTlsSessionBytes and some 90 each. Error: none; the least recently used gives way.
constexpr size_t kSystemTlsSessions = 2;

/// What System and AsyncSystem have in common: all but connections.
class SystemBoard {
 public:
  enum class Trust : bool {
    kSystem,   ///< The bundle that AWS_CA_BUNDLE names, else the system's.
    kNothing,  ///< No CA: the caller adds some with `tls_config`.
  };

  /// A bundle that can't be read makes every TLS connection fail with kCertificateRejected; `tls_config().describe()`
  /// says why it could not be read.
  explicit SystemBoard(Trust trust, const posix::ResolverOptions& names = {})
      : resolver_(platform_, names), tls_config_(platform_) {
    if (trust == Trust::kNothing) return;
    const Str bundle = environment_.variable("AWS_CA_BUNDLE");
    const char* path = bundle.empty() ? mbedtls::find_system_ca_file() : bundle.data();
    if (path != nullptr) ca_status_ = tls_config_.add_ca_file(path);
  }
  SystemBoard(const SystemBoard&) = delete;
  SystemBoard& operator=(const SystemBoard&) = delete;

  // NOLINTNEXTLINE(google-explicit-constructor): a system is meant to be handed to credentials as it is.
  operator Board() { return {platform_, environment_, &files_, processes_or_null()}; }

  posix::Platform& platform() { return platform_; }
  const posix::Environment& environment() const { return environment_; }

  /// One file at a time: between a client's `open` and `close` it is not to be used by others.
  posix::Files& files() { return files_; }

#if TINYAWS_CREDENTIAL_PROCESS
  /// One program at a time, too.
  posix::Processes& processes() {
    return processes_;
  }
#endif

  posix::Resolver& resolver() {
    return resolver_;
  }

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

 protected:
  /// Null without the CMake option TINYAWS_CREDENTIAL_PROCESS.
  Processes* processes_or_null() {
#if TINYAWS_CREDENTIAL_PROCESS
    return &processes_;
#else
    return nullptr;
#endif
  }

  mbedtls::TlsSessions* sessions() {
    return &sessions_;
  }

 private:
  posix::Platform platform_;
  posix::Environment environment_;
  posix::Files files_;
#if TINYAWS_CREDENTIAL_PROCESS
  posix::Processes processes_;
#endif
  posix::Resolver resolver_;
  mbedtls::TlsConfig tls_config_;
  mbedtls::TlsSessionStore<kSystemTlsSessions> sessions_;
  Status ca_status_ = Status::kNotFound;
};

/// For a Client. Must outlive the clients and the credentials providers on top of it. `kBufferBytes` bounds a
/// request's head (its session token included) and a response's head. Cost: sizeof, of which kBufferBytes are the
/// buffer; besides, mbedTLS's heap (port/mbedtls/README.md): about 0.5 MB for a whole bundle of CAs, 45 KB while a
/// TLS connection is open.
template <size_t kBufferBytes = 8192>
class System : public SystemBoard {
 public:
  explicit System(Trust trust = Trust::kSystem, const posix::ResolverOptions& names = {})
      : SystemBoard(trust, names), transport_(resolver(), nullptr, tls_config(), sessions()) {}

  /// What a Client stands on.
  // NOLINTNEXTLINE(google-explicit-constructor): a system is meant to be handed to a Client as it is.
  operator Port() {
    return {platform(), environment(), transport_, MutBytes(buffer_), &files(), processes_or_null()};
  }

 private:
  TlsOverTcp transport_;
  char buffer_[kBufferBytes];
};

/// For an AsyncClient of `kSlots` connections and a queue of `kQueued` calls. Must outlive the clients and the
/// credentials providers on top of it. Cost: sizeof, see ClientStorage; besides, mbedTLS's heap as for System, for
/// each connection that is open.
template <size_t kSlots, size_t kBufferBytes = 4096, size_t kQueued = 0>
class AsyncSystem : public SystemBoard {
 public:
  explicit AsyncSystem(Trust trust = Trust::kSystem, const posix::ResolverOptions& names = {})
      : SystemBoard(trust, names), storage_(resolver(), open_poller(), tls_config(), sessions()) {}

  /// What an AsyncClient stands on.
  // NOLINTNEXTLINE(google-explicit-constructor): a system is meant to be handed to an AsyncClient as it is.
  operator AsyncPort() { return {platform(), environment(), storage_.slots(), storage_.queue()}; }

  /// All sockets, for AsyncClient::poll(handles). Not open when there were too many descriptors: then a program does
  /// with AsyncClient::interests.
  posix::Poller& poller() { return poller_; }

 private:
  posix::Poller* open_poller() { return poller_.open() == Status::kOk ? &poller_ : nullptr; }

  posix::Poller poller_;
  ClientStorage<TlsOverTcp, kSlots, kBufferBytes, kQueued> storage_;
};

}  // namespace tinyaws
