#include "endpoint/host_text.h"

#include <cstdint>

#include "base/ascii.h"

namespace tinyaws {
namespace {

constexpr size_t kMaxLabelBytes = 63;

Str take_label(Str& text) {
  const Str label = text.before('.');
  text.remove_prefix(label.size());
  return label;
}

bool is_number(Str text) {
  uint32_t number = 0;
  return read_decimal(text, UINT32_MAX, number);
}

}  // namespace

bool is_host_label(Str text) {
  return is_word(text, "-") && text.size() <= kMaxLabelBytes && text.front() != '-' && text.back() != '-';
}

bool is_host_labels(Str text) {
  while (is_host_label(take_label(text))) {
    if (text.empty()) return true;
    text.remove_prefix(1);
  }
  return false;
}

bool looks_like_ipv4(Str text) {
  for (int number = 1; is_number(take_label(text)); ++number) {
    if (text.empty()) return number == 4;
    text.remove_prefix(1);
  }
  return false;
}

}  // namespace tinyaws
