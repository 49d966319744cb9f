// Whom a run trusts, and which certificate it shows to whom.
#pragma once

#include <tinyaws/system.h>
#include <tinyaws/tinyaws.h>

#include "options.h"

namespace awsfetch {

/// The system's transport, whose CAs are read when the first connection needs them: a run over plain HTTP needs none.
class Trust final : public tinyaws::Transport {
 public:
  /// `config` and `inner` belong together.
  Trust(const Options& options, const tinyaws::Environment& environment, tinyaws::Platform& platform,
        tinyaws::mbedtls::TlsConfig& config, tinyaws::Transport& inner)
      : options_(options), environment_(environment), config_(config), known_(platform, config), inner_(inner) {
    if (!options.no_clock) return;
    config_.set_unknown_time(tinyaws::mbedtls::UnknownTime::kJudgeByFloor);
    known_.set_unknown_time(tinyaws::mbedtls::UnknownTime::kJudgeByFloor);
  }

  /// Reads --cert and --key, if they are given. Answers the exit code of what it has complained about, if anything.
  MaybeExit read_certificate();

  /// For a server that is to see the certificate.
  const tinyaws::TlsSettings& certificate() const { return known_; }

  /// Shows the certificate, if there is one and it is not for AWS IoT only, to all servers from now on.
  void show_certificate() { shows_ = !options_.cert.empty() && !options_.uses_iot(); }

  /// The exit code of what was complained about while a connection was opened: the CAs could not be read.
  MaybeExit failure() const { return failure_; }

  tinyaws::Status open(const tinyaws::Endpoint& endpoint) override;
  tinyaws::Status advance(tinyaws::Instant now) override { return inner_.advance(now); }
  State state() const override { return inner_.state(); }
  tinyaws::IoResult send(tinyaws::Bytes bytes) override { return inner_.send(bytes); }
  tinyaws::IoResult recv(tinyaws::MutBytes space) override { return inner_.recv(space); }
  void close() override { inner_.close(); }
  tinyaws::Interest interest(bool sending, bool receiving) const override {
    return inner_.interest(sending, receiving);
  }
  bool ready() const override { return inner_.ready(); }
  tinyaws::Instant next_deadline() const override { return inner_.next_deadline(); }
  Str describe() const override { return failure_ ? Str("no CAs to trust") : inner_.describe(); }

 private:
  MaybeExit load_cas();

  const Options& options_;
  const tinyaws::Environment& environment_;
  tinyaws::mbedtls::TlsConfig& config_;
  tinyaws::mbedtls::TlsConfig known_;  // the same with the certificate
  tinyaws::Transport& inner_;
  MaybeExit failure_;
  bool loaded_ = false;
  bool shows_ = false;
};

}  // namespace awsfetch
