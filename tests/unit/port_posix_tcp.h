// Both ends of a TCP connection of the POSIX port: a server on loopback, and the transport driven as a client does.
#pragma once

#include <fstream>
#include <initializer_list>

#include "port_posix_fixture.h"

namespace test {

using posix::TcpTransport;

inline Instant now() {
  return posix::Platform().now();
}

/// A resolver that knows one name under ".test" and asks a name server that is not there, or that of the test. With
/// getaddrinfo in the resolver's place, the stand-in of the fixture knows the same.
class Names {
 public:
  explicit Names(uint16_t server_port = 1) : Names("", {}, server_port) {}
  Names(const std::string& host, std::initializer_list<const char*> addresses, uint16_t server_port = 1)
      : options_{servers_.path, hosts_.path, server_port}, resolver(platform_, options_) {
    std::string lines;
    size_t n = 0;
    for (const char* address : addresses) {
      faults.addresses[n++] = address;
      lines += std::string(address) + " " + host + "\n";
    }
    hosts_.write(lines);
    servers_.write("nameserver 127.0.0.1\n");
  }

 private:
  struct TemporaryFile {
    TemporaryFile() { close(mkstemp(path)); }
    ~TemporaryFile() { unlink(path); }
    void write(const std::string& lines) const { std::ofstream(path) << lines; }

    char path[32] = "/tmp/tinyaws-test-XXXXXX";
  };

  TemporaryFile hosts_;
  TemporaryFile servers_;
  posix::Platform platform_;
  posix::ResolverOptions options_;

 public:
  posix::Resolver resolver;
};

inline bool has_ipv6() {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_addr = in6addr_loopback;
  const int s = socket(AF_INET6, SOCK_STREAM, 0);
  const bool bound = bind(s, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  if (s >= 0) close(s);
  return bound;
}

/// A listening socket on loopback; bound only, so that it refuses, with `backlog` below 0.
struct Server {
  explicit Server(const char* ip, int backlog = 8, uint16_t wanted = 0) {
    const bool v6 = strchr(ip, ':') != nullptr;
    sockaddr_in6 a6{};
    sockaddr_in a4{};
    a6.sin6_family = AF_INET6;
    a4.sin_family = AF_INET;
    a6.sin6_port = a4.sin_port = htons(wanted);
    inet_pton(v6 ? AF_INET6 : AF_INET, ip, v6 ? static_cast<void*>(&a6.sin6_addr) : &a4.sin_addr);
    auto* address = v6 ? reinterpret_cast<sockaddr*>(&a6) : reinterpret_cast<sockaddr*>(&a4);
    socklen_t size = v6 ? sizeof a6 : sizeof a4;
    const int on = 1;
    listener = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (v6) setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    assert_int_equal(bind(listener, address, size), 0);
    if (backlog >= 0) assert_int_equal(listen(listener, backlog), 0);
    getsockname(listener, address, &size);
    port = ntohs(v6 ? a6.sin6_port : a4.sin_port);
  }
  ~Server() {
    if (peer >= 0) close(peer);
    close(listener);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void accept_one() {
    peer = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    assert_true(peer >= 0);
  }
  void say(const char* words) { assert_int_equal(::write(peer, words, strlen(words)), strlen(words)); }
  void hang_up() {
    close(peer);
    peer = -1;
  }
  void reset() {
    const linger hard{1, 0};
    setsockopt(peer, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    hang_up();
  }
  std::string at(const char* ip) const { return std::string(ip) + ":" + std::to_string(port); }

  int listener = -1;
  int peer = -1;
  uint16_t port = 0;
};

/// Listens, and answers nobody: the kernel drops the SYN of those that come when a connection waits to be accepted.
struct SilentServer : Server {
  explicit SilentServer(const char* ip, uint16_t wanted = 0) : Server(ip, 0, wanted) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    first = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(first, reinterpret_cast<sockaddr*>(&address), size), 0);
  }
  ~SilentServer() { close(first); }

  int first = -1;
};

/// Waits as a client does; false after two seconds.
inline bool wait_for(TcpTransport& transport, bool sending, bool receiving) {
  const Interest interest = transport.interest(sending, receiving);
  const Instant until = now() + 2000;
  posix::Platform().wait({&interest, 1}, earlier(until, transport.next_deadline()));
  return now() < until;
}

inline Status finish_connecting(TcpTransport& transport) {
  Status status;
  while ((status = transport.advance(now())) == Status::kPending) assert_true(wait_for(transport, false, false));
  return status;
}

inline Status connect_to(TcpTransport& transport, const char* host, uint16_t port) {
  assert_status(transport.open({host, port, false}), Status::kPending);
  return finish_connecting(transport);
}

inline IoResult receive(TcpTransport& transport, MutBytes space) {
  IoResult result;
  while ((result = transport.recv(space)).status == Status::kPending) assert_true(wait_for(transport, false, true));
  return result;
}

}  // namespace test
