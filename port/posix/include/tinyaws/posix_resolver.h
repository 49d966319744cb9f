// From a host's name to its addresses, without waiting: /etc/hosts, then DNS with what /etc/resolv.conf says.
//
// Nothing of the C library's resolver has a part in it: no global state, no nsswitch.conf, no mDNS, no nscd. A build
// with TINYAWS_RESOLVER=getaddrinfo asks the C library instead, which has all of these and BLOCKS; see `Lookup`.
//
// No memory is allocated. Small files are read as they are: a file system that does not answer is waited for.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/config.h"
#include "tinyaws/port.h"
#include "tinyaws/posix_address.h"
#include "tinyaws/status.h"
#include "tinyaws/time.h"

namespace tinyaws::posix {

class Poller;
struct DnsAnswer;

/// Hosts whose addresses a Resolver remembers. When more are asked about at once, those look-ups share nothing with
/// others. Cost: 496 bytes each in a Resolver. Error: none.
constexpr size_t kResolverCacheEntries = 4;

/// Name servers that are asked; further lines are ignored (resolv.conf(5), MAXNS). Cost: 24 bytes each in a Resolver.
constexpr size_t kMaxNameServers = 3;

/// Domains that names are searched in, and the bytes of all of them, one more for each; those that do not fit are
/// ignored (resolv.conf(5) had these limits up to glibc 2.25). Cost: the bytes in a Resolver.
constexpr size_t kMaxSearchDomains = 6;
constexpr size_t kMaxSearchBytes = 256;

/// Length of a line in resolv.conf and hosts; a longer one is ignored as a whole. Cost: this many bytes on the stack.
constexpr size_t kMaxConfigLineBytes = 1024;

/// Length of an answer, over UDP and TCP. A longer one is a failure of its server. Cost: this many bytes on the
/// stack. Error: kResolveFailed if no other server has a shorter one.
constexpr size_t kMaxDnsMessageBytes = 1232;

/// Aliases (CNAME) on the way from a name to its addresses. Error: kResolveFailed.
constexpr size_t kMaxAliases = 8;

/// Messages of one server that answer no question of ours; then it is the next server's turn.
constexpr size_t kMaxJunkMessages = 64;

/// The longest that one server is waited for, in seconds (resolv.conf(5), RES_MAXRETRANS).
constexpr int64_t kMaxPatienceSeconds = 30;

/// Milliseconds that the addresses of one family wait for the other's (RFC 8305 section 3, "Resolution Delay").
constexpr int64_t kOtherFamilyMs = 50;

/// Milliseconds after which a look-up that waits for another's answer looks again.
constexpr int64_t kSharedLookMs = 20;

/// Milliseconds after which a look-up that has let its deadline pass counts as abandoned: another one asks.
constexpr int64_t kAbandonedMs = 1000;

/// Milliseconds for which an answer without addresses, or that there was no answer, is remembered.
constexpr int64_t kFailureLifeMs = 1000;

/// The longest life of addresses in the cache, in seconds, whatever their TTL says.
constexpr uint32_t kMaxTtlSeconds = 3600;

#if TINYAWS_RESOLVER_DNS

/// What resolv.conf says, as far as it is heeded.
struct DnsSettings {
  Address servers[kMaxNameServers];
  uint8_t server_count = 0;
  uint8_t domain_count = 0;
  uint8_t ndots = 1;            ///< 0 to 15.
  uint8_t timeout_seconds = 5;  ///< 1 to 30.
  uint8_t attempts = 2;         ///< 1 to 5.
  bool rotate = false;
  bool complete = true;           ///< False: a server's interface does not exist yet.
  uint32_t digest = 2166136261;   ///< Of what was read, all of it (FNV-1a): tells one version from the next.
  char domains[kMaxSearchBytes];  ///< One behind the other, each ends with a NUL.
};

#endif

/// Where a Resolver looks. The paths must outlive it.
struct ResolverOptions {
  const char* resolv_conf = "/etc/resolv.conf";
  const char* hosts = "/etc/hosts";
  uint16_t port = 53;  ///< Of all name servers: for tests.
};

class Lookup;

/// What the look-ups of one thread share: what resolv.conf says, and a small cache.
///
/// Addresses are kept for the smallest TTL of the records that led to them (RFC 1035 section 3.2.1), not at all if it
/// is 0 or one family was not heard of, and for an hour at most; the least recently used host gives way. Look-ups of
/// the same host at the same time ask once: the others wait for the answer and share it, were it a failure or without
/// any life. They ask themselves when the one that asks stops, lacks descriptors or random numbers, or is not driven.
class Resolver {
 public:
  /// `platform` gives the ids of questions, which nobody must be able to guess (RFC 5452 section 4.3). It, the
  /// resolver itself, and the paths in `options` must outlive every Lookup.
  explicit Resolver(tinyaws::Platform& platform, const ResolverOptions& options = {});
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  /// Drops what is cached; look-ups at work begin anew, and files are read anew.
  void forget();

#if TINYAWS_RESOLVER_DNS

 private:
  friend class Lookup;

  enum class Claim : uint8_t {
    kYours,   // ask, and tell `settle` what came of it
    kShared,  // somebody else is asking
    kTaken,   // `answer` has it
  };

  struct Entry {
    HostAnswer answer;
    const Lookup* asking = nullptr;
    Instant fresh_until;   // for look-ups that begin
    Instant shared_until;  // for those that have waited for it
    uint32_t used = 0;     // by count_; 0: the entry is free
  };

  void refresh();
  Claim claim(const Lookup& lookup, HostAnswer& answer, bool has_waited, Instant now);
  void settle(const Lookup& lookup, const HostAnswer& answer, uint32_t ttl_seconds, Instant now);
  void release(const Lookup& lookup);
  Entry* find(Str host);
  static bool is_asked(const Entry& entry, Instant now);
  Entry* oldest(Instant now);
  void use(Entry& entry);

  tinyaws::Platform& platform_;
  ResolverOptions options_;
  DnsSettings settings_;
  Entry entries_[kResolverCacheEntries];
  uint32_t count_ = 0;
  uint16_t generation_ = 0;  // moves when look-ups at work have to begin anew
  uint8_t turn_ = 0;         // of the servers, with `rotate`
  bool known_ = false;       // whether settings_ were ever read
#endif
};

/// One look-up at a time. Never waits, but for a disk; see TINYAWS_RESOLVER for the exception.
///
/// The hosts file, and resolv.conf where that does not know the name, are opened and read to their ends at each
/// look-up, cached or not: open, twice lseek, close, and a read for about each kMaxConfigLineBytes and one for the
/// end. Best kept short, and on a disk that answers.
///
/// In this order: a numeric address ("192.0.2.1", "2001:db8::1", "fe80::1%eth0", "fe80::1%2"), which touches neither
/// files nor sockets; the hosts file, all matching lines; "localhost" and what ends with ".localhost", which is the
/// loopback (RFC 6761 section 6.3); the cache; DNS.
///
/// DNS. Names are completed as res_search(3) does: with `ndots` dots or more as it stands first, then with each
/// domain; else the other way round; with a dot at the end only as it stands. A name that does not exist or has no
/// address passes on to the next. A and AAAA are asked for together, from a socket of its own for every server tried,
/// which hears this server only; an answer counts if id, question and opcode are right, and anything else is not
/// heard. One that is cut is asked for again over TCP.
///
/// A server has `timeout` seconds to answer, in the second and later rounds `timeout` doubled for each round, divided
/// by the number of servers, at least 1 and at most 30; as long again for each question over TCP. One that fails,
/// refuses, or is silent gives way to the next, up to `attempts` rounds: a look-up without any answer takes 24 s with
/// three silent servers and the defaults (three times 5 s, then three times 3 s), so that Timeouts::connect_ms is
/// over before. Ignored: other options, nsswitch.conf, gai.conf, the variables LOCALDOMAIN and RES_OPTIONS, and the
/// domain in the board's own name.
///
/// With TINYAWS_RESOLVER=getaddrinfo, `advance` BLOCKS for as long as the C library takes (5 s for each silent name
/// server, twice, by default); addresses come in its order, nothing is cached, and ResolverOptions count for nothing.
class Lookup {
 public:
  /// `poller`, if not null, must outlive the look-up; every socket is added to it.
  explicit Lookup(Resolver& resolver, Poller* poller = nullptr);
  ~Lookup() { stop(); }
  Lookup(const Lookup&) = delete;
  Lookup& operator=(const Lookup&) = delete;

  /// Begins; a look-up at work is stopped. `host` is copied. Returns kPending: call `advance` at once.
  /// Errors: kInvalidArgument for a host that is empty, longer than kMaxHostBytes, or has a NUL in it.
  Status start(Str host);

  /// Goes on as far as it can without waiting. REQUIRES: started, not stopped. kOk: see `addresses`; kPending: when
  /// `interest` or `next_deadline` say so. Errors: kResolveFailed, see `describe`.
  Status advance(Instant now);

  /// Closes the socket and forgets the addresses; `describe` stays. Fine in every state.
  void stop();

  /// IPv6 and IPv4 alternately, IPv6 first (RFC 8305 section 4). Empty but after kOk. Valid until `start` or `stop`.
  Span<const Address> addresses() const;

  /// How many addresses there were; may be more than are kept.
  size_t found() const { return done() ? answer_.list().found() : 0; }

  /// One socket at most.
  Interest interest() const;

  /// When to ask another server, or to look what another look-up was told; kNever: not by time.
  Instant next_deadline() const;

  /// The host; or what went wrong: "api.example: no such name", "api.example: no name server answered (192.0.2.1,
  /// 192.0.2.2: Connection refused)". Valid until the next call of `start` or `advance`.
  Str describe() const { return answer_.words(); }

#if TINYAWS_RESOLVER_DNS

 private:
  enum class Step : uint8_t { kIdle, kStarted, kSharing, kAsking, kDone, kFailed };
  enum class Way : uint8_t { kUdp, kTcpConnecting, kTcp };

  // What is known about the addresses of one family.
  enum class Part : uint8_t {
    kUnasked,  // or the last server failed
    kAsked,
    kWantsTcp,
    kAddresses,
    kNoData,
    kNoName,
    kTooManyAliases,
  };

  // Why the last server was given up.
  enum class Problem : uint8_t { kSilent, kSystem, kRcode, kTooLong, kMalformed, kJunk, kCutShort };

  static constexpr size_t kParts = 2;  // AAAA and A

  bool done() const {
    return step_ == Step::kDone;
  }
  Status begin(Instant now);
  Status ask_or_share(Instant now);
  Status search(Instant now);
  Status try_name(Instant now);
  Status ask(Instant now);
  Status go_on(Instant now);
  Status decide(Instant now);
  Status conclude(Instant now);
  Status succeed(uint32_t ttl_seconds, Instant now);
  Status fail_with(Str reason, Instant now);
  Status fail_servers(Instant now);
  Status fail_here(int error, Instant now);
  Status end(Step step, uint32_t ttl_seconds, Instant now);
  bool must_wait(Instant now);
  bool knows() const;
  bool is_whole() const;
  bool has(Part part) const;
  void move(Part from, Part to);
  void give_up(Problem problem, int detail = 0);
  bool to_next_server();
  bool write_name(char* out) const;
  void say_problem();
  int64_t patience_ms() const;

  const Address& server() const;
  int ask_udp();
  int ask_tcp();
  int open_socket(int type);
  int send_question(size_t part);
  void receive();
  void receive_udp();
  void finish_connect();
  void receive_tcp();
  void hear_tcp(const unsigned char* message, size_t size);
  bool is_answer(size_t part, const unsigned char* message, size_t size) const;
  bool hear(size_t part, const unsigned char* message, size_t size, size_t whole);
  bool take(size_t part, const DnsAnswer& answer);
  void drop_socket();

  Resolver& resolver_;
  Poller* poller_;
  HostAnswer answer_;
  Instant deadline_ = kNever;  // of the server, or of the next look at what another was told
  Instant settle_at_ = kNever;
  int socket_ = -1;
  int detail_ = 0;  // errno or rcode of problem_
  uint32_t ttl_ = 0;
  uint16_t ids_[kParts];
  uint16_t generation_ = 0;
  Part parts_[kParts];
  Step step_ = Step::kIdle;
  Way way_ = Way::kUdp;
  Problem problem_ = Problem::kSilent;
  uint8_t name_ = 0;     // which of the names to try
  uint8_t server_ = 0;   // how many servers were asked in this round
  uint8_t first_ = 0;    // the server that a round begins with
  uint8_t attempt_ = 0;  // rounds that are over
  uint8_t junk_ = 0;
  uint8_t tcp_part_ = 0;
  bool lacks_address_ = false;  // one of the names exists
#else

 private:
  bool done() const {
    return done_;
  }

  HostAnswer answer_;
  bool started_ = false;
  bool done_ = false;
#endif
};

}  // namespace tinyaws::posix
