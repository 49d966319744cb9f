// The load of bench_requests.py on AsyncClient, with an epoll set to wait in.
#include <deque>

#include "requests_load.h"
#include "tinyaws/async_client.h"
#include "tinyaws/client_storage.h"
#include "tinyaws/mbedtls.h"
#include "tinyaws/posix.h"
#include "tinyaws/posix_poller.h"
#include "tinyaws/providers.h"

namespace {

using namespace tinyaws;
using namespace tinyaws::bench;

constexpr size_t kBufferBytes = 2048;

/// What all connections share.
struct Shared {
  explicit Shared(const char* ca_file) {
    if (poller.open() != Status::kOk) fail("no epoll");
    if (ca_file != nullptr && tls_config.add_ca_file(ca_file) != Status::kOk) fail("can't read", ca_file);
  }

  posix::Platform platform;
  posix::Environment environment;
  posix::Poller poller;
  posix::Resolver resolver{platform};
  mbedtls::TlsConfig tls_config{platform};
};

class PlainTransport {
 public:
  explicit PlainTransport(Shared& shared) : tcp_(shared.resolver, &shared.poller) {}
  operator Transport&() { return tcp_; }  // NOLINT(google-explicit-constructor)

 private:
  posix::TcpTransport tcp_;
};

class SecureTransport {
 public:
  explicit SecureTransport(Shared& shared) : tcp_(shared.resolver, &shared.poller), tls_(shared.tls_config, tcp_) {}
  operator Transport&() { return tls_; }  // NOLINT(google-explicit-constructor)

 private:
  posix::TcpTransport tcp_;
  mbedtls::TlsTransport tls_;
};

/// The requests that are not started yet, and who runs them.
struct Work {
  AsyncClient& client;
  size_t to_start;
};

/// A call that is started again when it has ended, as long as there is something to start.
class Upload final : private Completion {
 public:
  Upload(Work& work, const ApiRequest& request) : work_(work), call_(request, response_, work.client.context()) {}
  Upload(const Upload&) = delete;
  Upload& operator=(const Upload&) = delete;

  void start() {
    if (work_.to_start == 0) return;
    --work_.to_start;
    call_.reset();
    if (work_.client.start(call_, this) != Status::kOk) fail("no slot is free");
  }

 private:
  void on_done(Call&) override {
    if (call_.status() != Status::kOk) fail(name(call_.status()).data(), std::string(call_.detail()).c_str());
    if (response_.status() != 200 || response_.body_size() != kAnswerBytes) fail("another answer than expected");
    start();
  }

  Work& work_;
  char answer_[kAnswerBytes];
  Response response_{answer_};
  ApiCall call_;
};

void run(std::deque<Upload>& uploads, Work& work, size_t requests, posix::Poller& poller) {
  int handles[kMaxConnections];
  work.to_start = requests;
  for (Upload& upload : uploads) upload.start();
  while (work.client.busy()) work.client.poll(poller.wait(handles, work.client.next_deadline()));
}

template <class T, size_t kConnections>
void bench(const Load& load) {
  Shared shared(load.ca_file);
  ClientStorage<T, kConnections, kBufferBytes> storage(shared);
  StaticCredentials credentials({kKeyId, kSecret, load.token});
  const std::string url = load.url();
  ClientOptions options;
  options.endpoint_url = url;
  AsyncClient client({shared.platform, shared.environment, storage.slots()}, credentials, options);

  const Header headers[] = {{"Content-Type", kContentType}, {"X-Amz-Target", kOperation}};
  ApiRequest request{kService, kRegion, "POST"};
  request.headers = headers;
  request.body = Bytes(load.body);
  Work work{client, 0};
  std::deque<Upload> uploads;
  for (size_t i = 0; i < kConnections; ++i) uploads.emplace_back(work, request);

  const Meter meter;
  meter.measure(
      load, [&](size_t requests) { run(uploads, work, requests, shared.poller); }, sizeof storage / kConnections);
}

template <class T>
void bench_connections(const Load& load) {
  switch (load.connections) {
    case 1:
      return bench<T, 1>(load);
    case 8:
      return bench<T, 8>(load);
    case kMaxConnections:
      return bench<T, kMaxConnections>(load);
    default:
      fail("connections: 1, 8 or 32");
  }
}

}  // namespace

int main(int argc, char** argv) {
  const Load load(argc, argv);
  load.ca_file != nullptr ? bench_connections<SecureTransport>(load) : bench_connections<PlainTransport>(load);
  return 0;
}
