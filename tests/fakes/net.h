// Many lines to scripted peers in one virtual time. Time passes for all of them at once, only while somebody waits.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "served_transport.h"

namespace tinyaws::fakes {

class Line;

/// What is beyond the lines.
struct Net {
  VirtualTime time;
  std::map<std::string, std::deque<Peer>> peers;  ///< By host, one a connection; the last one stays for all further.
  std::map<std::string, Server> servers;          ///< By host: answer where the peer has no answers of its own.
  bool resolves_by_time = false;                  ///< As DNS: only `next_deadline` tells when resolving goes on.
  std::function<Fault(ScriptedTransport::Function)> chaos;  ///< May strike at each call of a line.
  std::vector<Line*> lines;

  Peer next_peer(const std::string& host) {
    std::deque<Peer>& list = peers[host];
    if (list.empty()) return {};
    const Peer peer = list.front();
    if (list.size() > 1) list.pop_front();
    return peer;
  }
  Line* find(int handle) const;
};

/// A transport to the net. Its handle is another one after each `open`, as a descriptor may be.
class Line final : public Transport {
 public:
  explicit Line(Net& net) : served(net.time), net_(net), index_(net.lines.size()) { net.lines.push_back(this); }
  ~Line() { std::replace(net_.lines.begin(), net_.lines.end(), this, static_cast<Line*>(nullptr)); }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  ServedTransport served;
  std::vector<Instant> advances;  ///< What `advance` was told.

  ScriptedTransport& wire() { return served.wire; }
  const ScriptedTransport& wire() const { return served.wire; }
  size_t calls() const { return wire().calls.size(); }
  size_t opens() const { return wire().opens(); }
  bool is_closed() const { return wire().state() == State::kClosed; }
  const std::string& host() const { return wire().hosts.back(); }
  int handle() const { return static_cast<int>(1000 * opens() + index_); }

  bool meets(const Interest& interest, Instant now) const {
    return (interest.read && wire().readable_at() <= now) || (interest.write && wire().writable_at() <= now);
  }

  Status open(const Endpoint& endpoint) override {
    const std::string to(endpoint.host);
    const Peer peer = net_.next_peer(to);
    const auto server = net_.servers.find(to);
    const bool served_live = peer.answers.empty() && server != net_.servers.end();
    served.servers[to] = served_live ? server->second : Server([](const std::string&) { return std::string(); });
    served.manners[to] = peer;
    strike(ScriptedTransport::Function::kOpen);
    return served.open(endpoint);
  }
  Status advance(Instant now) override {
    advances.push_back(now);
    strike(ScriptedTransport::Function::kAdvance);
    return served.advance(now);
  }
  State state() const override { return served.state(); }
  IoResult send(Bytes bytes) override {
    strike(ScriptedTransport::Function::kSend);
    return served.send(bytes);
  }
  IoResult recv(MutBytes space) override {
    strike(ScriptedTransport::Function::kRecv);
    return served.recv(space);
  }
  void close() override { served.close(); }
  Interest interest(bool sending, bool receiving) const override {
    Interest interest = served.interest(sending, receiving);
    if (resolves_by_time()) return {};
    if (interest.handle >= 0) interest.handle = handle();
    return interest;
  }
  bool ready() const override { return served.ready(); }
  Instant next_deadline() const override { return resolves_by_time() ? wire().writable_at() : kNever; }
  Str describe() const override { return served.describe(); }

 private:
  bool resolves_by_time() const { return net_.resolves_by_time && state() == State::kResolving; }
  void strike(ScriptedTransport::Function function) {
    if (!net_.chaos) return;
    wire().fault = net_.chaos(function);
    wire().fault.at = calls();
  }

  Net& net_;
  size_t index_;
};

inline Line* Net::find(int handle) const {
  const size_t index = static_cast<size_t>(handle) % 1000;
  if (handle < 1000 || index >= lines.size() || lines[index] == nullptr) return nullptr;
  return lines[index]->handle() == handle ? lines[index] : nullptr;
}

/// Lets the time of a net pass until one of its lines can do what was asked for, and no longer.
class NetPlatform final : public Platform {
 public:
  explicit NetPlatform(Net& net) : net_(net) {}

  size_t waits = 0;
  size_t most_waits = 200000;
  uint64_t seed = 42;

  Instant now() override { return net_.time.now; }
  UnixTime unix_time() override { return net_.time.wall_now(); }
  Status random(MutBytes out) override {
    for (char& c : out) {
      seed = seed * 6364136223846793005u + 1442695040888963407u;
      c = static_cast<char>(seed >> 56);
    }
    return Status::kOk;
  }
  void wait(Span<const Interest> interests, Instant until) override {
    CHECK(++waits <= most_waits, "hang: too many waits");
    Instant wake = until;
    for (const Interest& interest : interests) {
      if (interest.handle < 0) continue;
      const Line* line = net_.find(interest.handle);
      if (line == nullptr) CHECK(false, "an interest in a handle that nobody has");
      if (interest.read) wake = earlier(wake, line->wire().readable_at());
      if (interest.write) wake = earlier(wake, line->wire().writable_at());
    }
    CHECK(!(wake == kNever), "hang: a wait that nothing ends");
    if (net_.time.now < wake) net_.time.now = wake;
  }

 private:
  Net& net_;
};

}  // namespace tinyaws::fakes
