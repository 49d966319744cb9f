// The exchange as an engine: what its flags promise, on the way out, on the way in, and on both at once.
#include <random>

#include "../fakes/bodies.h"
#include "../fakes/client_world.h"
#include "../fakes/exchange_driver.h"
#include "../fakes/guarded_buffer.h"

using namespace tinyaws;
using namespace tinyaws::fakes;

namespace {

/// One request over a guarded buffer.
struct Fixture {
  explicit Fixture(size_t size = 1024) : buffer(size), driver(buffer.bytes()) {
    request.endpoint = {"peer.example", 443, true};
  }
  GuardedBuffer buffer;
  ExchangeDriver driver;
  Request request;
  Exchange& exchange() { return driver.exchange(); }
  unsigned flags() { return driver.exchange().state(); }
  bool has(unsigned flag) { return (flags() & flag) == flag; }
  void start() { CHECK_STATUS(driver.start(request), Status::kOk, "start"); }

  /// Starts and sends all of a request without a body.
  void start_and_send() {
    start();
    driver.send_all();
  }
};

// ---- Begin

void start_wants_the_least_buffer(void**) {
  for (size_t size : {Exchange::kMinBufferBytes - 1, Exchange::kMinBufferBytes}) {
    Fixture f(size);
    const bool enough = size >= Exchange::kMinBufferBytes;
    CHECK_STATUS(f.driver.start(f.request), enough ? Status::kOk : Status::kBufferTooSmall, std::to_string(size));
  }
}

void start_answers_what_stuck_to_the_head(void**) {
  Fixture f;
  f.request.path = "/a\r\nb";
  f.request.method = "BAD METHOD";
  CHECK_STATUS(f.driver.start(f.request), Status::kInvalidArgument, "bad method");
  const std::string long_value(2000, 'x');
  const Header headers[] = {{"X-Long", long_value}};
  f.request.method = "GET";
  f.request.path = "/";
  f.request.headers = headers;
  CHECK_STATUS(f.driver.start(f.request), Status::kRequestTooLarge, "long header");
  f.request.headers = {};
  f.start_and_send();
  f.driver.feed(answer("200 OK", "x"));
  CHECK_STATUS(f.driver.outcome().error, Status::kOk, "after two refusals");
}

// ---- Way out

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

// ---- Both ways at once

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

// ---- Way in

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

// ---- Errors

void errors_stick_until_the_next_start(void**) {
  Fixture f;
  f.start_and_send();
  f.driver.feed("HTTP/2.0 200 OK\r\n\r\n");
  CHECK(f.flags() == Exchange::kFailed, "failed, and nothing else holds");
  f.exchange().recv_eof();
  f.exchange().give_up(Status::kStalled);
  f.exchange().send_closed();
  CHECK_STATUS(f.exchange().error(), Status::kMalformedHead, "the first error stays");
  CHECK(f.exchange().send_buf().empty() && f.exchange().body_buf().empty(), "bytes after an error");
  f.start_and_send();
  CHECK_STATUS(f.exchange().error(), Status::kOk, "after the next start");
  f.driver.feed(answer("200 OK", "good"));
  CHECK_TEXT(f.driver.outcome().body, "good", "the next exchange");
}

void fail_ends_from_outside_at_any_point(void**) {
  for (int point = 0; point < 4; ++point) {
    Fixture f;
    f.start();
    if (point > 0) f.driver.send_all();
    if (point > 1) f.driver.feed("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
    if (point > 2) f.driver.feed("half");
    f.exchange().give_up(Status::kStalled);
    CHECK(f.flags() == Exchange::kFailed, "point " + std::to_string(point));
    CHECK_STATUS(f.exchange().error(), Status::kStalled, "point " + std::to_string(point));
    CHECK(!f.exchange().reusable(), "reusable, point " + std::to_string(point));
  }
}

void reusable_only_after_done(void**) {
  Fixture f;
  f.start();
  CHECK(!f.exchange().reusable(), "at the start");
  f.driver.send_all();
  CHECK(!f.exchange().reusable(), "request sent");
  f.driver.feed("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n1");
  CHECK(!f.exchange().reusable(), "half a body");
  f.driver.feed("2");
  CHECK(f.exchange().reusable(), "done");
  f.start();
  CHECK(!f.exchange().reusable() && !f.exchange().has_head() && !f.exchange().heard(), "forgotten at the next start");
}

/// What the request says about the connection counts as well (RFC 9112 section 9.6: a client that sends "close" must
/// not send another request).
void a_request_that_closes_is_not_followed_by_another(void**) {
  Fixture f;
  const Header headers[] = {{"Connection", "close"}};
  f.request.headers = headers;
  f.start_and_send();
  f.driver.feed(answer("200 OK", "x"));
  CHECK_STATUS(f.exchange().error(), Status::kOk, "answer");
  CHECK(!f.exchange().reusable(), "reusable after the request said Connection: close");
}

// ---- Chunked framing alone

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
      cmocka_unit_test(start_wants_the_least_buffer),
      cmocka_unit_test(start_answers_what_stuck_to_the_head),
      cmocka_unit_test(a_short_body_goes_with_the_head),
      cmocka_unit_test(bodies_in_memory_of_any_size),
      cmocka_unit_test(bodies_from_a_source_of_any_size),
      cmocka_unit_test(a_source_that_has_more_is_cut_at_its_length),
      cmocka_unit_test(a_source_that_ends_early_or_fails),
      cmocka_unit_test(a_source_that_pends_is_asked_again),
      cmocka_unit_test(nothing_is_received_before_the_head_is_out),
      cmocka_unit_test(an_early_refusal_ends_the_sending),
      cmocka_unit_test(the_sending_ends_with_the_head_of_the_refusal),
      cmocka_unit_test(an_early_approval_does_not_end_the_sending),
      cmocka_unit_test(an_interim_answer_does_not_end_the_sending),
      cmocka_unit_test(an_early_end_of_the_peer_is_an_error),
      cmocka_unit_test(send_closed_waits_for_the_answer),
      cmocka_unit_test(send_closed_then_a_success),
      cmocka_unit_test(both_directions_share_the_buffer_in_any_order),
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
      cmocka_unit_test(errors_stick_until_the_next_start),
      cmocka_unit_test(fail_ends_from_outside_at_any_point),
      cmocka_unit_test(reusable_only_after_done),
      cmocka_unit_test(a_request_that_closes_is_not_followed_by_another),
      cmocka_unit_test(framing_stops_at_data),
  };
  return cmocka_run_group_tests_name("exchange", tests, nullptr, nullptr);
}
