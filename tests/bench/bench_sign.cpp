// Signs one PutItem with the key cached, as many times as told, for callgrind to count. `bench_sign N [TOKEN_BYTES]`.
#include <cstdio>
#include <cstdlib>

#include "put_item.h"

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 1;
  const size_t token_size = argc > 2 ? static_cast<size_t>(std::atol(argv[2])) : 800;
  if (token_size > tinyaws::bench::PutItem::kMaxToken) return 2;
  static tinyaws::bench::PutItem item(token_size);
  tinyaws::Signer signer;
  tinyaws::Signature signature;
  for (int i = 0; i <= count; ++i) {
    if (item.sign(signer, signature) != tinyaws::Status::kOk) return 1;
  }
  std::printf("%.64s\n", signature.hex);
  return 0;
}
