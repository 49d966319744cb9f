#include <cassert>
#include <cstring>

#include "client/limit.h"
#include "tinyaws/connection.h"

// The transport of a connection: which one serves, and how it comes to be open.

namespace tinyaws {

// A kept transport that leads to `endpoint`: its own, or one of the pool's.
bool Connection::find_kept(const Endpoint& endpoint, Instant now) {
  if (leads_to(endpoint, now) && (proven_ || !distrusts_kept_)) return true;
  if (distrusts_kept_) return false;
  if (pool_ != nullptr) pool_->on_open(*this, endpoint, now);
  return leads_to(endpoint, now);
}

void Connection::open(const Endpoint& endpoint, Instant now) {
  transport().close();
  drained_ = false;
  if (endpoint.host.size() > sizeof link_.host_text) return fail_exchange(Status::kInvalidArgument, {}, now);
  std::memcpy(link_.host_text, endpoint.host.data(), endpoint.host.size());
  link_.host_size = endpoint.host.size();
  link_.port = endpoint.port;
  link_.tls = endpoint.tls;
  link_.tls_settings = endpoint.tls_settings;
  phase_ = Phase::kOpening;
  tell(Event::Kind::kResolving, link_.host());
  opened(transport().open(endpoint), Transport::State::kResolving, now);
}

Instant Connection::kept_until() const {
  return after(link_.idle_since, timeouts_.idle_ms);
}

bool Connection::leads_to(const Endpoint& endpoint, Instant now) {
  if (!is_kept() || kept_until() <= now) return false;
  if (endpoint.host != link_.host() || endpoint.port != link_.port || endpoint.tls != link_.tls) return false;
  if (endpoint.tls_settings != link_.tls_settings) return false;
  char unexpected;
  const bool alive = transport().recv({&unexpected, 1}).status == Status::kPending;
  drained_ = alive;
  if (!alive) transport().close();
  return alive;
}

void Connection::trade(Connection& other) {
  assert(!in_exchange() && !other.in_exchange());
  const Link own = link_;
  link_ = other.link_;
  other.link_ = own;
  proven_ = other.proven_ = false;
}

bool Connection::open_further(Instant now) {
  const Transport::State before = transport().state();
  opened(transport().advance(now), before, now);
  return phase_ != Phase::kOpening || transport().state() != before;
}

// The transport came from the state `before` to where it is now.
void Connection::opened(Status status, Transport::State before, Instant now) {
  if (status != Status::kOk && status != Status::kPending) return fail_transport(status, now);
  const Transport::State state = transport().state();
  if (before != state && state == Transport::State::kSecuring) since_ = now;
  tell_opening(before);
  if (status == Status::kPending) return;
  phase_ = Phase::kExchanging;
  since_ = now;
}

}  // namespace tinyaws
