#include "credentials/allowed_host.h"

#include <cstddef>

#include "base/ascii.h"
#include "text/hex.h"

namespace tinyaws {
namespace {

bool take_byte_number(Str& text, uint8_t& number) {
  uint32_t value = 0;
  size_t digits = 0;
  while (digits < text.size() && digits < 4 && is_digit(static_cast<unsigned char>(text[digits]))) {
    value = value * 10 + static_cast<uint32_t>(text[digits++] - '0');
  }
  if (digits == 0 || value > 255 || (digits > 1 && text.front() == '0')) return false;
  text.remove_prefix(digits);
  number = static_cast<uint8_t>(value);
  return true;
}

bool take_group(Str& text, uint16_t& group) {
  uint32_t value = 0;
  size_t digits = 0;
  while (digits < text.size() && digits < 4 && hex_value(text[digits]) >= 0) {
    value = value * 16 + static_cast<uint32_t>(hex_value(text[digits++]));
  }
  text.remove_prefix(digits);
  group = static_cast<uint16_t>(value);
  return digits > 0;
}

// Moves the groups behind the "::" to the end. False when it stands for nothing.
bool fill_gap(uint16_t (&groups)[8], size_t count, size_t gap) {
  if (count > 7) return false;
  for (size_t i = 1; i <= 8 - gap; ++i) {
    const size_t from = count - i;
    groups[8 - i] = i <= count - gap ? groups[from] : uint16_t{0};
  }
  return true;
}

bool equal(const uint8_t (&a)[4], uint8_t b0, uint8_t b1, uint8_t b2, uint8_t b3) {
  return a[0] == b0 && a[1] == b1 && a[2] == b2 && a[3] == b3;
}

bool is_allowed(const uint8_t (&a)[4]) {
  return a[0] == 127 || equal(a, 169, 254, 170, 2) || equal(a, 169, 254, 170, 23);
}

bool is_allowed(const uint16_t (&groups)[8]) {
  for (size_t i = 2; i < 7; ++i) {
    if (groups[i] != 0) return false;
  }
  const bool loopback = groups[0] == 0 && groups[1] == 0 && groups[7] == 1;
  return loopback || (groups[0] == 0xfd00 && groups[1] == 0xec2 && groups[7] == 0x23);
}

}  // namespace

bool parse_ipv4(Str text, uint8_t (&address)[4]) {
  for (size_t i = 0; i < 4; ++i) {
    if (i > 0 && !take_char(text, '.')) return false;
    if (!take_byte_number(text, address[i])) return false;
  }
  return text.empty();
}

bool parse_ipv6(Str text, uint16_t (&groups)[8]) {
  size_t count = 0;
  size_t gap = Str::npos;
  if (take_char(text, ':')) {
    if (!take_char(text, ':')) return false;
    gap = 0;
  }
  while (!text.empty()) {
    if (count == 8 || !take_group(text, groups[count++])) return false;
    if (text.empty()) break;
    if (!take_char(text, ':') || text.empty()) return false;
    if (take_char(text, ':')) {
      if (gap != Str::npos) return false;
      gap = count;
    }
  }
  return gap == Str::npos ? count == 8 : fill_gap(groups, count, gap);
}

bool is_allowed_without_tls(Str host) {
  uint8_t ipv4[4];
  uint16_t ipv6[8];
  if (parse_ipv4(host, ipv4)) return is_allowed(ipv4);
  if (parse_ipv6(host, ipv6)) return is_allowed(ipv6);
  return equals_ignoring_case(host, "localhost");
}

}  // namespace tinyaws
