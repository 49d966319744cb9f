// The sockets of many transports behind one descriptor. Linux only: epoll(7).
#pragma once

#include <cstddef>

#include "tinyaws/bytes.h"
#include "tinyaws/status.h"
#include "tinyaws/time.h"

namespace tinyaws::posix {

/// Handles that one `Poller::wait` can answer; what more there is comes with the next one.
/// Cost: 12 bytes each on its stack, 16 on some processors. Error: none.
constexpr size_t kMaxPolled = 64;

/// An epoll set to which every transport adds each of its sockets once, so that waiting costs no more with two
/// hundred transports than with two. For `AsyncClient::poll(handles)`:
///
///   while (client.busy()) {
///     client.poll(poller.wait(handles, client.next_deadline()));
///   }
///
/// It is edge-triggered: a handle is told once each time that something has happened to it, not for as long as there
/// is something to do. So whoever is told goes on until the transport answers kPending, or remembers that it has
/// stopped short of that; AsyncClient and Connection::step do. What happened before `watch` is told as well. Handles
/// may be told without need, never the other way round.
///
/// Two AsyncClients may share a Poller; then both must be given all handles of every `wait`, since what is told to
/// one only is not told again:
///
///   const Span<const int> ready = poller.wait(handles, earlier(one.next_deadline(), other.next_deadline()));
///   one.poll(ready);
///   other.poll(ready);
///
/// A socket that is closed leaves by itself, unless the process has forked and the child keeps it: then its handle
/// may be told without need. The number of a closed socket may be given to the next one: then what was told of the
/// former reaches the latter, which does no harm.
class Poller {
 public:
  Poller() = default;
  ~Poller() { close(); }
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  /// Before the first transport is opened, and once. Errors: kBusy when there are too many descriptors or too little
  /// memory, kUnsupported; `errno` says more.
  Status open();

  /// Forgets all sockets. Fine in every state.
  void close();

  /// Whether `open` was called, and went well.
  bool is_open() const { return set_ >= 0; }

  /// To be watched for reading by any other loop (poll, epoll, libuv, GLib): when it can be read, a `wait` until a
  /// time in the past says what has happened. -1 when not open.
  int descriptor() const { return set_; }

  /// Adds a handle, for reading and writing, until it is closed. Adding it again makes what is possible with it be
  /// told once more. Errors: false, with the reason in `errno` (EBADF when not open; ENOSPC: /proc/sys/fs/epoll).
  bool watch(int handle);

  /// Waits until one handle can go on, or until `until` on the clock of Platform::now, and answers those that can, in
  /// a view of `handles`; `until` in the past: without waiting. Each handle stands there once. Empty when the time
  /// has come, or a signal was handled. At most kMaxPolled. REQUIRES: open; `handles` is not empty.
  Span<const int> wait(Span<int> handles, Instant until);

 private:
  int set_ = -1;
};

}  // namespace tinyaws::posix
