// Many requests at once: a fixed table of connections, driven by whichever loop the program has.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/api_call.h"
#include "tinyaws/bytes.h"
#include "tinyaws/call.h"
#include "tinyaws/connection.h"
#include "tinyaws/credentials.h"
#include "tinyaws/port.h"
#include "tinyaws/sigv4.h"
#include "tinyaws/status.h"
#include "tinyaws/time.h"

namespace tinyaws {

/// Milliseconds after which a poll touches no other slot. What costs most is a TLS handshake: 10 to 300 ms for one
/// that resumes no session, by the board. Two hundred at once on a cold start are many seconds of work: start one
/// call first, and the others resume its session.
constexpr int64_t kMaxPollMs = 20;

/// Is told the end of a call, from inside `AsyncClient::poll` and after the call itself was. The call may be gone
/// when this returns; others may be started and cancelled here, the same one again among them.
class Completion {
 public:
  virtual void on_done(Call& call) = 0;

 protected:
  ~Completion() = default;
};

/// A row of the table: a connection, and whose call it runs. See ClientStorage for a table of them.
class Slot {
 public:
  /// `buffer` holds one exchange: see Port::buffer. Both must outlive the slot.
  Slot(Transport& transport, MutBytes buffer) : connection_(transport, buffer) {}
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;

 private:
  friend class AsyncClient;
  // The large one last: what is in front of it is reached by shorter instructions.
  bool is_new_ = false;  // started, and not stepped yet
  bool called_ = false;  // by a handle of this poll
  Call* call_ = nullptr;
  Completion* completion_ = nullptr;
  Interest interest_;     // as of the last step
  Instant due_ = kNever;  // when the call goes on whatever its interest; when a kept connection is closed
  Connection connection_;
};

/// A call that waits for a slot.
struct QueuedCall {
  Call* call = nullptr;
  Completion* completion = nullptr;
};

/// What an AsyncClient stands on.
struct AsyncPort {
  Platform& platform;
  const Environment& environment;
  Span<Slot> slots;             ///< At least one.
  Span<QueuedCall> queue = {};  ///< May be empty: then a call that finds no slot is turned away.
};

/// Runs as many calls at once as there are slots, on one thread, and never waits itself. A program's loop asks it
/// what to wait for and until when, and polls it:
///
///   while (client.busy()) {
///     platform.wait(client.interests(interests), client.next_deadline());
///     client.poll();
///   }
///
/// Connections are kept by endpoint when their exchange is done: a call finds the one that leads where it wants to go
/// whichever slot it runs in; else it takes one that leads nowhere; else the one that was idle longest gives way. A
/// kept connection is looked at before it is used, and closed after Timeouts::idle_ms. That of a call that waits
/// before it goes on is for others to use, too.
///
/// A body source or sink that is not ready, a slow peer or a silent one holds up its own slot only. A `poll` does
/// bounded work, some 64 buffers' worth for each slot that has something to do, and comes back after kMaxPollMs: the
/// slots that it did not come to are the first ones of the next.
class AsyncClient final : private ConnectionPool {
 public:
  /// `port`'s parts, `credentials` and the views and pointers in `options` must outlive the client. The slots are its
  /// own as long as it lives.
  AsyncClient(const AsyncPort& port, CredentialsProvider& credentials, const ClientOptions& options = {});

  /// Abandons what still runs or waits, as `cancel` does, and closes all connections.
  ~AsyncClient();
  AsyncClient(const AsyncClient&) = delete;
  AsyncClient& operator=(const AsyncClient&) = delete;

  /// Takes on a call: an ApiCall made with `context`, or any other; not one that it has already. The call, and
  /// `completion` unless it is null, must live until the call has ended. Nothing is sent before the next `poll`. May
  /// be called at any time, from within a call's own functions too. Returns kOk. Errors: kBusy: slots and queue are
  /// full; nothing was changed, and the call can be offered again when another one has ended.
  ///
  /// Time limits count from when a slot takes the call up; `total_ms` does not count its time in the queue.
  Status start(Call& call, Completion* completion = nullptr);

  /// Abandons a call that runs or waits: it is told `on_cancel` and nothing more, its completion nothing at all, and
  /// its connection is closed. Not from within that call's own functions. kNotFound: no such call.
  Status cancel(Call& call);

  /// Goes on with everything that can go on, and comes back. Tries every slot that runs a call. Neither this nor the
  /// other one may be called from within a call's functions or a completion.
  void poll();

  /// The same for a loop that knows which of the handles that `interests` named can go on, as epoll tells it: only
  /// their slots are tried, new ones, and those whose time has come. Handles of nobody are ignored.
  void poll(Span<const int> handles);

  /// What to wait for, one for each slot that waits for a handle; answers how many there are, in a view of `out`.
  /// REQUIRES: `out` has room for as many as there are slots.
  Span<const Interest> interests(Span<Interest> out) const;

  /// Until when to wait at most: then `poll` has something to do whatever happens. In the past, when there is
  /// something to do already; kNever when nothing runs and no connection is kept.
  Instant next_deadline() const;

  /// Some call runs or waits.
  bool busy() const { return running_ + queued_ > 0; }
  size_t running() const { return running_; }
  size_t queued() const { return queued_; }

  /// What an ApiCall of this client is made with.
  const ApiContext& context() const { return context_; }

  /// Closes the connections that are kept for later calls.
  void close_idle();

 private:
  void on_open(Connection& asking, const Endpoint& endpoint, Instant now) override;
  bool has(const Call& call) const;
  Slot* find_free_slot();
  void run(Slot& slot, Call& call, Completion* completion);
  void begin_round();
  void run_round();
  void tidy(Slot& slot);
  void step(Slot& slot);
  void free(Slot& slot);
  void run_next_in_queue(Slot& slot);
  bool cancel_queued(const Call& call);
  static bool can_give(const Slot& slot, const Connection& asking);
  static void trade(Connection& asking, Slot& other);
  static void note_kept(Slot& slot);

  // The largest last: what is in front of them is reached by shorter instructions.
  bool polling_ = false;
  bool cut_short_ = false;  // the last round
  bool closing_ = false;
  AsyncPort port_;
  size_t running_ = 0;
  size_t queue_begin_ = 0;
  size_t queued_ = 0;
  const Slot* stepping_ = nullptr;
  size_t first_ = 0;  // the slot that a round begins with
  Instant now_;       // of the last poll
  UnixTime wall_;
  Instant round_ends_;
  ClientOptions options_;
  Signer signer_;
  RetryQuota quota_;
  ApiContext context_;
};

}  // namespace tinyaws
