// A transport to servers that are told apart by their host and answer as functions of the request, over the wire of a
// ScriptedTransport: for calls that go to several servers, in an order that a fault may change.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "scripted_transport.h"

namespace tinyaws::fakes {

/// What a server says to a whole request; empty: nothing.
using Server = std::function<std::string(const std::string& request)>;

class ServedTransport final : public Transport {
 public:
  explicit ServedTransport(VirtualTime& time) : wire(time) {}

  ScriptedTransport wire;
  Peer manner;                            ///< How every connection behaves; its answers are unused ...
  std::map<std::string, Peer> manners;    ///< ... but for these hosts.
  std::map<std::string, Server> servers;  ///< By host.
  std::map<std::string, std::deque<std::string>> queued;  ///< By host: said before its server is asked.

  struct Heard {
    std::string host;
    std::string bytes;
  };
  std::vector<Heard> heard;  ///< Whole requests, in order.

  /// "POST sts.eu-west-1.amazonaws.com/", one for each request.
  std::string requests() const {
    std::string lines;
    for (const Heard& one : heard) {
      const size_t space = one.bytes.find(' ');
      const std::string target = one.bytes.substr(space + 1, one.bytes.find(' ', space + 1) - space - 1);
      lines += one.bytes.substr(0, space) + " " + one.host + target + "\n";
    }
    return lines;
  }
  size_t requests_to(const std::string& host) const {
    size_t n = 0;
    for (const Heard& one : heard) n += one.host == host ? 1 : 0;
    return n;
  }

  Status open(const Endpoint& endpoint) override {
    host_ = std::string(endpoint.host);
    const auto found = manners.find(host_);
    wire.peers.resize(wire.opens());
    wire.peers.push_back(found == manners.end() ? manner : found->second);
    answered_ = 0;
    return wire.open(endpoint);
  }
  Status advance(Instant now) override { return wire.advance(now); }
  State state() const override { return wire.state(); }
  IoResult send(Bytes bytes) override {
    const IoResult sent = wire.send(bytes);
    answer_whole_request();
    return sent;
  }
  IoResult recv(MutBytes space) override { return wire.recv(space); }
  void close() override { wire.close(); }
  Interest interest(bool sending, bool receiving) const override { return wire.interest(sending, receiving); }
  bool ready() const override { return wire.ready(); }
  Instant next_deadline() const override { return wire.next_deadline(); }
  Str describe() const override { return wire.describe(); }

 private:
  void answer_whole_request() {
    const auto& requests = wire.requests.back();
    if (requests.size() == answered_) return;
    const std::string& request = requests.back();
    const size_t head = request.find("\r\n\r\n");
    if (head == std::string::npos || request.size() < head + 4 + announced(request)) return;
    ++answered_;
    heard.push_back({host_, request});
    const std::string answer = next_answer(request);
    if (!answer.empty()) wire.peer_says(answer);
    if (contains(answer, "Connection: close\r\n")) wire.peer_ends();
  }

  std::string next_answer(const std::string& request) {
    std::deque<std::string>& before = queued[host_];
    if (!before.empty()) {
      const std::string answer = before.front();
      before.pop_front();
      return answer;
    }
    const auto found = servers.find(host_);
    CHECK(found != servers.end(), "a request to a host nobody knows: " + host_);
    return found->second(request);
  }

  static size_t announced(const std::string& head) {
    const size_t at = head.find("\r\nContent-Length: ");
    return at == std::string::npos ? 0 : static_cast<size_t>(strtoull(head.c_str() + at + 18, nullptr, 10));
  }

  std::string host_;
  size_t answered_ = 0;
};

}  // namespace tinyaws::fakes
