// Lookup by the C library's resolver, which blocks.
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cassert>
#include <cerrno>
#include <cstring>

#include "tinyaws/posix_resolver.h"

namespace tinyaws::posix {
namespace {

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

void take_addresses(const addrinfo* list, AddressList& out) {
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
    out.add(address);
  }
}

}  // namespace

Resolver::Resolver(tinyaws::Platform&, const ResolverOptions&) {}

void Resolver::forget() {}

Lookup::Lookup(Resolver&, Poller*) {}

Status Lookup::start(Str host) {
  stop();
  if (host.empty() || host.size() > kMaxHostBytes || host.find('\0') != Str::npos) return Status::kInvalidArgument;
  answer_.start(host);
  started_ = true;
  return Status::kPending;
}

Status Lookup::advance(Instant) {
  assert(started_);
  if (done_) return Status::kOk;
  if (answer_.failed()) return Status::kResolveFailed;
  char host[kMaxHostBytes + 1];
  memcpy(host, answer_.host().data(), answer_.host().size());
  host[answer_.host().size()] = '\0';
  addrinfo* list = nullptr;
  if (const int error = look_up(host, list)) {
    const int reason = errno;
    answer_.fail_with(error == EAI_SYSTEM ? "" : gai_strerror(error));
    if (error == EAI_SYSTEM) answer_.say_error(reason);
    return Status::kResolveFailed;
  }
  take_addresses(list, answer_.list());
  freeaddrinfo(list);
  done_ = answer_.list().found() > 0;
  if (!done_) answer_.fail_with("no address");
  return done_ ? Status::kOk : Status::kResolveFailed;
}

void Lookup::stop() {
  started_ = done_ = false;
}

Span<const Address> Lookup::addresses() const {
  return done_ ? answer_.addresses() : Span<const Address>();
}

Interest Lookup::interest() const {
  return {};
}

Instant Lookup::next_deadline() const {
  return kNever;
}

}  // namespace tinyaws::posix
