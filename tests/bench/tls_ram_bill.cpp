// The RAM of one TLS connection at work, to the byte: what its objects take and what mbedTLS takes of an arena. For
// tls_ram_bill.py:
//   tls_ram_bill PORT CA_FILE LIMIT
// Fetches /file from localhost with a signed request and prints the bill. Exits with 1 above LIMIT bytes, with 77
// where mbedTLS has no hook for an arena.
#include <cstdio>

#include "tinyaws/client.h"
#include "tinyaws/mbedtls.h"
#include "tinyaws/mbedtls_arena.h"
#include "tinyaws/posix.h"
#include "tinyaws/posix_resolver.h"
#include "tinyaws/posix_tcp.h"
#include "tinyaws/providers.h"

namespace {

using namespace tinyaws;

constexpr size_t kBufferBytes = 2048;  // a session token of 1,000 bytes fits into a request
constexpr size_t kArenaBytes = 256 * 1024;

// On 32 bits; pointers are larger on 64. TLS 1.3 keeps the server's certificates and goes through PSA Crypto.
#if defined(MBEDTLS_SSL_PROTO_TLS1_3)
constexpr size_t kLimit = size_t{40} * 1024;
#else
constexpr size_t kLimit = size_t{32} * 1024;
#endif
constexpr size_t kPointerLimit = sizeof(void*) == 4 ? kLimit : kLimit * 5 / 4;

alignas(8) char arena_memory[kArenaBytes];

class Bill {
 public:
  void add(const char* what, size_t bytes) {
    std::printf("%7zu  %s\n", bytes, what);
    sum_ += bytes;
  }
  size_t sum() const { return sum_; }

 private:
  size_t sum_ = 0;
};

class CountingSink final : public BodySink {
 public:
  size_t bytes = 0;
  IoResult write(Bytes data) override {
    bytes += data.size();
    return {Status::kOk, data.size()};
  }
  Status restart() override { return Status::kUnsupported; }
};

int report(const Bill& bill) {
  std::printf("%7zu  in all, of at most %zu\n", bill.sum(), kPointerLimit);
  return bill.sum() <= kPointerLimit ? 0 : 1;
}

Bytes read(const char* path) {
  static char bytes[4096];
  FILE* const file = std::fopen(path, "rb");
  if (file == nullptr) return {};
  const size_t size = std::fread(bytes, 1, sizeof bytes, file);
  (void)std::fclose(file);
  return {bytes, size};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  if (!mbedtls::TlsArena::kSupported) return 77;
  static mbedtls::TlsArena arena{MutBytes(arena_memory)};
  if (arena.install() != Status::kOk) return 2;
  static posix::Platform platform;
  static posix::Environment environment;
  static posix::Resolver resolver(platform);
  static mbedtls::TlsConfig config(platform);
  if (config.add_ca_in_place(read(argv[2])) != Status::kOk) return 2;
  static posix::TcpTransport tcp(resolver);
  static mbedtls::TlsTransport tls(config, tcp);
  static char buffer[kBufferBytes];
  static StaticCredentials credentials({"AKIDEXAMPLE", "secret", ""});
  char url[64];
  std::snprintf(url, sizeof url, "https://localhost:%s", argv[1]);
  ClientOptions options;
  options.endpoint_url = url;
  options.max_attempts = 1;
  static Client client({platform, environment, tls, MutBytes(buffer)}, credentials, options);

  const ApiRequest request{"execute-api", "eu-west-1", "GET", "/file"};
  CountingSink sink;
  Response response(sink);
  const Status status = client.fetch(request, response);
  const Str why = client.failure();
  std::printf("%.*s %.*s; %.*s; %zu bytes read\n", int(name(status).size()), name(status).data(), int(why.size()),
              why.data(), int(tls.describe().size()), tls.describe().data(), sink.bytes);
  if (status != Status::kOk) return 2;

  Bill bill;
  bill.add("mbedTLS: the arena's high-water mark, with its CA", arena.high_water());
  bill.add("TlsConfig", sizeof config);
  bill.add("TlsTransport", sizeof tls);
  bill.add("TcpTransport", sizeof tcp);
  bill.add("Client, with its Connection", sizeof client);
  bill.add("the connection's buffer", sizeof buffer);
  return report(bill);
}
