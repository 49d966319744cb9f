// The porting contract: what a board has to provide. Four interfaces, plus the five functions of sha256.h; two more
// where credentials come from files and programs.
// port/README.md walks through writing a port; port/none is the smallest one that links.
//
// Threads: objects of a port are used by the one thread that uses the client on top of them; two clients in two
// threads share nothing. Destructors are never called through these interfaces.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/http.h"
#include "tinyaws/service_clock.h"
#include "tinyaws/status.h"
#include "tinyaws/time.h"

namespace tinyaws {

/// What a transport waits for, in the terms of its platform.
struct Interest {
  int handle = -1;  ///< A file descriptor on POSIX; below 0: nothing to wait for but time.
  bool read = false;
  bool write = false;
};

/// A byte stream to one endpoint at a time. Never blocks. TLS is a Transport that is built on another.
///
///   kClosed --open--> kResolving --advance--> kConnecting --advance--> [kSecuring --advance-->] kOpen
///      ^                                                                                         |
///      '------------------- close, from every state -------------------------------------------'
///
/// After an error only `describe` and `close` may follow; after a `send` that answered kConnectionLost also `recv`,
/// for the peer may have answered before it left.
///
/// A transport may pass through several states in one call.
class Transport {
 public:
  enum class State : uint8_t {
    kClosed,
    kResolving,   ///< Looking up the addresses of the host.
    kConnecting,  ///< Trying one address after the other.
    kSecuring,    ///< TLS handshake.
    kOpen,
  };

  /// Begins to connect. REQUIRES: closed. `endpoint` must be copied: its views die with this call.
  /// A transport without TLS answers kUnsupported when `endpoint.tls`. Returns kPending, or kOk when open already.
  virtual Status open(const Endpoint& endpoint) = 0;

  /// Goes on connecting as far as it can without waiting. `now` is the time on the caller's clock, whose start does
  /// not matter. Returns kPending or kOk (open). Errors: kResolveFailed, kConnectFailed, kTlsFailed,
  /// kCertificateRejected, kClockNotSet (a certificate can't be judged without the time), kUnsupported.
  virtual Status advance(Instant now) = 0;

  virtual State state() const = 0;

  /// Sends some of `bytes`. REQUIRES: open. kOk with how many (at least 1), kPending for none just now.
  /// After kPending the caller offers the same bytes again; it may offer more behind them.
  /// Errors: kConnectionLost, kTlsFailed.
  virtual IoResult send(Bytes bytes) = 0;

  /// Receives into `space` (not empty). REQUIRES: open. kOk with how many; kOk with 0 is the orderly end of the
  /// peer's side, which with TLS only a close_notify is; kPending for none just now.
  /// Errors: kConnectionLost, kTlsFailed.
  virtual IoResult recv(MutBytes space) = 0;

  /// Ends the connection, at once and without waiting for the peer. Fine in every state.
  virtual void close() = 0;

  /// What has to become possible before the next call gets any further: while connecting, for `advance`; when open,
  /// for `send` if `sending` and for `recv` if `receiving`. Bytes that the transport already holds count as
  /// possible at once: see `ready`.
  virtual Interest interest(bool sending, bool receiving) const = 0;

  /// True when the next call gets further without waiting, and no `interest` would say so: `advance` right after
  /// `open`, `recv` while there are decrypted bytes.
  virtual bool ready() const = 0;

  /// When `advance` gets further although nothing that `interest` names has happened: it is time to ask another name
  /// server, or to try another address. On the clock of the last `advance`; kNever: not by time.
  virtual Instant next_deadline() const { return kNever; }

  /// What there is to say, in words, about the last thing that happened: the address tried, the TLS version, or
  /// why it failed ("certificate has expired"). Never a secret. Valid until the next call; `close` leaves it as it
  /// is.
  virtual Str describe() const = 0;

 protected:
  ~Transport() = default;
};

/// Clocks, chance and waiting.
class Platform {
 public:
  virtual Instant now() = 0;

  /// What the board's wall clock says, right or wrong; kUnknownTime where there is none, or it has not been set.
  virtual UnixTime unix_time() = 0;

  /// Fills `out` with unpredictable bytes. Errors: kCryptoFailed, kUnsupported.
  virtual Status random(MutBytes out) = 0;

  /// Blocks until one of `interests` can go on, or until `until`. May return early for no reason.
  /// Only the blocking Client calls it.
  virtual void wait(Span<const Interest> interests, Instant until) = 0;

  /// The time of day as services see it: the wall clock, corrected by what they have said. Where nothing is known yet
  /// it is the floor. Clients sign with it; a program may write it down, and set it as the floor the next time.
  UnixTime time_of_day(Instant now) { return service_clock_.time_of_day(unix_time(), now); }

  /// There is a wall clock that was set, or a service has said what time it is.
  bool knows_time() { return service_clock_.knows_time(unix_time()); }

  ServiceClock& service_clock() { return service_clock_; }

 protected:
  ~Platform() = default;

 private:
  ServiceClock service_clock_;
};

/// Named settings: environment variables on POSIX, whatever a board has elsewhere.
class Environment {
 public:
  /// The value of a variable, empty when it is not set; `name` ends with a NUL.
  /// Valid until the variable is changed.
  virtual Str variable(const char* name) const = 0;

 protected:
  ~Environment() = default;
};

/// Small files to read: settings, tokens, certificates. One is open at a time. Reading may wait for a disk; for
/// another program, at the end of a named pipe, a second at most.
class Files {
 public:
  /// Opens a file at its start; one that was open is closed. `path` ends with a NUL.
  /// Errors: kNotFound (no such file, or no directory on the way to it), kFileUnreadable (anything else: a directory,
  /// no permission), kBusy (not now: too many files are open), kUnsupported (no files here).
  virtual Status open(const char* path) = 0;

  /// Reads on into `out` (not empty). REQUIRES: open. kOk with how many bytes; with 0 at the end.
  /// Errors: kFileUnreadable.
  virtual IoResult read(MutBytes out) = 0;

  /// Fine in every state.
  virtual void close() = 0;

  /// The last error in words, "Permission denied"; empty when there was none. Valid until the next call.
  virtual Str describe() const = 0;

 protected:
  ~Files() = default;
};

/// Programs to run for what they print. One runs at a time.
class Processes {
 public:
  /// Starts a program. `command` is split into words as a shell splits them (blanks, quotes, backslashes), and no
  /// shell sees it. Errors: kInvalidArgument (a quote is not closed, no words), kValueTooLong (more or longer words
  /// than the port has room for), kBusy, kUnsupported, kProcessFailed (it can't be started).
  virtual Status start(Str command) = 0;

  /// What it has printed on its standard output. kOk with how many bytes; kPending for none just now; kOk with 0
  /// when it has ended well. Errors: kProcessFailed (it ended with a code other than 0, or by a signal).
  virtual IoResult read(MutBytes out) = 0;

  /// Ends the program if it still runs. Fine in every state.
  virtual void stop() = 0;

  /// The last error in words, "exit code 3"; empty when there was none. Valid until the next call.
  virtual Str describe() const = 0;

 protected:
  ~Processes() = default;
};

/// What a board has besides connections.
struct Board {
  Platform& platform;
  const Environment& environment;
  Files* files = nullptr;          ///< Null: there are none.
  Processes* processes = nullptr;  ///< Null: none can be run.
};

/// What a client stands on. `buffer` holds one exchange at a time, request head and response head in turn: 4,096
/// bytes are comfortable, a session token's length more when tokens are long.
struct Port {
  Platform& platform;
  const Environment& environment;
  Transport& transport;
  MutBytes buffer;
  Files* files = nullptr;
  Processes* processes = nullptr;

  // NOLINTNEXTLINE(google-explicit-constructor): a part of the whole
  operator Board() const { return {platform, environment, files, processes}; }
};

}  // namespace tinyaws
