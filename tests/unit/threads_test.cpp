// Clients in several threads never meet: run under ThreadSanitizer (preset thread-sanitizer). Each thread has a
// server of its own on the loopback interface, so that nothing but the library could be shared.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <csetjmp>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tinyaws/system.h"
#include "tinyaws/tinyaws.h"

extern "C" {
#include <cmocka.h>
}

namespace {

using namespace tinyaws;

constexpr int kThreads = 4;
constexpr int kCalls = 25;

// Answers every request on one connection until the client leaves.
class Server {
 public:
  Server() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    assert_int_equal(bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    assert_int_equal(listen(listener_, 1), 0);
    assert_int_equal(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~Server() {
    thread_.join();
    close(listener_);
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  void serve() {
    const int peer = accept(listener_, nullptr, nullptr);
    std::string request;
    char bytes[4096];
    for (ssize_t n = 0; (n = read(peer, bytes, sizeof bytes)) > 0;) {
      request.append(bytes, static_cast<size_t>(n));
      if (request.find("\r\n\r\n{}") == std::string::npos) continue;
      request.clear();
      constexpr char kAnswer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
      if (write(peer, kAnswer, sizeof kAnswer - 1) < 0) break;
    }
    close(peer);
  }

  int listener_;
  uint16_t port_ = 0;
  std::thread thread_;
};

// Everything that a thread of a program would make for itself, TLS settings included.
void run_client(const std::string& url, const std::string& secret, std::atomic<int>& good) {
  System<> system;
  StaticCredentials credentials({"AKIDEXAMPLE", secret});
  ClientOptions options;
  options.endpoint_url = url;
  Client client(system, credentials, options);
  for (int i = 0; i < kCalls; ++i) {
    char body[16];
    Response response(body);
    ApiRequest request{"dynamodb", "eu-west-1", "POST"};
    request.body = "{}";
    if (client.fetch(request, response) == Status::kOk && response.body() == "ok") ++good;
  }
}

void clients_in_threads_never_meet(void**) {
  std::atomic<int> good{0};
  std::vector<std::unique_ptr<Server>> servers;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) servers.push_back(std::make_unique<Server>());
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] { run_client(servers[i]->url(), "secret" + std::to_string(i), good); });
  }
  for (std::thread& thread : threads) thread.join();
  assert_int_equal(good, kThreads * kCalls);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {cmocka_unit_test(clients_in_threads_never_meet)};
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
