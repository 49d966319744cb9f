// The load of bench_requests.py on libcurl: its multi interface, which signs. curl_multi_poll, for its socket
// callbacks with epoll were no faster at any number of connections here.
#include <curl/curl.h>

#include <vector>

#include "requests_load.h"

namespace {

using namespace tinyaws::bench;

struct Transfer {
  CURL* easy = nullptr;
  size_t received = 0;
};

size_t discard(char*, size_t size, size_t count, void* transfer) {
  static_cast<Transfer*>(transfer)->received += size * count;
  return size * count;
}

class CurlClient {
 public:
  explicit CurlClient(const Load& load) : load_(load), transfers_(load.connections) {
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(load.connections));
    curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, static_cast<long>(load.connections));
    add_header("Content-Type: " + std::string(kContentType));
    add_header("X-Amz-Target: " + std::string(kOperation));
    add_header("X-Amz-Security-Token: " + load.token);
    for (Transfer& transfer : transfers_) prepare(transfer);
  }
  CurlClient(const CurlClient&) = delete;
  CurlClient& operator=(const CurlClient&) = delete;

  ~CurlClient() {
    for (Transfer& transfer : transfers_) curl_easy_cleanup(transfer.easy);
    curl_multi_cleanup(multi_);
    curl_slist_free_all(headers_);
  }

  void run(size_t requests) {
    to_start_ = requests;
    for (Transfer& transfer : transfers_) start(transfer);
    while (in_flight_ > 0) turn();
  }

 private:
  void add_header(const std::string& line) { headers_ = curl_slist_append(headers_, line.c_str()); }

  void prepare(Transfer& transfer) {
    CURL* easy = transfer.easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, load_.url().c_str());
    curl_easy_setopt(easy, CURLOPT_AWS_SIGV4, ("aws:amz:" + std::string(kRegion) + ":" + kService).c_str());
    curl_easy_setopt(easy, CURLOPT_USERPWD, (std::string(kKeyId) + ":" + kSecret).c_str());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, load_.body.c_str());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(load_.body.size()));
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, discard);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    if (load_.ca_file == nullptr) return;
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2 | CURL_SSLVERSION_MAX_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_CAINFO, load_.ca_file);
  }

  void start(Transfer& transfer) {
    if (to_start_ == 0) return;
    --to_start_;
    ++in_flight_;
    transfer.received = 0;
    curl_multi_add_handle(multi_, transfer.easy);
  }

  void turn() {
    int running = 0;
    curl_multi_poll(multi_, nullptr, 0, 1000, nullptr);
    curl_multi_perform(multi_, &running);
    finish_done();
  }

  void finish_done() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode result = message->data.result;
      CURL* easy = message->easy_handle;
      if (result != CURLE_OK) fail("libcurl:", curl_easy_strerror(result));
      finish(easy);
    }
  }

  void finish(CURL* easy) {
    Transfer* transfer = nullptr;
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200 || transfer->received != kAnswerBytes) fail("libcurl: another answer than expected");
    curl_multi_remove_handle(multi_, easy);
    --in_flight_;
    start(*transfer);
  }

  const Load& load_;
  std::vector<Transfer> transfers_;
  CURLM* multi_ = curl_multi_init();
  curl_slist* headers_ = nullptr;
  size_t to_start_ = 0;
  size_t in_flight_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const Load load(argc, argv);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  const Meter meter;
  {
    CurlClient client(load);
    meter.measure(load, [&](size_t requests) { client.run(requests); });
  }
  curl_global_cleanup();
  return 0;
}
