#include "sigv4/canonical_query.h"

#include <cstdint>

#include "base/ascii.h"
#include "text/hex.h"
#include "text/percent.h"

namespace tinyaws {
namespace {

// The canonical form of a parameter in wire form, byte by byte. Between name and value there is a 0, which no other
// byte is below: a name stands before the longer ones that begin with it.
class CanonicalBytes {
 public:
  explicit CanonicalBytes(Str parameter) : part_(take_until(parameter, '=')), value_(parameter) {}

  /// The next byte, or -1 at the end.
  int next() {
    if (digits_left_ > 0) return upper_hex_digit(--digits_left_ == 1 ? byte_ >> 4 : byte_ & 15);
    if (part_.done()) return in_value_ ? -1 : begin_value();
    byte_ = part_.next();
    if (is_unreserved(byte_)) return byte_;
    digits_left_ = 2;
    return '%';
  }

 private:
  int begin_value() {
    part_ = value_;
    in_value_ = true;
    return 0;
  }

  PercentDecoder part_;
  PercentDecoder value_;
  unsigned char byte_ = 0;
  uint8_t digits_left_ = 0;
  bool in_value_ = false;
};

// A total order: parameters that are alike go by their place in the query.
bool before(Str a, Str b) {
  CanonicalBytes bytes_a(a);
  CanonicalBytes bytes_b(b);
  for (;;) {
    const int byte_a = bytes_a.next();
    const int byte_b = bytes_b.next();
    if (byte_a != byte_b) return byte_a < byte_b;
    if (byte_a < 0) return a.data() < b.data();
  }
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

void put_canonical(Str parameter, Writer& out) {
  CanonicalBytes bytes(parameter);
  for (int byte = bytes.next(); byte >= 0; byte = bytes.next()) out.put(byte == 0 ? '=' : static_cast<char>(byte));
}

}  // namespace

void put_canonical_query(Str query, Writer& out) {
  Str part = find_following(query, {});
  while (!part.empty()) {
    put_canonical(part, out);
    part = find_following(query, part);
    if (!part.empty()) out.put('&');
  }
}

}  // namespace tinyaws
