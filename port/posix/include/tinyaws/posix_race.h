// Connecting to one of several addresses.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/port.h"
#include "tinyaws/posix_resolver.h"
#include "tinyaws/status.h"
#include "tinyaws/time.h"

namespace tinyaws::posix {

class Poller;

/// Milliseconds from one attempt to the next (RFC 8305 section 5, "Connection Attempt Delay").
constexpr int64_t kAttemptDelayMs = 250;

/// Attempts that go on at the same time. Cost: 16 bytes each in a TcpTransport; a descriptor each while it connects,
/// and one more while there are several. Error: none.
constexpr size_t kMaxAttempts = 3;

/// Milliseconds after which an attempt that is still silent gives way, if all kMaxAttempts are silent and there are
/// addresses not tried yet: enough for a SYN that was lost to be repeated, after one second, and to be answered.
/// Eight silent addresses are all tried within 6.25 s, the last ones for the rest of Timeouts::connect_ms.
constexpr int64_t kAttemptMs = 3000;

/// Milliseconds after which attempts are looked at that no descriptor tells about.
constexpr int64_t kUnwatchedAttemptMs = 10;

/// Tries addresses in their order, each kAttemptDelayMs after the one before, or at once when one fails, while
/// earlier ones go on (RFC 8305 section 5). The first that connects wins, the others are closed. No time limit.
class ConnectRace {
 public:
  /// `poller`, if not null, must outlive the race; every handle that `interest` names is added to it.
  explicit ConnectRace(Poller* poller) : poller_(poller) {}
  ~ConnectRace() { stop(); }
  ConnectRace(const ConnectRace&) = delete;
  ConnectRace& operator=(const ConnectRace&) = delete;

  /// Forgets an earlier race. Must come first.
  void start();

  /// Goes on without waiting. `addresses` and `port` stay the same until the end. kPending, or kOk: connected to
  /// `current`, the socket is to be taken. Errors: kConnectFailed: all have failed, the last one was `current`, and
  /// why is `error`.
  Status advance(Span<const Address> addresses, uint16_t port, Instant now);

  /// Hands over the winner's socket, which is non-blocking, and added to the poller. REQUIRES: `advance` answered
  /// kOk.
  int take();

  /// Closes all sockets. Fine in every state.
  void stop();

  /// Index of the address that connected, of those that go on the one tried last, or the one that failed last.
  size_t current() const { return current_; }
  size_t tried() const { return tried_; }

  /// As an errno. REQUIRES: `advance` answered kConnectFailed.
  int error() const { return error_; }

  /// The one socket there is, or an epoll descriptor with all of them in it; nothing when that can't be had.
  Interest interest() const;

  /// When the next address has its turn; kNever when there is none.
  Instant next_deadline() const;

 private:
  struct Attempt {
    Instant started;
    int socket;
    uint8_t address;
  };

  bool look();
  int win(size_t index);
  void give_up(size_t index, int error);
  void start_due(Span<const Address> addresses, uint16_t port, Instant now);
  bool make_room(Instant now);
  int start_next(const Address& address, uint16_t port, Instant now);
  bool watch(int socket);
  bool gather();
  void drop(size_t index);
  void drop_attempts();

  Poller* poller_;
  Attempt attempts_[kMaxAttempts];  // the oldest first
  Instant next_start_;
  Instant next_look_ = kNever;
  int all_ = -1;  // epoll descriptor, from the second attempt at the same time on
  int winner_ = -1;
  int error_ = 0;
  uint8_t count_ = 0;  // of attempts_
  uint8_t total_ = 0;
  uint8_t tried_ = 0;
  uint8_t current_ = 0;
  bool unwatched_ = false;  // some attempt is in no set: time alone tells
};

}  // namespace tinyaws::posix
