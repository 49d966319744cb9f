// The exchange on the way out: bodies in memory and from sources.
// Covers C12: sources that end early, pend or fail.
#include "exchange_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

void a_short_body_goes_with_the_head(void**) {
  Fixture f;
  f.request.method = "POST";
  f.request.body = Body("{\"a\":1}");
  f.start();
  const std::string out(f.exchange().send_buf());
  CHECK_TEXT(body_of(out), "{\"a\":1}", "one send_buf: " + printable(out));
  CHECK(!f.exchange().request_sent(), "sent before send_ack");
  f.exchange().send_ack(out.size());
  CHECK(f.exchange().request_sent(), "not sent after send_ack");
  CHECK(!f.has(Exchange::kWantSend), "wants to send more");
}

std::string sent_with_body(Fixture& f, size_t piece) {
  f.start();
  return f.driver.send_all(piece);
}

void bodies_in_memory_of_any_size(void**) {
  for (size_t size : {0, 1, 300, 511, 512, 1023, 1024, 1025, 5000}) {
    for (size_t piece : {size_t{1}, size_t{100}, SIZE_MAX}) {
      Fixture f(1024);
      const std::string content = pattern(size);
      f.request.method = "PUT";
      f.request.body = Bytes(content);
      const std::string sent = sent_with_body(f, piece);
      const std::string what = std::to_string(size) + " bytes by " + std::to_string(piece);
      CHECK_TEXT(body_of(sent), content, what);
      CHECK(contains(sent, "\r\nContent-Length: " + std::to_string(size) + "\r\n"), what + ": length");
      CHECK(f.exchange().request_sent(), what + ": not sent");
    }
  }
}

void bodies_from_a_source_of_any_size(void**) {
  for (size_t size : {0, 1, 300, 512, 1023, 1024, 1025, 5000}) {
    for (size_t piece : {size_t{1}, size_t{99}, SIZE_MAX}) {
      Fixture f(1024);
      FakeSource source(pattern(size));
      source.piece = piece;
      f.request.method = "PUT";
      f.request.body = Body(source, size);
      const std::string what = std::to_string(size) + " bytes by " + std::to_string(piece);
      CHECK_TEXT(body_of(sent_with_body(f, 333)), pattern(size), what);
      CHECK(f.exchange().request_sent(), what + ": not sent");
      CHECK(source.rewinds == 0, what + ": the exchange rewinds nothing");
    }
  }
}

void a_source_that_has_more_is_cut_at_its_length(void**) {
  Fixture f;
  FakeSource source(pattern(3000));
  f.request.method = "PUT";
  f.request.body = Body(source, 1500);
  CHECK_TEXT(body_of(sent_with_body(f, SIZE_MAX)), pattern(3000).substr(0, 1500), "1500 of 3000");
  CHECK(source.at() <= 1500, "more was read than is sent");
}

void expect_source_failure(FakeSource& source, const std::string& what) {
  Fixture f;
  f.request.method = "PUT";
  f.request.body = Body(source, 3000);
  sent_with_body(f, SIZE_MAX);
  CHECK(f.has(Exchange::kFailed), what + ": not failed");
  CHECK_STATUS(f.exchange().error(), Status::kBodySourceFailed, what);
  CHECK(f.exchange().send_buf().empty(), what + ": bytes to send after an error");
  CHECK(!f.has(Exchange::kWantSend) && !f.has(Exchange::kWantRecv), what + ": wants more after an error");
}

void a_source_that_ends_early_or_fails(void**) {
  for (size_t at : {0, 1, 500, 1024, 2999}) {
    FakeSource ends(pattern(at));
    expect_source_failure(ends, "ends at " + std::to_string(at));
    for (Status status : {Status::kNotFound, Status::kStalled}) {
      FakeSource fails(pattern(3000));
      fails.fail_at = at;
      fails.failure = status;
      expect_source_failure(fails, "fails at " + std::to_string(at) + " with " + text(status));
    }
  }
}

void a_source_that_pends_is_asked_again(void**) {
  Fixture f;
  FakeSource source(pattern(2500));
  source.pend_between = true;
  source.piece = 700;
  f.request.method = "PUT";
  f.request.body = Body(source, 2500);
  f.start();
  std::string sent;
  int pending = 0;
  for (int i = 0; i < 100 && !f.exchange().request_sent(); ++i) {
    CHECK(!f.has(Exchange::kFailed), "kPending of a source is no failure");
    const Bytes out = f.exchange().send_buf();
    CHECK(out.empty() == f.exchange().source_pending(), "nothing to send is when the source is pending");
    pending += out.empty();
    sent.append(out.data(), out.size());
    if (!out.empty()) f.exchange().send_ack(out.size());
  }
  CHECK_TEXT(body_of(sent), pattern(2500), "body");
  CHECK(pending > 0, "the source was never pending");
  CHECK(!f.exchange().source_pending(), "still pending after the end");
}

void nothing_is_received_before_the_head_is_out(void**) {
  Fixture f;
  f.start();
  CHECK(f.has(Exchange::kWantSend) && !f.has(Exchange::kWantRecv), "at the start");
  const size_t size = f.exchange().send_buf().size();
  f.exchange().send_ack(size - 1);
  CHECK(f.has(Exchange::kWantSend) && !f.has(Exchange::kWantRecv), "one byte before the end of the head");
  CHECK(!f.exchange().request_sent(), "sent one byte early");
  f.exchange().send_ack(1);
  CHECK(!f.has(Exchange::kWantSend) && f.has(Exchange::kWantRecv), "head out, no body");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_short_body_goes_with_the_head),
      cmocka_unit_test(bodies_in_memory_of_any_size),
      cmocka_unit_test(bodies_from_a_source_of_any_size),
      cmocka_unit_test(a_source_that_has_more_is_cut_at_its_length),
      cmocka_unit_test(a_source_that_ends_early_or_fails),
      cmocka_unit_test(a_source_that_pends_is_asked_again),
      cmocka_unit_test(nothing_is_received_before_the_head_is_out),
  };
  return cmocka_run_group_tests_name("exchange, way out", tests, nullptr, nullptr);
}
