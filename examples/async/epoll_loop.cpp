// Uploads in a program's own epoll loop: the client's sockets stand there as one descriptor, which costs the same
// with eight connections and with two hundred.
//
//   AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=... AWS_REGION=eu-west-1 epoll_loop BUCKET COUNT
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>

#include "uploads.h"

namespace {

void add(int loop, int descriptor) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = descriptor;
  epoll_ctl(loop, EPOLL_CTL_ADD, descriptor, &event);
}

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments(argc, argv);
  System system;
  if (!system.poller().is_open()) return std::perror("epoll"), 3;
  tinyaws::DefaultCredentials credentials(system);
  tinyaws::AsyncClient client(system, credentials);
  Uploads uploads(client, arguments.bucket, arguments.count);
  uploads.start();

  const int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  const itimerspec every_10_ms = {{0, 10000000}, {0, 10000000}};
  timerfd_settime(timer, 0, &every_10_ms, nullptr);
  const int loop = epoll_create1(EPOLL_CLOEXEC);
  add(loop, timer);
  add(loop, system.poller().descriptor());

  while (client.busy()) {
    epoll_event events[2];
    const int timeout = milliseconds_until(client.next_deadline(), system.platform().now());
    const int n = epoll_wait(loop, events, 2, timeout);
    for (int i = 0; i < n; ++i) {
      uint64_t ticks;
      if (events[i].data.fd == timer && read(timer, &ticks, sizeof ticks) > 0) {
        // The program's own work: read a sensor, kick a watchdog.
      }
    }
    int handles[kSlots];
    client.poll(system.poller().wait(handles, tinyaws::Instant{}));  // of times long past: it does not wait
  }
  close(loop);
  close(timer);
  return uploads.report();
}
