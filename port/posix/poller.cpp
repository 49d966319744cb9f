#include "tinyaws/posix_poller.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>

#include "time_slice.h"
#include "tinyaws/posix.h"

namespace tinyaws::posix {

Status Poller::open() {
  assert(!is_open());
  set_ = epoll_create1(EPOLL_CLOEXEC);
  if (is_open()) return Status::kOk;
  return errno == ENOSYS ? Status::kUnsupported : Status::kBusy;
}

void Poller::close() {
  if (is_open()) ::close(set_);
  set_ = -1;
}

bool Poller::watch(int handle) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.fd = handle;
  if (epoll_ctl(set_, EPOLL_CTL_ADD, handle, &event) == 0) return true;
  return errno == EEXIST && epoll_ctl(set_, EPOLL_CTL_MOD, handle, &event) == 0;
}

Span<const int> Poller::wait(Span<int> handles, Instant until) {
  assert(is_open() && !handles.empty());
  epoll_event events[kMaxPolled];
  const size_t most = handles.size() < kMaxPolled ? handles.size() : kMaxPolled;
  Platform clock;
  int size;
  do {
    size = epoll_wait(set_, events, static_cast<int>(most), time_slice(until, clock.now(), kSliceMs));
  } while (size == 0 && clock.now() < until);
  const size_t told = size > 0 ? static_cast<size_t>(size) : 0;
  for (size_t i = 0; i < told; i++) handles[i] = events[i].data.fd;
  return {handles.data(), told};
}

}  // namespace tinyaws::posix
