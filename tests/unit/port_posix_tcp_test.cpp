// The POSIX port on real sockets and signals. Nothing leaves the loopback interface.
// Covers C20, C37: resets, last bytes; SIGPIPE, EINTR and descriptors above 1024.
#include "port_posix_tcp.h"

using namespace tinyaws;
using namespace test;

namespace {

Status send_until_it_fails(TcpTransport& transport) {
  static const char filler[65536] = {};
  for (;;) {
    const IoResult result = transport.send({filler, sizeof filler});
    if (result.status != Status::kOk && result.status != Status::kPending) return result.status;
    usleep(1000);
  }
}

int option(int socket, int level, int name) {
  int value = 0;
  socklen_t size = sizeof value;
  assert_int_equal(getsockopt(socket, level, name, &value, &size), 0);
  return value;
}

void check_socket(int s) {
  assert_true(is_close_on_exec(s));
  assert_true(fcntl(s, F_GETFL) & O_NONBLOCK);
  assert_int_not_equal(option(s, IPPROTO_TCP, TCP_NODELAY), 0);
  assert_int_not_equal(option(s, SOL_SOCKET, SO_KEEPALIVE), 0);
}

void check_conversation(const char* ip, const char* shown) {
  Server server(ip);
  Names names;
  TcpTransport transport(names.resolver);
  assert_int_equal(static_cast<int>(transport.state()), static_cast<int>(Transport::State::kClosed));
  assert_int_equal(transport.interest(true, true).handle, -1);

  assert_status(transport.open({ip, server.port, false}), Status::kPending);
  assert_int_equal(static_cast<int>(transport.state()), static_cast<int>(Transport::State::kResolving));
  assert_true(transport.ready());
  assert_says(transport.describe(), ip);

  assert_status(transport.advance(now()), Status::kPending);
  assert_int_equal(static_cast<int>(transport.state()), static_cast<int>(Transport::State::kConnecting));
  assert_false(transport.ready());
  const Interest interest = transport.interest(false, true);
  assert_true(interest.handle >= 0 && interest.write && !interest.read);
  assert_says(transport.describe(), server.at(shown));

  assert_status(finish_connecting(transport), Status::kOk);
  assert_status(transport.advance(now()), Status::kOk);
  assert_int_equal(static_cast<int>(transport.state()), static_cast<int>(Transport::State::kOpen));
  assert_says(transport.describe(), server.at(shown));
  check_socket(interest.handle);
  assert_true(transport.interest(true, false).write && !transport.interest(true, false).read);
  assert_true(transport.interest(false, true).read && !transport.interest(false, true).write);

  server.accept_one();
  char space[16];
  assert_io(transport.recv(space), Status::kPending, 0);
  assert_io(transport.send("ping"), Status::kOk, 4);
  assert_int_equal(::read(server.peer, space, sizeof space), 4);
  assert_memory_equal(space, "ping", 4);
  server.say("pong!");
  char little[4];
  assert_io(receive(transport, little), Status::kOk, 4);
  assert_memory_equal(little, "pong", 4);
  assert_io(receive(transport, little), Status::kOk, 1);
  server.hang_up();
  assert_io(receive(transport, little), Status::kOk, 0);

  transport.close();
  assert_int_equal(static_cast<int>(transport.state()), static_cast<int>(Transport::State::kClosed));
  assert_int_equal(transport.interest(true, true).handle, -1);
  assert_says(transport.describe(), server.at(shown));
  assert_int_equal(faults.name_lookups, 0);
}

void talks_over_ipv4(void**) {
  check_conversation("127.0.0.1", "127.0.0.1");
}

void talks_over_ipv6(void**) {
  if (!has_ipv6()) skip();
  check_conversation("::1", "[::1]");
}

void waits_for_a_silent_peer_without_blocking(void**) {
  SilentServer server("127.0.0.1");
  Names names;
  TcpTransport silent(names.resolver);
  assert_status(silent.open({"127.0.0.1", server.port, false}), Status::kPending);
  assert_status(silent.advance(now()), Status::kPending);
  const Interest interest = silent.interest(false, false);
  posix::Platform platform;
  platform.wait({&interest, 1}, platform.now() + 50);
  assert_status(silent.advance(now()), Status::kPending);
  assert_true(silent.next_deadline() == kNever);
  assert_says(silent.describe(), server.at("127.0.0.1"));
  silent.close();
  assert_int_equal(fcntl(interest.handle, F_GETFD), -1);
}

void tells_a_reset_from_an_end(void**) {
  Server server("127.0.0.1");
  Names names;
  TcpTransport transport(names.resolver);
  assert_status(connect_to(transport, "127.0.0.1", server.port), Status::kOk);
  server.accept_one();
  server.reset();
  char space[8];
  for (int i = 0; i < 3; i++) {
    assert_io(receive(transport, space), Status::kConnectionLost, 0);
    assert_says(transport.describe(), server.at("127.0.0.1") + ": " + error_words(ECONNRESET));
    assert_io(transport.send("x"), Status::kConnectionLost, 0);
  }
  transport.close();
  assert_status(connect_to(transport, "127.0.0.1", server.port), Status::kOk);
  server.accept_one();
  server.hang_up();
  assert_io(receive(transport, space), Status::kOk, 0);
}

void raises_no_signal_when_the_peer_has_gone(void**) {
  assert_true(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
  Server server("127.0.0.1");
  Names names;
  TcpTransport transport(names.resolver);
  assert_status(connect_to(transport, "127.0.0.1", server.port), Status::kOk);
  server.accept_one();
  server.hang_up();
  assert_status(send_until_it_fails(transport), Status::kConnectionLost);
  assert_says(transport.describe(), server.at("127.0.0.1") + ": " + error_words(EPIPE));
}

void gives_what_arrived_before_the_connection_was_lost(void**) {
  Server server("127.0.0.1");
  Names names;
  TcpTransport transport(names.resolver);
  assert_status(connect_to(transport, "127.0.0.1", server.port), Status::kOk);
  server.accept_one();
  assert_io(transport.send("unread"), Status::kOk, 6);
  server.say("HTTP/1.1 403 ");
  server.hang_up();
  assert_status(send_until_it_fails(transport), Status::kConnectionLost);
  assert_status(transport.send("more").status, Status::kConnectionLost);

  char space[64];
  assert_io(transport.recv(space), Status::kOk, 13);
  assert_memory_equal(space, "HTTP/1.1 403 ", 13);
  assert_io(transport.recv(space), Status::kConnectionLost, 0);
}

std::string make_pattern(size_t size) {
  std::string data(size, 0);
  for (size_t i = 0; i < size; i++) data[i] = static_cast<char>(i * 7 + i / 251);
  return data;
}

constexpr size_t kMuch = 8 << 20;

void sends_every_byte_through_signals(void**) {
  Server server("127.0.0.1");
  Names names;
  TcpTransport transport(names.resolver);
  assert_status(connect_to(transport, "127.0.0.1", server.port), Status::kOk);
  server.accept_one();
  const std::string data = make_pattern(kMuch);
  static char space[100000];
  size_t sent = 0, received = 0;
  int partial = 0, pending = 0;
  SignalStorm storm(500);
  faults.interrupt = true;
  while (received < kMuch) {
    const IoResult out = sent < kMuch ? transport.send({&data[sent], kMuch - sent}) : IoResult{Status::kPending, 0};
    sent += out.size;
    partial += out.size > 0 && sent < kMuch;
    pending += sent < kMuch && out.status == Status::kPending;
    if (out.status == Status::kOk) continue;
    assert_status(out.status, Status::kPending);
    const ssize_t n = recvfrom(server.peer, space, sizeof space, MSG_DONTWAIT, nullptr, nullptr);
    if (n < 0) continue;
    assert_memory_equal(space, &data[received], n);
    received += static_cast<size_t>(n);
  }
  assert_true(partial > 0 && pending > 0 && signals > 0 && faults.interruptions > 0);
}

void receives_every_byte_through_signals(void**) {
  Server server("127.0.0.1");
  Names names;
  TcpTransport transport(names.resolver);
  assert_status(connect_to(transport, "127.0.0.1", server.port), Status::kOk);
  server.accept_one();
  const std::string data = make_pattern(kMuch);
  static char space[100000];
  size_t sent = 0, received = 0;
  SignalStorm storm(500);
  faults.interrupt = true;
  while (received < kMuch) {
    const ssize_t n = sent < kMuch ? sendto(server.peer, &data[sent], kMuch - sent, MSG_DONTWAIT, nullptr, 0) : 0;
    if (n > 0) sent += static_cast<size_t>(n);
    const IoResult in = transport.recv(space);
    if (in.status == Status::kPending) continue;
    assert_status(in.status, Status::kOk);
    assert_true(in.size > 0);
    assert_memory_equal(space, &data[received], in.size);
    received += in.size;
  }
  assert_true(signals > 0 && faults.interruptions > 0);
}

void works_with_descriptors_above_1024(void**) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const rlimit before = limit;
  limit.rlim_cur = 2048;
  if (limit.rlim_max < limit.rlim_cur) skip();
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
  Server server("127.0.0.1");
  std::string fillers;
  int last;
  while ((last = open("/dev/null", O_RDONLY)) < 1100) fillers.push_back('.');
  Names names;
  TcpTransport transport(names.resolver);
  assert_status(connect_to(transport, "127.0.0.1", server.port), Status::kOk);
  assert_true(transport.interest(true, true).handle > 1100);
  server.accept_one();
  server.say("hello");
  char space[8];
  assert_io(receive(transport, space), Status::kOk, 5);
  assert_io(transport.send("hello"), Status::kOk, 5);
  for (size_t i = 0; i <= fillers.size(); i++) close(last - static_cast<int>(i));
  setrlimit(RLIMIT_NOFILE, &before);
}

void closes_in_every_state(void**) {
  Server server("127.0.0.1");
  Names names;
  TcpTransport transport(names.resolver);
  transport.close();
  for (int steps = 0; steps < 3; steps++) {
    assert_status(transport.open({"127.0.0.1", server.port, false}), Status::kPending);
    assert_says(transport.describe(), "127.0.0.1");
    if (steps > 0) assert_status(transport.advance(now()), Status::kPending);
    if (steps > 1) assert_status(finish_connecting(transport), Status::kOk);
    transport.close();
    assert_int_equal(static_cast<int>(transport.state()), static_cast<int>(Transport::State::kClosed));
    assert_int_equal(count_descriptors(), descriptors_before + 1);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      CASE(talks_over_ipv4),
      CASE(talks_over_ipv6),
      CASE(waits_for_a_silent_peer_without_blocking),
      CASE(tells_a_reset_from_an_end),
      CASE(raises_no_signal_when_the_peer_has_gone),
      CASE(gives_what_arrived_before_the_connection_was_lost),
      CASE(sends_every_byte_through_signals),
      CASE(receives_every_byte_through_signals),
      CASE(works_with_descriptors_above_1024),
      CASE(closes_in_every_state),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
