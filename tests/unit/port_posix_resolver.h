// The POSIX port's resolver in a test: name servers on loopback that say what the test wants, files that the test
// writes, and a clock that the test moves.
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
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "port_posix_words.h"
#include "tinyaws/posix_poller.h"
#include "tinyaws/posix_resolver.h"

namespace test {

using namespace tinyaws;
using posix::Lookup;
using posix::Resolver;

constexpr uint16_t kTypeA = 1;
constexpr uint16_t kTypeCname = 5;
constexpr uint16_t kTypeAaaa = 28;
constexpr int kPatienceMs = 5000;  // real ones, for what has to happen: a test that needs them has failed

inline int descriptors_before;

inline int count_descriptors() {
  DIR* list = opendir("/proc/self/fd");
  int count = 0;
  while (readdir(list)) count++;
  closedir(list);
  return count;
}

inline int set_up(void**) {
  alarm(60);
  descriptors_before = count_descriptors();
  return 0;
}

inline int tear_down(void**) {
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
  assert_string_equal(text(name(status)).c_str(), text(name(expected)).c_str());
}

inline bool becomes_readable(int socket, int ms) {
  pollfd watched{socket, POLLIN, 0};
  return poll(&watched, 1, ms) > 0;
}

// --- Messages --------------------------------------------------------------------------------------------------

inline std::string number_16(size_t n) {
  return {static_cast<char>(n >> 8), static_cast<char>(n & 0xff)};
}

inline std::string number_32(uint32_t n) {
  return number_16(n >> 16) + number_16(n & 0xffff);
}

/// A name as labels.
inline std::string wire_name(const std::string& name) {
  std::string out;
  size_t at = 0;
  while (at < name.size()) {
    const size_t dot = std::min(name.find('.', at), name.size());
    out += static_cast<char>(dot - at);
    out += name.substr(at, dot - at);
    at = dot + 1;
  }
  return out + '\0';
}

inline std::string wire_address(const char* ip) {
  char bytes[16];
  const bool v6 = strchr(ip, ':') != nullptr;
  assert_int_equal(inet_pton(v6 ? AF_INET6 : AF_INET, ip, bytes), 1);
  return {bytes, v6 ? size_t{16} : size_t{4}};
}

struct Question {
  uint16_t id = 0;
  uint16_t type = 0;
  std::string name;
  std::string message;
  sockaddr_in from{};
};

inline Question read_question(const std::string& message) {
  Question question;
  question.message = message;
  const auto byte = [&](size_t at) { return static_cast<unsigned char>(message.at(at)); };
  question.id = static_cast<uint16_t>(byte(0) << 8 | byte(1));
  size_t at = 12;
  while (byte(at) != 0) {
    if (!question.name.empty()) question.name += '.';
    question.name += message.substr(at + 1, byte(at));
    at += 1u + byte(at);
  }
  question.type = static_cast<uint16_t>(byte(at + 1) << 8 | byte(at + 2));
  assert_int_equal(message.size(), at + 5);
  return question;
}

/// An answer in the making; the fields are there to be spoilt.
struct Reply {
  explicit Reply(const Question& to) : id(to.id), type(to.type), name(to.name) {}

  Reply& add(const std::string& owner, uint16_t record_type, uint32_t ttl, const std::string& data) {
    records +=
        wire_name(owner) + number_16(record_type) + number_16(1) + number_32(ttl) + number_16(data.size()) + data;
    count++;
    return *this;
  }
  Reply& address(const char* ip, uint32_t ttl = 60, const std::string& owner = {}) {
    return add(owner.empty() ? name : owner, strchr(ip, ':') ? kTypeAaaa : kTypeA, ttl, wire_address(ip));
  }
  Reply& alias(const std::string& owner, const std::string& target, uint32_t ttl = 60) {
    return add(owner, kTypeCname, ttl, wire_name(target));
  }
  Reply& code(unsigned value) {
    flags = (flags & ~0xfu) | value;
    return *this;
  }
  std::string bytes() const {
    return number_16(id) + number_16(flags) + number_16(questions) + number_16(count) + number_32(0) +
           wire_name(name) + number_16(type) + number_16(question_class) + records;
  }

  uint16_t id;
  unsigned flags = 0x8180;  // an answer, recursion was wanted and is available
  size_t questions = 1;
  uint16_t type;
  uint16_t question_class = 1;
  std::string name;
  std::string records;
  size_t count = 0;
};

// --- Servers ---------------------------------------------------------------------------------------------------

inline sockaddr_in loopback_address(const char* ip, uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  inet_pton(AF_INET, ip, &address.sin_addr);
  return address;
}

class NameServer {
 public:
  /// On a port that is free for UDP and TCP, or the one wanted.
  explicit NameServer(const char* ip = "127.0.0.1", uint16_t wanted = 0) : ip_(ip) {
    for (int tries = 0; !bind_both(wanted); tries++) assert_true(wanted == 0 && tries < 50);
  }
  ~NameServer() {
    hang_up();
    close(listener_);
    die();
  }
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;

  bool was_asked() const { return becomes_readable(udp_, 0); }

  Question next() {
    assert_true(becomes_readable(udp_, kPatienceMs));
    char bytes[600];
    sockaddr_in from{};
    socklen_t size = sizeof from;
    const ssize_t n = recvfrom(udp_, bytes, sizeof bytes, 0, reinterpret_cast<sockaddr*>(&from), &size);
    assert_true(n > 0);
    Question question = read_question({bytes, static_cast<size_t>(n)});
    question.from = from;
    questions_seen++;
    return question;
  }

  /// The question of this type; the other one, if it comes first, is kept for the next call.
  Question next(uint16_t type) {
    if (kept_.type == type) return std::exchange(kept_, {});
    const Question question = next();
    if (question.type == type) return question;
    kept_ = question;
    return next(type);
  }

  void send(const Question& to, const std::string& bytes) {
    const ssize_t n =
        sendto(udp_, bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&to.from), sizeof to.from);
    assert_int_equal(n, bytes.size());
  }
  void send(const Question& to, const Reply& reply) { send(to, reply.bytes()); }

  /// Answers both questions with these addresses; none: the name exists.
  void answer(std::vector<const char*> v6, std::vector<const char*> v4, uint32_t ttl = 60) {
    for (int i = 0; i < 2; i++) {
      const Question question = next();
      Reply reply(question);
      for (const char* ip : question.type == kTypeAaaa ? v6 : v4) reply.address(ip, ttl);
      send(question, reply);
    }
  }
  void answer_code(unsigned code) {
    for (int i = 0; i < 2; i++) {
      const Question question = next();
      send(question, Reply(question).code(code));
    }
  }

  void listen_tcp() { assert_int_equal(listen(listener_, 4), 0); }
  void accept_tcp() {
    hang_up();
    assert_true(becomes_readable(listener_, kPatienceMs));
    stream_ = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    assert_true(stream_ >= 0);
  }
  Question next_tcp() {
    assert_true(becomes_readable(stream_, kPatienceMs));
    char bytes[600];
    const ssize_t n = recv(stream_, bytes, sizeof bytes, 0);
    assert_true(n > 2);
    assert_int_equal(n - 2, static_cast<unsigned char>(bytes[0]) << 8 | static_cast<unsigned char>(bytes[1]));
    return read_question({bytes + 2, static_cast<size_t>(n - 2)});
  }
  void send_tcp(const std::string& bytes) {
    assert_int_equal(::send(stream_, bytes.data(), bytes.size(), MSG_NOSIGNAL), bytes.size());
  }
  void hang_up() {
    if (stream_ >= 0) close(stream_);
    stream_ = -1;
  }
  void die() {
    if (udp_ >= 0) close(udp_);
    udp_ = -1;
  }

  uint16_t port = 0;
  size_t questions_seen = 0;

 private:
  bool bind_both(uint16_t wanted) {
    sockaddr_in address = loopback_address(ip_, wanted);
    socklen_t size = sizeof address;
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    udp_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const bool bound = bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                       getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
                       bind(udp_, reinterpret_cast<sockaddr*>(&address), size) == 0;
    port = ntohs(address.sin_port);
    if (bound) return true;
    close(listener_);
    die();
    return false;
  }

  const char* ip_;
  int udp_ = -1;
  int listener_ = -1;
  int stream_ = -1;
  Question kept_;
};

// --- What a look-up sees ---------------------------------------------------------------------------------------

class TestPlatform final : public tinyaws::Platform {
 public:
  Instant now() override { return {0}; }
  UnixTime unix_time() override { return {0}; }
  Status random(MutBytes out) override {
    const bool ok = !fails && getrandom(out.data(), out.size(), 0) == static_cast<ssize_t>(out.size());
    return ok ? Status::kOk : Status::kCryptoFailed;
  }
  void wait(Span<const Interest>, Instant) override {}
  bool fails = false;
};

struct World {
  explicit World(uint16_t port, const std::string& conf = "nameserver 127.0.0.1\n",
                 const std::string& hosts_text = {}) {
    char folder_name[] = "/tmp/tinyaws-resolver-XXXXXX";
    assert_non_null(mkdtemp(folder_name));
    folder = folder_name;
    conf_path = folder + "/resolv.conf";
    hosts_path = folder + "/hosts";
    options.resolv_conf = conf_path.c_str();
    options.hosts = hosts_path.c_str();
    options.port = port;
    if (!conf.empty()) write(conf_path, conf);
    if (!hosts_text.empty()) write(hosts_path, hosts_text);
  }
  ~World() {
    unlink(conf_path.c_str());
    unlink(hosts_path.c_str());
    rmdir(folder.c_str());
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  static void write(const std::string& path, const std::string& content) {
    FILE* file = fopen(path.c_str(), "we");
    assert_non_null(file);
    assert_int_equal(fwrite(content.data(), 1, content.size(), file), content.size());
    fclose(file);
  }

  TestPlatform platform;
  posix::ResolverOptions options;
  std::string folder;
  std::string conf_path;
  std::string hosts_path;
};

inline std::string join(Span<const posix::Address> addresses) {
  std::string out;
  for (const posix::Address& address : addresses) {
    char ip[INET6_ADDRSTRLEN];
    inet_ntop(address.v6 ? AF_INET6 : AF_INET, address.ip, ip, sizeof ip);
    out += (out.empty() ? "" : " ") + std::string(ip);
    if (address.scope != 0) out += "%" + std::to_string(address.scope);
  }
  return out;
}

/// A look-up whose clock the test moves.
struct Asker {
  explicit Asker(World& world) : own(new Resolver(world.platform, world.options)), lookup(*own) {}
  explicit Asker(Resolver& shared, posix::Poller* poller = nullptr) : lookup(shared, poller) {}
  ~Asker() {
    lookup.stop();
    delete own;
  }
  Asker(const Asker&) = delete;
  Asker& operator=(const Asker&) = delete;

  Status start(Str host) {
    assert_status(lookup.start(host), Status::kPending);
    return lookup.advance(now);
  }
  void begin(Str host) { assert_status(start(host), Status::kPending); }

  /// Goes on when the socket has something to say.
  Status go_on() {
    const Interest interest = lookup.interest();
    assert_true(interest.handle >= 0);
    pollfd watched{interest.handle, static_cast<short>((interest.read ? POLLIN : 0) | (interest.write ? POLLOUT : 0)),
                   0};
    assert_int_equal(poll(&watched, 1, kPatienceMs), 1);
    return lookup.advance(now);
  }

  /// Until it has ended.
  Status finish() {
    Status status = Status::kPending;
    while (status == Status::kPending) status = go_on();
    return status;
  }

  /// Lets the clock go on to the next deadline.
  Status pass() {
    assert_true(now < lookup.next_deadline());
    assert_true(lookup.next_deadline() < kNever);
    now = lookup.next_deadline();
    return lookup.advance(now);
  }

  void assert_found(Status status, const std::string& addresses) {
    assert_string_equal(status == Status::kOk ? "" : text(lookup.describe()).c_str(), "");
    assert_string_equal(join(lookup.addresses()).c_str(), addresses.c_str());
    assert_int_equal(lookup.interest().handle, -1);
    assert_true(lookup.next_deadline() == kNever);
  }
  void assert_failed(Status status, const std::string& words) {
    assert_status(status, Status::kResolveFailed);
    assert_says(lookup.describe(), words);
    assert_true(lookup.addresses().empty());
    assert_int_equal(lookup.interest().handle, -1);
    assert_true(lookup.next_deadline() == kNever);
  }

  Resolver* own = nullptr;
  Lookup lookup;
  Instant now{1000};
};

}  // namespace test

#define CASE(function) cmocka_unit_test_setup_teardown(function, test::set_up, test::tear_down)
