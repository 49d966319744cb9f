#include "credentials/gather.h"

#include <cstdint>
#include <cstring>
#include <utility>

#include "base/wipe.h"

namespace tinyaws {
namespace {

// Distance from the start of `space`, texts that stand elsewhere coming behind all that stand in it.
uintptr_t place_of(Str text, MutBytes space) {
  const uintptr_t distance = reinterpret_cast<uintptr_t>(text.data()) - reinterpret_cast<uintptr_t>(space.data());
  return distance < space.size() ? distance : UINTPTR_MAX;
}

// The first in memory is moved first, so that none is overwritten before it was moved itself.
void sort(MutBytes space, Span<Str*> texts) {
  for (size_t i = 1; i < texts.size(); ++i) {
    for (size_t k = i; k > 0 && place_of(*texts[k], space) < place_of(*texts[k - 1], space); --k) {
      std::swap(texts[k], texts[k - 1]);
    }
  }
}

}  // namespace

Status gather(MutBytes space, Span<Str*> texts, size_t& used) {
  size_t total = 0;
  for (const Str* text : texts) total += text->size();
  if (total > space.size()) return Status::kValueTooLong;
  sort(space, texts);
  for (Str* text : texts) {
    if (!text->empty()) std::memmove(space.data(), text->data(), text->size());
    *text = {space.data(), text->size()};
    space = space.drop(text->size());
  }
  wipe(space.data(), space.size());
  used = total;
  return Status::kOk;
}

Status gather(MutBytes space, Credentials& credentials, size_t& used) {
  Str* texts[] = {&credentials.access_key_id, &credentials.secret_access_key, &credentials.session_token,
                  &credentials.account_id};
  return gather(space, texts, used);
}

}  // namespace tinyaws
