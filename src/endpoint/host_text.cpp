#include "endpoint/host_text.h"

#include "base/ascii.h"

namespace tinyaws {
namespace {

constexpr size_t kMaxLabelBytes = 63;

Str take_label(Str& text) {
  const size_t dot = text.find('.');
  const Str label(text.data(), dot == Str::npos ? text.size() : dot);
  text.remove_prefix(label.size());
  return label;
}

bool is_number(Str text) {
  for (char c : text) {
    if (!is_digit(static_cast<unsigned char>(c))) return false;
  }
  return !text.empty();
}

}  // namespace

bool is_host_label(Str text) {
  for (char c : text) {
    if (!is_alnum(static_cast<unsigned char>(c)) && c != '-') return false;
  }
  return !text.empty() && text.size() <= kMaxLabelBytes && text.front() != '-' && text.back() != '-';
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
