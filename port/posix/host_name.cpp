#include "host_name.h"

#include "config_lines.h"

namespace tinyaws::posix {
namespace {

bool is_label_byte(char c) {
  const char lower = static_cast<char>(c | 0x20);
  return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

}  // namespace

Str without_last_dot(Str name) {
  if (!name.empty() && name.back() == '.') name.remove_suffix(1);
  return name;
}

bool is_host_name(Str name) {
  name = without_last_dot(name);
  if (name.empty() || name.size() > kMaxNameBytes) return false;
  size_t label = 0;
  for (const char c : name) {
    if (c == '.' && label == 0) return false;
    if (c != '.' && !is_label_byte(c)) return false;
    label = c == '.' ? 0 : label + 1;
    if (label > kMaxLabelBytes) return false;
  }
  return label > 0;
}

bool is_localhost(Str name) {
  static constexpr Str kLocalhost = "localhost";
  name = without_last_dot(name);
  if (name.size() < kLocalhost.size()) return false;
  const size_t before = name.size() - kLocalhost.size();
  if (!equals_ignoring_case({name.data() + before, kLocalhost.size()}, kLocalhost)) return false;
  return before == 0 || (before > 1 && name[before - 1] == '.');
}

size_t count_dots(Str name) {
  size_t n = 0;
  for (const char c : name) n += c == '.';
  return n;
}

}  // namespace tinyaws::posix
