#include "http/noted_fields.h"

#include "base/ascii.h"

namespace tinyaws {

void NotedFields::note(const Header& field) {
  const size_t name = find_word("connection content-length expect host transfer-encoding user-agent", field.name);
  if (name >= kOther) return;
  values_[name] = field.value;
  ++counts_[name];
  if (name == kConnection) {
    closes_ |= list_has(field.value, "close");
    keeps_alive_ |= list_has(field.value, "keep-alive");
  }
  if (name == kExpect) asks_for_leave_ |= list_has(field.value, "100-continue");
}

bool list_has(Str list, Str member) {
  while (!list.empty()) {
    if (equals_ignoring_case(trim_blanks(take_until(list, ',')), member)) return true;
  }
  return false;
}

}  // namespace tinyaws
