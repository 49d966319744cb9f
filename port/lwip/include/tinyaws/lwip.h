// The lwIP port: TCP by lwIP's callbacks, for boards whose network stack is lwIP 2.1 or newer, in its own thread
// (NO_SYS 0) and with LWIP_TCPIP_CORE_LOCKING. TLS goes on top, as over any Transport.
//
// Memory: lwIP's pools, and what is stated here. Received bytes stay in lwIP's pbufs until they are asked for, and
// its window closes meanwhile (at most TCP_WND bytes a connection).
#pragma once

extern "C" {
#include <lwip/opt.h>  // what a board's lwipopts.h declares is C, and seldom says so
}

#include <lwip/err.h>
#include <lwip/ip_addr.h>
#include <lwip/sys.h>

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/config.h"
#include "tinyaws/http.h"
#include "tinyaws/port.h"
#include "tinyaws/status.h"
#include "tinyaws/time.h"

struct pbuf;
struct tcp_pcb;

namespace tinyaws::lwip {

/// Clocks, chance and waiting. One for each thread that waits; lwIP must have been started (tcpip_init).
class Platform final : public tinyaws::Platform {
 public:
  /// Fills `out` with unpredictable bytes. LWIP_RAND will not do: TLS keys are made of this.
  using Random = Status (*)(MutBytes out);

  /// With kTimeFloor as the floor of its service_clock().
  explicit Platform(Random source);
  ~Platform();
  Platform(const Platform&) = delete;
  Platform& operator=(const Platform&) = delete;

  /// sys_now, widened: it has to be asked once in 49 days.
  Instant now() override;

  /// What `set_unix_time` was told, and the time since; kUnknownTime before.
  UnixTime unix_time() override;

  /// For whoever knows the time of day: an SNTP client, a modem.
  void set_unix_time(UnixTime time);

  Status random(MutBytes out) override { return random_(out); }

  /// Returns when something has happened to a TcpTransport of this platform, whichever it is; `interests` are not
  /// looked at, for lwIP's connections have no handles.
  void wait(Span<const Interest> interests, Instant until) override;

  /// Ends `wait`, now or the next time. From any thread.
  void wake();

 private:
  Random random_;
  sys_sem_t happened_;
  uint32_t ticks_ = 0;
  int64_t elapsed_ = 0;
  UnixTime set_to_ = kUnknownTime;
  Instant set_at_;
};

/// Finds the address of a name: by dns_gethostbyname, or from a table. kPending until it is known, kOk, or
/// kResolveFailed. It is asked again after kResolvePollMs.
using Resolve = Status (*)(Str host, ip_addr_t& address);
constexpr int64_t kResolvePollMs = 20;

/// A TCP connection. The only thing that lwIP's thread touches of it are the fields that its lock guards.
class TcpTransport final : public Transport {
 public:
  /// `platform` is woken when something happens, and must outlive the transport. Without `resolve` only numeric
  /// addresses can be connected to.
  explicit TcpTransport(Platform& platform, Resolve resolve = nullptr) : platform_(platform), resolve_(resolve) {}
  ~TcpTransport() { TcpTransport::close(); }
  TcpTransport(const TcpTransport&) = delete;
  TcpTransport& operator=(const TcpTransport&) = delete;

  /// Errors: kUnsupported for TLS, kInvalidArgument for a host that is empty, too long or has a NUL.
  Status open(const Endpoint& endpoint) override;
  Status advance(Instant now) override;
  State state() const override { return state_; }
  IoResult send(Bytes bytes) override;
  IoResult recv(MutBytes space) override;
  void close() override;
  Interest interest(bool, bool) const override { return {}; }
  bool ready() const override;
  Instant next_deadline() const override { return next_look_; }

  /// "192.0.2.1:443", with the reason behind it after an error.
  Str describe() const override { return {words_, words_size_}; }

 private:
  struct Callbacks;

  Status look_up(Instant now);
  Status connect();
  Status start(tcp_pcb* pcb);
  Status look_whether_connected();
  IoResult lose(err_t error);
  void say(Str reason);
  void put(Str text);

  Platform& platform_;
  Resolve resolve_;
  State state_ = State::kClosed;
  uint16_t port_ = 0;
  bool fresh_ = false;
  ip_addr_t address_;
  Instant next_look_ = kNever;

  // Under lwIP's lock.
  tcp_pcb* pcb_ = nullptr;
  pbuf* inbox_ = nullptr;
  bool connected_ = false;
  bool ended_ = false;
  err_t error_ = ERR_OK;

  size_t words_size_ = 0;
  char host_[kMaxHostBytes + 1];
  char words_[IPADDR_STRLEN_MAX + 40];
};

}  // namespace tinyaws::lwip
