#include <unistd.h>

#include <cerrno>

#include "config_lines.h"
#include "resolv_conf.h"
#include "sockets.h"
#include "tinyaws/posix_resolver.h"

namespace tinyaws::posix {
namespace {

void read_settings(int file, DnsSettings& out) {
  ResolvConfLines lines(out);
  if (file >= 0) cut_lines(file, lines);
  lines.finish();
}

}  // namespace

Resolver::Resolver(tinyaws::Platform& platform, const ResolverOptions& options)
    : platform_(platform), options_(options) {}

void Resolver::forget() {
  for (Entry& entry : entries_) {
    entry.asking = nullptr;
    entry.used = 0;
  }
  known_ = false;
  generation_++;
}

void Resolver::refresh() {
  const int file = open_config(options_.resolv_conf);
  if (file < 0 && known_ && is_shortage(errno)) return;
  const uint32_t digest = settings_.digest;
  const bool was_complete = settings_.complete;
  read_settings(file, settings_);
  if (file >= 0) close(file);
  if (known_ && (digest != settings_.digest || was_complete != settings_.complete)) generation_++;
  known_ = true;
}

Resolver::Entry* Resolver::find(Str host) {
  for (Entry& entry : entries_) {
    if (entry.used != 0 && equals_ignoring_case(entry.answer.host(), host)) return &entry;
  }
  return nullptr;
}

// Not any more when whoever asks is not driven: its answer would never come.
bool Resolver::is_asked(const Entry& entry, Instant now) {
  return entry.asking && now < entry.asking->next_deadline() + kAbandonedMs;
}

Resolver::Entry* Resolver::oldest(Instant now) {
  Entry* found = nullptr;
  for (Entry& entry : entries_) {
    if (!is_asked(entry, now) && (!found || entry.used < found->used)) found = &entry;
  }
  return found;
}

void Resolver::use(Entry& entry) {
  if (++count_ == 0) count_ = 1;
  entry.used = count_;
}

Resolver::Claim Resolver::claim(const Lookup& lookup, HostAnswer& answer, bool has_waited, Instant now) {
  Entry* entry = find(answer.host());
  if (entry && is_asked(*entry, now)) return Claim::kShared;
  if (entry && !entry->asking && (now < entry->fresh_until || (has_waited && now < entry->shared_until))) {
    use(*entry);
    answer = entry->answer;
    return Claim::kTaken;
  }
  if (!entry) entry = oldest(now);
  if (entry) {
    use(*entry);
    entry->answer.start(answer.host());
    entry->asking = &lookup;
  }
  return Claim::kYours;
}

void Resolver::settle(const Lookup& lookup, const HostAnswer& answer, uint32_t ttl_seconds, Instant now) {
  for (Entry& entry : entries_) {
    if (entry.asking != &lookup) continue;
    entry.asking = nullptr;
    entry.answer = answer;
    entry.shared_until = now + kFailureLifeMs;
    entry.fresh_until = answer.failed() ? entry.shared_until : now + int64_t{ttl_seconds} * 1000;
  }
}

void Resolver::release(const Lookup& lookup) {
  for (Entry& entry : entries_) {
    if (entry.asking != &lookup) continue;
    entry.asking = nullptr;
    entry.used = 0;
  }
}

}  // namespace tinyaws::posix
