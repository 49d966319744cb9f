// The POSIX port: several addresses at the same time. The time that the race is told is the test's own; the sockets
// are real. Nothing leaves the loopback interface.
#include "port_posix_tcp.h"

#include <poll.h>

#include <memory>
#include <vector>

#include "tinyaws/call.h"
#include "tinyaws/posix_race.h"

using namespace tinyaws;
using namespace test;

extern "C" int poll(pollfd* watched, nfds_t size, int ms) {
  return interrupted() ? -1 : real<decltype(&poll)>("poll")(watched, size, ms);
}

// Interrupted, it goes on by itself.
extern "C" int connect(int socket, const sockaddr* address, socklen_t size) {
  const int result = real<decltype(&connect)>("connect")(socket, address, size);
  return interrupted() ? -1 : result;
}

namespace {

using posix::Address;
using posix::ConnectRace;
using posix::kAttemptDelayMs;
using posix::kAttemptMs;
using posix::kMaxAttempts;

constexpr Instant kStart{5000};

Address address(const std::string& ip) {
  Address out{};
  out.v6 = ip.find(':') != std::string::npos;
  assert_int_equal(inet_pton(out.v6 ? AF_INET6 : AF_INET, ip.c_str(), out.ip), 1);
  return out;
}

/// A race to 127.0.0.1, 127.0.0.2, ..., all of them at one port.
struct Course {
  explicit Course(uint16_t server_port, size_t size) : port(server_port) {
    for (size_t i = 1; i <= size; i++) addresses.push_back(address("127.0.0." + std::to_string(i)));
    race.start();
  }

  Status advance(Instant now) { return race.advance({addresses.data(), addresses.size()}, port, now); }

  /// Goes on at one time until something is decided.
  Status finish(Instant now) {
    Status status;
    while ((status = advance(now)) == Status::kPending) assert_true(can_go_on(3000));
    return status;
  }

  bool can_go_on(int ms) const {
    const Interest interest = race.interest();
    const int events = (interest.read ? POLLIN : 0) | (interest.write ? POLLOUT : 0);
    pollfd watched{interest.handle, static_cast<short>(events), 0};
    return poll(&watched, 1, ms) > 0;
  }

  uint16_t port;
  std::vector<Address> addresses;
  ConnectRace race{nullptr};
};

/// 127.0.0.1, 127.0.0.2 ... accept nobody.
std::vector<std::unique_ptr<SilentServer>> silent_servers(size_t size) {
  std::vector<std::unique_ptr<SilentServer>> out;
  for (size_t i = 1; i <= size; i++) {
    const uint16_t port = out.empty() ? uint16_t{0} : out.front()->port;
    out.push_back(std::make_unique<SilentServer>(("127.0.0." + std::to_string(i)).c_str(), port));
  }
  return out;
}

std::string peer_of(int socket) {
  sockaddr_in peer{};
  socklen_t size = sizeof peer;
  assert_int_equal(getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &size), 0);
  return inet_ntoa(peer.sin_addr);
}

void tries_the_next_address_after_a_while(void**) {
  SilentServer silent("127.0.0.1");
  Server server("127.0.0.2", 8, silent.port);
  Course course(silent.port, 3);
  const int before = count_descriptors();
  assert_status(course.advance(kStart), Status::kPending);
  const Interest alone = course.race.interest();
  assert_true(alone.handle >= 0 && alone.write && !alone.read);
  assert_int_equal((course.race.next_deadline() - kStart), kAttemptDelayMs);
  assert_status(course.advance(kStart + (kAttemptDelayMs - 1)), Status::kPending);
  assert_int_equal(course.race.tried(), 1);
  assert_int_equal(course.race.interest().handle, alone.handle);
  assert_int_equal(count_descriptors(), before + 1);

  assert_status(course.advance(kStart + kAttemptDelayMs), Status::kPending);
  assert_int_equal(course.race.tried(), 2);
  assert_int_equal(course.race.current(), 1);
  const Interest both = course.race.interest();
  assert_true(both.handle != alone.handle && both.read && !both.write);
  assert_true(is_close_on_exec(both.handle));
  assert_int_equal(course.race.next_deadline() - kStart, 2 * kAttemptDelayMs);
  assert_status(course.finish(kStart + (kAttemptDelayMs + 1)), Status::kOk);
  assert_int_equal(course.race.current(), 1);
  assert_int_equal(course.race.tried(), 2);
  const int winner = course.race.take();
  assert_int_equal(count_descriptors(), before + 1);
  assert_string_equal(peer_of(winner).c_str(), "127.0.0.2");
  assert_int_equal(course.race.interest().handle, -1);
  assert_true(course.race.next_deadline() == kNever);
  close(winner);
}

void goes_on_with_earlier_addresses(void**) {
  const auto servers = silent_servers(2);
  Course course(servers[0]->port, 2);
  assert_status(course.advance(kStart), Status::kPending);
  assert_status(course.advance(kStart + kAttemptDelayMs), Status::kPending);
  assert_int_equal(course.race.tried(), 2);
  assert_false(course.can_go_on(0));
  assert_true(course.race.next_deadline() == kNever);
  servers[0]->accept_one();  // the kernel repeats its SYN a second later
  assert_status(course.finish(kStart + kAttemptDelayMs), Status::kOk);
  assert_int_equal(course.race.current(), 0);
  const int winner = course.race.take();
  assert_string_equal(peer_of(winner).c_str(), "127.0.0.1");
  close(winner);
}

void tries_the_next_address_when_one_fails(void**) {
  SilentServer silent("127.0.0.1");
  Server third("127.0.0.3", 8, silent.port);
  Course course(silent.port, 3);
  assert_status(course.advance(kStart), Status::kPending);
  assert_status(course.finish(kStart + kAttemptDelayMs), Status::kOk);
  assert_int_equal(course.race.tried(), 3);
  assert_int_equal(course.race.current(), 2);
}

void ends_when_all_have_failed(void**) {
  Server refusing("127.0.0.1", -1);
  Course course(refusing.port, 8);
  assert_status(course.finish(kStart), Status::kConnectFailed);
  for (int i = 0; i < 2; i++) {
    assert_int_equal(course.race.error(), ECONNREFUSED);
    assert_int_equal(course.race.tried(), 8);
    assert_int_equal(course.race.current(), 7);
    assert_int_equal(course.race.interest().handle, -1);
    assert_true(course.race.next_deadline() == kNever);
    assert_status(course.advance(kStart), Status::kConnectFailed);
  }
}

void says_who_failed_last(void**) {
  auto servers = silent_servers(1);
  Course course(servers[0]->port, 2);
  assert_status(course.advance(kStart), Status::kPending);
  assert_status(course.advance(kStart + kAttemptDelayMs), Status::kPending);
  assert_true(course.can_go_on(3000));
  assert_status(course.advance(kStart + kAttemptDelayMs), Status::kPending);
  assert_int_equal(course.race.tried(), 2);
  assert_int_equal(course.race.current(), 0);
  assert_false(course.can_go_on(0));
  servers.clear();  // its SYN, repeated, meets nobody
  assert_status(course.finish(kStart + kAttemptDelayMs), Status::kConnectFailed);
  assert_int_equal(course.race.current(), 0);
  assert_int_equal(course.race.error(), ECONNREFUSED);
}

void reaches_every_address_in_time(void**) {
  const auto servers = silent_servers(posix::kMaxAddresses);
  Course course(servers[0]->port, posix::kMaxAddresses);
  const int before = count_descriptors();
  std::vector<int64_t> starts;
  Instant time = kStart;
  for (int steps = 0; !(time == kNever); steps++) {
    assert_true(steps < 30);
    const size_t tried = course.race.tried();
    assert_status(course.advance(time), Status::kPending);
    assert_true(course.race.tried() <= tried + 1);
    if (course.race.tried() > tried) starts.push_back(time - kStart);
    assert_true(count_descriptors() <= before + static_cast<int>(kMaxAttempts) + 1);
    const size_t so_far = course.race.tried();
    assert_true(time < course.race.next_deadline());
    time = course.race.next_deadline();
    assert_status(course.advance({time.ms - 1}), Status::kPending);
    assert_int_equal(course.race.tried(), so_far);
  }
  assert_int_equal(starts.size(), posix::kMaxAddresses);
  for (size_t i = 0; i < starts.size(); i++) {
    const size_t round = i / kMaxAttempts, place = i % kMaxAttempts;
    assert_int_equal(starts[i],
                     static_cast<int64_t>(round) * kAttemptMs + static_cast<int64_t>(place) * kAttemptDelayMs);
  }
  assert_true(starts.back() + kAttemptMs <= Timeouts().connect_ms);
}

void starts_one_at_a_time_after_a_long_sleep(void**) {
  const auto servers = silent_servers(5);
  Course course(servers[0]->port, 5);
  Instant time = kStart;
  for (size_t i = 1; i <= 5; i++) {
    assert_status(course.advance(time), Status::kPending);
    assert_int_equal(course.race.tried(), i);
    time = time + 600000;
  }
  assert_true(course.race.next_deadline() == kNever);
}

/// No descriptor can be opened but so many, as long as this lives.
struct FewDescriptors {
  explicit FewDescriptors(rlim_t more) {
    const int next = dup(0);
    close(next);
    getrlimit(RLIMIT_NOFILE, &before);
    const rlimit few{static_cast<rlim_t>(next) + more, before.rlim_max};
    setrlimit(RLIMIT_NOFILE, &few);
  }
  ~FewDescriptors() { setrlimit(RLIMIT_NOFILE, &before); }
  rlimit before{};
};

void waits_for_a_free_descriptor(void**) {
  SilentServer silent("127.0.0.1");
  Server server("127.0.0.2", 8, silent.port);
  Course course(silent.port, 2);
  assert_status(course.advance(kStart), Status::kPending);
  {
    FewDescriptors none(0);
    assert_status(course.advance(kStart + kAttemptDelayMs), Status::kPending);
    assert_int_equal(course.race.tried(), 1);
    assert_int_equal(course.race.next_deadline() - kStart, 2 * kAttemptDelayMs);
  }
  assert_status(course.finish(kStart + 2 * kAttemptDelayMs), Status::kOk);
  assert_int_equal(course.race.current(), 1);
  FewDescriptors none(0);
  Course other(silent.port, 2);
  assert_status(other.advance(kStart), Status::kConnectFailed);
  assert_int_equal(other.race.error(), EMFILE);
}

void goes_by_time_where_there_is_no_epoll(void**) {
  SilentServer silent("127.0.0.1");
  Server server("127.0.0.2", 8, silent.port);
  Course course(silent.port, 2);
  assert_status(course.advance(kStart), Status::kPending);
  Instant time = kStart + kAttemptDelayMs;
  FewDescriptors one(1);
  assert_status(course.advance(time), Status::kPending);
  assert_int_equal(course.race.tried(), 2);
  assert_int_equal(course.race.interest().handle, -1);
  Status status;
  do {
    assert_int_equal(course.race.next_deadline() - time, posix::kUnwatchedAttemptMs);
    time = course.race.next_deadline();
    status = course.advance(time);
  } while (status == Status::kPending && time - kStart < 60000);
  assert_status(status, Status::kOk);
  assert_int_equal(course.race.current(), 1);
}

void looks_through_signals(void**) {
  Server server("127.0.0.1");
  for (int i = 0; i < 4; i++) {
    Course course(server.port, 1);
    faults.interrupt = i % 2 == 0;  // every other call: now this one, now the next
    assert_status(course.advance(kStart), Status::kPending);
    faults.interrupt = false;
    assert_true(course.can_go_on(3000));
    faults.interrupt = true;
    assert_status(course.advance(kStart), Status::kOk);  // an edge would not be told again
    faults.interrupt = false;
  }
  assert_true(faults.interruptions > 3);
}

void stops_in_every_state(void**) {
  const auto servers = silent_servers(4);
  Course course(servers[0]->port, 4);
  const int before = count_descriptors();
  course.race.stop();
  for (int steps = 1; steps < 6; steps++) {
    course.race.start();
    for (int i = 0; i < steps; i++) assert_status(course.advance(kStart + 4000 * i), Status::kPending);
    assert_true(count_descriptors() > before);
    course.race.stop();
    assert_int_equal(count_descriptors(), before);
    assert_int_equal(course.race.interest().handle, -1);
    course.race.stop();
  }
  Server server("127.0.0.1");
  Course won(server.port, 2);
  assert_status(won.finish(kStart), Status::kOk);
  won.race.stop();  // with the winner not taken
  assert_int_equal(count_descriptors(), before + 1);
}

void a_transport_gets_past_a_silent_address(void**) {
  if (!has_ipv6()) skip();
  SilentServer silent("127.0.0.1");
  Server server("127.0.0.2", 8, silent.port);
  Names names("three.test", {"::1", "127.0.0.1", "127.0.0.2"});
  TcpTransport transport(names.resolver);
  assert_status(transport.open({"three.test", silent.port, false}), Status::kPending);
  assert_status(transport.advance(kStart), Status::kPending);
  assert_true(wait_for(transport, false, false));
  assert_status(transport.advance(kStart), Status::kPending);
  assert_says(transport.describe(), silent.at("127.0.0.1"));
  assert_int_equal(transport.next_deadline() - kStart, kAttemptDelayMs);
  const Instant due = transport.next_deadline();
  Status status;
  while ((status = transport.advance(due)) == Status::kPending) {
    assert_says(transport.describe(), silent.at("127.0.0.2"));
    const Interest interest = transport.interest(false, false);
    posix::Platform().wait({&interest, 1}, now() + 3000);
  }
  assert_status(status, Status::kOk);
  assert_says(transport.describe(), silent.at("127.0.0.2"));
  assert_true(transport.next_deadline() == kNever);
  server.accept_one();
  server.say("welcome");
  char space[16];
  assert_io(receive(transport, space), Status::kOk, 7);
  server.reset();
  assert_io(receive(transport, space), Status::kConnectionLost, 0);
  assert_says(transport.describe(), silent.at("127.0.0.2") + ": " + error_words(ECONNRESET));
}

void a_transport_closes_in_every_state(void**) {
  const auto servers = silent_servers(2);
  Names names("two.test", {"127.0.0.1", "127.0.0.2"});
  TcpTransport transport(names.resolver);
  const int before = count_descriptors();
  for (int steps = 0; steps < 4; steps++) {
    const int expected[] = {0, 1, 3, 3};
    assert_status(transport.open({"two.test", servers[0]->port, false}), Status::kPending);
    for (int i = 0; i < steps; i++) assert_status(transport.advance(kStart + kAttemptDelayMs * i), Status::kPending);
    assert_int_equal(count_descriptors(), before + expected[steps]);
    transport.close();
    assert_int_equal(count_descriptors(), before);
    assert_int_equal(transport.interest(true, true).handle, -1);
    assert_true(transport.next_deadline() == kNever);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      CASE(tries_the_next_address_after_a_while),
      CASE(goes_on_with_earlier_addresses),
      CASE(tries_the_next_address_when_one_fails),
      CASE(ends_when_all_have_failed),
      CASE(says_who_failed_last),
      CASE(reaches_every_address_in_time),
      CASE(starts_one_at_a_time_after_a_long_sleep),
      CASE(waits_for_a_free_descriptor),
      CASE(goes_by_time_where_there_is_no_epoll),
      CASE(looks_through_signals),
      CASE(stops_in_every_state),
      CASE(a_transport_gets_past_a_silent_address),
      CASE(a_transport_closes_in_every_state),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
