#include <unistd.h>

#include <cassert>
#include <cerrno>

#include "address_text.h"
#include "config_lines.h"
#include "host_name.h"
#include "hosts_file.h"
#include "lookup_errors.h"
#include "resolv_conf.h"
#include "tinyaws/posix_resolver.h"

namespace tinyaws::posix {
namespace {

// noinline: its buffer must not add to that of an answer.
[[gnu::noinline]] void read_hosts(const char* path, Str host, AddressList& out) {
  const int file = open_config(path);
  if (file < 0) return;
  HostsLines lines(host, out);
  cut_lines(file, lines);
  close(file);
}

}  // namespace

Lookup::Lookup(Resolver& resolver, Poller* poller) : resolver_(resolver), poller_(poller) {}

Status Lookup::start(Str host) {
  stop();
  if (host.empty() || host.size() > kMaxHostBytes || host.find('\0') != Str::npos) return Status::kInvalidArgument;
  answer_.start(host);
  step_ = Step::kStarted;
  return Status::kPending;
}

Status Lookup::advance(Instant now) {
  switch (step_) {
    case Step::kStarted:
      return begin(now);
    case Step::kSharing:
      return ask_or_share(now);
    case Step::kAsking:
      return go_on(now);
    case Step::kDone:
      return Status::kOk;
    default:
      assert(step_ == Step::kFailed);
      return Status::kResolveFailed;
  }
}

Status Lookup::begin(Instant now) {
  const Str host = answer_.host();
  Address address;
  const AddressText numeric = read_address(host, address);
  if (numeric == AddressText::kNoInterface) return fail_with("no such interface", now);
  if (numeric == AddressText::kOk) {
    answer_.list().add(address);
    return succeed(0, now);
  }
  read_hosts(resolver_.options_.hosts, host, answer_.list());
  if (answer_.list().found() == 0 && is_localhost(host)) {
    answer_.list().add(loopback(true));
    answer_.list().add(loopback(false));
  }
  if (answer_.list().found() > 0) return succeed(0, now);
  if (!is_host_name(host)) return fail_with("not a host name", now);
  resolver_.refresh();
  return ask_or_share(now);
}

Status Lookup::ask_or_share(Instant now) {
  switch (resolver_.claim(*this, answer_, step_ == Step::kSharing, now)) {
    case Resolver::Claim::kShared:
      step_ = Step::kSharing;
      deadline_ = now + kSharedLookMs;
      return Status::kPending;
    case Resolver::Claim::kTaken:
      step_ = answer_.failed() ? Step::kFailed : Step::kDone;
      return answer_.failed() ? Status::kResolveFailed : Status::kOk;
    default:
      return search(now);
  }
}

Status Lookup::search(Instant now) {
  step_ = Step::kAsking;
  generation_ = resolver_.generation_;
  const DnsSettings& settings = resolver_.settings_;
  first_ = settings.rotate ? resolver_.turn_++ : uint8_t{0};
  name_ = 0;
  lacks_address_ = false;
  return try_name(now);
}

Status Lookup::try_name(Instant now) {
  const size_t names = count_search_names(resolver_.settings_, answer_.host());
  char name[kMaxNameBytes + 1];
  while (name_ < names && !write_name(name)) name_++;
  if (name_ == names) return fail_with(lacks_address_ ? "no address" : "no such name", now);
  for (Part& part : parts_) part = Part::kUnasked;
  answer_.list().clear();
  ttl_ = kMaxTtlSeconds;
  problem_ = Problem::kSilent;
  server_ = attempt_ = 0;
  return ask(now);
}

Status Lookup::ask(Instant now) {
  for (;;) {
    const int error = ask_udp();
    if (is_lack_of_means(error)) return fail_here(error, now);
    deadline_ = now + patience_ms();
    if (error == 0) return Status::kPending;
    give_up(Problem::kSystem, error);
    if (!to_next_server()) return fail_servers(now);
  }
}

bool Lookup::to_next_server() {
  if (++server_ < resolver_.settings_.server_count) return true;
  server_ = 0;
  return ++attempt_ < resolver_.settings_.attempts;
}

int64_t Lookup::patience_ms() const {
  const DnsSettings& settings = resolver_.settings_;
  int64_t seconds = int64_t{settings.timeout_seconds} << attempt_;
  if (attempt_ > 0) seconds /= settings.server_count;
  if (seconds > kMaxPatienceSeconds) seconds = kMaxPatienceSeconds;
  return (seconds > 0 ? seconds : 1) * 1000;
}

Status Lookup::go_on(Instant now) {
  if (generation_ != resolver_.generation_) {
    if (!resolver_.known_) resolver_.refresh();
    return search(now);
  }
  receive();
  if (deadline_ <= now && has(Part::kAsked)) give_up(Problem::kSilent);
  return decide(now);
}

Status Lookup::decide(Instant now) {
  for (;;) {
    const bool open = has(Part::kAsked) || has(Part::kWantsTcp);
    if (knows() && (!open || settle_at_ <= now)) return conclude(now);
    if (has(Part::kAsked) && must_wait(now)) return Status::kPending;
    if (!has(Part::kWantsTcp)) break;
    const int error = ask_tcp();
    if (is_lack_of_means(error)) return fail_here(error, now);
    deadline_ = now + patience_ms();
    if (error != 0) give_up(Problem::kSystem, error);
  }
  if (!has(Part::kUnasked)) return conclude(now);
  return to_next_server() ? ask(now) : fail_servers(now);
}

// What is asked waits for `deadline_`; a little only when the other family is known, or could go on over TCP.
bool Lookup::must_wait(Instant now) {
  if (!knows() && (way_ != Way::kUdp || !has(Part::kWantsTcp))) return true;
  if (settle_at_ == kNever) settle_at_ = now + kOtherFamilyMs;
  if (now < settle_at_) return true;
  move(Part::kAsked, Part::kWantsTcp);
  return false;
}

Status Lookup::conclude(Instant now) {
  if (answer_.list().found() > 0) return succeed(is_whole() ? ttl_ : 0, now);
  if (has(Part::kTooManyAliases)) return fail_with("too many aliases", now);
  lacks_address_ = lacks_address_ || !has(Part::kNoName);
  name_++;
  return try_name(now);
}

Status Lookup::succeed(uint32_t ttl_seconds, Instant now) {
  answer_.list().alternate();
  return end(Step::kDone, ttl_seconds, now);
}

Status Lookup::fail_with(Str reason, Instant now) {
  answer_.fail_with(reason);
  return end(Step::kFailed, 0, now);
}

Status Lookup::end(Step step, uint32_t ttl_seconds, Instant now) {
  drop_socket();
  step_ = step;
  resolver_.settle(*this, answer_, ttl_seconds, now);
  return step == Step::kDone ? Status::kOk : Status::kResolveFailed;
}

void Lookup::stop() {
  drop_socket();
  if (step_ == Step::kAsking) resolver_.release(*this);
  step_ = Step::kIdle;
}

bool Lookup::write_name(char* out) const {
  return write_search_name(resolver_.settings_, answer_.host(), name_, out);
}

bool Lookup::has(Part part) const {
  return parts_[0] == part || parts_[1] == part;
}

bool Lookup::knows() const {
  return has(Part::kAddresses) || has(Part::kNoName) || has(Part::kTooManyAliases);
}

// Half an answer, with the other family silent or its server failing, serves those who wait for it, and nobody later.
bool Lookup::is_whole() const {
  for (const Part part : parts_) {
    if (part != Part::kAddresses && part != Part::kNoData && part != Part::kNoName) return false;
  }
  return true;
}

void Lookup::move(Part from, Part to) {
  for (Part& part : parts_) {
    if (part == from) part = to;
  }
}

void Lookup::give_up(Problem problem, int detail) {
  problem_ = problem;
  detail_ = detail;
  move(Part::kAsked, Part::kUnasked);
}

Span<const Address> Lookup::addresses() const {
  return done() ? answer_.addresses() : Span<const Address>();
}

Interest Lookup::interest() const {
  if (socket_ < 0) return {};
  const bool connecting = way_ == Way::kTcpConnecting;
  return {socket_, !connecting, connecting};
}

Instant Lookup::next_deadline() const {
  if (step_ == Step::kSharing) return deadline_;
  return step_ == Step::kAsking ? earlier(deadline_, settle_at_) : kNever;
}

}  // namespace tinyaws::posix
