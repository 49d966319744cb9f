#include <fcntl.h>
#include <poll.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

#include "time_slice.h"
#include "tinyaws/posix.h"

namespace tinyaws::posix {
namespace {

static_assert(sizeof(time_t) >= 8, "a time_t of 32 bits ends in 2038: _TIME_BITS=64, with glibc 2.34 or musl 1.2");

constexpr int64_t kUnwatchedSliceMs = 10;

Status read_urandom(MutBytes out) {
  const int file = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
  if (file < 0) return Status::kCryptoFailed;
  while (!out.empty()) {
    const ssize_t n = read(file, out.data(), out.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    out = out.drop(static_cast<size_t>(n));
  }
  close(file);
  return out.empty() ? Status::kOk : Status::kCryptoFailed;
}

bool worth_watching(const Interest& interest) {
  return interest.handle >= 0 && (interest.read || interest.write);
}

pollfd watch(const Interest& interest) {
  const int events = (interest.read ? POLLIN : 0) | (interest.write ? POLLOUT : 0);
  return {interest.handle, static_cast<short>(events), 0};
}

}  // namespace

Instant Platform::now() {
  timespec time{};
  if (clock_gettime(CLOCK_BOOTTIME, &time) != 0) clock_gettime(CLOCK_MONOTONIC, &time);
  return {static_cast<int64_t>(time.tv_sec) * 1000 + time.tv_nsec / 1000000};
}

UnixTime Platform::unix_time() {
  timespec time{};
  clock_gettime(CLOCK_REALTIME, &time);
  return {static_cast<int64_t>(time.tv_sec)};
}

Status Platform::random(MutBytes out) {
  while (!out.empty()) {
    const ssize_t n = getrandom(out.data(), out.size(), 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return read_urandom(out);
    out = out.drop(static_cast<size_t>(n));
  }
  return Status::kOk;
}

void Platform::wait(Span<const Interest> interests, Instant until) {
  pollfd watched[kMaxWatched];
  nfds_t size = 0;
  bool all = true;
  for (const Interest& interest : interests) {
    if (!worth_watching(interest)) continue;
    all = size < kMaxWatched;
    if (!all) break;
    watched[size++] = watch(interest);
  }
  const int64_t slice = all ? kSliceMs : kUnwatchedSliceMs;
  do {
    if (poll(watched, size, time_slice(until, now(), slice)) != 0) return;
  } while (all && now() < until);
}

}  // namespace tinyaws::posix
