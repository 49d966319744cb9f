// A TCP proxy that cuts some of its connections, for test_async_soak.py:
//   cutting_proxy PORT SERVER_PORT PER_MILLE SEED
// Listens on 127.0.0.1:PORT. So many connections in a thousand are cut, in either direction and after a random number
// of bytes: reset on both sides, closed on both sides, or silent for a while and then reset. On SIGTERM prints how
// many connections there were, how many were to be cut, and how many were.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <thread>

namespace {

constexpr size_t kPieceBytes = 65536;
constexpr double kMostBytes = 262144;
constexpr auto kSilence = std::chrono::milliseconds(300);

std::atomic<int> connections{0};
std::atomic<int> planned{0};
std::atomic<int> cut{0};

enum class Way : uint8_t { kReset, kClose, kFallSilent };

struct Plan {
  bool cuts = false;
  int direction = 0;
  size_t after = 0;
  Way way = Way::kReset;
};

class Planner {
 public:
  Planner(int per_mille, unsigned seed) : per_mille_(per_mille), generator_(seed) {}

  Plan next() {
    std::uniform_real_distribution<double> part(0, 1);
    Plan plan;
    plan.cuts = part(generator_) * 1000 < per_mille_;
    plan.direction = part(generator_) < 0.5 ? 0 : 1;
    plan.after = static_cast<size_t>(std::exp(part(generator_) * std::log(kMostBytes + 1))) - 1;
    plan.way = static_cast<Way>(part(generator_) * 3);
    return plan;
  }

 private:
  int per_mille_;
  std::mt19937 generator_;
};

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// The socket stays a descriptor, so that another thread may still use it, and learns of its end.
void reset(int socket) {
  sockaddr nowhere{};
  nowhere.sa_family = AF_UNSPEC;
  (void)connect(socket, &nowhere, sizeof nowhere);
}

/// Two sockets, and a thread for each direction.
class Relay {
 public:
  Relay(int client, int server, const Plan& plan) : sockets_{client, server}, plan_(plan) {}
  ~Relay() {
    close(sockets_[0]);
    close(sockets_[1]);
  }

  /// Passes on what comes from one side until that ends.
  void pass_on(int direction) {
    const auto piece = std::make_unique<char[]>(kPieceBytes);
    const bool cuts = plan_.cuts && plan_.direction == direction;
    size_t left = plan_.after;
    while (true) {
      const ssize_t size = recv(sockets_[direction], piece.get(), kPieceBytes, 0);
      if (size <= 0) return end(direction, size);
      const auto whole = static_cast<size_t>(size);
      const bool is_last = cuts && whole > left;
      if (silent_ || !send_all(sockets_[1 - direction], piece.get(), is_last ? left : whole)) return;
      if (is_last) return cut_off();
      left -= cuts ? whole : 0;
    }
  }

 private:
  static bool send_all(int socket, const char* bytes, size_t size) {
    while (size > 0) {
      const ssize_t sent = send(socket, bytes, size, MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes += sent;
      size -= static_cast<size_t>(sent);
    }
    return true;
  }

  void end(int direction, ssize_t size) {
    if (silent_) return;
    if (size == 0) {
      shutdown(sockets_[1 - direction], SHUT_WR);
    } else {
      reset(sockets_[1 - direction]);
    }
  }

  void cut_off() {
    ++cut;
    if (plan_.way == Way::kFallSilent) {
      silent_ = true;
      std::this_thread::sleep_for(kSilence);
    }
    for (int socket : sockets_) {
      if (plan_.way == Way::kClose) {
        shutdown(socket, SHUT_RDWR);
      } else {
        reset(socket);
      }
    }
  }

  const int sockets_[2];
  const Plan plan_;
  std::atomic<bool> silent_{false};
};

void serve(int client, int server_port, const Plan& plan) {
  ++connections;
  planned += plan.cuts;
  const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(server_port);
  if (connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    reset(client);
    close(client);
    close(server);
    return;
  }
  const int on = 1;
  setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const auto relay = std::make_shared<Relay>(client, server, plan);
  std::thread([relay] { relay->pass_on(0); }).detach();
  std::thread([relay] { relay->pass_on(1); }).detach();
}

int listen_on(int port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const sockaddr_in address = loopback(port);
  const bool listens = bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                       listen(listener, SOMAXCONN) == 0;
  return listens ? listener : -1;
}

void accept_all(int listener, int server_port, Planner planner) {
  while (true) {
    const int client = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (client >= 0) serve(client, server_port, planner.next());
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  const int listener = listen_on(std::atoi(argv[1]));
  if (listener < 0) return std::perror("cutting_proxy"), 1;
  const Planner planner(std::atoi(argv[3]), static_cast<unsigned>(std::atoi(argv[4])));
  std::thread(accept_all, listener, std::atoi(argv[2]), planner).detach();
  int signal = 0;
  sigwait(&ends, &signal);
  std::printf("{\"connections\": %d, \"planned\": %d, \"cut\": %d}\n", connections.load(), planned.load(),
              cut.load());
  std::fflush(stdout);
  _exit(0);  // other threads still use what would be taken down
}
