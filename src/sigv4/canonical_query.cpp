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

// The parameter that comes behind `last`, or the first one; empty where there is none.
// Not inlined: its frame would lie below the hash's on the stack.
[[gnu::noinline]] Str find_following(Str query, Str last) {
  Str found;
  while (!query.empty()) {
    const Str part = take_until(query, '&');
    if (part.empty() || (!last.empty() && !before(last, part))) continue;
    if (found.empty() || before(part, found)) found = part;
  }
  return found;
}

void put_canonical(Str encoded, Writer& out) {
  for (PercentDecoder bytes(encoded); !bytes.done();) {
    const char byte = static_cast<char>(bytes.next());
    percent_encode({&byte, 1}, Slash::kEncode, out);
  }
}

}  // namespace

void put_canonical_query(Str query, Writer& out) {
  Str part = find_following(query, {});
  while (!part.empty()) {
    Str value = part;
    put_canonical(take_until(value, '='), out);
    out.put('=');
    put_canonical(value, out);
    part = find_following(query, part);
    if (!part.empty()) out.put('&');
  }
}

}  // namespace tinyaws
