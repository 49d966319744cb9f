// Connections one after the other that resume what they can, for test_tls_resumption.py:
//   tls_resumption PORT CA_FILE NUMBER [CERTIFICATE_FILE KEY_FILE]
// Each sends a GET to localhost, reads to the end, and prints what its transport says, then the status.
#include <cstdio>
#include <cstdlib>

#include "tinyaws/mbedtls.h"
#include "tinyaws/posix.h"

namespace {

using namespace tinyaws;

constexpr int64_t kPatienceMs = 10000;

class Visitor {
 public:
  Visitor(posix::Platform& platform, Transport& transport) : platform_(platform), transport_(transport) {}

  Status visit(uint16_t port) {
    Status status = transport_.open({"localhost", port, true});
    while (status == Status::kPending) {
      wait(false, false);
      status = transport_.advance(platform_.now());
    }
    if (status == Status::kOk) status = talk();
    const Str words = transport_.describe();
    std::printf("%.*s: %.*s\n", static_cast<int>(name(status).size()), name(status).data(),
                static_cast<int>(words.size()), words.data());
    transport_.close();
    return status;
  }

 private:
  void wait(bool sending, bool receiving) {
    if (transport_.ready()) return;
    const Interest interest = transport_.interest(sending, receiving);
    platform_.wait({&interest, 1}, earlier(transport_.next_deadline(), platform_.now() + kPatienceMs));
  }

  Status talk() {
    Str request = "GET /file HTTP/1.0\r\nHost: localhost\r\n\r\n";
    while (!request.empty()) {
      const IoResult sent = transport_.send(request);
      if (sent.status != Status::kOk && sent.status != Status::kPending) return sent.status;
      request.remove_prefix(sent.size);
      if (sent.status == Status::kPending) wait(true, false);
    }
    return read_to_the_end();
  }

  Status read_to_the_end() {
    const Instant end = platform_.now() + kPatienceMs;
    char space[4096];
    while (platform_.now() < end) {
      const IoResult got = transport_.recv(space);
      if (got.status == Status::kOk && got.size == 0) return Status::kOk;
      if (got.status != Status::kOk && got.status != Status::kPending) return got.status;
      if (got.status == Status::kPending) wait(false, true);
    }
    return Status::kStalled;
  }

  posix::Platform& platform_;
  Transport& transport_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4 && argc != 6) return 2;
  posix::Platform platform;
  mbedtls::TlsConfig config(platform);
  Status status = config.add_ca_file(argv[2]);
  if (status == Status::kOk && argc == 6) status = config.set_client_certificate_files(argv[4], argv[5]);
  if (status != Status::kOk) {
    std::fprintf(stderr, "%s\n", config.describe().data());
    return 2;
  }

  posix::Resolver resolver(platform);
  posix::TcpTransport tcp(resolver);
  mbedtls::TlsSessionStore<1, 2048> sessions;
  mbedtls::TlsTransport transport(config, tcp, &sessions);
  Visitor visitor(platform, transport);
  bool good = true;
  for (int i = 0; i < std::atoi(argv[3]); ++i) {
    good = visitor.visit(static_cast<uint16_t>(std::atoi(argv[1]))) == Status::kOk && good;
  }
  return good ? 0 : 1;
}
