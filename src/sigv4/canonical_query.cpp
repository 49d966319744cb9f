#include "sigv4/canonical_query.h"

#include "text/percent.h"

namespace tinyaws {
namespace {

// The canonical encoding of a text in wire form, byte by byte.
class CanonicalBytes {
 public:
  explicit CanonicalBytes(Str encoded) : decoder_(encoded) {}

  /// The next byte, or -1 at the end.
  int next() {
    if (digits_left_ > 0) return hex_digit(--digits_left_ == 1 ? byte_ >> 4 : byte_ & 15);
    if (decoder_.done()) return -1;
    byte_ = decoder_.next();
    if (is_unreserved(byte_)) return byte_;
    digits_left_ = 2;
    return '%';
  }

 private:
  static int hex_digit(int value) { return value < 10 ? '0' + value : 'A' + value - 10; }

  PercentDecoder decoder_;
  unsigned char byte_ = 0;
  int digits_left_ = 0;
};

int compare_canonical(Str a, Str b) {
  CanonicalBytes bytes_a(a);
  CanonicalBytes bytes_b(b);
  for (;;) {
    const int byte_a = bytes_a.next();
    const int byte_b = bytes_b.next();
    if (byte_a != byte_b) return byte_a - byte_b;
    if (byte_a < 0) return 0;
  }
}

// A total order: parameters that are alike go by their place in the query.
bool before(const QueryReader::Part& a, const QueryReader::Part& b) {
  const int names = compare_canonical(a.name, b.name);
  if (names != 0) return names < 0;
  const int values = compare_canonical(a.value, b.value);
  if (values != 0) return values < 0;
  return a.name.data() < b.name.data();
}

// Not inlined: its frame would lie below the hash's on the stack.
[[gnu::noinline]] bool find_following(Str query, const QueryReader::Part* last, QueryReader::Part& found) {
  QueryReader reader(query);
  QueryReader::Part part;
  bool any = false;
  while (reader.next(part)) {
    if (last != nullptr && !before(*last, part)) continue;
    if (any && !before(part, found)) continue;
    found = part;
    any = true;
  }
  return any;
}

void put_canonical(Str encoded, HashWriter& out) {
  CanonicalBytes bytes(encoded);
  for (int byte = bytes.next(); byte >= 0; byte = bytes.next()) out.put(static_cast<char>(byte));
}

}  // namespace

bool QueryReader::next(Part& part) {
  while (!rest_.empty() && rest_.front() == '&') rest_.remove_prefix(1);
  if (rest_.empty()) return false;
  const size_t end = rest_.find('&');
  const Str text(rest_.data(), end == Str::npos ? rest_.size() : end);
  const size_t equals = text.find('=');
  part.name = Str(text.data(), equals == Str::npos ? text.size() : equals);
  const size_t value_begin = equals == Str::npos ? text.size() : equals + 1;
  part.value = Str(text.data() + value_begin, text.size() - value_begin);
  rest_.remove_prefix(text.size());
  return true;
}

void put_canonical_query(Str query, HashWriter& out) {
  QueryReader::Part last;
  QueryReader::Part part;
  for (bool first = true; find_following(query, first ? nullptr : &last, part); first = false) {
    if (!first) out.put('&');
    put_canonical(part.name, out);
    out.put('=');
    put_canonical(part.value, out);
    last = part;
  }
}

}  // namespace tinyaws
