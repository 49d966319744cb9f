// TCP over IPv4 and IPv6.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/http.h"
#include "tinyaws/port.h"
#include "tinyaws/posix_race.h"
#include "tinyaws/posix_resolver.h"
#include "tinyaws/status.h"
#include "tinyaws/time.h"

namespace tinyaws::posix {

class Poller;

/// Room for the words of a TcpTransport that has resolved its host. A list of addresses that is longer ends with "and
/// N more". Cost: this many bytes in a TcpTransport. Error: none.
constexpr size_t kTransportWordBytes = 224;

/// TCP, without TLS.
///
/// A name is looked up by a Lookup, whose rules hold here. Its addresses are tried by a ConnectRace: IPv6 and IPv4 in
/// turn, the next one 250 ms after the one before, or at once when one fails. So a silent address costs a quarter of
/// a second; that all are silent the caller finds out by losing patience (Timeouts::connect_ms).
///
/// After `send` has answered kConnectionLost, `recv` still gives what arrived before: a server may refuse a
/// request in words and close before it has read it all.
class TcpTransport final : public Transport {
 public:
  /// Both must outlive the transport. With a `poller` every handle that `interest` ever names is added to it, which
  /// is what AsyncClient::poll(handles) asks for; where it can't be added, connecting fails, or time alone tells.
  explicit TcpTransport(Resolver& resolver, Poller* poller = nullptr) : lookup_(resolver, poller), race_(poller) {}
  ~TcpTransport() { TcpTransport::close(); }
  TcpTransport(const TcpTransport&) = delete;
  TcpTransport& operator=(const TcpTransport&) = delete;

  /// Returns kPending. Errors: kUnsupported with `endpoint.tls`; kInvalidArgument for a host that is empty, longer
  /// than kMaxHostBytes, or has a NUL in it.
  Status open(const Endpoint& endpoint) override;

  /// Resolves, and connects. The call that leaves kResolving also makes the first attempt; kPending then leaves the
  /// list of addresses in `describe`. Errors: kResolveFailed, kConnectFailed.
  Status advance(Instant now) override;

  State state() const override { return state_; }
  IoResult send(Bytes bytes) override;
  IoResult recv(MutBytes space) override;
  void close() override;

  /// While several addresses are tried, the handle is that of an epoll set with all of their sockets in it.
  Interest interest(bool sending, bool receiving) const override;

  /// True between `open` and the first `advance`, which has nothing to wait for.
  bool ready() const override { return fresh_; }

  Instant next_deadline() const override;

  /// In turn: the host; its addresses, "[::1]:8000, 127.0.0.1:8000"; the one tried last; the one connected to.
  /// Or what went wrong: "127.0.0.1:8000: Connection refused (last of 2 addresses)".
  Str describe() const override { return resolved_ ? Str(words_, words_size_) : lookup_.describe(); }

 private:
  Status resolve(Instant now);
  Status connect(Instant now);
  IoResult lose(int error);
  void say_current();
  void say_list();
  void say_failure(int error);
  void put(Str text);
  void put_error(int error);
  void put_number(size_t number);
  void put_address(const Address& address);

  Lookup lookup_;
  ConnectRace race_;
  char words_[kTransportWordBytes];
  size_t words_size_ = 0;
  int socket_ = -1;
  int lost_ = 0;  // errno of the last failure: the kernel tells it only once
  uint16_t port_ = 0;
  State state_ = State::kClosed;
  bool fresh_ = false;
  bool resolved_ = false;
};

}  // namespace tinyaws::posix
