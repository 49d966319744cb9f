// SHA-256 that refuses. No header of port/none is included: this object must be free to stay out of a program.
#include "tinyaws/sha256.h"

#include <cstring>

namespace tinyaws {

void sha256_start(Sha256State& state) {
  memset(state.storage, 0, sizeof state.storage);
}

void sha256_update(Sha256State&, Bytes) {}

Status sha256_finish(Sha256State&, unsigned char (&digest)[kSha256Bytes]) {
  memset(digest, 0, sizeof digest);
  return Status::kUnsupported;
}

void sha256_clone(Sha256State& copy, const Sha256State& state) {
  copy = state;
}

void sha256_stop(Sha256State& state) {
  memset(state.storage, 0, sizeof state.storage);
}

}  // namespace tinyaws
