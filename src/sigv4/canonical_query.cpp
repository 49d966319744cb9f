#include "sigv4/canonical_query.h"

#include "base/ascii.h"
#include "text/percent.h"

namespace tinyaws {
namespace {

// Reads a parameter in wire form, "a%20b=c".
class ParameterReader {
 public:
  // Both come before all that stands in a name or value; a parameter without a value has an empty one.
  static constexpr int kEquals = -1;
  static constexpr int kEnd = -2;
  static constexpr int kUnreserved = 256;

  explicit ParameterReader(Str parameter) : rest_(parameter) {}

  // The next byte of the name, kEquals, the next one of the value, kEnd. What stands for itself in the canonical form
  // is kUnreserved higher than the byte, for it is sorted behind the '%' of what does not.
  int next() {
    if (rest_.empty() || (ends_ == 0 && rest_.front() == '=')) {
      rest_ = rest_.substr(1);
      return --ends_;
    }
    const unsigned char byte = take_decoded(rest_);
    return is_unreserved(byte) ? byte + kUnreserved : byte;
  }

 private:
  Str rest_;
  int ends_ = 0;  // of the name, and of the value: 0, kEquals, kEnd
};

// A total order: parameters that are alike go by their place in the query, and the empty text comes before all.
// Not inlined: it would stand there twice.
[[gnu::noinline]] bool before(Str a, Str b) {
  ParameterReader in_a(a);
  ParameterReader in_b(b);
  for (;;) {
    const int from_a = in_a.next();
    const int from_b = in_b.next();
    if (from_a != from_b) return from_a < from_b;
    if (from_a == ParameterReader::kEnd) return a.data() < b.data();
  }
}

void put_canonical(Str parameter, Writer& out) {
  ParameterReader in(parameter);
  for (int next = in.next(); next != ParameterReader::kEnd; next = in.next()) {
    if (next == ParameterReader::kEquals) {
      out.put('=');
    } else if (next >= ParameterReader::kUnreserved) {
      out.put(static_cast<char>(next));
    } else {
      put_escape(static_cast<unsigned char>(next), out);
    }
  }
}

}  // namespace

// Each pass finds the parameter that comes behind the last one.
void put_canonical_query(Str query, Writer& out) {
  Str last;
  for (;;) {
    Str next;
    for (Str rest = query; !rest.empty();) {
      const Str one = take_until(rest, '&');
      if (!one.empty() && before(last, one) && (next.empty() || before(one, next))) next = one;
    }
    if (next.empty()) return;
    if (!last.empty()) out.put('&');
    put_canonical(next, out);
    last = next;
  }
}

}  // namespace tinyaws
