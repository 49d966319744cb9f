// The POSIX port on real sockets, files and signals. Nothing leaves the loopback interface.
//
// A few functions of the C library are defined here once more and stand in front of it, to interrupt a call, to
// answer a name under ".test", or to fail where the system can't be made to.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
extern "C" {
#include <cmocka.h>
}

#include <arpa/inet.h>
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "tinyaws/posix.h"

using namespace tinyaws;
using posix::FileSink;
using posix::FileSource;
using posix::TcpTransport;

namespace {

// --- Standing in front of the C library ------------------------------------------------------------------------

struct Faults {
  bool interrupt;             // every other call fails with EINTR
  int interruptions;          // how often that happened
  const char* addresses[12];  // what a name under ".test" resolves to
  int resolver_error;         // or how it fails
  int resolver_errno;
  int name_lookups;    // without AI_NUMERICHOST
  int lists_out;       // given and not yet freed
  size_t most_random;  // bytes that getrandom gives at once
  int random_errno;
  int inheritable_reads;  // from a descriptor that stays open on exec
  int close_errno;
} faults;

bool interrupted() {
  if (!faults.interrupt) return false;
  static bool turn = false;
  turn = !turn;
  faults.interruptions += turn;
  if (turn) errno = EINTR;
  return turn;
}

template <class F>
F real(const char* name) {
  return reinterpret_cast<F>(dlsym(RTLD_NEXT, name));
}

struct FakeAddress {
  addrinfo info;
  sockaddr_in6 address;
} fake_list[12];

addrinfo* make_fake_list() {
  size_t n = 0;
  for (; faults.addresses[n]; n++) {
    FakeAddress& fake = fake_list[n];
    memset(&fake, 0, sizeof fake);
    auto* v4 = reinterpret_cast<sockaddr_in*>(&fake.address);
    const bool v6 = strchr(faults.addresses[n], ':') != nullptr;
    fake.info.ai_family = fake.address.sin6_family = v6 ? AF_INET6 : AF_INET;
    fake.info.ai_addr = reinterpret_cast<sockaddr*>(&fake.address);
    void* ip = v6 ? static_cast<void*>(&fake.address.sin6_addr) : &v4->sin_addr;
    assert_int_equal(inet_pton(fake.info.ai_family, faults.addresses[n], ip), 1);
    if (n > 0) fake_list[n - 1].info.ai_next = &fake.info;
  }
  return &fake_list[0].info;
}

}  // namespace

extern "C" {

int getaddrinfo(const char* host, const char* service, const addrinfo* hints, addrinfo** list) {
  if (!(hints->ai_flags & AI_NUMERICHOST)) faults.name_lookups++;
  if (!strstr(host, ".test")) return real<decltype(&getaddrinfo)>("getaddrinfo")(host, service, hints, list);
  if (hints->ai_flags & AI_NUMERICHOST) return EAI_NONAME;
  if (interrupted()) return EAI_SYSTEM;
  errno = faults.resolver_errno;
  if (faults.resolver_error) return faults.resolver_error;
  faults.lists_out++;
  *list = make_fake_list();
  return 0;
}

void freeaddrinfo(addrinfo* list) noexcept {
  if (list != &fake_list[0].info) return real<void (*)(addrinfo*)>("freeaddrinfo")(list);
  faults.lists_out--;
}

ssize_t getrandom(void* out, size_t size, unsigned flags) {
  if (interrupted()) return -1;
  if (faults.random_errno) return errno = faults.random_errno, -1;
  if (faults.most_random && size > faults.most_random) size = faults.most_random;
  return real<decltype(&getrandom)>("getrandom")(out, size, flags);
}

ssize_t send(int socket, const void* data, size_t size, int flags) {
  return interrupted() ? -1 : real<decltype(&send)>("send")(socket, data, size, flags);
}

ssize_t recv(int socket, void* data, size_t size, int flags) {
  return interrupted() ? -1 : real<decltype(&recv)>("recv")(socket, data, size, flags);
}

ssize_t read(int file, void* data, size_t size) {
  faults.inheritable_reads += !(fcntl(file, F_GETFD) & FD_CLOEXEC);
  return interrupted() ? -1 : real<decltype(&read)>("read")(file, data, size);
}

ssize_t write(int file, const void* data, size_t size) {
  return interrupted() ? -1 : real<decltype(&write)>("write")(file, data, size);
}

int close(int file) {
  const int result = real<decltype(&close)>("close")(file);
  return faults.close_errno ? (errno = faults.close_errno, -1) : result;
}

}  // extern "C"

namespace {

// --- Tools -----------------------------------------------------------------------------------------------------

char directory[] = "/tmp/tinyaws-posix-XXXXXX";
int descriptors_before;

int count_descriptors() {
  DIR* list = opendir("/proc/self/fd");
  int count = 0;
  while (readdir(list)) count++;
  closedir(list);
  return count;
}

int set_up(void**) {
  faults = {};
  alarm(30);
  descriptors_before = count_descriptors();
  return 0;
}

int tear_down(void**) {
  faults = {};
  alarm(0);
  return count_descriptors() == descriptors_before ? 0 : -1;
}

std::string text(Str view) {
  return std::string(view.data(), view.size());
}

void assert_says(Str words, const std::string& expected) {
  assert_string_equal(text(words).c_str(), expected.c_str());
}

void assert_status(Status status, Status expected) {
  assert_int_equal(static_cast<int>(status), static_cast<int>(expected));
}

void assert_io(IoResult result, Status status, size_t size) {
  assert_status(result.status, status);
  assert_int_equal(result.size, size);
}

bool is_close_on_exec(int descriptor) {
  return fcntl(descriptor, F_GETFD) & FD_CLOEXEC;
}

/// The descriptor open on `path`; -1 when none is.
int descriptor_of(const std::string& path) {
  for (int i = 0; i < 64; i++) {
    char target[256] = {};
    const std::string link = "/proc/self/fd/" + std::to_string(i);
    if (readlink(link.c_str(), target, sizeof target - 1) > 0 && path == target) return i;
  }
  return -1;
}

bool has_ipv6() {
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

/// Waits as a client does; false after two seconds.
bool wait_for(TcpTransport& transport, bool sending, bool receiving) {
  posix::Platform platform;
  Interest interest = transport.interest(sending, receiving);
  const Instant until = platform.now() + 2000;
  platform.wait({&interest, 1}, until);
  return platform.now() < until;
}

Status finish_connecting(TcpTransport& transport) {
  Status status;
  while ((status = transport.advance()) == Status::kPending) assert_true(wait_for(transport, false, false));
  return status;
}

Status connect_to(TcpTransport& transport, const char* host, uint16_t port) {
  assert_status(transport.open({host, port, false}), Status::kPending);
  return finish_connecting(transport);
}

IoResult receive(TcpTransport& transport, MutBytes space) {
  IoResult result;
  while ((result = transport.recv(space)).status == Status::kPending) assert_true(wait_for(transport, false, true));
  return result;
}

Status send_until_it_fails(TcpTransport& transport) {
  static const char filler[65536] = {};
  for (;;) {
    const IoResult result = transport.send({filler, sizeof filler});
    if (result.status != Status::kOk && result.status != Status::kPending) return result.status;
    usleep(1000);
  }
}

volatile sig_atomic_t signals;
void count_signal(int) {
  signals = signals + 1;
}

/// SIGALRM every `us` microseconds, without SA_RESTART. Replaces the alarm of set_up for its time.
struct SignalStorm {
  explicit SignalStorm(int us) {
    struct sigaction action {};
    action.sa_handler = count_signal;
    sigaction(SIGALRM, &action, &before);
    signals = 0;
    const itimerval every{{0, us}, {0, us}};
    setitimer(ITIMER_REAL, &every, nullptr);
  }
  ~SignalStorm() {
    const itimerval never{};
    setitimer(ITIMER_REAL, &never, nullptr);
    sigaction(SIGALRM, &before, nullptr);
    alarm(30);
  }
  struct sigaction before {};
};

// --- TcpTransport ----------------------------------------------------------------------------------------------

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
  TcpTransport transport;
  assert_int_equal(static_cast<int>(transport.state()), static_cast<int>(Transport::State::kClosed));
  assert_int_equal(transport.interest(true, true).handle, -1);

  assert_status(transport.open({ip, server.port, false}), Status::kPending);
  assert_int_equal(static_cast<int>(transport.state()), static_cast<int>(Transport::State::kResolving));
  assert_true(transport.ready());
  assert_says(transport.describe(), ip);

  assert_status(transport.advance(), Status::kPending);
  assert_int_equal(static_cast<int>(transport.state()), static_cast<int>(Transport::State::kConnecting));
  assert_false(transport.ready());
  const Interest interest = transport.interest(false, true);
  assert_true(interest.handle >= 0 && interest.write && !interest.read);
  assert_says(transport.describe(), server.at(shown));

  assert_status(finish_connecting(transport), Status::kOk);
  assert_status(transport.advance(), Status::kOk);
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

void refuses_endpoints_it_cannot_serve(void**) {
  TcpTransport transport;
  assert_status(transport.open({"127.0.0.1", 443, true}), Status::kUnsupported);
  assert_status(transport.open({"", 80, false}), Status::kInvalidArgument);
  assert_status(transport.open({Str("127.0.0.1\0.test", 15), 80, false}), Status::kInvalidArgument);
  const std::string longest = std::string(kMaxHostBytes - 5, 'a') + ".test";
  assert_status(transport.open({longest + "s", 80, false}), Status::kInvalidArgument);
  assert_int_equal(static_cast<int>(transport.state()), static_cast<int>(Transport::State::kClosed));
  assert_status(transport.open({longest, 80, false}), Status::kPending);
  assert_says(transport.describe(), longest);
  faults.resolver_error = EAI_NONAME;
  assert_status(transport.advance(), Status::kResolveFailed);
  assert_says(transport.describe(), longest + ": " + gai_strerror(EAI_NONAME));
}

void copies_the_endpoint(void**) {
  Server server("127.0.0.1");
  TcpTransport transport;
  {
    char host[] = "127.0.0.1";
    assert_status(transport.open({host, server.port, false}), Status::kPending);
    memset(host, 'x', sizeof host - 1);
  }
  assert_status(finish_connecting(transport), Status::kOk);
}

void says_who_refused(void**) {
  Server server("127.0.0.1", -1);
  TcpTransport transport;
  for (int i = 0; i < 2; i++) {
    assert_status(connect_to(transport, "127.0.0.1", server.port), Status::kConnectFailed);
    assert_status(transport.advance(), Status::kConnectFailed);
    assert_int_equal(transport.interest(true, true).handle, -1);
    transport.close();
    assert_says(transport.describe(), server.at("127.0.0.1") + ": Connection refused");
  }
}

void says_what_the_resolver_says(void**) {
  TcpTransport transport;
  faults.resolver_error = EAI_AGAIN;
  assert_status(connect_to(transport, "a.test", 80), Status::kResolveFailed);
  assert_says(transport.describe(), std::string("a.test: ") + gai_strerror(EAI_AGAIN));
  transport.close();
  faults.resolver_error = EAI_SYSTEM;
  faults.resolver_errno = EMFILE;
  assert_status(connect_to(transport, "a.test", 80), Status::kResolveFailed);
  assert_says(transport.describe(), "a.test: Too many open files");
  assert_int_equal(faults.name_lookups, 2);
}

void resolves_localhost(void**) {
  Server server("127.0.0.1");
  TcpTransport transport;
  assert_status(connect_to(transport, "localhost", server.port), Status::kOk);
  assert_says(transport.describe(), server.at("127.0.0.1"));
  assert_int_equal(faults.name_lookups, 1);
}

void goes_on_to_the_next_address(void**) {
  if (!has_ipv6()) skip();
  Server server("127.0.0.1");
  TcpTransport transport;
  faults.addresses[0] = "::1";
  faults.addresses[1] = "127.0.0.1";
  faults.interrupt = true;
  assert_status(transport.open({"two.test", server.port, false}), Status::kPending);
  assert_status(transport.advance(), Status::kPending);
  assert_true(faults.interruptions > 0);
  assert_says(transport.describe(), server.at("[::1]") + ", " + server.at("127.0.0.1"));
  assert_status(finish_connecting(transport), Status::kOk);
  assert_says(transport.describe(), server.at("127.0.0.1"));
  assert_int_equal(faults.lists_out, 0);
  server.accept_one();
  server.reset();
  char space[8];
  assert_io(receive(transport, space), Status::kConnectionLost, 0);
  assert_says(transport.describe(), server.at("127.0.0.1") + ": Connection reset by peer");
}

void skips_what_cannot_be_reached(void**) {
  Server server("127.0.0.1");
  TcpTransport transport;
  faults.addresses[0] = "255.255.255.255";
  faults.addresses[1] = "fe80::1";
  faults.addresses[2] = "127.0.0.1";
  assert_status(connect_to(transport, "three.test", server.port), Status::kOk);
  assert_says(transport.describe(), server.at("127.0.0.1"));
  transport.close();
  faults.addresses[2] = nullptr;
  assert_status(connect_to(transport, "two.test", server.port), Status::kConnectFailed);
  assert_status(transport.advance(), Status::kConnectFailed);
  assert_non_null(strstr(text(transport.describe()).c_str(), " (last of 2 addresses)"));
  transport.close();
  faults.addresses[1] = nullptr;
  assert_status(connect_to(transport, "one.test", server.port), Status::kConnectFailed);
  assert_says(transport.describe(), server.at("255.255.255.255") + ": Network is unreachable");
}

void keeps_the_scope_of_an_address(void**) {
  if (!has_ipv6()) skip();
  TcpTransport transport;
  assert_status(connect_to(transport, "fe80::1%lo", 9), Status::kConnectFailed);
  const std::string words = text(transport.describe());
  assert_int_equal(words.find("[fe80::1%1]:9: "), 0);
  assert_true(words.find("Invalid argument") == std::string::npos);
}

void tries_as_many_addresses_as_it_says(void**) {
  static const char* const kTen[] = {"127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5",
                                     "127.0.0.6", "127.0.0.7", "127.0.0.8", "127.0.0.9", "127.0.0.10"};
  memcpy(faults.addresses, kTen, sizeof kTen);
  TcpTransport transport;
  Server ninth("127.0.0.9");
  assert_status(transport.open({"ten.test", ninth.port, false}), Status::kPending);
  assert_status(transport.advance(), Status::kPending);
  std::string list = ninth.at(kTen[0]);
  for (int i = 1; i < 8; i++) list += ", " + ninth.at(kTen[i]);
  assert_says(transport.describe(), list + " and 2 more");
  assert_status(finish_connecting(transport), Status::kConnectFailed);
  assert_says(transport.describe(), ninth.at("127.0.0.8") + ": Connection refused (last of 8 addresses)");
  transport.close();
  Server eighth("127.0.0.8");
  assert_status(connect_to(transport, "ten.test", eighth.port), Status::kOk);
  assert_says(transport.describe(), eighth.at("127.0.0.8"));
}

void cuts_a_long_list_in_words(void**) {
  for (int i = 0; i < 8; i++) faults.addresses[i] = "2001:db8:1111:2222:3333:4444:5555:6666";
  faults.addresses[0] = "127.0.0.1";
  Server silent("127.0.0.1", -1);
  TcpTransport transport;
  assert_status(transport.open({"long.test", silent.port, false}), Status::kPending);
  assert_status(transport.advance(), Status::kPending);
  const std::string list = text(transport.describe());
  size_t commas = 0;
  for (char c : list) commas += c == ',';
  assert_string_equal(list.c_str() + list.find(" and "), (" and " + std::to_string(7 - commas) + " more").c_str());
}

void waits_for_a_silent_peer_without_blocking(void**) {
  Server server("127.0.0.1", 0);
  faults.addresses[0] = "127.0.0.1";
  faults.addresses[1] = "127.0.0.2";
  TcpTransport crowd[4];
  for (TcpTransport& one : crowd) {
    assert_status(one.open({"silent.test", server.port, false}), Status::kPending);
    assert_status(one.advance(), Status::kPending);
  }
  TcpTransport& silent = crowd[3];
  const Interest interest = silent.interest(false, false);
  posix::Platform platform;
  platform.wait({&interest, 1}, platform.now() + 50);
  assert_status(silent.advance(), Status::kPending);
  assert_says(silent.describe(), server.at("127.0.0.1"));
  silent.close();
  assert_int_equal(fcntl(interest.handle, F_GETFD), -1);
}

void tells_a_reset_from_an_end(void**) {
  Server server("127.0.0.1");
  TcpTransport transport;
  assert_status(connect_to(transport, "127.0.0.1", server.port), Status::kOk);
  server.accept_one();
  server.reset();
  char space[8];
  for (int i = 0; i < 3; i++) {
    assert_io(receive(transport, space), Status::kConnectionLost, 0);
    assert_says(transport.describe(), server.at("127.0.0.1") + ": Connection reset by peer");
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
  TcpTransport transport;
  assert_status(connect_to(transport, "127.0.0.1", server.port), Status::kOk);
  server.accept_one();
  server.hang_up();
  assert_status(send_until_it_fails(transport), Status::kConnectionLost);
  assert_says(transport.describe(), server.at("127.0.0.1") + ": Broken pipe");
}

void gives_what_arrived_before_the_connection_was_lost(void**) {
  Server server("127.0.0.1");
  TcpTransport transport;
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
  TcpTransport transport;
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
  TcpTransport transport;
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
  TcpTransport transport;
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
  TcpTransport transport;
  transport.close();
  for (int steps = 0; steps < 3; steps++) {
    assert_status(transport.open({"127.0.0.1", server.port, false}), Status::kPending);
    if (steps > 0) assert_status(transport.advance(), Status::kPending);
    if (steps > 1) assert_status(finish_connecting(transport), Status::kOk);
    transport.close();
    assert_int_equal(static_cast<int>(transport.state()), static_cast<int>(Transport::State::kClosed));
    assert_int_equal(count_descriptors(), descriptors_before + 1);
  }
}

// --- Platform, Environment -------------------------------------------------------------------------------------

void clocks_tell_the_time(void**) {
  posix::Platform platform;
  timespec boot{}, wall{};
  clock_gettime(CLOCK_BOOTTIME, &boot);
  clock_gettime(CLOCK_REALTIME, &wall);
  const Instant now = platform.now();
  assert_in_range(now.ms - (boot.tv_sec * 1000 + boot.tv_nsec / 1000000), 0, 1000);
  assert_in_range(platform.unix_time().seconds - wall.tv_sec, 0, 1);
  usleep(20000);
  assert_in_range(platform.now() - now, 20, 2000);
}

void random_never_comes_twice(void**) {
  posix::Platform platform;
  static char drawn[64][16];
  for (int i = 0; i < 64; i++) {
    faults.random_errno = i % 2 ? ENOSYS : 0;
    assert_status(platform.random(drawn[i]), Status::kOk);
    for (int j = 0; j < i; j++) assert_memory_not_equal(drawn[i], drawn[j], 16);
  }
}

void random_fills_all_and_no_more(void**) {
  posix::Platform platform;
  faults.interrupt = true;
  faults.most_random = 3;
  for (int error : {0, ENOSYS}) {
    char out[1000] = {};
    faults.random_errno = error;
    assert_status(platform.random({out, 999}), Status::kOk);
    int zeros = 0;
    for (int i = 0; i < 999; i++) zeros += out[i] == 0;
    assert_true(zeros < 30);
    assert_int_equal(out[999], 0);
  }
  assert_true(faults.interruptions > 300);
  assert_int_equal(faults.inheritable_reads, 0);
  assert_status(platform.random({}), Status::kOk);
}

void random_admits_that_there_is_none(void**) {
  posix::Platform platform;
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const rlimit none{0, before.rlim_max};
  setrlimit(RLIMIT_NOFILE, &none);
  faults.random_errno = ENOSYS;
  char out[8];
  const Status status = platform.random(out);
  setrlimit(RLIMIT_NOFILE, &before);
  assert_status(status, Status::kCryptoFailed);
}

/// How long `wait` takes until `ms` from now, in milliseconds.
int64_t waited(Span<const Interest> interests, int64_t ms) {
  posix::Platform platform;
  const Instant start = platform.now();
  platform.wait(interests, ms < 0 ? kNever : start + ms);
  return platform.now() - start;
}

constexpr size_t kMany = posix::kMaxWatched + 8;

void waits_until_the_time_has_come(void**) {
  const Interest nothing[] = {{-1, true, true}, {}};
  for (int64_t ms : {1, 2, 3, 50}) assert_in_range(waited(nothing, ms), ms, ms + 900);
  const Interest skipped[kMany] = {};
  assert_in_range(waited(skipped, 50), 50, 900);
  assert_in_range(waited({}, 1050), 1050, 4000);
  posix::Platform platform;
  const Instant start = platform.now();
  platform.wait({}, {start.ms - 1000});
  assert_in_range(platform.now() - start, 0, 900);
}

void wait_ends_when_something_can_go_on(void**) {
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  const Interest reading[] = {{-1, true, false}, {ends[0], true, false}};
  const Interest writing[] = {{ends[1], false, true}};
  assert_in_range(waited(reading, 50), 50, 3000);
  assert_in_range(waited(writing, 9000), 0, 8000);
  assert_int_equal(::write(ends[1], "x", 1), 1);
  assert_in_range(waited(reading, 9000), 0, 8000);
  assert_in_range(waited(reading, -1), 0, 8000);
  Interest many[kMany];
  for (Interest& one : many) one = {ends[1], true, false};
  many[kMany - 1] = {ends[0], true, false};
  assert_in_range(waited(many, 9000), 0, 8000);
  close(ends[0]);
  const Interest neither[] = {{ends[1], false, false}};
  assert_in_range(waited(neither, 50), 50, 3000);
  close(ends[1]);
}

void wait_returns_after_a_signal(void**) {
  SignalStorm storm(30000);
  assert_in_range(waited({}, -1), 1, 8000);
  assert_in_range(waited({}, 9000), 1, 8000);
}

void reads_the_environment(void**) {
  posix::Environment environment;
  setenv("TINYAWS_TEST", "a value", 1);
  assert_says(environment.variable("TINYAWS_TEST"), "a value");
  setenv("TINYAWS_TEST", "", 1);
  assert_says(environment.variable("TINYAWS_TEST"), "");
  unsetenv("TINYAWS_TEST");
  assert_says(environment.variable("TINYAWS_TEST"), "");
}

// --- Files -----------------------------------------------------------------------------------------------------

std::string path_of(const char* name) {
  return std::string(directory) + "/" + name;
}

std::string make_file(const char* name, const std::string& content) {
  const std::string path = path_of(name);
  FILE* file = fopen(path.c_str(), "w");
  fwrite(content.data(), 1, content.size(), file);
  fclose(file);
  return path;
}

std::string content_of(const std::string& path) {
  FILE* file = fopen(path.c_str(), "r");
  if (!file) return "(no file)";
  char space[4096];
  const size_t n = fread(space, 1, sizeof space, file);
  fclose(file);
  return std::string(space, n);
}

std::string drain(FileSource& source) {
  std::string all;
  char space[7];
  for (;;) {
    const IoResult result = source.read(space);
    assert_status(result.status, Status::kOk);
    if (result.size == 0) return all;
    all.append(space, result.size);
  }
}

void source_reads_a_file_again_and_again(void**) {
  const std::string path = make_file("source", "twenty-three characters");
  FileSource source;
  assert_status(source.open(path.c_str()), Status::kOk);
  assert_true(is_close_on_exec(descriptor_of(path)));
  assert_int_equal(source.size(), 23);
  faults.interrupt = true;
  assert_string_equal(drain(source).c_str(), "twenty-three characters");
  assert_status(source.rewind(), Status::kOk);
  assert_string_equal(drain(source).c_str(), "twenty-three characters");
  assert_true(faults.interruptions > 0);
  source.close();
  assert_int_equal(descriptor_of(path), -1);
}

void source_keeps_to_the_length_it_told(void**) {
  const std::string path = make_file("source", "0123456789");
  FileSource source;
  assert_status(source.open(path.c_str()), Status::kOk);
  assert_int_equal(truncate(path.c_str(), 4), 0);
  assert_string_equal(drain(source).c_str(), "0123");
  assert_int_equal(source.size(), 10);
  make_file("source", "0123456789 and more");
  assert_status(source.rewind(), Status::kOk);
  assert_string_equal(drain(source).c_str(), "0123456789");
}

void source_reads_a_descriptor_from_where_it_stands(void**) {
  const std::string path = make_file("source", "head and body");
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  lseek(file, 9, SEEK_SET);
  {
    FileSource source;
    assert_status(source.attach(file), Status::kOk);
    assert_int_equal(source.size(), 4);
    for (int i = 0; i < 2; i++) {
      assert_string_equal(drain(source).c_str(), "body");
      assert_status(source.rewind(), Status::kOk);
    }
  }
  assert_int_equal(close(file), 0);
}

void source_names_what_it_cannot_read(void**) {
  FileSource source;
  assert_status(source.open(path_of("missing").c_str()), Status::kNotFound);
  assert_says(source.describe(), "No such file or directory");
  assert_status(source.open(directory), Status::kBodySourceFailed);
  assert_says(source.describe(), "Is a directory");
  assert_status(source.open("/proc/self/status"), Status::kUnsupported);
  assert_says(source.describe(), "does not tell its length");
  const std::string fifo = path_of("fifo");
  assert_int_equal(mkfifo(fifo.c_str(), 0600), 0);
  assert_status(source.open(fifo.c_str()), Status::kUnsupported);
  assert_says(source.describe(), "not a regular file");
  char space[4];
  assert_io(source.read(space), Status::kBodySourceFailed, 0);
  assert_says(source.describe(), "Bad file descriptor");
  assert_status(source.rewind(), Status::kBodySourceFailed);
  const int file = open(make_file("source", "x").c_str(), O_WRONLY | O_CLOEXEC);
  assert_status(source.attach(file), Status::kOk);
  assert_io(source.read(space), Status::kBodySourceFailed, 0);
  close(file);
}

void put(FileSink& sink, const char* words) {
  assert_io(sink.write(words), Status::kOk, strlen(words));
}

void sink_touches_nothing_before_the_first_byte(void**) {
  const std::string path = make_file("sink", "precious");
  {
    FileSink sink;
    sink.open(path.c_str());
    assert_status(sink.restart(), Status::kOk);
    put(sink, "");
  }
  assert_string_equal(content_of(path).c_str(), "precious");
}

void sink_writes_a_file(void**) {
  const std::string path = make_file("sink", "something longer than what follows");
  FileSink sink;
  sink.open(path.c_str());
  faults.interrupt = true;
  put(sink, "first, ");
  assert_true(is_close_on_exec(descriptor_of(path)));
  put(sink, "rather long");
  assert_true(faults.interruptions > 0);
  assert_status(sink.restart(), Status::kOk);
  put(sink, "then ");
  put(sink, "short");
  faults.interrupt = false;
  assert_status(sink.finish(), Status::kOk);
  assert_int_equal(descriptor_of(path), -1);
  assert_string_equal(content_of(path).c_str(), "then short");
  assert_status(sink.finish(), Status::kOk);
  assert_status(sink.write("x").status, Status::kBodySinkFailed);
  assert_status(sink.restart(), Status::kUnsupported);
  assert_string_equal(content_of(path).c_str(), "then short");
}

void sink_creates_an_empty_file_when_told(void**) {
  const std::string path = path_of("empty");
  FileSink sink;
  sink.open(path.c_str());
  assert_string_equal(content_of(path).c_str(), "(no file)");
  assert_status(sink.finish(), Status::kOk);
  assert_string_equal(content_of(path).c_str(), "");
  assert_status(sink.restart(), Status::kUnsupported);
  make_file("empty", "not so empty");
  sink.open(path.c_str());
  assert_status(sink.finish(), Status::kOk);
  assert_string_equal(content_of(path).c_str(), "");
}

void sink_keeps_its_error(void**) {
  FileSink sink;
  sink.open("/dev/full");
  for (int i = 0; i < 2; i++) {
    assert_io(sink.write("x"), Status::kBodySinkFailed, 0);
    assert_says(sink.describe(), "No space left on device");
  }
  assert_status(sink.finish(), Status::kBodySinkFailed);
  const std::string nowhere = path_of("no/file");
  sink.open(nowhere.c_str());
  assert_says(sink.describe(), "");
  assert_io(sink.write("x"), Status::kBodySinkFailed, 0);
  assert_says(sink.describe(), "No such file or directory");
  assert_int_equal(mkdir(path_of("no").c_str(), 0700), 0);
  assert_io(sink.write("x"), Status::kBodySinkFailed, 0);
  assert_int_equal(rmdir(path_of("no").c_str()), 0);
  sink.open(directory);
  assert_status(sink.finish(), Status::kBodySinkFailed);
  assert_says(sink.describe(), "Is a directory");
  sink.open("/dev/null");
  put(sink, "x");
  assert_status(sink.restart(), Status::kUnsupported);
}

void sink_reports_what_close_says(void**) {
  const std::string path = path_of("sink");
  FileSink sink;
  sink.open(path.c_str());
  put(sink, "x");
  faults.close_errno = EIO;
  assert_status(sink.finish(), Status::kBodySinkFailed);
  faults.close_errno = 0;
  assert_says(sink.describe(), "Input/output error");
  assert_status(sink.finish(), Status::kBodySinkFailed);
}

void sink_writes_to_a_descriptor_once(void**) {
  int ends[2];
  assert_int_equal(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
  {
    FileSink sink;
    sink.attach(ends[1]);
    assert_status(sink.restart(), Status::kOk);
    put(sink, "x");
    assert_status(sink.restart(), Status::kUnsupported);
    static const char much[4096] = {};
    IoResult result;
    while ((result = sink.write({much, sizeof much})).status == Status::kOk) assert_true(result.size > 0);
    assert_io(result, Status::kPending, 0);
    assert_status(sink.finish(), Status::kOk);
  }
  assert_int_equal(close(ends[0]) | close(ends[1]), 0);
  FileSink sink;
  assert_io(sink.write("x"), Status::kBodySinkFailed, 0);
  assert_says(sink.describe(), "Bad file descriptor");
  sink.attach(ends[1]);
  assert_io(sink.write("x"), Status::kBodySinkFailed, 0);
  assert_says(sink.describe(), "Bad file descriptor");
}

void reads_small_files(void**) {
  const std::string path = make_file("small", "0123456789");
  char out[64];
  faults.interrupt = true;
  assert_io(posix::read_file(path.c_str(), out), Status::kOk, 10);
  assert_memory_equal(out, "0123456789", 10);
  assert_true(faults.interruptions > 0);
  assert_io(posix::read_file(path.c_str(), {out, 10}), Status::kOk, 10);
  assert_io(posix::read_file(path.c_str(), {out, 9}), Status::kBufferTooSmall, 10);
  assert_io(posix::read_file(path.c_str(), {out, 3}), Status::kBufferTooSmall, 10);
  assert_io(posix::read_file(path.c_str(), {}), Status::kBufferTooSmall, 10);
  assert_io(posix::read_file("/proc/self/status", {out, 20}), Status::kBufferTooSmall, 21);
  assert_io(posix::read_file("/dev/null", {}), Status::kOk, 0);
  assert_io(posix::read_file(path_of("missing").c_str(), out), Status::kNotFound, 0);
  assert_io(posix::read_file((path + "/below").c_str(), out), Status::kNotFound, 0);
  assert_io(posix::read_file(directory, out), Status::kUnsupported, 0);
  assert_int_equal(errno, EISDIR);
  assert_int_equal(faults.inheritable_reads, 0);
}

}  // namespace

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main() {
  if (!mkdtemp(directory)) return 1;
  const CMUnitTest tests[] = {
      CASE(talks_over_ipv4),
      CASE(talks_over_ipv6),
      CASE(refuses_endpoints_it_cannot_serve),
      CASE(copies_the_endpoint),
      CASE(says_who_refused),
      CASE(says_what_the_resolver_says),
      CASE(resolves_localhost),
      CASE(goes_on_to_the_next_address),
      CASE(skips_what_cannot_be_reached),
      CASE(keeps_the_scope_of_an_address),
      CASE(tries_as_many_addresses_as_it_says),
      CASE(cuts_a_long_list_in_words),
      CASE(waits_for_a_silent_peer_without_blocking),
      CASE(tells_a_reset_from_an_end),
      CASE(raises_no_signal_when_the_peer_has_gone),
      CASE(gives_what_arrived_before_the_connection_was_lost),
      CASE(sends_every_byte_through_signals),
      CASE(receives_every_byte_through_signals),
      CASE(works_with_descriptors_above_1024),
      CASE(closes_in_every_state),
      CASE(clocks_tell_the_time),
      CASE(random_never_comes_twice),
      CASE(random_fills_all_and_no_more),
      CASE(random_admits_that_there_is_none),
      CASE(waits_until_the_time_has_come),
      CASE(wait_ends_when_something_can_go_on),
      CASE(wait_returns_after_a_signal),
      CASE(reads_the_environment),
      CASE(source_reads_a_file_again_and_again),
      CASE(source_keeps_to_the_length_it_told),
      CASE(source_reads_a_descriptor_from_where_it_stands),
      CASE(source_names_what_it_cannot_read),
      CASE(sink_touches_nothing_before_the_first_byte),
      CASE(sink_writes_a_file),
      CASE(sink_creates_an_empty_file_when_told),
      CASE(sink_keeps_its_error),
      CASE(sink_reports_what_close_says),
      CASE(sink_writes_to_a_descriptor_once),
      CASE(reads_small_files),
  };
  const int failed = cmocka_run_group_tests(tests, nullptr, nullptr);
  for (const char* name : {"source", "sink", "empty", "small", "fifo"}) unlink(path_of(name).c_str());
  rmdir(directory);
  return failed;
}
