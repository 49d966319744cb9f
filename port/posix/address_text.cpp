#include "address_text.h"

#include <arpa/inet.h>
#include <net/if.h>

#include <cstring>

#include "error_words.h"

namespace tinyaws::posix {
namespace {

// Into a text that ends with a NUL, as the C library wants it.
template <size_t N>
bool copy(Str text, char (&out)[N]) {
  if (text.size() >= N || text.find('\0') != Str::npos) return false;
  if (!text.empty()) memcpy(out, text.data(), text.size());
  out[text.size()] = '\0';
  return true;
}

bool read_number(Str text, uint32_t& out) {
  uint64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    number = number * 10 + static_cast<uint64_t>(c - '0');
    if (number > UINT32_MAX) return false;
  }
  out = static_cast<uint32_t>(number);
  return !text.empty();
}

bool read_scope(Str text, uint32_t& out) {
  char name[IF_NAMESIZE];
  if (read_number(text, out)) return true;
  if (!copy(text, name) || text.empty()) return false;
  out = if_nametoindex(name);
  return out != 0;
}

}  // namespace

AddressText read_address(Str text, Address& out) {
  out = {};
  char digits[INET6_ADDRSTRLEN];
  const size_t mark = text.find('%');
  const Str ip = mark == Str::npos ? text : Str(text.data(), mark);
  if (!copy(ip, digits)) return AddressText::kNoAddress;
  out.v6 = ip.find(':') != Str::npos;
  if (inet_pton(out.v6 ? AF_INET6 : AF_INET, digits, out.ip) != 1) return AddressText::kNoAddress;
  if (mark == Str::npos) return AddressText::kOk;
  if (!out.v6) return AddressText::kNoAddress;
  text.remove_prefix(mark + 1);
  return read_scope(text, out.scope) ? AddressText::kOk : AddressText::kNoInterface;
}

size_t write_address(const Address& address, char* out) {
  inet_ntop(address.v6 ? AF_INET6 : AF_INET, address.ip, out, kMaxAddressText);
  size_t size = strlen(out);
  if (address.scope == 0) return size;
  out[size++] = '%';
  return size + write_number(address.scope, {out + size, kMaxAddressText - size});
}

Address loopback(bool v6) {
  Address address{};
  address.v6 = v6;
  if (v6) {
    address.ip[15] = 1;
  } else {
    address.ip[0] = 127;
    address.ip[3] = 1;
  }
  return address;
}

}  // namespace tinyaws::posix
