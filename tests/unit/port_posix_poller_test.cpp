// The POSIX port: many sockets behind one descriptor. Nothing leaves the loopback interface.
#include "tinyaws/posix_poller.h"

#include "port_posix_tcp.h"

#include <poll.h>
#include <sys/epoll.h>

#include <algorithm>
#include <deque>
#include <fstream>
#include <set>
#include <vector>

using namespace tinyaws;
using namespace test;

namespace {

using posix::Poller;

constexpr Instant kPast{-1000};

struct Pair {
  Pair() { assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0); }
  ~Pair() {
    for (int end : ends) {
      if (end >= 0) close(end);
    }
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;

  void say(char c) { assert_int_equal(::write(ends[1], &c, 1), 1); }
  void hang_up() {
    close(ends[1]);
    ends[1] = -1;
  }

  int ends[2];
};

/// What `poller` tells until `until`; each handle once.
std::multiset<int> told(Poller& poller, Instant until = kPast, size_t room = 200) {
  std::vector<int> handles(room);
  const Span<const int> out = poller.wait({handles.data(), handles.size()}, until);
  return {out.begin(), out.end()};
}

/// Whether `handle` is in the set, as the kernel says.
bool watches(const Poller& poller, int handle) {
  std::ifstream info("/proc/self/fdinfo/" + std::to_string(poller.descriptor()));
  std::string word;
  while (info >> word) {
    if (word != "tfd:") continue;
    int number = -1;
    info >> number;
    if (number == handle) return true;
  }
  return false;
}

void opens_and_closes(void**) {
  Poller poller;
  assert_false(poller.is_open());
  assert_int_equal(poller.descriptor(), -1);
  assert_false(poller.watch(0));
  assert_int_equal(errno, EBADF);
  poller.close();
  assert_status(poller.open(), Status::kOk);
  assert_true(poller.is_open() && is_close_on_exec(poller.descriptor()));
  assert_false(poller.watch(1 << 20));
  assert_int_equal(errno, EBADF);
  assert_int_equal(count_descriptors(), descriptors_before + 1);
  poller.close();
  assert_int_equal(count_descriptors(), descriptors_before);
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const rlimit none{0, before.rlim_max};
  setrlimit(RLIMIT_NOFILE, &none);
  const Status status = poller.open();
  setrlimit(RLIMIT_NOFILE, &before);
  assert_status(status, Status::kBusy);
  assert_false(poller.is_open());
}

void tells_what_happens_once(void**) {
  Poller poller;
  assert_status(poller.open(), Status::kOk);
  Pair pair;
  const std::multiset<int> it = {pair.ends[0]};
  pair.say('a');  // before `watch`
  assert_true(poller.watch(pair.ends[0]));
  assert_true(told(poller) == it);
  assert_true(told(poller).empty());
  pair.say('b');
  assert_true(told(poller) == it);
  assert_true(told(poller).empty());
  assert_true(poller.watch(pair.ends[0]));
  assert_true(told(poller) == it);
  pair.hang_up();
  assert_true(told(poller) == it);
  assert_true(told(poller).empty());
  close(pair.ends[0]);
  pair.ends[0] = -1;
  assert_true(told(poller, now() + 20).empty());
}

void tells_everything_in_turn(void**) {
  Poller poller;
  assert_status(poller.open(), Status::kOk);
  std::deque<Pair> pairs(posix::kMaxPolled * 2 + 10);
  std::multiset<int> expected;
  for (Pair& pair : pairs) {
    assert_true(poller.watch(pair.ends[0]));
    pair.say('x');
    expected.insert(pair.ends[0]);
  }
  std::multiset<int> all;
  for (size_t room : {1u, 7u, 200u, 200u, 200u}) {
    const std::multiset<int> some = told(poller, kPast, room);
    assert_true(!some.empty() && some.size() <= std::min(room, posix::kMaxPolled));
    all.insert(some.begin(), some.end());
  }
  assert_true(all == expected);
  assert_true(told(poller).empty());
}

void waits_until_the_time_has_come(void**) {
  Poller poller;
  assert_status(poller.open(), Status::kOk);
  for (int64_t ms : {1, 3, 50, 1050}) {
    const Instant start = now();
    assert_true(told(poller, start + ms).empty());
    assert_in_range(now() - start, ms, ms + 3000);
  }
  const Instant start = now();
  for (int i = 0; i < 1000; i++) assert_true(told(poller, kPast).empty());
  assert_true(told(poller, {INT64_MIN}).empty());
  assert_in_range(now() - start, 0, 3000);
  Pair pair;
  assert_true(poller.watch(pair.ends[0]));
  assert_int_equal(told(poller, kNever).size(), 1);  // it can be written to
  pair.say('x');
  assert_int_equal(told(poller, kNever).size(), 1);
}

void returns_after_a_signal(void**) {
  Poller poller;
  assert_status(poller.open(), Status::kOk);
  SignalStorm storm(30000);
  assert_true(told(poller, kNever).empty());
  assert_true(told(poller, now() + 9000).empty());
  assert_true(signals > 0);
}

bool readable(int descriptor, int ms = 0) {
  pollfd watched{descriptor, POLLIN, 0};
  return poll(&watched, 1, ms) > 0;
}

int epoll_over(int descriptor) {
  const int set = epoll_create1(EPOLL_CLOEXEC);
  epoll_event event{};
  event.events = EPOLLIN;
  assert_int_equal(epoll_ctl(set, EPOLL_CTL_ADD, descriptor, &event), 0);
  return set;
}

void lies_in_another_loop(void**) {
  Poller poller;
  assert_status(poller.open(), Status::kOk);
  const int loop = epoll_over(poller.descriptor());
  assert_false(readable(poller.descriptor()) || readable(loop));
  Pair pair;
  assert_true(poller.watch(pair.ends[0]));
  for (int i = 0; i < 3; i++) {
    assert_true(readable(poller.descriptor()) && readable(loop));
    assert_int_equal(told(poller).size(), 1);
    assert_false(readable(poller.descriptor()) || readable(loop));
    pair.say('x');
  }
  close(loop);
}

/// Goes on with a transport only when the poller tells its handle, or its time has come.
struct Driven {
  explicit Driven(posix::Resolver& resolver, Poller& poller) : transport(resolver, &poller) {}

  void go_on() {
    if (transport.state() != Transport::State::kOpen) {
      const Status status = transport.advance(now());
      if (status == Status::kPending) return;
      assert_status(status, Status::kOk);
      assert_io(transport.send("hello"), Status::kOk, 5);
    }
    char space[3];  // less than there is: it must be emptied
    IoResult result;
    while ((result = transport.recv(space)).status == Status::kOk && result.size > 0)
      heard.append(space, result.size);
    ended = result.status == Status::kOk;
  }

  TcpTransport transport;
  std::string heard;
  bool ended = false;
};

void go_on_until(Poller& poller, std::deque<Driven>& all, bool (*done)(const Driven&)) {
  const Instant patience = now() + 10000;
  while (!std::all_of(all.begin(), all.end(), done)) {
    assert_true(now() < patience);
    Instant until = patience;
    for (Driven& one : all) {
      until = earlier(until, one.transport.next_deadline());
      const int handle = one.transport.interest(true, true).handle;
      assert_true(handle < 0 || watches(poller, handle));
    }
    const std::multiset<int> handles = told(poller, until, 16);
    for (Driven& one : all) {
      const bool due = one.transport.next_deadline() <= now();
      if (due || handles.count(one.transport.interest(true, true).handle) > 0) one.go_on();
    }
  }
}

void drives_fifty_transports(void**) {
  Server server("127.0.0.1", 64);
  Names names("fifty.test", {"127.0.0.1"});
  Poller poller;
  assert_status(poller.open(), Status::kOk);
  std::deque<Driven> all;
  for (int i = 0; i < 50; i++) {
    all.emplace_back(names.resolver, poller);
    assert_status(all.back().transport.open({"fifty.test", server.port, false}), Status::kPending);
    all.back().go_on();
  }
  go_on_until(poller, all, [](const Driven& one) { return one.transport.state() == Transport::State::kOpen; });
  std::deque<int> peers;
  char space[16];
  for (int i = 0; i < 50; i++) {
    server.accept_one();
    assert_int_equal(::read(server.peer, space, sizeof space), 5);
    peers.push_back(server.peer);
  }
  server.peer = -1;
  for (int round = 1; round <= 3; round++) {
    for (int peer : peers) assert_int_equal(::write(peer, "to all of you", 13), 13);
    static size_t expected;
    expected = 13u * static_cast<size_t>(round);
    go_on_until(poller, all, [](const Driven& one) { return one.heard.size() == expected; });
  }
  for (int peer : peers) close(peer);
  go_on_until(poller, all, [](const Driven& one) { return one.ended; });
}

void drives_a_race(void**) {
  SilentServer silent("127.0.0.1");
  Server server("127.0.0.2", 8, silent.port);
  Names names("two.test", {"127.0.0.1", "127.0.0.2"});
  Poller poller;
  assert_status(poller.open(), Status::kOk);
  std::deque<Driven> all;
  for (int i = 0; i < 5; i++) {
    all.emplace_back(names.resolver, poller);
    assert_status(all.back().transport.open({"two.test", silent.port, false}), Status::kPending);
    all.back().go_on();
  }
  go_on_until(poller, all, [](const Driven& one) { return one.transport.state() == Transport::State::kOpen; });
  char space[16];
  for (Driven& one : all) {
    assert_says(one.transport.describe(), silent.at("127.0.0.2"));
    server.accept_one();
    assert_int_equal(::read(server.peer, space, sizeof space), 5);
    server.say("hello");
    server.hang_up();
  }
  go_on_until(poller, all, [](const Driven& one) { return one.ended && one.heard == "hello"; });
}

void hears_a_race_through_three_sets(void**) {
  SilentServer first("127.0.0.1");
  SilentServer second("127.0.0.2", first.port);
  Names names("two.test", {"127.0.0.1", "127.0.0.2"});
  Poller poller;
  assert_status(poller.open(), Status::kOk);
  const int loop = epoll_over(poller.descriptor());
  TcpTransport transport(names.resolver, &poller);
  assert_status(transport.open({"two.test", first.port, false}), Status::kPending);
  assert_status(transport.advance({0}), Status::kPending);
  assert_status(transport.advance({posix::kAttemptDelayMs}), Status::kPending);
  const int handle = transport.interest(false, false).handle;
  assert_true(watches(poller, handle));
  (void)told(poller);
  assert_false(readable(loop));
  second.accept_one();  // the kernel repeats its SYN a second later
  assert_true(readable(loop, 5000));
  assert_int_equal(told(poller).count(handle), 1);
  assert_status(transport.advance({posix::kAttemptDelayMs}), Status::kOk);
  assert_true(watches(poller, transport.interest(true, true).handle));
  close(loop);
}

void a_transport_needs_a_poller_that_works(void**) {
  Server server("127.0.0.1");
  Names names;
  Poller poller;  // not open
  TcpTransport transport(names.resolver, &poller);
  assert_status(connect_to(transport, "127.0.0.1", server.port), Status::kConnectFailed);
  assert_says(transport.describe(), server.at("127.0.0.1") + ": " + error_words(EBADF));
}

void watches_while_names_are_looked_up(void**) {
  if (!TINYAWS_RESOLVER_DNS) skip();
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const int server = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  assert_int_equal(bind(server, reinterpret_cast<sockaddr*>(&address), size), 0);
  assert_int_equal(getsockname(server, reinterpret_cast<sockaddr*>(&address), &size), 0);
  {
    Names names(ntohs(address.sin_port));
    Poller poller;
    assert_status(poller.open(), Status::kOk);
    TcpTransport transport(names.resolver, &poller);
    const int before = count_descriptors();
    assert_status(transport.open({"silent.test", 80, false}), Status::kPending);
    assert_status(transport.advance(now()), Status::kPending);
    assert_int_equal(static_cast<int>(transport.state()), static_cast<int>(Transport::State::kResolving));
    assert_false(transport.ready());
    assert_says(transport.describe(), "silent.test");
    assert_true(transport.next_deadline() < kNever);
    assert_true(watches(poller, transport.interest(false, false).handle));
    char question[512];
    assert_true(recv(server, question, sizeof question, 0) > 0);
    assert_int_equal(count_descriptors(), before + 1);
    transport.close();
    assert_int_equal(count_descriptors(), before);
    assert_says(transport.describe(), "silent.test");
  }
  close(server);
}

void tells_that_an_idle_connection_ends(void**) {
  Server server("127.0.0.1");
  Names names;
  Poller poller;
  assert_status(poller.open(), Status::kOk);
  TcpTransport transport(names.resolver, &poller);
  assert_status(connect_to(transport, "127.0.0.1", server.port), Status::kOk);
  server.accept_one();
  (void)told(poller);
  const std::multiset<int> it = {transport.interest(false, false).handle};
  assert_true(told(poller).empty());
  server.hang_up();
  assert_true(told(poller, now() + 3000) == it);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      CASE(opens_and_closes),
      CASE(tells_what_happens_once),
      CASE(tells_everything_in_turn),
      CASE(waits_until_the_time_has_come),
      CASE(returns_after_a_signal),
      CASE(lies_in_another_loop),
      CASE(drives_fifty_transports),
      CASE(drives_a_race),
      CASE(hears_a_race_through_three_sets),
      CASE(a_transport_needs_a_poller_that_works),
      CASE(watches_while_names_are_looked_up),
      CASE(tells_that_an_idle_connection_ends),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
