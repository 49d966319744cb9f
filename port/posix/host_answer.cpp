#include <cassert>
#include <cstring>
#include <new>

#include "address_text.h"
#include "error_words.h"
#include "tinyaws/posix_address.h"

namespace tinyaws::posix {
namespace {

bool same(const Address& a, const Address& b) {
  return a.v6 == b.v6 && a.scope == b.scope && memcmp(a.ip, b.ip, a.v6 ? 16 : 4) == 0;
}

}  // namespace

void AddressList::add(const Address& address) {
  for (const Address& known : addresses()) {
    if (same(known, address)) return;
  }
  if (found_ < UINT16_MAX) found_++;
  if (size_ == kMaxAddresses) {
    if (count(address.v6) >= kMaxAddresses / 2) return;
    remove_last(!address.v6);
  }
  addresses_[size_++] = address;
}

size_t AddressList::count(bool v6) const {
  size_t n = 0;
  for (const Address& address : addresses()) n += address.v6 == v6;
  return n;
}

void AddressList::remove_last(bool v6) {
  size_t i = size_;
  while (addresses_[--i].v6 != v6) {
  }
  size_--;
  memmove(addresses_ + i, addresses_ + i + 1, (size_ - i) * sizeof addresses_[0]);
}

void AddressList::alternate() {
  bool want_v6 = true;
  for (size_t done = 0; done < size_; done++, want_v6 = !want_v6) {
    size_t i = done;
    while (i < size_ && addresses_[i].v6 != want_v6) i++;
    if (i == size_) continue;
    const Address next = addresses_[i];
    memmove(addresses_ + done + 1, addresses_ + done, (i - done) * sizeof addresses_[0]);
    addresses_[done] = next;
  }
}

void HostAnswer::start(Str host) {
  assert(host.size() <= kMaxHostBytes);
  memcpy(space_, host.data(), host.size());
  host_size_ = words_size_ = static_cast<uint16_t>(host.size());
  failed_ = false;
  new (space_ + kHostRoom) AddressList();
}

AddressList& HostAnswer::list() {
  assert(!failed_);
  return *reinterpret_cast<AddressList*>(space_ + kHostRoom);
}

const AddressList& HostAnswer::list() const {
  assert(!failed_);
  return *reinterpret_cast<const AddressList*>(space_ + kHostRoom);
}

void HostAnswer::fail_with(Str reason) {
  words_size_ = host_size_;
  failed_ = true;
  say(": ");
  say(reason);
}

MutBytes HostAnswer::room() {
  return {space_ + words_size_, sizeof space_ - words_size_};
}

void HostAnswer::grow(size_t size) {
  words_size_ = static_cast<uint16_t>(words_size_ + size);
}

void HostAnswer::say(Str words) {
  assert(failed_);
  grow(copy_words(words, room()));
}

void HostAnswer::say_number(size_t number) {
  grow(write_number(number, room()));
}

void HostAnswer::say_error(int error) {
  grow(write_error_words(error, room()));
}

void HostAnswer::say_address(const Address& address) {
  char text[kMaxAddressText];
  say({text, write_address(address, text)});
}

}  // namespace tinyaws::posix
