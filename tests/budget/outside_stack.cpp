// The stack that functions of libc and mbedTLS take, for the constants in rules.tsv: each is called once on a painted
// stack, with arguments as the ports have them.
//
//   arm-linux-gnueabihf-g++ -std=c++17 -Os -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 outside_stack.cpp -lmbedcrypto &&
//       qemu-arm-static -E LD_BIND_NOW=1 a.out
#include <arpa/inet.h>
#include <fcntl.h>
#include <mbedtls/sha256.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "painted_stack.h"

namespace {

char memory[4096], other[4096];
volatile long long number = 1000000007;
volatile int small_number = 7;
int descriptor;
pid_t child;
mbedtls_sha256_context sha256;

struct Row {
  const char* name;
  void (*work)();
};

const Row kRows[] = {
    {"memcpy", [] { std::memcpy(memory, other, size_t(number % 4000)); }},
    {"memmove", [] { std::memmove(memory, memory + 1, size_t(number % 4000)); }},
    {"memset", [] { std::memset(memory, 0, size_t(number % 4000)); }},
    {"memcmp", [] { number = 5000 + std::memcmp(memory, other, 4000); }},
    {"memchr", [] { number = 5000 + (std::memchr(memory, 'x', 4000) != nullptr); }},
    {"strlen", [] { number = 5000 + long(std::strlen(memory)); }},
    {"division", [] { number = 1000000007 / small_number + 1000000007 % small_number; }},
    {"calloc, free", [] { std::free(std::calloc(1, size_t(number % 4000))); }},
    {"getenv", [] { number = std::getenv("TINYAWS") != nullptr; }},
    {"clock_gettime",
     [] {
       timespec now;
       clock_gettime(CLOCK_MONOTONIC, &now);
     }},
    {"getrandom", [] { number = getrandom(memory, 16, 0); }},
    {"socket", [] { descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0); }},
    {"setsockopt", [] { setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &descriptor, sizeof descriptor); }},
    {"getsockopt",
     [] {
       socklen_t size = 4;
       getsockopt(descriptor, SOL_SOCKET, SO_ERROR, other, &size);
     }},
    {"connect",
     [] {
       sockaddr_in a{};
       a.sin_family = AF_INET;
       connect(descriptor, reinterpret_cast<sockaddr*>(&a), sizeof a);
     }},
    {"send", [] { number = send(descriptor, memory, 10, MSG_NOSIGNAL); }},
    {"recv", [] { number = recv(descriptor, memory, 10, 0); }},
    {"poll",
     [] {
       pollfd one{0, 0, 0};
       poll(&one, 1, 1);
     }},
    {"epoll",
     [] {
       int e = epoll_create1(0);
       epoll_event event{};
       epoll_ctl(e, EPOLL_CTL_ADD, descriptor, &event);
       epoll_wait(e, &event, 1, 0);
       close(e);
     }},
    {"close", [] { close(descriptor); }},
    {"open", [] { descriptor = open("/etc/passwd", O_RDONLY); }},
    {"fstat",
     [] {
       struct stat status;
       fstat(descriptor, &status);
       number = status.st_size;
     }},
    {"stat",
     [] {
       struct stat status;
       stat("/etc/passwd", &status);
       number = status.st_size;
     }},
    {"read", [] { number = read(descriptor, memory, 10); }},
    {"pread", [] { number = pread(descriptor, memory, 10, 0); }},
    {"lseek", [] { number = lseek(descriptor, 0, SEEK_SET); }},
    {"fcntl", [] { fcntl(descriptor, F_SETFL, O_NONBLOCK); }},
    {"write", [] { number = write(descriptor, memory, 10); }},
    {"inet_pton", [] { number = inet_pton(AF_INET6, "2001:db8::1", memory); }},
    {"inet_ntop", [] { number = inet_ntop(AF_INET6, other, memory, sizeof memory) != nullptr; }},
    {"if_nametoindex", [] { number = if_nametoindex("lo"); }},
    {"strerror_r", [] { number = strerror_r(ECONNREFUSED, memory, sizeof memory) != nullptr; }},
    {"signal", [] { signal(SIGPIPE, SIG_DFL); }},
    {"sigprocmask",
     [] {
       sigset_t set;
       sigfillset(&set);
       sigprocmask(SIG_SETMASK, &set, &set);
       sigprocmask(SIG_SETMASK, &set, nullptr);
     }},
    {"dup2", [] { dup2(descriptor, descriptor); }},
    {"execve",
     [] {
       char* words[] = {nullptr};
       number = execve("", words, words);
     }},
    {"vfork",
     [] {
       child = vfork();
       if (child == 0) _exit(0);
     }},
    {"waitpid",
     [] {
       int status;
       waitpid(child, &status, 0);
     }},
    {"sha256 start",
     [] {
       mbedtls_sha256_init(&sha256);
       mbedtls_sha256_starts_ret(&sha256, 0);
     }},
    {"sha256 update", [] { mbedtls_sha256_update_ret(&sha256, reinterpret_cast<unsigned char*>(memory), 1000); }},
    {"sha256 finish", [] { mbedtls_sha256_finish_ret(&sha256, reinterpret_cast<unsigned char*>(other)); }},
};

}  // namespace

int main() {
  for (const Row& row : kRows) std::printf("%-16s %5zd\n", row.name, stack_used(row.work));
  return 0;
}
