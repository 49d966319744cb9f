// What the signer hashes, as text.
#pragma once

#include <string>

#include "sigv4/hash_writer.h"
#include "tinyaws/sigv4.h"

namespace test {

class Capture final : public tinyaws::SigningTee {
 public:
  void canonical_request(tinyaws::Bytes piece) override { canonical_request_text.append(piece.data(), piece.size()); }
  void string_to_sign(tinyaws::Bytes piece) override { string_to_sign_text.append(piece.data(), piece.size()); }

  std::string canonical_request_text;
  std::string string_to_sign_text;
};

/// What `write(HashWriter&)` writes.
template <class Write>
std::string written(Write write) {
  Capture capture;
  tinyaws::Sha256State state;
  tinyaws::sha256_start(state);
  tinyaws::HashWriter out(state, &capture, &tinyaws::SigningTee::canonical_request);
  write(out);
  out.flush();
  tinyaws::sha256_stop(state);
  return capture.canonical_request_text;
}

}  // namespace test
