// Uploads in a loop around poll(2), beside something else that the program waits for: a timer, here.
//
//   AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=... AWS_REGION=eu-west-1 poll_loop BUCKET COUNT
#include <poll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cstdint>

#include "uploads.h"

namespace {

short events_of(const tinyaws::Interest& interest) {
  return static_cast<short>((interest.read ? POLLIN : 0) | (interest.write ? POLLOUT : 0));
}

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments(argc, argv);
  System system;
  tinyaws::DefaultCredentials credentials(system);
  tinyaws::AsyncClient client(system, credentials);
  Uploads uploads(client, arguments.bucket, arguments.count);
  uploads.start();

  const int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  const itimerspec every_10_ms = {{0, 10000000}, {0, 10000000}};
  timerfd_settime(timer, 0, &every_10_ms, nullptr);

  while (client.busy()) {
    pollfd watched[kSlots + 1] = {{timer, POLLIN, 0}};
    nfds_t size = 1;
    tinyaws::Interest interests[kSlots];
    for (const tinyaws::Interest& interest : client.interests(interests)) {
      watched[size++] = {interest.handle, events_of(interest), 0};
    }
    ::poll(watched, size, milliseconds_until(client.next_deadline(), system.platform().now()));

    uint64_t ticks;
    if ((watched[0].revents & POLLIN) != 0 && read(timer, &ticks, sizeof ticks) > 0) {
      // The program's own work: read a sensor, kick a watchdog.
    }
    client.poll();
  }
  close(timer);
  return uploads.report();
}
