// The port that links and refuses: for the first build on a new board, as the base line of size measurements,
// and to copy a port from. Nothing here has state, waits or touches the system.
//
// With TINYAWS_SHA256=none the core is linked with this port's sha256.cpp, whose `sha256_finish` answers
// kUnsupported.
#pragma once

#include "tinyaws/bytes.h"
#include "tinyaws/http.h"
#include "tinyaws/port.h"
#include "tinyaws/status.h"
#include "tinyaws/time.h"

namespace tinyaws::none {

/// A network without cables: every call answers kUnsupported, the state remains kClosed.
class NullTransport final : public Transport {
 public:
  Status open(const Endpoint& endpoint) override;
  Status advance(Instant now) override;
  State state() const override { return State::kClosed; }
  IoResult send(Bytes bytes) override;
  IoResult recv(MutBytes space) override;
  void close() override {}
  Interest interest(bool sending, bool receiving) const override;
  bool ready() const override { return false; }
  Str describe() const override;
};

/// Clocks that stand still: `now` is 0 ms, `unix_time` is unknown. `random` leaves `out` as it is and
/// answers kUnsupported; `wait` returns at once.
class NullPlatform final : public Platform {
 public:
  Instant now() override { return {}; }
  UnixTime unix_time() override { return kUnknownTime; }
  Status random(MutBytes out) override;
  void wait(Span<const Interest> interests, Instant until) override;
};

/// No variable is set.
class NullEnvironment final : public Environment {
 public:
  Str variable(const char* name) const override;
};

/// A board without files: `open` and `read` answer kUnsupported.
class NullFiles final : public Files {
 public:
  Status open(const char* path) override;
  IoResult read(MutBytes out) override;
  void close() override {}
  Str describe() const override;
};

/// A board with one program: `start` and `read` answer kUnsupported.
class NullProcesses final : public Processes {
 public:
  Status start(Str command) override;
  IoResult read(MutBytes out) override;
  void stop() override {}
  Str describe() const override;
};

}  // namespace tinyaws::none
