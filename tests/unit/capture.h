// What the signer hashes, as text.
#pragma once

#include <string>

#include "base/writer.h"
#include "tinyaws/sigv4.h"

namespace test {

class Capture final : public tinyaws::SigningTee {
 public:
  void canonical_request(tinyaws::Bytes piece) override { canonical_request_text.append(piece.data(), piece.size()); }
  void string_to_sign(tinyaws::Bytes piece) override { string_to_sign_text.append(piece.data(), piece.size()); }

  std::string canonical_request_text;
  std::string string_to_sign_text;
};

/// What `write(Writer&)` writes.
template <class Write>
std::string written(Write write) {
  class Text final : public tinyaws::Drain {
   public:
    void take(tinyaws::Str piece) override { text.append(piece.data(), piece.size()); }
    std::string text;
  };
  Text drain;
  char gathered[64];
  tinyaws::Writer out(tinyaws::MutBytes(gathered), &drain);
  write(out);
  out.flush();
  return drain.text;
}

}  // namespace test
