#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <cstring>

#include "error_words.h"
#include "tinyaws/posix.h"

namespace tinyaws::posix {
namespace {

// "[" address "%" scope "]:" port
constexpr size_t kMaxAddressText = 1 + 45 + 1 + 10 + 2 + 5;
constexpr size_t kMaxListEnd = sizeof " and 65535 more";

int look_up(const char* host, int flags, addrinfo*& list) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  int error;
  do {
    error = getaddrinfo(host, nullptr, &hints, &list);
  } while (error == EAI_SYSTEM && errno == EINTR);
  return error;
}

int look_up(const char* host, addrinfo*& list) {
  const int error = look_up(host, AI_NUMERICHOST, list);
  return error == EAI_NONAME ? look_up(host, 0, list) : error;
}

void set_options(int socket) {
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

// 0: connected; EINPROGRESS: not yet.
int connect_result(int socket) {
  pollfd watched{socket, POLLOUT, 0};
  if (poll(&watched, 1, 0) <= 0) return EINPROGRESS;
  int error = 0;
  socklen_t size = sizeof error;
  return getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

bool would_block(int error) {
  return error == EAGAIN || error == EWOULDBLOCK;
}

}  // namespace

Status TcpTransport::open(const Endpoint& endpoint) {
  assert(state_ == State::kClosed);
  if (endpoint.tls) return Status::kUnsupported;
  const Str host = endpoint.host;
  if (host.empty() || host.size() > kMaxHostBytes || host.find('\0') != Str::npos) return Status::kInvalidArgument;
  words_size_ = 0;
  put(host);
  port_ = endpoint.port;
  state_ = State::kResolving;
  return Status::kPending;
}

Status TcpTransport::advance() {
  switch (state_) {
    case State::kResolving:
      return begin();
    case State::kConnecting:
      return go_on();
    default:
      assert(state_ == State::kOpen);
      return Status::kOk;
  }
}

Status TcpTransport::begin() {
  if (Status status = resolve(); status != Status::kOk) return status;
  state_ = State::kConnecting;
  const Status status = try_next();
  if (status == Status::kPending) say_list();
  return status;
}

Status TcpTransport::resolve() {
  words_[words_size_] = '\0';
  addrinfo* list = nullptr;
  const int error = look_up(words_, list);
  if (error != 0) {
    const int reason = errno;
    put(": ");
    error == EAI_SYSTEM ? put_error(reason) : put(gai_strerror(error));
    return Status::kResolveFailed;
  }
  take_addresses(list);
  freeaddrinfo(list);
  if (found_ > 0) return Status::kOk;
  put(": no address");
  return Status::kResolveFailed;
}

void TcpTransport::take_addresses(const addrinfo* list) {
  found_ = tried_ = 0;
  for (; list; list = list->ai_next) {
    Address address{};
    if (list->ai_family == AF_INET) {
      const auto* v4 = reinterpret_cast<const sockaddr_in*>(list->ai_addr);
      memcpy(address.ip, &v4->sin_addr, sizeof v4->sin_addr);
    } else if (list->ai_family == AF_INET6) {
      const auto* v6 = reinterpret_cast<const sockaddr_in6*>(list->ai_addr);
      memcpy(address.ip, &v6->sin6_addr, sizeof v6->sin6_addr);
      address.scope = v6->sin6_scope_id;
      address.v6 = true;
    } else {
      continue;
    }
    if (found_ < kMaxAddresses) addresses_[found_] = address;
    found_++;
  }
}

Status TcpTransport::try_next() {
  const size_t count = found_ < kMaxAddresses ? found_ : kMaxAddresses;
  while (tried_ < count) {
    lost_ = start_connect(addresses_[tried_++]);
    if (lost_ == 0) return Status::kPending;
    drop_socket();
  }
  say_failure(lost_);
  return Status::kConnectFailed;
}

int TcpTransport::start_connect(const Address& address) {
  socket_ = socket(address.v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
  if (socket_ < 0) return errno;
  set_options(socket_);
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port_);
  memcpy(&v4.sin_addr, address.ip, sizeof v4.sin_addr);
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port_);
  v6.sin6_scope_id = address.scope;
  memcpy(&v6.sin6_addr, address.ip, sizeof v6.sin6_addr);
  const auto* to = address.v6 ? reinterpret_cast<sockaddr*>(&v6) : reinterpret_cast<sockaddr*>(&v4);
  const socklen_t size = address.v6 ? sizeof v6 : sizeof v4;
  if (connect(socket_, to, size) == 0) return 0;
  // An interrupted connect goes on by itself (POSIX), like one in progress.
  return errno == EINPROGRESS || errno == EINTR ? 0 : errno;
}

Status TcpTransport::go_on() {
  const int error = socket_ < 0 ? lost_ : connect_result(socket_);
  if (error == EINPROGRESS) {
    say_current();
    return Status::kPending;
  }
  if (error == 0) {
    state_ = State::kOpen;
    say_current();
    return Status::kOk;
  }
  lost_ = error;
  drop_socket();
  const Status status = try_next();
  if (status == Status::kPending) say_current();
  return status;
}

IoResult TcpTransport::send(Bytes bytes) {
  assert(state_ == State::kOpen);
  if (lost_ != 0) return lose(lost_);
  ssize_t n;
  do {
    n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  } while (n < 0 && errno == EINTR);
  if (n >= 0) return {Status::kOk, static_cast<size_t>(n)};
  if (would_block(errno)) return {Status::kPending, 0};
  return lose(errno);
}

IoResult TcpTransport::recv(MutBytes space) {
  assert(state_ == State::kOpen && !space.empty());
  ssize_t n;
  do {
    n = ::recv(socket_, space.data(), space.size(), 0);
  } while (n < 0 && errno == EINTR);
  if (n > 0 || (n == 0 && lost_ == 0)) return {Status::kOk, static_cast<size_t>(n)};
  if (n == 0) return lose(lost_);
  if (would_block(errno)) return {Status::kPending, 0};
  return lose(errno);
}

IoResult TcpTransport::lose(int error) {
  lost_ = error;
  say_failure(error);
  return {Status::kConnectionLost, 0};
}

void TcpTransport::close() {
  drop_socket();
  state_ = State::kClosed;
}

void TcpTransport::drop_socket() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

Interest TcpTransport::interest(bool sending, bool receiving) const {
  if (state_ == State::kConnecting) return {socket_, false, true};
  if (state_ == State::kOpen) return {socket_, receiving, sending};
  return {};
}

void TcpTransport::say_current() {
  words_size_ = 0;
  put_address(addresses_[tried_ - 1]);
}

void TcpTransport::say_list() {
  words_size_ = 0;
  const size_t count = found_ < kMaxAddresses ? found_ : kMaxAddresses;
  size_t said = 0;
  while (said < count && sizeof words_ - words_size_ >= 2 + kMaxAddressText + kMaxListEnd) {
    if (said > 0) put(", ");
    put_address(addresses_[said++]);
  }
  if (said == found_) return;
  put(" and ");
  put_number(found_ - said);
  put(" more");
}

void TcpTransport::say_failure(int error) {
  say_current();
  put(": ");
  put_error(error);
  if (state_ != State::kConnecting || tried_ < 2) return;
  put(" (last of ");
  put_number(tried_);
  put(" addresses)");
}

void TcpTransport::put(Str text) {
  words_size_ += copy_words(text, {words_ + words_size_, sizeof words_ - words_size_});
}

void TcpTransport::put_error(int error) {
  words_size_ += write_error_words(error, {words_ + words_size_, sizeof words_ - words_size_});
}

void TcpTransport::put_number(size_t number) {
  words_size_ += write_number(number, {words_ + words_size_, sizeof words_ - words_size_});
}

void TcpTransport::put_address(const Address& address) {
  char text[INET6_ADDRSTRLEN];
  inet_ntop(address.v6 ? AF_INET6 : AF_INET, address.ip, text, sizeof text);
  if (address.v6) put("[");
  put(text);
  if (address.scope != 0) {
    put("%");
    put_number(address.scope);
  }
  if (address.v6) put("]");
  put(":");
  put_number(port_);
}

}  // namespace tinyaws::posix
