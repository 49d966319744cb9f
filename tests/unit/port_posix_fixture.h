// The POSIX port's surroundings in a test: a few functions of the C library are defined here once more and stand in
// front of it, to interrupt a call, to answer a name under ".test", or to fail where the system can't be made to.
//
// For the one source file of a program, which must be linked dynamically.
#pragma once

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

#include "port_posix_words.h"
#include "tinyaws/posix.h"

namespace test {

using namespace tinyaws;

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
};
inline Faults faults;

inline bool interrupted() {
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
};
inline FakeAddress fake_list[12];

inline addrinfo* make_fake_list() {
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

}  // namespace test

extern "C" {

int getaddrinfo(const char* host, const char* service, const addrinfo* hints, addrinfo** list) {
  if (!(hints->ai_flags & AI_NUMERICHOST)) test::faults.name_lookups++;
  if (!strstr(host, ".test")) return test::real<decltype(&getaddrinfo)>("getaddrinfo")(host, service, hints, list);
  if (hints->ai_flags & AI_NUMERICHOST) return EAI_NONAME;
  if (test::interrupted()) return EAI_SYSTEM;
  errno = test::faults.resolver_errno;
  if (test::faults.resolver_error) return test::faults.resolver_error;
  test::faults.lists_out++;
  *list = test::make_fake_list();
  return 0;
}

void freeaddrinfo(addrinfo* list) noexcept {
  if (list != &test::fake_list[0].info) return test::real<void (*)(addrinfo*)>("freeaddrinfo")(list);
  test::faults.lists_out--;
}

ssize_t getrandom(void* out, size_t size, unsigned flags) {
  if (test::interrupted()) return -1;
  if (test::faults.random_errno) return errno = test::faults.random_errno, -1;
  if (test::faults.most_random && size > test::faults.most_random) size = test::faults.most_random;
  return test::real<decltype(&getrandom)>("getrandom")(out, size, flags);
}

ssize_t send(int socket, const void* data, size_t size, int flags) {
  return test::interrupted() ? -1 : test::real<decltype(&send)>("send")(socket, data, size, flags);
}

ssize_t recv(int socket, void* data, size_t size, int flags) {
  return test::interrupted() ? -1 : test::real<decltype(&recv)>("recv")(socket, data, size, flags);
}

ssize_t read(int file, void* data, size_t size) {
  test::faults.inheritable_reads += !(fcntl(file, F_GETFD) & FD_CLOEXEC);
  return test::interrupted() ? -1 : test::real<decltype(&read)>("read")(file, data, size);
}

ssize_t write(int file, const void* data, size_t size) {
  return test::interrupted() ? -1 : test::real<decltype(&write)>("write")(file, data, size);
}

int close(int file) {
  const int result = test::real<decltype(&close)>("close")(file);
  return test::faults.close_errno ? (errno = test::faults.close_errno, -1) : result;
}

}  // extern "C"

namespace test {

// --- Tools -----------------------------------------------------------------------------------------------------

inline int descriptors_before;

inline int count_descriptors() {
  DIR* list = opendir("/proc/self/fd");
  int count = 0;
  while (readdir(list)) count++;
  closedir(list);
  return count;
}

inline int set_up(void**) {
  faults = {};
  alarm(30);
  descriptors_before = count_descriptors();
  return 0;
}

inline int tear_down(void**) {
  faults = {};
  alarm(0);
  return count_descriptors() == descriptors_before ? 0 : -1;
}

inline std::string text(Str view) {
  return std::string(view.data(), view.size());
}

inline void assert_says(Str words, const std::string& expected) {
  assert_string_equal(text(words).c_str(), expected.c_str());
}

inline void assert_status(Status status, Status expected) {
  assert_int_equal(static_cast<int>(status), static_cast<int>(expected));
}

inline void assert_io(IoResult result, Status status, size_t size) {
  assert_status(result.status, status);
  assert_int_equal(result.size, size);
}

inline bool is_close_on_exec(int descriptor) {
  return fcntl(descriptor, F_GETFD) & FD_CLOEXEC;
}

inline volatile sig_atomic_t signals;
inline void count_signal(int) {
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

}  // namespace test

#define CASE(function) cmocka_unit_test_setup_teardown(function, test::set_up, test::tear_down)
