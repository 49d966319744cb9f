#include "sigv4/canonical_query.h"

#include "base/ascii.h"
#include "text/percent.h"

namespace tinyaws {
namespace {

// What canonical forms are sorted by: the '%' of an escape is below all that stands for itself. -1: the end.
int next_rank(PercentDecoder& encoded) {
  if (encoded.done()) return -1;
  const unsigned char byte = encoded.next();
  return is_unreserved(byte) ? byte + 256 : byte;
}

// Not inlined: it would stand there twice.
[[gnu::noinline]] int compare_canonical(Str a, Str b) {
  PercentDecoder bytes_a(a);
  PercentDecoder bytes_b(b);
  for (;;) {
    const int rank_a = next_rank(bytes_a);
    const int rank_b = next_rank(bytes_b);
    if (rank_a != rank_b || rank_a < 0) return rank_a - rank_b;
  }
}

// A total order: parameters that are alike go by their place in the query.
bool before(Str a, Str b) {
  int order = compare_canonical(take_until(a, '='), take_until(b, '='));
  if (order == 0) order = compare_canonical(a, b);
  return order < 0 || (order == 0 && a.data() < b.data());
}

// Goes on from the parameter `part` to the one that comes behind it, from an empty one to the first. False: none
// does. Not inlined: its frame would lie below the hash's on the stack.
[[gnu::noinline]] bool go_on(Str query, Str& part) {
  Str found;
  while (!query.empty()) {
    const Str one = take_until(query, '&');
    if (one.empty() || (!part.empty() && !before(part, one))) continue;
    if (found.empty() || before(one, found)) found = one;
  }
  part = found;
  return !found.empty();
}

void put_canonical(Str encoded, Writer& out) {
  for (PercentDecoder bytes(encoded); !bytes.done();) {
    const char byte = static_cast<char>(bytes.next());
    percent_encode({&byte, 1}, Slash::kEncode, out);
  }
}

}  // namespace

void put_canonical_query(Str query, Writer& out) {
  Str part;
  for (bool first = true; go_on(query, part); first = false) {
    if (!first) out.put('&');
    Str value = part;
    put_canonical(take_until(value, '='), out);
    put_canonical(value, out.put('='));
  }
}

}  // namespace tinyaws
