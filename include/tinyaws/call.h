// A call: a script of exchanges. The connection runs it; the call says what is next.
#pragma once

#include "tinyaws/bytes.h"
#include "tinyaws/exchange.h"
#include "tinyaws/http.h"
#include "tinyaws/status.h"
#include "tinyaws/time.h"

namespace tinyaws {

/// How long to wait for what, in milliseconds. 0: no limit.
struct Timeouts {
  uint32_t connect_ms = 10000;     ///< From the start to a connection, all addresses together. kConnectTimedOut
  uint32_t tls_ms = 10000;         ///< From the connection to a TLS session. kTlsTimedOut
  uint32_t first_byte_ms = 60000;  ///< From the last byte sent to the first byte of an answer. kFirstByteTimedOut
  uint32_t stall_ms = 30000;       ///< Without a byte moving while either side should send. kStalled
  uint32_t attempt_ms = 0;         ///< One exchange, from its start to its last byte. kAttemptTimedOut
  uint32_t total_ms = 0;           ///< The call as a whole, repetitions included. kDeadlineExceeded
  uint32_t continue_ms = 1000;  ///< From the head to leave to send a large body; then it is sent. 0: not asked for.
  uint32_t idle_ms = 4000;      ///< An idle connection that old is not used again: S3 closes at about 5 s.
};

/// What a call wants done.
struct Next {
  enum class Action : uint8_t {
    kSend,   ///< Send the request that was written to the RequestHead.
    kWait,   ///< Ask again at `until`, or sooner.
    kAgain,  ///< Ask again at once: more to compute. Lets a connection share its thread while a body is hashed.
    kDone,   ///< The call has ended; its result lies with the call.
  };
  Action action = Action::kDone;
  Instant until = {};  ///< REQUIRES: set for kWait; a moment that has passed is at once.
};

/// Why an exchange failed, and how far it had come.
struct Failure {
  Status status = Status::kOk;
  Str detail = {};                    ///< In words, from the transport; may be empty. Dies when that is used again.
  bool on_reused_connection = false;  ///< The connection had served an earlier exchange.
  bool sent = false;                  ///< Some byte of the request had left.
  bool heard = false;                 ///< Some byte of the answer had arrived.
};

/// All functions run inside `Connection::step` and must not start or cancel anything on the same connection.
/// Views that are handed in die when the function returns, except where `on_response` says otherwise.
class Call {
 public:
  /// Says what is next. For kSend: `head` has been written from `begin` to `end`, and the Request given to
  /// `begin` lives in the call until the exchange has ended.
  virtual Next next(Instant now, UnixTime wall, RequestHead& head) = 0;

  /// The head of the final answer has come.
  virtual void on_head(const ResponseHead& head, Instant now) {
    (void)head;
    (void)now;
  }

  /// A piece of the body of the answer whose head is `head`. kOk with how much of it was taken, or kPending to
  /// be asked again; any other status ends the exchange with it.
  virtual IoResult on_body(const ResponseHead& head, Bytes piece) = 0;

  /// The answer is complete. `head` stays valid until the connection goes on to another exchange.
  virtual void on_response(const ResponseHead& head, Instant now) = 0;

  /// The exchange failed. A call that wants to try again says so in `next`.
  virtual void on_failure(const Failure& failure, Instant now) = 0;

  /// When the call as a whole must have ended: then the connection tells it `on_failure` with kDeadlineExceeded and
  /// asks it no more. kNever: it has no such limit.
  virtual Instant deadline() const { return kNever; }

  /// The limits of the next exchange, where the call has its own; null: the connection's.
  virtual const Timeouts* timeouts() const { return nullptr; }

  /// What is exchanged holds secrets: the connection wipes its buffer before it goes on to another exchange.
  virtual bool is_secret() const { return false; }

  /// The call is abandoned, on its own or with the call that it runs inside of, and will not be asked again.
  virtual void on_cancel() {}

 protected:
  ~Call() = default;
};

/// A call that lets other calls run inside itself, on its own connection: to fetch credentials before it signs.
class NestingCall : public Call {
 public:
  Next next(Instant now, UnixTime wall, RequestHead& head) final;
  void on_head(const ResponseHead& head, Instant now) final;
  IoResult on_body(const ResponseHead& head, Bytes piece) final;
  void on_response(const ResponseHead& head, Instant now) final;
  void on_failure(const Failure& failure, Instant now) final;
  const Timeouts* timeouts() const final;
  bool is_secret() const final;
  void on_cancel() final;

 protected:
  ~NestingCall() = default;

  /// What `own_next` answers to have another call run first: it is asked again when that has ended. The inner call's
  /// deadline is not looked at: its time limits, and this call's deadline, bound it.
  Next run_inside(Call& inner);

  /// The call that runs inside; null: none does.
  Call* inner() const { return inner_; }

  /// When this call, or one inside it, sent last; kNever before it did.
  Instant sent_at() const { return sent_at_; }
  void set_sent_at(Instant when) { sent_at_ = when; }

  // The call's own part, in the words of Call. One that sends nothing itself is told of no answers.
  virtual Next own_next(Instant now, UnixTime wall, RequestHead& head) = 0;
  virtual void own_head(const ResponseHead& head, Instant now);
  virtual IoResult own_body(const ResponseHead& head, Bytes piece);
  virtual void own_response(const ResponseHead& head, Instant now);
  virtual void own_failure(const Failure& failure, Instant now) = 0;
  virtual const Timeouts* own_timeouts() const { return nullptr; }
  virtual bool own_is_secret() const { return false; }
  virtual void own_cancel() {}

 private:
  Call* inner_ = nullptr;
  Instant sent_at_ = kNever;
};

}  // namespace tinyaws
