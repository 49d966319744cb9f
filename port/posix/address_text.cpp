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

constexpr size_t kGroups = 8;

char* put_number(unsigned number, unsigned base, char* out) {
  unsigned place = 1;
  while (number / place >= base) place *= base;
  for (; place > 0; place /= base) *out++ = "0123456789abcdef"[number / place % base];
  return out;
}

char* put_v4(const unsigned char* ip, char* out) {
  for (size_t i = 0; i < 4; ++i) {
    if (i > 0) *out++ = '.';
    out = put_number(ip[i], 10, out);
  }
  return out;
}

unsigned group_at(const unsigned char* ip, size_t i) {
  return static_cast<unsigned>(ip[2 * i] << 8 | ip[2 * i + 1]);
}

struct Gap {
  size_t begin = kGroups;
  size_t size = 1;  // a single group is written out
};

// The first of the longest runs of zeros.
Gap find_gap(const unsigned char* ip) {
  Gap gap;
  size_t zeros = 0;
  for (size_t i = 0; i < kGroups; ++i) {
    zeros = group_at(ip, i) == 0 ? zeros + 1 : 0;
    if (zeros > gap.size) gap = {i + 1 - zeros, zeros};
  }
  return gap;
}

char* put_v6(const unsigned char* ip, char* out) {
  const Gap gap = find_gap(ip);
  for (size_t i = 0; i < kGroups; ++i) {
    if (i == gap.begin) {
      *out++ = ':';
      i += gap.size - 1;
      if (i == kGroups - 1) *out++ = ':';
      continue;
    }
    if (i > 0) *out++ = ':';
    if (i == 6 && gap.size == 5 && group_at(ip, 5) == 0xffff) return put_v4(ip + 12, out);
    out = put_number(group_at(ip, i), 16, out);
  }
  return out;
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
  char* const end = address.v6 ? put_v6(address.ip, out) : put_v4(address.ip, out);
  auto size = static_cast<size_t>(end - out);
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
