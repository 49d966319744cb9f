// Prints what a table of connections takes in RAM: all that AsyncClient ever uses, known when the program is
// compiled.
#include <tinyaws/system.h>
#include <tinyaws/tinyaws.h>

#include <cstdio>

namespace {

using tinyaws::ClientStorage;

template <size_t kSlots, size_t kBufferBytes>
void print() {
  using Plain = ClientStorage<tinyaws::posix::TcpTransport, kSlots, kBufferBytes>;
  using Secure = ClientStorage<tinyaws::TlsOverTcp, kSlots, kBufferBytes>;
  std::printf("%4zu slots with buffers of %zu: %7zu bytes plain (%zu a slot), %7zu with TLS (%zu a slot)\n", kSlots,
              kBufferBytes, sizeof(Plain), sizeof(Plain) / kSlots, sizeof(Secure), sizeof(Secure) / kSlots);
}

}  // namespace

int main() {
  print<1, 4096>();
  print<8, 2048>();
  print<8, 4096>();
  print<32, 2048>();
  print<200, 2048>();
  std::printf("beside it: AsyncClient %zu, a call %zu, the resolver %zu, default credentials %zu bytes\n",
              sizeof(tinyaws::AsyncClient), sizeof(tinyaws::ApiCall), sizeof(tinyaws::posix::Resolver),
              sizeof(tinyaws::DefaultCredentials));
  return 0;
}
