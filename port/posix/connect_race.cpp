#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>

#include "sockets.h"
#include "tinyaws/posix_poller.h"
#include "tinyaws/posix_race.h"

namespace tinyaws::posix {
namespace {

constexpr Instant kAtOnce{INT64_MIN};

void set_options(int socket) {
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

bool add_to(int set, int socket) {
  epoll_event event{};
  event.events = EPOLLOUT;
  event.data.fd = socket;
  return epoll_ctl(set, EPOLL_CTL_ADD, socket, &event) == 0;
}

}  // namespace

void ConnectRace::start() {
  stop();
  next_start_ = kAtOnce;
  next_look_ = kNever;
  error_ = 0;
  total_ = tried_ = current_ = 0;
  unwatched_ = false;
}

Status ConnectRace::advance(Span<const Address> addresses, uint16_t port, Instant now) {
  assert(winner_ < 0 && addresses.size() <= UINT8_MAX);
  total_ = static_cast<uint8_t>(addresses.size());
  if (look()) return Status::kOk;
  start_due(addresses, port, now);
  if (count_ == 0) return Status::kConnectFailed;
  current_ = attempts_[count_ - 1].address;
  next_look_ = unwatched_ ? now + kUnwatchedAttemptMs : kNever;
  return Status::kPending;
}

// True: one has won.
bool ConnectRace::look() {
  pollfd watched[kMaxAttempts];
  const size_t size = count_;
  if (size == 0) return false;
  for (size_t i = 0; i < size; i++) watched[i] = {attempts_[i].socket, POLLOUT, 0};
  int ready;
  do {
    ready = poll(watched, size, 0);
  } while (ready < 0 && errno == EINTR);
  size_t index = 0;
  for (size_t i = 0; i < size; i++) {
    int error = ready <= 0 || watched[i].revents == 0 ? EINPROGRESS : connect_result(watched[i].fd);
    if (error == 0) error = win(index);
    if (error == 0) return true;
    if (error == EINPROGRESS) {
      index++;
    } else {
      give_up(index, error);
    }
  }
  return false;
}

// 0, or an errno: the poller does not take it.
int ConnectRace::win(size_t index) {
  const int socket = attempts_[index].socket;
  const bool watched = poller_ == nullptr || (all_ < 0 && !unwatched_);
  if (!watched && !poller_->watch(socket)) return errno;
  winner_ = socket;
  current_ = attempts_[index].address;
  attempts_[index].socket = -1;
  drop_attempts();
  return 0;
}

void ConnectRace::give_up(size_t index, int error) {
  error_ = error;
  next_start_ = kAtOnce;
  drop(index);
}

void ConnectRace::start_due(Span<const Address> addresses, uint16_t port, Instant now) {
  while (tried_ < total_ && next_start_ <= now && make_room(now)) {
    const int error = start_next(addresses[tried_], port, now);
    // The attempts that go on may cure a shortage by ending.
    if (error == 0 || (count_ > 0 && is_shortage(error))) {
      next_start_ = now + kAttemptDelayMs;
    } else {
      error_ = error;
      current_ = tried_++;
    }
  }
}

bool ConnectRace::make_room(Instant now) {
  if (count_ < kMaxAttempts) return true;
  if (now < attempts_[0].started + kAttemptMs) return false;
  drop(0);
  return true;
}

// 0, or an errno.
int ConnectRace::start_next(const Address& address, uint16_t port, Instant now) {
  const int family = address.v6 ? AF_INET6 : AF_INET;
  const int socket = ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
  if (socket < 0) return errno;
  set_options(socket);
  if (const int error = begin_connect(socket, address, port); error != 0) {
    close(socket);
    return error;
  }
  if (!unwatched_) unwatched_ = !watch(socket);
  attempts_[count_++] = {now, socket, tried_++};
  return 0;
}

bool ConnectRace::watch(int socket) {
  if (count_ == 0 && all_ < 0) return poller_ == nullptr || poller_->watch(socket);
  return (all_ >= 0 || gather()) && add_to(all_, socket);
}

// All attempts behind one descriptor.
bool ConnectRace::gather() {
  all_ = epoll_create1(EPOLL_CLOEXEC);
  if (all_ < 0 || (poller_ != nullptr && !poller_->watch(all_))) return false;
  for (size_t i = 0; i < count_; i++) {
    if (!add_to(all_, attempts_[i].socket)) return false;
  }
  return true;
}

int ConnectRace::take() {
  assert(winner_ >= 0);
  const int socket = winner_;
  winner_ = -1;
  return socket;
}

void ConnectRace::stop() {
  drop_attempts();
  if (winner_ >= 0) close(winner_);
  winner_ = -1;
}

void ConnectRace::drop(size_t index) {
  if (attempts_[index].socket >= 0) close(attempts_[index].socket);
  count_--;
  for (size_t i = index; i < count_; i++) attempts_[i] = attempts_[i + 1];
}

void ConnectRace::drop_attempts() {
  while (count_ > 0) drop(count_ - 1u);
  if (all_ >= 0) close(all_);
  all_ = -1;
}

Interest ConnectRace::interest() const {
  if (count_ == 0 || unwatched_) return {};
  if (all_ >= 0) return {all_, true, false};
  return {attempts_[0].socket, false, true};
}

Instant ConnectRace::next_deadline() const {
  if (count_ == 0) return kNever;
  if (tried_ == total_) return next_look_;
  Instant due = next_start_;
  if (count_ == kMaxAttempts && due < attempts_[0].started + kAttemptMs) due = attempts_[0].started + kAttemptMs;
  return earlier(due, next_look_);
}

}  // namespace tinyaws::posix
