#include <mbedtls/platform_util.h>

#include <cassert>
#include <cstring>

#include "tinyaws/mbedtls_sessions.h"

namespace tinyaws::mbedtls {

size_t TlsSessions::count() const {
  size_t count = 0;
  for (const Entry& entry : entries_) count += entry.config != 0;
  return count;
}

void TlsSessions::clear() {
  for (Entry& entry : entries_) wipe(entry);
}

TlsSessions::Session TlsSessions::find(const Key& key, UnixTime now) {
  Entry* entry = entry_of(key);
  if (entry == nullptr) return {};
  if (entry->changes != key.changes || !entry->terms.life.holds(now) || !entry->terms.trust.holds(now)) {
    wipe(*entry);
    return {};
  }
  entry->turn = ++turn_;
  return {{space_of(*entry).data() + entry->host_size, entry->size}, entry->terms};
}

MutBytes TlsSessions::keep(const Key& key, const Terms& terms, size_t size) {
  assert(key.config != 0 && size != 0);
  if (entries_.empty()) return {};
  const size_t most = bytes_.size() / entries_.size();
  if (key.host.size() > most || key.host.size() > UINT16_MAX || size > most - key.host.size()) return {};
  Entry& entry = *entry_to_fill(key);
  wipe(entry);
  entry.config = key.config;
  entry.changes = key.changes;
  entry.turn = ++turn_;
  entry.terms = terms;
  entry.size = size;
  entry.host_size = static_cast<uint16_t>(key.host.size());
  entry.port = key.port;
  const MutBytes space = space_of(entry);
  memcpy(space.data(), key.host.data(), key.host.size());
  return space.drop(key.host.size()).first(size);
}

void TlsSessions::forget(const Key& key) {
  Entry* entry = entry_of(key);
  if (entry != nullptr) wipe(*entry);
}

MutBytes TlsSessions::space_of(const Entry& entry) const {
  const size_t each = bytes_.size() / entries_.size();
  return {bytes_.data() + static_cast<size_t>(&entry - entries_.data()) * each, each};
}

bool TlsSessions::belongs(const Entry& entry, const Key& key) const {
  if (entry.config == 0 || entry.config != key.config || entry.port != key.port) return false;
  return Str(space_of(entry).data(), entry.host_size) == key.host;
}

TlsSessions::Entry* TlsSessions::entry_of(const Key& key) const {
  for (Entry& entry : entries_) {
    if (belongs(entry, key)) return &entry;
  }
  return nullptr;
}

TlsSessions::Entry* TlsSessions::entry_to_fill(const Key& key) const {
  Entry* choice = entry_of(key);
  if (choice != nullptr) return choice;
  choice = entries_.data();
  for (Entry& entry : entries_) {
    if (entry.turn < choice->turn) choice = &entry;
  }
  return choice;
}

void TlsSessions::wipe(Entry& entry) {
  if (entry.config != 0) mbedtls_platform_zeroize(space_of(entry).data(), entry.host_size + entry.size);
  entry = {};
}

}  // namespace tinyaws::mbedtls
