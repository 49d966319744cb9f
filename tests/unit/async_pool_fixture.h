// What the tests of kept connections share.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "async_fixture.h"

namespace test {

struct PoolWorld : AsyncWorld {
  explicit PoolWorld(size_t slots) : AsyncWorld(slots) {
    for (const char* host : kHosts) net.servers[host] = always_hello;
    net.servers[kHost] = always_hello;
    Peer peer;
    peer.connect_ms = 10;
    net.peers[kHost] = {peer};
  }
  /// The first letters of the hosts that connections are kept to, in order.
  std::string kept() {
    std::vector<std::string> hosts;
    for (auto& line : table.lines) {
      if (!line->is_closed()) hosts.push_back(line->host().substr(0, 1));
    }
    std::sort(hosts.begin(), hosts.end());
    std::string out;
    for (const std::string& host : hosts) out += host;
    return out;
  }
};

}  // namespace test
