// Both ends of a TLS connection in one process: a fake inner transport for the client, a server of mbedTLS.
#pragma once

#include <cstring>
#include <string>

#include "check.h"
#include "port_mbedtls_server.h"
#include "tinyaws/mbedtls.h"

namespace test {

using tinyaws::Bytes;
using tinyaws::Interest;
using tinyaws::IoResult;
using tinyaws::MutBytes;
using tinyaws::Status;
using tinyaws::Str;
using tinyaws::mbedtls::TlsConfig;
using tinyaws::mbedtls::TlsTransport;

class FakePlatform final : public tinyaws::Platform {
 public:
  int64_t seconds = 1700000000;  // in November 2023
  bool broken_random = false;

  tinyaws::Instant now() override { return {}; }
  tinyaws::UnixTime unix_time() override { return {seconds}; }
  Status random(MutBytes out) override {
    fake_random(nullptr, reinterpret_cast<unsigned char*>(out.data()), out.size());
    return broken_random ? Status::kCryptoFailed : Status::kOk;
  }
  void wait(tinyaws::Span<const Interest>, tinyaws::Instant) override {}
};

/// The client's inner transport, as slow and unreliable as a test asks for.
class FakeTransport final : public tinyaws::Transport {
 public:
  explicit FakeTransport(Wire& wire) : wire_(wire) {}

  size_t piece = SIZE_MAX;     // bytes moved in one call
  size_t capacity = SIZE_MAX;  // bytes on their way to the server before send answers kPending
  bool hesitant = false;       // every other call answers kPending
  size_t fail_at = SIZE_MAX;   // the number of the call that fails
  size_t calls = 0;
  std::string host;
  uint16_t port = 0;
  bool asked_for_tls = false;
  bool given_settings = false;
  bool has_ready_bytes = false;

  Status open(const tinyaws::Endpoint& endpoint) override {
    host = std::string(endpoint.host.data(), endpoint.host.size());
    port = endpoint.port;
    asked_for_tls = endpoint.tls;
    given_settings = endpoint.tls_settings != nullptr;
    if (fails()) return Status::kResolveFailed;
    state_ = State::kResolving;
    return Status::kPending;
  }
  Status advance(tinyaws::Instant) override {
    if (fails()) return state_ == State::kResolving ? Status::kResolveFailed : Status::kConnectFailed;
    if (state_ == State::kOpen) return Status::kOk;
    state_ = state_ == State::kResolving ? State::kConnecting : State::kOpen;
    return state_ == State::kOpen ? Status::kOk : Status::kPending;
  }
  State state() const override { return state_; }
  IoResult send(Bytes bytes) override {
    if (fails()) return {Status::kConnectionLost, 0};
    const size_t room = wire_.to_server.size() < capacity ? capacity - wire_.to_server.size() : 0;
    const size_t size = least(bytes.size(), least(room, piece));
    if (size == 0 || hesitates(send_turn_)) return {Status::kPending, 0};
    wire_.to_server.append(bytes.data(), size);
    return {Status::kOk, size};
  }
  IoResult recv(MutBytes space) override {
    if (fails()) return {Status::kConnectionLost, 0};
    if (hesitates(recv_turn_)) return {Status::kPending, 0};
    const size_t size = least(space.size(), least(wire_.to_client.size(), piece));
    if (size == 0) return {wire_.server_gone ? Status::kOk : Status::kPending, 0};
    memcpy(space.data(), wire_.to_client.data(), size);
    wire_.to_client.erase(0, size);
    return {Status::kOk, size};
  }
  void close() override { state_ = State::kClosed; }
  Interest interest(bool sending, bool receiving) const override { return {7, receiving, sending}; }
  bool ready() const override { return has_ready_bytes; }
  Str describe() const override { return "words of the inner transport"; }

 private:
  static size_t least(size_t a, size_t b) { return a < b ? a : b; }
  bool fails() { return calls++ == fail_at; }
  bool hesitates(bool& turn) { return hesitant && (turn = !turn); }

  Wire& wire_;
  State state_ = State::kClosed;
  bool send_turn_ = false;
  bool recv_turn_ = false;
};

/// One client and one server. The client trusts the test's CA.
struct Link {
  explicit Link(const std::string& certificate = pki().ec({}), const Key& key = pki().ec_key)
      : server(wire, certificate, key) {
    if (config.add_ca(pki().ca) != Status::kOk) broken("add_ca", 0);
  }

  Wire wire;
  FakePlatform platform;
  FakeTransport inner{wire};
  TlsConfig config{platform};
  TlsTransport client{config, inner};
  Server server;

  Status connect(Str host = "example.com", const tinyaws::TlsSettings* settings = nullptr) {
    Status status = client.open({host, 443, true, settings});
    for (int turn = 0; turn < 200000 && status == Status::kPending; ++turn) {
      server.step();
      status = client.advance({});
    }
    server.step();
    return status;
  }

  /// Moves `up` to the server and `down` to the client.
  Status exchange(Bytes up, const std::string& down, std::string& got) {
    server.to_send = down;
    char space[3000];
    for (int turn = 0; turn < 2000000; ++turn) {
      if (!up.empty()) {
        const IoResult sent = client.send(up);
        if (sent.status != Status::kOk && sent.status != Status::kPending) return sent.status;
        up.remove_prefix(sent.size);
      }
      server.step();
      const IoResult received = client.recv(space);
      if (received.status != Status::kOk && received.status != Status::kPending) return received.status;
      got.append(space, received.size);
      if (up.empty() && got.size() >= down.size() && wire.to_server.empty()) return Status::kOk;
    }
    return Status::kStalled;
  }
};

inline std::string noise(size_t size) {
  std::string text(size, '\0');
  fake_random(nullptr, reinterpret_cast<unsigned char*>(&text[0]), size);
  return text;
}

inline std::string words(const TlsTransport& client) {
  return {client.describe().data(), client.describe().size()};
}

}  // namespace test
