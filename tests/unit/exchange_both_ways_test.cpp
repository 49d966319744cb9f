// The exchange on the way out and in at once: answers that come before the request is sent.
#include <random>

#include "exchange_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

/// Starts a PUT of `size` bytes from `source` and sends its head and a part of its body.
void send_a_part(Fixture& f, FakeSource& source, size_t size) {
  f.request.method = "PUT";
  f.request.body = Body(source, size);
  f.start();
  std::string sent;
  while (body_of(sent).empty()) {
    const Bytes out = f.exchange().send_buf();
    const size_t n = std::min<size_t>(out.size(), 600);
    sent.append(out.data(), n);
    f.exchange().send_ack(n);
  }
  CHECK(f.has(Exchange::kWantSend) && f.has(Exchange::kWantRecv), "both directions are open while a body is sent");
}

void an_early_refusal_ends_the_sending(void**) {
  for (const char* line :
       {"300 Multiple Choices", "301 Moved", "403 Forbidden", "417 Expectation Failed", "503 Busy"}) {
    Fixture f;
    FakeSource source(pattern(50000));
    send_a_part(f, source, 50000);
    f.driver.feed(answer(line, "why not"));
    CHECK(!f.has(Exchange::kWantSend), std::string(line) + ": still sending");
    const Outcome outcome = f.driver.outcome();
    CHECK_STATUS(outcome.error, Status::kOk, line);
    CHECK_TEXT(outcome.body, "why not", line);
    CHECK(!outcome.reusable, std::string(line) + ": reusable with half a request on the wire");
    CHECK(!f.exchange().request_sent(), std::string(line) + ": claims that the request was sent");
  }
}

/// The head of the refusal is enough; its body need not be there yet.
void the_sending_ends_with_the_head_of_the_refusal(void**) {
  Fixture f;
  FakeSource source(pattern(50000));
  send_a_part(f, source, 50000);
  f.driver.feed("HTTP/1.1 403 Forbidden\r\nContent-Length: 3\r\n\r\n");
  CHECK(!f.has(Exchange::kWantSend), "still sending");
  CHECK(f.exchange().has_head() && f.exchange().head().status == 403, "head");
  CHECK(!f.driver.finished(), "done without its body");
  f.driver.feed("abc");
  CHECK_TEXT(f.driver.outcome().body, "abc", "body");
}

void an_early_approval_does_not_end_the_sending(void**) {
  Fixture f;
  FakeSource source(pattern(5000));
  send_a_part(f, source, 5000);
  f.driver.feed(answer("200 OK", "fine"));
  CHECK(!f.driver.finished(), "done before the request was sent");
  CHECK(f.has(Exchange::kWantSend), "no longer sending");
  f.driver.send_all();
  const Outcome outcome = f.driver.outcome();
  CHECK_STATUS(outcome.error, Status::kOk, "after the rest");
  CHECK_TEXT(outcome.body, "fine", "body");
  CHECK(outcome.reusable, "both sides are complete");
  CHECK(source.at() == 5000, "the source was not read to its end");
}

void an_interim_answer_does_not_end_the_sending(void**) {
  Fixture f;
  FakeSource source(pattern(5000));
  send_a_part(f, source, 5000);
  f.driver.feed("HTTP/1.1 100 Continue\r\nX-Note: go on\r\n\r\n");
  CHECK(!f.exchange().has_head(), "an interim head passes as the final one");
  f.driver.send_all();
  CHECK(f.exchange().request_sent(), "not sent");
  f.driver.feed(answer("200 OK", "fine"));
  CHECK_TEXT(f.driver.outcome().body, "fine", "body");
}

void an_early_end_of_the_peer_is_an_error(void**) {
  Fixture f;
  FakeSource source(pattern(5000));
  send_a_part(f, source, 5000);
  f.driver.end();
  CHECK_STATUS(f.driver.outcome().error, Status::kConnectionLost, "the peer ended before it answered");
}

void send_closed_waits_for_the_answer(void**) {
  Fixture f;
  FakeSource source(pattern(5000));
  send_a_part(f, source, 5000);
  f.exchange().send_closed();
  CHECK(!f.has(Exchange::kWantSend) && f.has(Exchange::kWantRecv), "after send_closed");
  CHECK(f.exchange().send_buf().empty(), "bytes to send after send_closed");
  f.driver.feed(answer("400 Bad Request", "RequestTimeout"));
  const Outcome outcome = f.driver.outcome();
  CHECK_STATUS(outcome.error, Status::kOk, "the answer is there");
  CHECK_TEXT(outcome.body, "RequestTimeout", "body");
  CHECK(!outcome.reusable, "reusable though the transport takes no more");
}

/// A success for a request that was cut off is none.
void send_closed_then_a_success(void**) {
  Fixture f;
  FakeSource source(pattern(5000));
  send_a_part(f, source, 5000);
  f.exchange().send_closed();
  f.driver.feed(answer("200 OK", "stored"));
  CHECK_STATUS(f.driver.outcome().error, Status::kConnectionLost, "200 for half a request");
}

/// Head and body out share their memory with head and body in: whatever the order in which they move, nobody's bytes
/// may be written over.
void interleaved(unsigned seed, uint16_t status) {
  std::mt19937 random(seed);
  const size_t sizes[] = {512, 600, 1024, 3000};
  Fixture f(sizes[random() % 4]);
  const size_t up = random() % 4000, down = random() % 4000;
  FakeSource source(pattern(up, seed));
  source.piece = 1 + random() % 700;
  source.pend_between = random() % 2;
  const std::string in_memory = pattern(up, seed);
  f.request.method = "PUT";
  f.request.body = random() % 3 ? Body(source, up) : Body(Bytes(in_memory));
  f.start();
  const std::string body = pattern(down, seed + 1);
  const std::string incoming = (random() % 2 ? "HTTP/1.1 100 Continue\r\n\r\n" : "") +
                               answer(std::to_string(status) + " Any", body, "X-Some: field\r\n");
  std::string sent, received;
  size_t fed = 0;
  for (int steps = 0; !f.driver.finished(); ++steps) {
    CHECK(steps < 200000, "seed " + std::to_string(seed) + ": no end");
    const unsigned flags = f.flags();
    const auto choice = random() % 3;
    if (choice == 0 && (flags & Exchange::kWantSend)) {
      const Bytes out = f.exchange().send_buf();
      const size_t n = out.empty() ? 0 : 1 + random() % out.size();
      sent.append(out.data(), n);
      if (n > 0) f.exchange().send_ack(n);
    } else if (choice == 1 && (flags & Exchange::kWantRecv) && fed < incoming.size()) {
      const MutBytes space = f.exchange().recv_buf();
      CHECK(!space.empty(), "kWantRecv with an empty recv_buf");
      const size_t n = 1 + random() % std::min(space.size(), incoming.size() - fed);
      memcpy(space.data(), incoming.data() + fed, n);
      f.exchange().recv_ack(n);
      fed += n;
    } else if (choice == 2 && (flags & Exchange::kHasBody)) {
      const Bytes piece = f.exchange().body_buf();
      const size_t n = 1 + random() % piece.size();
      received.append(piece.data(), n);
      f.exchange().body_ack(n);
    }
  }
  const std::string what = "seed " + std::to_string(seed) + ", " + std::to_string(status);
  CHECK_STATUS(f.exchange().error(), Status::kOk, what);
  CHECK_TEXT(received, body, what + ": received");
  CHECK_TEXT(f.exchange().head().header("x-some"), "field", what + ": head");
  CHECK_TEXT(body_of(sent), in_memory.substr(0, body_of(sent).size()), what + ": sent");
  if (status < 300) CHECK(body_of(sent).size() == up, what + ": not all was sent");
}

void both_directions_share_the_buffer_in_any_order(void**) {
  for (unsigned seed = 1; seed <= 400; ++seed) interleaved(seed, seed % 3 ? 200 : 403);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(an_early_refusal_ends_the_sending),
      cmocka_unit_test(the_sending_ends_with_the_head_of_the_refusal),
      cmocka_unit_test(an_early_approval_does_not_end_the_sending),
      cmocka_unit_test(an_interim_answer_does_not_end_the_sending),
      cmocka_unit_test(an_early_end_of_the_peer_is_an_error),
      cmocka_unit_test(send_closed_waits_for_the_answer),
      cmocka_unit_test(send_closed_then_a_success),
      cmocka_unit_test(both_directions_share_the_buffer_in_any_order),
  };
  return cmocka_run_group_tests_name("exchange, both ways", tests, nullptr, nullptr);
}
