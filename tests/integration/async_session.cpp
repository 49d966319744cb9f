// A program with many connections that does what it is told, for test_async_servers.py and test_async_dns.py:
//   async_session [NAME=VALUE ...]
// Names: slots (1 to 16), loop (poll, epoll or spin), attempts; connect_ms, tls_ms, first_byte_ms, stall_ms,
// attempt_ms, total_ms; resolv_conf and hosts (paths). Credentials come from the environment, CAs from AWS_CA_BUNDLE.
//
// It takes commands from standard input, one a line. Each answer is some lines with a line of one dot at their end:
//   call NAME URL        a signed GET, to be started by `go`; no other line
//   lane NAME COUNT URL  so many of them, one after the other until one fails; no other line
//   cancel MS            those made by `call` are cancelled so long after the next `go`; no other line
//   go                   runs all until they have ended. For each of both kinds, in the order in which they ended:
//                        NAME STATUS SUCCEEDED LAST_HTTP_STATUS MILLISECONDS DETAIL
//   idle MS              polls for so long without a call, as a program does that has something else to do as well
//   sleep MS             does nothing at all for so long
//   close                closes the connections that are kept
//   events               what connections have gone through since this was asked last: KIND STATUS TEXT
//   descriptors          how many are open
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "async_lane.h"
#include "descriptors.h"
#include "tinyaws/system.h"
#include "tinyaws/tinyaws.h"

namespace {

using namespace tinyaws;

constexpr size_t kSlots = 16;

using Many = AsyncSystem<kSlots, 4096, 16>;

struct Choices {
  size_t slots = kSlots;
  std::string loop = "epoll";
  std::string resolv_conf = "/etc/resolv.conf";
  std::string hosts = "/etc/hosts";
  uint16_t dns_port = 53;
  ClientOptions options;

  bool set(const std::string& name, const std::string& value) {
    const auto number = static_cast<uint32_t>(std::strtoul(value.c_str(), nullptr, 10));
    Timeouts& limits = options.timeouts;
    const struct {
      const char* name;
      uint32_t& limit;
    } limit_names[] = {{"connect_ms", limits.connect_ms},       {"tls_ms", limits.tls_ms},
                       {"first_byte_ms", limits.first_byte_ms}, {"stall_ms", limits.stall_ms},
                       {"attempt_ms", limits.attempt_ms},       {"total_ms", limits.total_ms}};
    for (const auto& known : limit_names) {
      if (name == known.name) return known.limit = number, true;
    }
    if (name == "slots") return slots = number, number > 0 && number <= kSlots;
    if (name == "attempts") return options.max_attempts = static_cast<uint8_t>(number), true;
    if (name == "dns_port") return dns_port = static_cast<uint16_t>(number), true;
    if (name == "loop") return loop = value, true;
    if (name == "resolv_conf") return resolv_conf = value, true;
    if (name == "hosts") return hosts = value, true;
    return false;
  }
};

class Events final : public Observer {
 public:
  void on_event(const Event& event) override {
    using Kind = Event::Kind;
    if (event.kind == Kind::kHeadSent || event.kind == Kind::kBodySent || event.kind == Kind::kStatus) return;
    lines_ << std::string(name(event.kind)) << '\t' << std::string(name(event.status)) << '\t'
           << std::string(event.text) << '\n';
  }

  std::string take() {
    std::string taken = lines_.str();
    lines_.str("");
    return taken;
  }

 private:
  std::ostringstream lines_;
};

class Session {
 public:
  Session(Many& system, const AsyncPort& port, CredentialsProvider& credentials, const Choices& choices)
      : system_(system), loop_(choices.loop), client_(port, credentials, with(choices.options, &events_)) {}

  bool obey(const std::string& line) {
    std::istringstream words(line);
    std::string command;
    std::string name;
    std::string url;
    int number = 0;
    words >> command;
    if (command == "call" && words >> name >> url) {
      calls_.push_back(lane(name, 1, url));
    } else if (command == "lane" && words >> name >> number >> url) {
      lanes_.push_back(lane(name, number, url));
    } else if (command == "cancel" && words >> number) {
      cancel_after_ = number;
    } else if (command == "go") {
      go();
    } else if (command == "idle" && words >> number) {
      idle(system_.platform().now() + number);
    } else if (command == "sleep" && words >> number) {
      usleep(static_cast<useconds_t>(number) * 1000);
    } else if (command == "close") {
      client_.close_idle();
    } else if (command == "events") {
      std::cout << events_.take();
    } else if (command == "descriptors") {
      std::cout << count_descriptors() << '\n';
    } else {
      return false;
    }
    std::cout << "." << std::endl;
    return true;
  }

 private:
  static ClientOptions with(ClientOptions options, Observer* observer) {
    options.observer = observer;
    return options;
  }

  std::unique_ptr<Lane> lane(const std::string& name, int count, const std::string& url) {
    return std::make_unique<Lane>(client_, name, count, url, report_);
  }

  void go() {
    const Instant begin = system_.platform().now();
    Instant cancel_at = cancel_after_ < 0 ? kNever : begin + cancel_after_;
    for (auto& call : calls_) call->start(begin);
    for (auto& lane : lanes_) lane->start(begin);
    while (client_.busy()) {
      if (cancel_at <= system_.platform().now()) {
        for (auto& call : calls_) call->cancel();
        cancel_at = kNever;
      }
      turn(cancel_at);
    }
    std::cout << report_.str();
    report_.str("");
    calls_.clear();
    lanes_.clear();
    cancel_after_ = -1;
  }

  void idle(Instant until) {
    while (system_.platform().now() < until) turn(until);
  }

  void turn(Instant until) {
    until = earlier(until, client_.next_deadline());
    if (loop_ == "epoll") {
      client_.poll(system_.poller().wait(handles_, until));
      return;
    }
    if (loop_ == "poll") system_.platform().wait(client_.interests(interests_), until);
    client_.poll();
  }

  Many& system_;
  const std::string loop_;
  Events events_;
  AsyncClient client_;
  std::ostringstream report_;
  std::vector<std::unique_ptr<Lane>> calls_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  int cancel_after_ = -1;
  int handles_[kSlots];
  Interest interests_[kSlots];
};

}  // namespace

int main(int argc, char** argv) {
  Choices choices;
  choices.options.max_attempts = 1;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const size_t equals = argument.find('=');
    if (equals == std::string::npos || !choices.set(argument.substr(0, equals), argument.substr(equals + 1)))
      return 2;
  }
  posix::ResolverOptions names;
  names.resolv_conf = choices.resolv_conf.c_str();
  names.hosts = choices.hosts.c_str();
  names.port = choices.dns_port;
  const auto system = std::make_unique<Many>(Many::Trust::kSystem, names);
  AsyncPort port = *system;
  port.slots = port.slots.first(choices.slots);
  EnvironmentCredentials credentials(system->environment());
  Session session(*system, port, credentials, choices);
  for (std::string line; std::getline(std::cin, line);) {
    if (!session.obey(line)) return 2;
  }
  return 0;
}
