// The porting contract, kept by functions in C.
#pragma once

#include "c/views.h"
#include "tinyaws/c_port.h"
#include "tinyaws/port.h"

namespace tinyaws::c {

class CTransport final : public Transport {
 public:
  CTransport(const tinyaws_transport_functions& functions, void* context)
      : functions_(functions), context_(context) {}

  Status open(const Endpoint& endpoint) override;
  Status advance(Instant now) override { return from_c(functions_.advance(context_, now.ms)); }
  State state() const override { return static_cast<State>(functions_.state(context_)); }
  IoResult send(Bytes bytes) override { return from_c(functions_.send(context_, bytes.data(), bytes.size())); }
  IoResult recv(MutBytes space) override { return from_c(functions_.recv(context_, space.data(), space.size())); }
  void close() override { functions_.close(context_); }
  Interest interest(bool sending, bool receiving) const override;
  bool ready() const override { return functions_.ready(context_); }
  Instant next_deadline() const override;
  Str describe() const override { return from_c(functions_.describe(context_)); }

 private:
  const tinyaws_transport_functions& functions_;
  void* context_;
};

class CPlatform final : public Platform {
 public:
  CPlatform(const tinyaws_platform_functions& functions, void* context) : functions_(functions), context_(context) {}

  Instant now() override { return {functions_.now(context_)}; }
  UnixTime unix_time() override { return {functions_.unix_time(context_)}; }
  Status random(MutBytes out) override { return from_c(functions_.random(context_, out.data(), out.size())); }
  void wait(Span<const Interest> interests, Instant until) override;

 private:
  const tinyaws_platform_functions& functions_;
  void* context_;
};

class CEnvironment final : public Environment {
 public:
  CEnvironment(const tinyaws_environment_functions& functions, void* context)
      : functions_(functions), context_(context) {}

  Str variable(const char* name) const override { return from_c(functions_.variable(context_, name)); }

 private:
  const tinyaws_environment_functions& functions_;
  void* context_;
};

class CFiles final : public Files {
 public:
  CFiles(const tinyaws_files_functions& functions, void* context) : functions_(functions), context_(context) {}

  Status open(const char* path) override { return from_c(functions_.open(context_, path)); }
  IoResult read(MutBytes out) override { return from_c(functions_.read(context_, out.data(), out.size())); }
  void close() override { functions_.close(context_); }
  Str describe() const override { return from_c(functions_.describe(context_)); }

 private:
  const tinyaws_files_functions& functions_;
  void* context_;
};

}  // namespace tinyaws::c
