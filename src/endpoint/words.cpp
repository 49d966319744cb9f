#include "endpoint/words.h"

namespace tinyaws {

Str take_word(Str& list) {
  const size_t blank = list.find(' ');
  const Str word(list.data(), blank == Str::npos ? list.size() : blank);
  list.remove_prefix(blank == Str::npos ? list.size() : blank + 1);
  return word;
}

bool has_word(Str list, Str word) {
  while (!list.empty()) {
    if (take_word(list) == word) return true;
  }
  return false;
}

}  // namespace tinyaws
