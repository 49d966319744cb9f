#include "text/hex.h"
#include "tinyaws/sigv4.h"

namespace tinyaws {

Status PayloadHash::finish(char (&hex)[64]) {
  unsigned char digest[kSha256Bytes];
  const Status status = sha256_finish(state_, digest);
  if (status == Status::kOk) write_hex(digest, sizeof digest, hex);
  return status;
}

}  // namespace tinyaws
