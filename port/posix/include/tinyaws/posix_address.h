// Addresses of hosts.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/config.h"

namespace tinyaws::posix {

/// Addresses of one host that are kept; further ones are counted, see `Lookup::found`.
/// Cost: 24 bytes each in a Lookup and in each entry of a Resolver. Error: none.
constexpr size_t kMaxAddresses = 8;

/// An IPv4 or IPv6 address.
struct Address {
  unsigned char ip[16];  ///< In network byte order; IPv4 in the first four.
  uint32_t scope;        ///< Index of the interface that a link-local IPv6 address belongs to; 0: none.
  bool v6;
};

/// The first addresses of a host. Of more than kMaxAddresses, each family keeps at least half of the room if it has
/// as many.
class AddressList {
 public:
  /// Adds an address if it is not there yet.
  void add(const Address& address);

  /// IPv6 and IPv4 alternately, IPv6 first (RFC 8305 section 4); else in the order they came in.
  void alternate();

  void clear() { size_ = found_ = 0; }
  Span<const Address> addresses() const { return {addresses_, size_}; }

  /// How many were added, those that had no room included.
  size_t found() const { return found_; }

 private:
  size_t count(bool v6) const;
  void remove_last(bool v6);

  Address addresses_[kMaxAddresses];
  uint16_t size_ = 0;
  uint16_t found_ = 0;
};

/// A host, and its addresses or, in the same room, the words why there are none.
class HostAnswer {
 public:
  /// REQUIRES: host.size() <= kMaxHostBytes.
  void start(Str host);

  Str host() const { return {space_, host_size_}; }
  AddressList& list();
  const AddressList& list() const;

  /// Gives up the addresses. Words that do not fit are cut.
  void fail_with(Str reason);
  void say(Str words);
  void say_number(size_t number);
  void say_error(int error);
  void say_address(const Address& address);
  bool failed() const { return failed_; }

  /// "api.example: no such name", or the host alone.
  Str words() const { return {space_, words_size_}; }

  /// REQUIRES: not failed.
  Span<const Address> addresses() const { return list().addresses(); }

 private:
  MutBytes room();
  void grow(size_t size);

  static constexpr size_t kHostRoom = (kMaxHostBytes + 1 + alignof(AddressList)) & ~(alignof(AddressList) - 1);

  alignas(AddressList) char space_[kHostRoom + sizeof(AddressList)];
  uint16_t host_size_ = 0;
  uint16_t words_size_ = 0;
  bool failed_ = false;
};

}  // namespace tinyaws::posix
