// The load of bench_requests.py on as little as there can be: an epoll loop that sends bytes which were signed
// before, and looks for nothing in the answer but its end. With TLS: mbedTLS and nothing around it.
#include <arpa/inet.h>
#include <fcntl.h>
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <vector>

#include "requests_load.h"
#include "tinyaws/sigv4.h"

namespace {

using namespace tinyaws;
using namespace tinyaws::bench;

std::string signed_bytes(const Load& load) {
  char payload_hash[64];
  PayloadHash hash;
  hash.update(load.body);
  if (hash.finish(payload_hash) != Status::kOk) fail("hashing failed");

  const std::string host = load.authority();
  const Header headers[] = {{"Content-Type", kContentType}, {"X-Amz-Target", kOperation}};
  const SigningInput input{"POST", host, "/", headers, {payload_hash, sizeof payload_hash}};
  const Credentials credentials{kKeyId, kSecret, load.token};
  const SigningConfig config{credentials, {kRegion, kService}, {}, {time(nullptr)}};
  Signer signer;
  Signature signature;
  char value[512];
  if (signer.sign(input, config, signature) != Status::kOk) fail("signing failed");
  const IoResult written = write_authorization(input, config, signature, value);
  if (written.status != Status::kOk) fail("signing failed");

  return "POST / HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: " + kContentType +
         "\r\nX-Amz-Target: " + kOperation + "\r\nContent-Length: " + std::to_string(load.body.size()) +
         "\r\nX-Amz-Date: " + std::string(signature.date()) + "\r\nX-Amz-Security-Token: " + load.token +
         "\r\nAuthorization: " + std::string(value, written.size) + "\r\n\r\n" + load.body;
}

int connect(uint16_t port) {
  const int on = 1;
  const int result = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  inet_pton(AF_INET, kAddress, &address.sin_addr);
  setsockopt(result, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(result, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fail("can't connect");
  return result;
}

/// What the connections with TLS share.
struct Trust {
  explicit Trust(const char* ca_file) {
    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&random);
    mbedtls_x509_crt_init(&ca);
    mbedtls_ssl_config_init(&config);
    mbedtls_ctr_drbg_seed(&random, mbedtls_entropy_func, &entropy, nullptr, 0);
    if (mbedtls_x509_crt_parse_file(&ca, ca_file) != 0) fail("can't read", ca_file);
    mbedtls_ssl_config_defaults(&config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
                                MBEDTLS_SSL_PRESET_DEFAULT);
    mbedtls_ssl_conf_rng(&config, mbedtls_ctr_drbg_random, &random);
    mbedtls_ssl_conf_ca_chain(&config, &ca, nullptr);
  }

  mbedtls_entropy_context entropy;
  mbedtls_ctr_drbg_context random;
  mbedtls_x509_crt ca;
  mbedtls_ssl_config config;
};

/// A connection that is open from the start. Negative results: errors, those of mbedTLS.
class Wire {
 public:
  Wire(uint16_t port, const Trust* trust) : net_{connect(port)}, tls_(trust != nullptr) {
    if (tls_) secure(*trust);
    mbedtls_net_set_nonblock(&net_);
  }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  int socket() const { return net_.fd; }

  void send(const std::string& bytes) {
    const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
    const auto sent = tls_ ? mbedtls_ssl_write(&ssl_, data, bytes.size()) : ::send(net_.fd, data, bytes.size(), 0);
    if (sent != static_cast<ssize_t>(bytes.size())) fail("a request was not sent at once");
    received_ = 0;
  }

  /// True when the answer is here.
  bool receive() {
    unsigned char* to = answer_ + received_;
    const size_t room = sizeof answer_ - received_;
    const ssize_t got = tls_ ? mbedtls_ssl_read(&ssl_, to, room) : ::recv(net_.fd, to, room, 0);
    if (got <= 0) return false;
    received_ += static_cast<size_t>(got);
    const std::string_view answer(reinterpret_cast<const char*>(answer_), received_);
    const size_t head = answer.find("\r\n\r\n");
    if (head == std::string_view::npos || answer.size() - head - 4 < kAnswerBytes) return false;
    if (answer.size() - head - 4 > kAnswerBytes) fail("another answer than expected");
    return true;
  }

 private:
  void secure(const Trust& trust) {
    mbedtls_ssl_init(&ssl_);
    mbedtls_ssl_setup(&ssl_, &trust.config);
    mbedtls_ssl_set_hostname(&ssl_, nullptr);  // which is an address: the chain is what is verified
    mbedtls_ssl_set_bio(&ssl_, &net_, mbedtls_net_send, mbedtls_net_recv, nullptr);
    if (mbedtls_ssl_handshake(&ssl_) != 0) fail("the TLS handshake failed");
  }

  mbedtls_net_context net_;
  const bool tls_;
  mbedtls_ssl_context ssl_;
  size_t received_ = 0;
  unsigned char answer_[2048];
};

class BareClient {
 public:
  explicit BareClient(const Load& load) : bytes_(signed_bytes(load)) {
    const Trust* trust = load.ca_file != nullptr ? new Trust(load.ca_file) : nullptr;
    for (size_t i = 0; i < load.connections; ++i) add(new Wire(load.port, trust));
  }

  void run(size_t requests) {
    to_start_ = requests;
    for (Wire* wire : wires_) start(*wire);
    while (in_flight_ > 0) turn();
  }

 private:
  void add(Wire* wire) {
    wires_.push_back(wire);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = wire;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, wire->socket(), &event);
  }

  void start(Wire& wire) {
    if (to_start_ == 0) return;
    --to_start_;
    ++in_flight_;
    wire.send(bytes_);
  }

  void turn() {
    epoll_event events[kMaxConnections];
    const int count = epoll_wait(epoll_, events, kMaxConnections, -1);
    for (int i = 0; i < count; ++i) {
      Wire& wire = *static_cast<Wire*>(events[i].data.ptr);
      if (!wire.receive()) continue;
      --in_flight_;
      start(wire);
    }
  }

  const std::string bytes_;
  std::vector<Wire*> wires_;  // to the end of the program
  const int epoll_ = epoll_create1(EPOLL_CLOEXEC);
  size_t to_start_ = 0;
  size_t in_flight_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const Load load(argc, argv);
  const Meter meter;
  BareClient client(load);
  meter.measure(load, [&](size_t requests) { client.run(requests); });
  return 0;
}
