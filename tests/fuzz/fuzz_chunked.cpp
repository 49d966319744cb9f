// A chunked body: in one piece, in others, and written again. The first byte says in which pieces.
#include <algorithm>
#include <string>

#include "base/ascii.h"
#include "fuzz.h"
#include "tinyaws/exchange.h"

using namespace tinyaws;
using namespace tinyaws::fuzz;

namespace {

struct Decoded {
  std::string body;
  size_t used = 0;
  uint64_t data_left = 0;
  Status error = Status::kOk;
  bool done = false;

  bool operator==(const Decoded& o) const {
    return body == o.body && used == o.used && data_left == o.data_left && error == o.error && done == o.done;
  }
};

class Decoder {
 public:
  Decoder() { framing_.start(); }

  void feed(Bytes bytes) {
    const Block block(bytes);
    Bytes left = block.text();
    while (!left.empty() && !is_over()) {
      const size_t framed = framing_.read(left);
      check(framed <= left.size());
      out_.used += framed;
      left.remove_prefix(framed);
      const auto taken = static_cast<size_t>(std::min<uint64_t>(framing_.data_left(), left.size()));
      check(framed + taken > 0 || is_over());
      out_.body.append(left.data(), taken);
      out_.used += taken;
      left.remove_prefix(taken);
      if (taken > 0) framing_.data_taken(taken);
    }
  }

  Decoded result() {
    check(!is_over() || (framing_.read("0") == 0 && framing_.data_left() == 0));
    out_.data_left = framing_.data_left();
    out_.error = framing_.error();
    out_.done = framing_.done();
    check(!out_.done || out_.error == Status::kOk);
    return out_;
  }

 private:
  bool is_over() const { return framing_.done() || framing_.error() != Status::kOk; }

  ChunkedFraming framing_;
  Decoded out_;
};

Decoded decode_in_pieces(Bytes bytes, uint32_t seed) {
  Decoder decoder;
  Pieces pieces(seed);
  while (!bytes.empty()) {
    const size_t n = pieces.next(bytes.size());
    decoder.feed({bytes.data(), n});
    bytes.remove_prefix(n);
  }
  return decoder.result();
}

Decoded decode(Bytes bytes) {
  Decoder decoder;
  decoder.feed(bytes);
  return decoder.result();
}

/// Reads a body that is there as a whole. False when it has no end or is none.
class Reference {
 public:
  explicit Reference(Str text) : text_(text) {}

  std::string body;
  size_t used() const { return at_; }

  bool run() {
    for (;;) {
      uint64_t size = 0;
      if (!take_size(size)) return false;
      if (size == 0) return take_trailers();
      if (size > text_.size() - at_) return false;
      body.append(text_.data() + at_, static_cast<size_t>(size));
      at_ += static_cast<size_t>(size);
      if (text_.substr(at_, 2) != "\r\n") return false;
      at_ += 2;
    }
  }

 private:
  bool take_line(Str& line) {
    const size_t end = text_.find("\r\n", at_);
    if (end == Str::npos) return false;
    line = text_.substr(at_, end - at_);
    at_ = end + 2;
    return line.find_first_of(Str("\r\n\0", 3)) == Str::npos;
  }

  bool take_size(uint64_t& size) {
    Str line;
    if (!take_line(line)) return false;
    const Str digits = line.substr(0, line.find_first_not_of("0123456789abcdefABCDEF"));
    if (digits.empty() || digits.size() > 16) return false;
    size = strtoull(std::string(digits).c_str(), nullptr, 16);
    line.remove_prefix(digits.size());
    return line.empty() || line[0] == ';' || is_blank(static_cast<unsigned char>(line[0]));
  }

  bool take_trailers() {
    for (Str line; take_line(line);) {
      if (line.empty()) return true;
      const size_t colon = line.find(':');
      if (colon == Str::npos || !is_token(line.substr(0, colon))) return false;
    }
    return false;
  }

  Str text_;
  size_t at_ = 0;
};

void compare(const Decoded& decoded, Str text) {
  if (text.size() > kMaxChunkExtensionBytes || text.size() > kMaxTrailerBytes) return;
  Reference reference(text);
  check(decoded.done == reference.run());
  if (decoded.done) check(decoded.body == reference.body && decoded.used == reference.used());
}

std::string encode(Bytes body, uint32_t seed) {
  std::string out;
  Pieces pieces(seed);
  while (!body.empty()) {
    const size_t n = pieces.next(body.size());
    char size[24];
    snprintf(size, sizeof size, seed % 2 == 0 ? "%zx;a=b\r\n" : "0%zX\r\n", n);
    out.append(size).append(body.data(), n).append("\r\n");
    body.remove_prefix(n);
  }
  return out + (seed % 3 == 0 ? "0\r\n\r\n" : "00 ;x\r\nA: b\r\nC:\r\n\r\n");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  Input input(data, size);
  const uint32_t seed = input.byte();
  const Decoded whole = decode(input.rest());
  check(whole.body.size() <= whole.used && whole.used <= input.rest().size());
  compare(whole, input.rest());
  check(decode_in_pieces(input.rest(), 0) == whole);
  check(decode_in_pieces(input.rest(), seed) == whole);
  if (!whole.done || whole.body.size() > 500) return 0;
  const std::string written = encode(whole.body, seed);
  const Decoded again = decode(written + "more");
  check(again.done && again.body == whole.body && again.used == written.size());
  return 0;
}
