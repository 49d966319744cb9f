#include <sys/socket.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>

#include "address_text.h"
#include "error_words.h"
#include "sockets.h"
#include "tinyaws/config.h"
#include "tinyaws/posix_tcp.h"

namespace tinyaws::posix {
namespace {

// "[" address "]:" port
constexpr size_t kMaxPeerText = 1 + kMaxAddressText + 2 + 5;
constexpr size_t kMaxListEnd = sizeof " and 65535 more";

}  // namespace

Status TcpTransport::open(const Endpoint& endpoint) {
  assert(state_ == State::kClosed);
  if (endpoint.tls) return Status::kUnsupported;
  const Str host = endpoint.host;
  if (host.empty() || host.size() > kMaxHostBytes || host.find('\0') != Str::npos) return Status::kInvalidArgument;
  resolved_ = false;
  const Status status = lookup_.start(host);
  if (status != Status::kPending) return status;
  port_ = endpoint.port;
  lost_ = 0;
  fresh_ = true;
  state_ = State::kResolving;
  return Status::kPending;
}

Status TcpTransport::advance(Instant now) {
  fresh_ = false;
  switch (state_) {
    case State::kResolving:
      return resolve(now);
    case State::kConnecting:
      return connect(now);
    default:
      assert(state_ == State::kOpen);
      return Status::kOk;
  }
}

Status TcpTransport::resolve(Instant now) {
  Status status = lookup_.advance(now);
  if (status != Status::kOk) return status;
  state_ = State::kConnecting;
  resolved_ = true;
  race_.start();
  status = connect(now);
  if (status == Status::kPending) say_list();
  return status;
}

Status TcpTransport::connect(Instant now) {
  const Status status = race_.advance(lookup_.addresses(), port_, now);
  if (status == Status::kConnectFailed) {
    say_failure(race_.error());
    return status;
  }
  say_current();
  if (status != Status::kOk) return status;
  socket_ = race_.take();
  state_ = State::kOpen;
  return Status::kOk;
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
  lookup_.stop();
  race_.stop();
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
  fresh_ = false;
  state_ = State::kClosed;
}

Interest TcpTransport::interest(bool sending, bool receiving) const {
  switch (state_) {
    case State::kResolving:
      return lookup_.interest();
    case State::kConnecting:
      return race_.interest();
    case State::kOpen:
      return {socket_, receiving, sending};
    default:
      return {};
  }
}

Instant TcpTransport::next_deadline() const {
  if (state_ == State::kResolving) return lookup_.next_deadline();
  return state_ == State::kConnecting ? race_.next_deadline() : kNever;
}

void TcpTransport::say_current() {
  words_size_ = 0;
  put_address(lookup_.addresses()[race_.current()]);
}

void TcpTransport::say_list() {
  words_size_ = 0;
  const Span<const Address> addresses = lookup_.addresses();
  size_t said = 0;
  while (said < addresses.size() && sizeof words_ - words_size_ >= 2 + kMaxPeerText + kMaxListEnd) {
    if (said > 0) put(", ");
    put_address(addresses[said++]);
  }
  if (said == lookup_.found()) return;
  put(" and ");
  put_number(lookup_.found() - said);
  put(" more");
}

void TcpTransport::say_failure(int error) {
  say_current();
  put(": ");
  put_error(error);
  if (state_ != State::kConnecting || race_.tried() < 2) return;
  put(" (last of ");
  put_number(race_.tried());
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
  char text[kMaxAddressText];
  const size_t size = write_address(address, text);
  if (address.v6) put("[");
  put({text, size});
  if (address.v6) put("]");
  put(":");
  put_number(port_);
}

}  // namespace tinyaws::posix
