// Bodies of more than 4 GiB, out and in: their bytes are never touched, so that only the counting is at work.
// Covers C12: lengths that 32 bits can't count.
#include "exchange_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

constexpr uint64_t kLarge = (uint64_t{5} << 30) + 7;
constexpr size_t kBuffer = 65536;

/// So many bytes of whatever is in the buffer.
class Counted final : public BodySource {
 public:
  uint64_t left = kLarge;
  IoResult read(MutBytes out) override {
    const size_t n = left < out.size() ? static_cast<size_t>(left) : out.size();
    left -= n;
    return {Status::kOk, n};
  }
  Status rewind() override { return Status::kNotFound; }
};

void expect_sent(uint64_t length, uint64_t in_source, Status expected) {
  Fixture f(kBuffer);
  Counted source;
  source.left = in_source;
  f.request.method = "PUT";
  f.request.body = Body(source, length);
  f.start();
  uint64_t sent = 0, head = 0;
  while (f.has(Exchange::kWantSend)) {
    const Bytes out = f.exchange().send_buf();
    if (out.empty()) break;
    if (sent == 0) {
      const std::string text(out);
      head = text.find("\r\n\r\n") + 4;
      CHECK(contains(text, "\r\nContent-Length: " + std::to_string(length) + "\r\n"), text.substr(0, head));
    }
    sent += out.size();
    f.exchange().send_ack(out.size());
  }
  const std::string what = std::to_string(in_source) + " of " + std::to_string(length);
  CHECK_STATUS(f.exchange().error(), expected, what);
  if (expected == Status::kOk) CHECK(sent - head == length, what + ": " + std::to_string(sent - head));
}

void a_body_beyond_4_gib_is_sent_to_its_end(void**) {
  expect_sent(kLarge, kLarge, Status::kOk);
  expect_sent(kLarge, UINT64_MAX, Status::kOk);
}

void a_source_that_ends_a_byte_early_is_noticed(void**) {
  expect_sent(kLarge, kLarge - 1, Status::kBodySourceFailed);
}

uint64_t drain(Exchange& exchange) {
  uint64_t drained = 0;
  while (exchange.state() & Exchange::kHasBody) {
    const size_t n = exchange.body_buf().size();
    drained += n;
    exchange.body_ack(n);
  }
  return drained;
}

/// The peer says `head`, so many bytes, and `tail`; then it may end. How much of a body came of it.
uint64_t receive(Fixture& f, const std::string& head, uint64_t bytes, const std::string& tail, bool ends) {
  f.start_and_send();
  uint64_t taken = 0;
  const auto feed = [&](const std::string& words) {
    for (char c : words) {
      f.exchange().recv_buf().data()[0] = c;
      f.exchange().recv_ack(1);
      taken += drain(f.exchange());
    }
  };
  feed(head);
  while (bytes > 0 && f.has(Exchange::kWantRecv)) {
    const size_t space = f.exchange().recv_buf().size();
    const size_t n = bytes < space ? static_cast<size_t>(bytes) : space;
    f.exchange().recv_ack(n);
    bytes -= n;
    taken += drain(f.exchange());
  }
  CHECK(bytes == 0, "the exchange wanted no more");
  if (!f.has(Exchange::kDone)) feed(tail);
  if (ends && !f.has(Exchange::kDone)) f.exchange().recv_eof();
  return taken + drain(f.exchange());
}

/// 5 GiB and 7 bytes, as a chunk's size says it.
const std::string kHex = "140000007";

void a_body_beyond_4_gib_is_received_to_its_end(void**) {
  const struct {
    std::string field;
    std::string tail;
    bool ends;
  } rows[] = {{"Content-Length: " + std::to_string(kLarge) + "\r\n\r\n", "", false},
              {"Transfer-Encoding: chunked\r\n\r\n" + kHex + "\r\n", "\r\n0\r\n\r\n", false},
              {"Connection: close\r\n\r\n", "", true}};
  for (const auto& row : rows) {
    Fixture f(kBuffer);
    const uint64_t body = receive(f, "HTTP/1.1 200 OK\r\n" + row.field, kLarge, row.tail, row.ends);
    CHECK_STATUS(f.exchange().error(), Status::kOk, row.field);
    CHECK(body == kLarge, row.field + std::to_string(body));
    CHECK(f.exchange().reusable() == !row.ends, row.field);
  }
}

void a_body_a_byte_short_is_truncated(void**) {
  for (const std::string& field : {"Content-Length: " + std::to_string(kLarge) + "\r\n\r\n",
                                   "Transfer-Encoding: chunked\r\n\r\n" + kHex + "\r\n"}) {
    Fixture f(kBuffer);
    const uint64_t body = receive(f, "HTTP/1.1 200 OK\r\n" + field, kLarge - 1, "", true);
    CHECK_STATUS(f.exchange().error(), Status::kTruncated, field);
    CHECK(body == kLarge - 1, field + std::to_string(body));
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_body_beyond_4_gib_is_sent_to_its_end),
      cmocka_unit_test(a_source_that_ends_a_byte_early_is_noticed),
      cmocka_unit_test(a_body_beyond_4_gib_is_received_to_its_end),
      cmocka_unit_test(a_body_a_byte_short_is_truncated),
  };
  return cmocka_run_group_tests_name("exchange, large bodies", tests, nullptr, nullptr);
}
