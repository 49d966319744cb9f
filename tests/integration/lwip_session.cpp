// A client on lwIP instead of the kernel's network, for test_lwip.py:
//   lwip_session TUN_DEVICE ADDRESS GATEWAY URL CA_FILE|- BODY_BYTES CALLS
// Sends CALLS signed POST requests of BODY_BYTES over a table of four connections, and prints what came of each, then
// the first answer. The board does not know what time it is.
#include <sys/random.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "lwip_tun.h"
#include "tinyaws/lwip.h"
#include "tinyaws/mbedtls.h"
#include "tinyaws/posix.h"
#include "tinyaws/tinyaws.h"

using namespace tinyaws;

namespace {

constexpr size_t kSlots = 4;
constexpr size_t kBufferBytes = 2048;

Status fill_randomly(MutBytes out) {
  return getrandom(out.data(), out.size(), 0) == static_cast<ssize_t>(out.size()) ? Status::kOk
                                                                                  : Status::kCryptoFailed;
}

Status find_in_table(Str host, ip_addr_t& address) {
  if (host != "gateway.test") return Status::kResolveFailed;
  return ipaddr_aton("10.77.0.1", &address) != 0 ? Status::kOk : Status::kResolveFailed;
}

/// TLS where the endpoint asks for it, over lwIP.
struct Line {
  Line(mbedtls::TlsConfig& config, lwip::Platform& platform) : tcp(platform, find_in_table), tls(config, tcp) {}
  operator Transport&() { return tls; }

  lwip::TcpTransport tcp;
  mbedtls::TlsTransport tls;
};

struct Job {
  Job(const ApiRequest& request, const ApiContext& context)
      : body(2 * request.body.size() + 65536),
        response(MutBytes(body.data(), body.size())),
        call(request, response, context) {}

  std::vector<char> body;
  Response response;
  ApiCall call;
};

class Printer final : public Completion {
 public:
  explicit Printer(int& failed) : failed_(failed) {}

  void on_done(Call& call) override {
    auto& done = static_cast<ApiCall&>(call);
    if (done.status() != Status::kOk) ++failed_;
    const Str status = name(done.status()), detail = done.detail();
    std::printf("%.*s %.*s\n", static_cast<int>(status.size()), status.data(), static_cast<int>(detail.size()),
                detail.data());
  }

 private:
  int& failed_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 8) return 2;
  test::Tun tun;
  if (!tun.start(argv[1], argv[2], argv[3])) return 2;
  lwip::Platform platform(fill_randomly);
  const posix::Environment environment;
  mbedtls::TlsConfig config(platform);
  config.set_unknown_time(mbedtls::UnknownTime::kJudgeByFloor);
  if (Str(argv[5]) != "-" && config.add_ca_file(argv[5]) != Status::kOk) return 2;

  EnvironmentCredentials credentials(environment);
  ClientOptions options;
  options.endpoint_url = argv[4];
  options.max_attempts = 1;
  options.timeouts.connect_ms = 2000;
  ClientStorage<Line, kSlots, kBufferBytes, kSlots * 8> storage(config, platform);
  AsyncClient client({platform, environment, storage.slots(), storage.queue()}, credentials, options);

  const std::string body(std::strtoul(argv[6], nullptr, 10), 'x');
  ApiRequest request{"execute-api", "us-east-1", "POST"};
  request.body = Str(body);
  int failed = 0;
  Printer printer(failed);
  std::vector<Job*> jobs;
  for (unsigned long i = std::strtoul(argv[7], nullptr, 10); i > 0; --i) {
    jobs.push_back(new Job(request, client.context()));
    if (client.start(jobs.back()->call, &printer) != Status::kOk) return 2;
  }
  while (client.busy()) {
    platform.wait({}, client.next_deadline());
    client.poll();
  }
  if (!jobs.empty()) std::printf("%s\n", std::string(jobs.front()->response.body()).c_str());
  for (Job* job : jobs) delete job;
  return failed == 0 ? 0 : 1;
}
