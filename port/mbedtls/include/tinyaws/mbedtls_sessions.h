// TLS sessions for connections to come: a handshake that resumes one checks no certificate and makes no signature,
// and takes one round trip less in TLS 1.2 (RFC 5077, RFC 5246 section 7.3, RFC 8446 section 2.2).
//
// What a resumed session stands on. No certificate is looked at again: the peer proves that it knows a secret that
// only the peer of the first handshake shares, whose certificate was verified, for that host, by that TlsConfig. So a
// session serves the same host, port and TlsConfig alone, and none whose CAs or client certificate have changed
// since. It ends when the first certificate of the verified chain expires, 24 hours after the verification at the
// latest (RFC 5246 appendix F.1.4), and with the life that the server gave its ticket. What resumes a session
// inherits these bounds, so renewed tickets don't stretch them. A clock that reads earlier than when a session was
// kept ends it as well.
//
// A TLS 1.3 ticket is used once (RFC 8446 appendix C.4): it leaves the store when it is offered. In TLS 1.2
// connections may share one. A handshake that fails, or is given up, and a fatal error on an open connection forget
// the endpoint's session: the next handshake is a full one.
//
// Sessions hold secrets. What is replaced, dropped or at its end is overwritten. Nothing is written anywhere else.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/time.h"

namespace tinyaws::mbedtls {

/// Room for one session with the name of its host. Cost: this many bytes an entry of a TlsSessionStore. Error: none,
/// what does not fit is not kept and the next handshake is a full one. Beside the host's name a session takes 114
/// bytes and its ticket in TLS 1.2; 64, its ticket and the host's name once more in TLS 1.3. Tickets of OpenSSL take
/// 176 and 192, and where the server asks for a client certificate that certificate's size more: 1,280 is enough for
/// one of RSA.
constexpr size_t kTlsSessionBytes = 512;

/// The longest that a session serves after its certificate was verified (RFC 5246 appendix F.1.4).
constexpr int64_t kMaxTlsSessionSeconds = 24 * 60 * 60;

/// From when until when, both included, in seconds as UnixTime has them.
struct TlsPeriod {
  int64_t since = 0;
  int64_t until = 0;

  bool holds(UnixTime time) const { return since <= time.seconds && time.seconds <= until; }
};

/// Sessions in memory of the caller's, the newest of each endpoint; the least recently used gives way. For the
/// transports of one thread, any number of them and of TlsConfigs; must outlive the transports. Make a
/// TlsSessionStore.
class TlsSessions {
 public:
  /// What a session belongs to.
  struct Key {
    Str host;
    uint16_t port = 0;
    uint64_t config = 0;   ///< Never 0, and of one TlsConfig for ever.
    uint64_t changes = 0;  ///< How often what that one trusts or shows had changed.
  };

  struct Terms {
    TlsPeriod trust;  ///< Since the certificate was verified, until that counts no more.
    TlsPeriod life;   ///< Of this session.
    bool once = false;
  };

  /// `bytes` is empty when there is none; valid until the next call of anything but `forget` for another key.
  struct Session {
    Bytes bytes;
    Terms terms;
  };

  /// One session's place but for its bytes.
  struct Entry {
    uint64_t config = 0;  // 0: free
    uint64_t changes = 0;
    uint64_t turn = 0;
    Terms terms;
    size_t size = 0;
    uint16_t host_size = 0;
    uint16_t port = 0;
  };

  TlsSessions(const TlsSessions&) = delete;
  TlsSessions& operator=(const TlsSessions&) = delete;

  /// How many there are.
  size_t count() const;

  /// Forgets and wipes all of them.
  void clear();

  // For TlsTransport.

  /// The session of `key`, which is the most recently used then. One that may not serve any more at `now` is
  /// forgotten.
  Session find(const Key& key, UnixTime now);

  /// Memory of `size` bytes (at least 1) for a session of `key`, to be filled before anything else is called; what
  /// was kept for that host, port and config is gone then. Empty when `size` and the host do not fit an entry: then
  /// nothing has changed.
  MutBytes keep(const Key& key, const Terms& terms, size_t size);

  /// Wipes what is kept for that host, port and config, changed or not.
  void forget(const Key& key);

 protected:
  /// `bytes` are shared out evenly. The memory is not touched here, and must be wiped by `clear` at its end.
  TlsSessions(Span<Entry> entries, MutBytes bytes) : entries_(entries), bytes_(bytes) {}
  ~TlsSessions() = default;

 private:
  MutBytes space_of(const Entry& entry) const;
  bool belongs(const Entry& entry, const Key& key) const;
  Entry* entry_of(const Key& key) const;
  Entry* entry_to_fill(const Key& key) const;
  void wipe(Entry& entry);

  Span<Entry> entries_;
  MutBytes bytes_;
  uint64_t turn_ = 0;
};

/// Memory for the sessions of `kEntries` endpoints. Cost: sizeof, kEntryBytes and 80 (64-bit) for each; no heap.
template <size_t kEntries, size_t kEntryBytes = kTlsSessionBytes>
class TlsSessionStore final : public TlsSessions {
 public:
  TlsSessionStore() : TlsSessions(entries_, bytes_) {}
  ~TlsSessionStore() { clear(); }

 private:
  Entry entries_[kEntries];
  char bytes_[kEntries * kEntryBytes];
};

}  // namespace tinyaws::mbedtls
