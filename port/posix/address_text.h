// Addresses as text.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tinyaws/bytes.h"
#include "tinyaws/posix_address.h"

namespace tinyaws::posix {

/// "[address]%[interface]" at its longest: 45, and 16 for the name of an interface.
constexpr size_t kMaxAddressText = 45 + 1 + 16;

enum class AddressText : uint8_t {
  kOk,
  kNoAddress,    ///< Not an address at all.
  kNoInterface,  ///< An IPv6 address of an interface that is not there.
};

/// Reads "192.0.2.1" (four decimal numbers), "2001:db8::1", "fe80::1%2" or "fe80::1%eth0" (RFC 4007 section 11).
AddressText read_address(Str text, Address& out);

/// Writes an address in the form of RFC 5952, with the number of its interface, and answers how many bytes it has.
/// Not by inet_ntop: musl's would bring printf into a static program, 8 KB. REQUIRES: kMaxAddressText bytes of room.
size_t write_address(const Address& address, char* out);

/// 127.0.0.1 and ::1.
Address loopback(bool v6);

}  // namespace tinyaws::posix
