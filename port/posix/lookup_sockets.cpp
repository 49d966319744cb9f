#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "dns_message.h"
#include "host_name.h"
#include "lookup_errors.h"
#include "sockets.h"
#include "tinyaws/posix_poller.h"
#include "tinyaws/posix_resolver.h"

namespace tinyaws::posix {
namespace {

constexpr size_t kLengthBytes = 2;  // before a message over TCP, RFC 1035 section 4.2.2

bool is_v6(size_t part) {
  return part == 0;
}

ssize_t receive_some(int socket, unsigned char* out, size_t size, int flags) {
  ssize_t n;
  do {
    n = recv(socket, out, size, flags);
  } while (n < 0 && errno == EINTR);
  return n;
}

// Until as much is there, the socket does not count as readable; the end of the stream makes it so anyway.
void wait_for_bytes(int socket, size_t size) {
  const int least = static_cast<int>(size);
  setsockopt(socket, SOL_SOCKET, SO_RCVLOWAT, &least, sizeof least);
}

bool peer_has_closed(int socket) {
  pollfd watched{socket, POLLRDHUP, 0};
  return poll(&watched, 1, 0) > 0;
}

size_t message_size(const unsigned char* prefix) {
  return static_cast<size_t>(prefix[0] << 8 | prefix[1]);
}

}  // namespace

bool is_lack_of_means(int error) {
  return is_shortage(error) || error == ENOSPC || error == kNoRandomNumbers;
}

const Address& Lookup::server() const {
  const DnsSettings& settings = resolver_.settings_;
  return settings.servers[(first_ + server_) % settings.server_count];
}

int Lookup::open_socket(int type) {
  drop_socket();
  char* ids = reinterpret_cast<char*>(ids_);
  if (resolver_.platform_.random({ids, sizeof ids_}) != Status::kOk) return kNoRandomNumbers;
  const int family = server().v6 ? AF_INET6 : AF_INET;
  socket_ = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket_ < 0) return errno;
  if (const int error = begin_connect(socket_, server(), resolver_.options_.port)) return error;
  return poller_ && !poller_->watch(socket_) ? errno : 0;
}

int Lookup::ask_udp() {
  way_ = Way::kUdp;
  junk_ = 0;
  settle_at_ = kNever;
  int error = open_socket(SOCK_DGRAM);
  for (size_t part = 0; part < kParts && error == 0; part++) {
    if (parts_[part] != Part::kUnasked) continue;
    parts_[part] = Part::kAsked;
    error = send_question(part);
  }
  return error;
}

int Lookup::ask_tcp() {
  way_ = Way::kTcpConnecting;
  if (!knows()) settle_at_ = kNever;
  tcp_part_ = parts_[0] == Part::kWantsTcp ? 0 : 1;
  parts_[tcp_part_] = Part::kAsked;
  return open_socket(SOCK_STREAM);
}

// noinline: its buffers must not add to those of an answer.
[[gnu::noinline]] int Lookup::send_question(size_t part) {
  unsigned char message[kLengthBytes + kMaxQuestionBytes];
  char name[kMaxNameBytes + 1];
  write_name(name);
  const size_t size =
      write_dns_question({name, ids_[part], is_v6(part)}, {message + kLengthBytes, kMaxQuestionBytes});
  if (size == 0) return ENOMEM;
  message[0] = static_cast<unsigned char>(size >> 8);
  message[1] = static_cast<unsigned char>(size & 0xff);
  const size_t skipped = way_ == Way::kUdp ? kLengthBytes : 0;
  const size_t whole = kLengthBytes + size - skipped;
  ssize_t n;
  do {
    n = send(socket_, message + skipped, whole, MSG_NOSIGNAL);
  } while (n < 0 && errno == EINTR);
  if (n < 0) return errno;
  return static_cast<size_t>(n) == whole ? 0 : EMSGSIZE;
}

void Lookup::receive() {
  if (way_ == Way::kTcpConnecting) finish_connect();
  if (way_ == Way::kTcp) receive_tcp();
  if (way_ == Way::kUdp) receive_udp();
}

[[gnu::noinline]] void Lookup::receive_udp() {
  unsigned char message[kMaxDnsMessageBytes];
  while (has(Part::kAsked)) {
    const ssize_t n = receive_some(socket_, message, sizeof message, MSG_TRUNC);
    if (n < 0) {
      if (!would_block(errno)) give_up(Problem::kSystem, errno);
      return;
    }
    const size_t whole = static_cast<size_t>(n);
    const size_t size = whole < sizeof message ? whole : sizeof message;
    if (hear(0, message, size, whole) || hear(1, message, size, whole)) continue;
    if (++junk_ >= kMaxJunkMessages) give_up(Problem::kJunk);
  }
}

void Lookup::finish_connect() {
  pollfd watched{socket_, POLLOUT, 0};
  if (poll(&watched, 1, 0) <= 0) return;
  int error = connect_result(socket_);
  if (error == 0) error = send_question(tcp_part_);
  way_ = Way::kTcp;
  if (error != 0) give_up(Problem::kSystem, error);
}

// The kernel keeps the answer until it is whole: then it is read from the stack.
[[gnu::noinline]] void Lookup::receive_tcp() {
  unsigned char message[kLengthBytes + kMaxDnsMessageBytes];
  for (bool closed = false; has(Part::kAsked);) {
    const ssize_t n = receive_some(socket_, message, sizeof message, MSG_PEEK);
    if (n < 0 && !would_block(errno)) return give_up(Problem::kSystem, errno);
    const size_t size = n < 0 ? 0 : static_cast<size_t>(n);
    const size_t length = size < kLengthBytes ? 0 : message_size(message);
    const size_t wanted = kLengthBytes + length;
    if (wanted > sizeof message) return give_up(Problem::kTooLong);
    if (size >= kLengthBytes && size >= wanted) return hear_tcp(message + kLengthBytes, length);
    if (n == 0 || closed) return give_up(Problem::kCutShort);
    wait_for_bytes(socket_, wanted);
    closed = peer_has_closed(socket_);
    if (!closed) return;
  }
}

void Lookup::hear_tcp(const unsigned char* message, size_t size) {
  if (!hear(tcp_part_, message, size, size)) give_up(Problem::kMalformed);
}

// noinline: the name must not add to what reading the answer takes.
[[gnu::noinline]] bool Lookup::is_answer(size_t part, const unsigned char* message, size_t size) const {
  char name[kMaxNameBytes + 1];
  write_name(name);
  return answers_question(message, size, {name, ids_[part], is_v6(part)});
}

bool Lookup::hear(size_t part, const unsigned char* message, size_t size, size_t whole) {
  if (parts_[part] != Part::kAsked || !is_answer(part, message, size)) return false;
  if (whole == size) return take(part, read_dns_answer(message, size, is_v6(part), answer_.list()));
  parts_[part] = Part::kUnasked;
  problem_ = Problem::kTooLong;
  return true;
}

bool Lookup::take(size_t part, const DnsAnswer& answer) {
  switch (answer.kind) {
    case AnswerKind::kUnrelated:
      return false;
    case AnswerKind::kAddresses:
      parts_[part] = Part::kAddresses;
      if (answer.ttl_seconds < ttl_) ttl_ = answer.ttl_seconds;
      return true;
    case AnswerKind::kNoData:
      parts_[part] = Part::kNoData;
      return true;
    case AnswerKind::kNoName:
      parts_[part] = Part::kNoName;
      return true;
    case AnswerKind::kTooManyAliases:
      parts_[part] = Part::kTooManyAliases;
      return true;
    case AnswerKind::kCut:
      if (way_ != Way::kUdp) return false;
      parts_[part] = Part::kWantsTcp;
      return true;
    default:
      parts_[part] = Part::kUnasked;
      problem_ = Problem::kRcode;
      detail_ = answer.rcode;
      return true;
  }
}

void Lookup::drop_socket() {
  if (socket_ >= 0) close(socket_);
  socket_ = -1;
}

}  // namespace tinyaws::posix
