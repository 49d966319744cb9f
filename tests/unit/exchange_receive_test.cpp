// The exchange on the way in: heads, bodies, interim answers, framing and its limits.
// Covers C19: framing and its limits.
#include "exchange_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

void flags_follow_the_answer(void**) {
  Fixture f;
  f.start_and_send();
  CHECK(!f.exchange().heard() && !f.exchange().has_head(), "before the answer");
  f.driver.feed("H");
  CHECK(f.exchange().heard() && !f.exchange().has_head(), "after one byte");
  f.driver.feed("TTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r");
  CHECK(!f.exchange().has_head(), "one byte before the end of the head");
  f.driver.feed("\n");
  CHECK(f.exchange().has_head() && f.exchange().head().status == 404, "head");
  CHECK(!f.has(Exchange::kHasBody) && !f.has(Exchange::kDone), "no body yet");
  f.driver.feed("abc");
  CHECK(f.flags() == Exchange::kDone, "done, and nothing else holds");
}

void the_head_can_be_read_while_the_body_passes(void**) {
  Fixture f(512);
  f.start_and_send();
  const std::string head =
      "HTTP/1.1 200 All Right\r\nX-A:  one \r\nx-a: two\r\nX-Empty:\r\nContent-Length: "
      "3000\r\nX-Amzn-RequestId:\tID\t \r\n\r\n";
  f.driver.feed(head);
  for (int i = 0; i < 30; ++i) {
    f.driver.feed(pattern(100, i));
    const ResponseHead& in = f.exchange().head();
    CHECK_TEXT(in.bytes, head, "head");
    CHECK_TEXT(in.status_line(), "HTTP/1.1 200 All Right", "status line");
    CHECK_TEXT(in.header("X-A"), "one", "the first of two, blanks taken off");
    CHECK_TEXT(in.header("x-amzn-requestid"), "ID", "any case");
    CHECK(in.header("X-Empty").empty() && in.header("X").empty() && in.header("X-Amzn").empty(), "no value");
    CHECK(in.header("").empty() && in.header("HTTP/1.1 200 All Right").empty(), "the status line is no field");
  }
  CHECK_STATUS(f.driver.outcome().error, Status::kOk, "end");
}

/// Body bytes that nobody takes fill the buffer; then nothing more is wanted, and nothing is lost.
void a_body_nobody_takes_stops_the_receiving(void**) {
  for (const bool chunked : {false, true}) {
    Fixture f(512);
    f.start_and_send();
    const std::string body = pattern(3000);
    std::string in = chunked ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nbb8\r\n" + body + "\r\n0\r\n\r\n"
                             : answer("200 OK", body);
    std::string out;
    size_t fed = 0;
    for (int round = 0; !f.driver.finished(); ++round) {
      CHECK(round < 10000, "no end");
      while (f.has(Exchange::kWantRecv) && fed < in.size()) {
        const MutBytes space = f.exchange().recv_buf();
        CHECK(!space.empty(), "kWantRecv with an empty recv_buf");
        const size_t n = std::min(space.size(), in.size() - fed);
        memcpy(space.data(), in.data() + fed, n);
        f.exchange().recv_ack(n);
        fed += n;
      }
      if (!f.has(Exchange::kHasBody)) continue;
      CHECK(!f.has(Exchange::kDone), "done with a body that was not taken");
      out += f.exchange().body_buf()[0];
      f.exchange().body_ack(1);
    }
    CHECK_TEXT(out, body, chunked ? "chunked" : "counted");
    CHECK(f.exchange().reusable(), "reusable");
  }
}

void an_end_with_body_still_in_the_buffer(void**) {
  Fixture f;
  f.start_and_send();
  const std::string in = "HTTP/1.1 200 OK\r\n\r\nall of it";
  memcpy(f.exchange().recv_buf().data(), in.data(), in.size());
  f.exchange().recv_ack(in.size());
  f.exchange().recv_eof();
  CHECK(!f.has(Exchange::kDone) && f.has(Exchange::kHasBody), "the body comes before the end");
  CHECK_TEXT(f.exchange().body_buf(), "all of it", "body");
  f.exchange().body_ack(9);
  CHECK(f.flags() == Exchange::kDone && !f.exchange().reusable(), "done");
}

void truncated_bodies_are_delivered_but_not_passed_off_as_whole(void**) {
  Fixture f;
  f.start_and_send();
  f.driver.feed("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123456789");
  f.driver.end();
  CHECK_STATUS(f.driver.outcome().error, Status::kTruncated, "one byte short");
}

void expect_bodiless(const std::string& method, const std::string& in) {
  Fixture f;
  f.request.method = method;
  f.start_and_send();
  f.driver.feed(in);
  const Outcome outcome = f.driver.outcome();
  CHECK_STATUS(outcome.error, Status::kOk, method + " " + printable(in));
  CHECK(outcome.body.empty() && outcome.reusable, method + " " + printable(in) + ": " + outcome.words());
}

void answers_without_a_body(void**) {
  expect_bodiless("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
  expect_bodiless("HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  expect_bodiless("HEAD", "HTTP/1.1 404 Not Found\r\n\r\n");
  expect_bodiless("GET", "HTTP/1.1 204 No Content\r\n\r\n");
  expect_bodiless("DELETE", "HTTP/1.1 204 No Content\r\n\r\n");
  expect_bodiless("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n");
}

/// RFC 9110 section 9.1: methods are case-sensitive, so "head" is not HEAD and its answer has a body.
void methods_are_case_sensitive(void**) {
  Fixture f;
  f.request.method = "head";
  f.start_and_send();
  f.driver.feed("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
  CHECK(!f.driver.finished(), "\"head\" taken for HEAD");
}

Status error_of(const std::string& in) {
  Fixture f(4096);
  f.start_and_send();
  f.driver.feed(in);
  return f.driver.finished() ? f.driver.outcome().error : Status::kPending;
}

std::string interims(size_t n) {
  std::string out;
  for (size_t i = 0; i < n; ++i) out += "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
  return out;
}

void interim_answers_are_counted(void**) {
  CHECK_STATUS(error_of(interims(kMaxInterimResponses) + answer("200 OK", "x")), Status::kOk, "as many as allowed");
  CHECK_STATUS(error_of(interims(kMaxInterimResponses + 1)), Status::kTooManyInterims, "one more");
  CHECK_STATUS(error_of("HTTP/1.1 101 Switching Protocols\r\n\r\n"), Status::kUnexpectedUpgrade, "101");
}

/// Interim heads do not add up in the buffer.
void interim_answers_leave_no_trace(void**) {
  Fixture f(512);
  f.start_and_send();
  const std::string fields = "X: " + std::string(300, 'x') + "\r\n\r\n";
  for (size_t i = 0; i < kMaxInterimResponses; ++i) f.driver.feed("HTTP/1.1 100 Continue\r\n" + fields);
  f.driver.feed("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n" + fields + "x");
  CHECK_STATUS(f.driver.outcome().error, Status::kOk, "eight long interims");
  CHECK_TEXT(f.driver.outcome().body, "x", "body");
}

std::string chunked(const std::string& size_line, const std::string& trailers) {
  return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + size_line + "\r\nx\r\n0\r\n" + trailers + "\r\n";
}

void chunk_overhead_is_bounded_exactly(void**) {
  const std::string extension = ";" + std::string(kMaxChunkExtensionBytes - 1, 'e');
  CHECK_STATUS(error_of(chunked("1" + extension, "")), Status::kOk, "extensions at the limit");
  CHECK_STATUS(error_of(chunked("1" + extension + "e", "")), Status::kChunkExtensionsTooLarge, "one more");
  const std::string trailer = "A:" + std::string(kMaxTrailerBytes - 4, 't');
  CHECK_STATUS(error_of(chunked("1", trailer + "\r\n")), Status::kOk, "trailers at the limit");
  CHECK_STATUS(error_of(chunked("1", trailer + "tttt\r\n")), Status::kTrailersTooLarge, "beyond it");
}

/// A peer that never ends its answer is refused after a bounded number of bytes.
void endless_framing_ends(void**) {
  const std::string begin = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  std::string zeros = begin + std::string(100, '0');
  CHECK_STATUS(error_of(zeros), Status::kMalformedChunk, "endless zeros of a chunk size");
  std::string extensions = begin, trailers = begin + "0\r\n", names = begin + "0\r\n" + std::string(9000, 'n');
  for (int i = 0; i < 5000; ++i) extensions += "1;a\r\nx\r\n";
  for (int i = 0; i < 5000; ++i) trailers += "a:b\r\n";
  CHECK_STATUS(error_of(extensions), Status::kChunkExtensionsTooLarge, "extensions of many chunks");
  CHECK_STATUS(error_of(trailers), Status::kTrailersTooLarge, "many trailers");
  CHECK_STATUS(error_of(names), Status::kTrailersTooLarge, "a trailer name without an end");
}

void lengths_at_the_limits(void**) {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: ";
  CHECK_STATUS(error_of(head + "9999999999999999999\r\n\r\nx"), Status::kPending, "19 digits");
  CHECK_STATUS(error_of(head + "18446744073709551616\r\n\r\nx"), Status::kMalformedLength, "2^64");
  const std::string chunk = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  CHECK_STATUS(error_of(chunk + "ffffffffffffffff\r\nx"), Status::kPending, "16 digits of a chunk size");
  CHECK_STATUS(error_of(chunk + "10000000000000000\r\nx"), Status::kMalformedChunk, "17 digits");
}

void bytes_behind_the_answer_spoil_the_connection(void**) {
  for (const std::string& in : {answer("200 OK", "hello"), std::string("HTTP/1.1 204 No Content\r\n\r\n"),
                                chunked("1", ""), chunked("1", "A: b\r\n")}) {
    Fixture f(512);
    f.start_and_send();
    f.driver.feed(in + "H");
    CHECK_STATUS(f.exchange().error(), Status::kOk, printable(in));
    CHECK(f.has(Exchange::kDone), printable(in) + ": not done");
    CHECK(!f.exchange().reusable(), printable(in) + ": reusable with a byte left over");
  }
}

void framing_stops_at_data(void**) {
  ChunkedFraming framing;
  framing.start();
  const Bytes in = "3;x=\"y\"\r\nabc\r\n0\r\nT: v\r\n\r\nmore";
  CHECK(framing.read(in) == 9 && framing.data_left() == 3, "size line");
  framing.data_taken(1);
  CHECK(framing.data_left() == 2, "one taken");
  framing.data_taken(2);
  CHECK(framing.data_left() == 0 && !framing.done(), "all taken");
  CHECK(framing.read(in.substr(12)) == in.size() - 12 - 4, "the bytes behind the end are not read");
  CHECK(framing.done() && framing.error() == Status::kOk, "end");
  framing.start();
  CHECK(!framing.done(), "start begins anew");
  CHECK(framing.read("z") <= 1, "error");
  CHECK_STATUS(framing.error(), Status::kMalformedChunk, "not hex");
  CHECK(!framing.done() && framing.data_left() == 0, "nothing after an error");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(flags_follow_the_answer),
      cmocka_unit_test(the_head_can_be_read_while_the_body_passes),
      cmocka_unit_test(a_body_nobody_takes_stops_the_receiving),
      cmocka_unit_test(an_end_with_body_still_in_the_buffer),
      cmocka_unit_test(truncated_bodies_are_delivered_but_not_passed_off_as_whole),
      cmocka_unit_test(answers_without_a_body),
      cmocka_unit_test(methods_are_case_sensitive),
      cmocka_unit_test(interim_answers_are_counted),
      cmocka_unit_test(interim_answers_leave_no_trace),
      cmocka_unit_test(chunk_overhead_is_bounded_exactly),
      cmocka_unit_test(endless_framing_ends),
      cmocka_unit_test(lengths_at_the_limits),
      cmocka_unit_test(bytes_behind_the_answer_spoil_the_connection),
      cmocka_unit_test(framing_stops_at_data),
  };
  return cmocka_run_group_tests_name("exchange, way in", tests, nullptr, nullptr);
}
