// One slot: a transport, a buffer and the call that it runs. `step` is the only code that touches a transport.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/call.h"
#include "tinyaws/config.h"
#include "tinyaws/exchange.h"
#include "tinyaws/port.h"
#include "tinyaws/status.h"
#include "tinyaws/time.h"

namespace tinyaws {

/// A step of a connection, for logs. Never holds a secret: neither header fields nor bodies are shown.
struct Event {
  enum class Kind : uint8_t {
    kResolving,  ///< `text`: the host.
    kResolved,   ///< `text`: the address that is tried first.
    kConnected,  ///< `text`: the peer's address.
    kVerified,   ///< There is a TLS session and the peer's certificate was accepted. `text`: version and suite.
    kReused,     ///< The connection of an earlier exchange serves again. `text`: the host.
    kHeadSent,   ///< `text`: method and path, without the query.
    kBodySent,
    kStatus,   ///< The head of the final answer is here. `text`: its status line.
    kDone,     ///< The exchange is complete.
    kFailed,   ///< The exchange failed. `status`: why. `text`: what the transport has to say about it.
    kWaiting,  ///< The call waits before it goes on. Told once until it has gone on.
  };
  Kind kind = Kind::kDone;
  const Call* call = nullptr;  ///< Whose step it is.
  Status status = Status::kOk;
  Str text = {};          ///< Dies with the callback; may be empty.
  uint64_t bytes_in = 0;  ///< Of this exchange so far, heads included, TLS not.
  uint64_t bytes_out = 0;
};

/// The event's name, "connected". Lives for ever.
Str name(Event::Kind kind);

/// Is told every step of a connection, from inside `Connection::step`.
class Observer {
 public:
  virtual void on_event(const Event& event) = 0;

 protected:
  ~Observer() = default;
};

class Connection;

/// Other connections whose transports are kept: asked by one that is about to open its own.
class ConnectionPool {
 public:
  /// `asking` may be given another's transport by `Connection::trade`, one that leads to `endpoint` already or one
  /// that leads nowhere. Nothing else may be done to it.
  virtual void on_open(Connection& asking, const Endpoint& endpoint, Instant now) = 0;

 protected:
  ~ConnectionPool() = default;
};

/// Runs one call at a time.
///
///            start                     next: kSend
///   kIdle ----------> kAsking ---------------------------> kOpening --> kExchanging
///     ^                 | ^  \ next: kWait                     |  open?        |
///     |  next: kDone    | |   '--> kWaiting (until) --.        | skip if       |
///     '-----------------' '---------------------------'        | reused        |
///                         ^------ on_failure ------------------'               |
///                         ^------ on_response, or on_failure ------------------'
///
/// - A transport is kept after an exchange that leaves it usable, until `idle_ms` is over, and is looked at before it
///   is used again. When one turns out to be dead none but those proven in the same call is used for the rest of it.
/// - Time limits are looked at when nothing moves any more, so that what has come in time counts. One that was over a
///   second ago while nobody stepped begins anew: a wait once until something moves, an attempt once. The call's own
///   deadline does not, and no request is begun after it.
/// - A body that is withheld until the peer gives leave (Expect: 100-continue) is sent anyway `continue_ms` after its
///   head, whatever came meanwhile that is neither leave nor the answer; 0: at once. Beside that only the attempt's
///   and the call's own limits count. After the body the peer has the whole of `first_byte_ms` again.
class Connection {
 public:
  /// `buffer` holds one exchange: see Port::buffer. Transport, buffer and observer must outlive the connection.
  Connection(Transport& transport, MutBytes buffer, const Timeouts& timeouts = {}, Observer* observer = nullptr);
  ~Connection() {
    if (busy()) cancel();
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Takes on a call, which must live until `step` has returned something else than kPending, `cancel` was called, or
  /// the connection is gone, which cancels it too. Errors: kBusy.
  Status start(Call& call);

  /// Goes as far as possible without waiting, but does bounded work. kPending: call again when `interest` is
  /// met, `ready`, or `next_deadline` has come. kOk: the call has ended, its result lies with it.
  Status step(Instant now, UnixTime wall);

  /// Abandons the call, which is told `on_cancel` and no more, and closes the transport.
  void cancel();

  /// Closes an idle connection. Does nothing during a call.
  void close_idle();

  /// Sets what the constructor was given, and whom to ask for a transport; null: nobody. REQUIRES: not busy. All must
  /// outlive the connection.
  void configure(const Timeouts& timeouts, Observer* observer, ConnectionPool* pool);

  /// Between `open` of the transport and the end of its exchange.
  bool in_exchange() const { return phase_ == Phase::kOpening || phase_ == Phase::kExchanging; }

  /// A transport is open; without an exchange under way it is kept for the next one.
  bool is_kept() const { return link_.transport->state() == Transport::State::kOpen; }

  /// Since when: the end of its last exchange.
  Instant kept_since() const { return link_.idle_since; }

  /// When it is too old to be used again.
  Instant kept_until() const;

  /// The kept transport leads to `endpoint`, is young enough and alive: it has not been closed, and nothing came that
  /// nobody asked for. One that is not alive is closed. REQUIRES: no exchange is under way.
  bool leads_to(const Endpoint& endpoint, Instant now);

  /// Exchanges transports with another connection, kept or closed. REQUIRES: neither has an exchange under way.
  void trade(Connection& other);

  bool busy() const { return phase_ != Phase::kIdle; }
  bool ready() const;
  Interest interest() const;
  Instant next_deadline() const;

 private:
  enum class Phase : uint8_t { kIdle, kAsking, kWaiting, kOpening, kExchanging };

  /// A transport, and where it leads.
  struct Link {
    explicit Link(Transport& t) : transport(&t) {}
    Str host() const { return {host_text, host_size}; }

    Transport* transport;
    const TlsSettings* tls_settings = nullptr;
    Instant idle_since;
    uint16_t port = 0;
    bool tls = false;
    size_t host_size = 0;
    char host_text[kMaxHostBytes];
  };

  bool turn(Instant now, UnixTime wall);
  bool ask(Instant now, UnixTime wall);
  bool open_further(Instant now);
  bool exchange_further(Instant now);
  bool check_timeout(Instant now);
  bool end_if_over(Instant now);
  void note_lateness(Instant now);
  bool is_attempt_over(Instant now) const;
  bool is_overdue(Instant now) const;
  void end_overdue(Instant now);

  void begin_exchange(const RequestHead& head, Instant now);
  bool find_kept(const Endpoint& endpoint, Instant now);
  void open(const Endpoint& endpoint, Instant now);
  void opened(Status status, Transport::State before, Instant now);
  bool send_some(Instant now);
  bool receive_some(Instant now);
  bool deliver_some(Instant now);
  void finish_exchange(Instant now);
  void fail_transport(Status status, Instant now);
  void fail_exchange(Status status, Str detail, Instant now);

  void forget_secrets(MutBytes memory);
  void tell(Event::Kind kind, Str text = {}, Status status = Status::kOk);
  void tell_opening(Transport::State before);
  void tell_sent();
  void note_head(Instant now);

  Status timeout_status() const;
  Instant timeout() const;

  Transport& transport() { return *link_.transport; }
  const Transport& transport() const { return *link_.transport; }

  // What is looked at most comes first: it is reached by shorter instructions.
  Phase phase_ = Phase::kIdle;
  bool reused_ = false;
  bool distrusts_kept_ = false;  // a kept connection has failed this call: others may be dead as well
  bool proven_ = false;          // the transport has served an exchange of this call
  bool waiting_told_ = false;
  bool drained_ = false;          // this step has received all that had come
  bool wait_excused_ = false;     // the present wait has begun anew
  bool attempt_excused_ = false;  // so has the present attempt
  bool secret_ = false;           // the buffer may hold secrets
  bool blocked_ = false;          // body source or sink is not ready
  bool more_ = false;             // `step` stopped short of the end of its work
  bool head_told_ = false;
  bool sent_told_ = false;
  bool head_noted_ = false;
  bool outcome_told_ = false;  // and the call not yet asked what is next
  Call* call_ = nullptr;
  const Timeouts* limits_ = &timeouts_;  // of the present exchange
  Observer* observer_;
  ConnectionPool* pool_ = nullptr;
  MutBytes buffer_;
  size_t head_size_ = 0;
  Instant attempt_end_ = kNever;
  Instant since_;       // the present wait began: for a connection, TLS, a byte to move
  Instant wait_end_;    // the present wait's limit, as the last step left it
  Instant wait_until_;  // the call's own wait, the peer's leave, or the next question to a body source or sink
  uint64_t bytes_in_ = 0;
  uint64_t bytes_out_ = 0;
  Link link_;
  Exchange exchange_;
  Timeouts timeouts_;
};

}  // namespace tinyaws
