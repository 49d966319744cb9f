// Where an answer goes: a caller's memory, a sink, or nowhere; and the fields of its head.
// Covers C36: memory that fits exactly, and a byte less.
#include <new>

#include "../fakes/bodies.h"
#include "../fakes/check.h"
#include "../fakes/guarded_buffer.h"
#include "tinyaws/http.h"

using namespace tinyaws;
using namespace tinyaws::fakes;

namespace {

void expect(IoResult result, Status status, size_t size, const std::string& what) {
  CHECK_STATUS(result.status, status, what);
  CHECK(result.size == size, what + ": size " + std::to_string(result.size));
}

ResponseHead head_of(const char* text) {
  ResponseHead head;
  head.status = 200;
  head.bytes = text;
  return head;
}

void memory_exactly_fitting_and_one_short(void**) {
  const std::string body = pattern(100);
  for (size_t size : {99, 100, 101}) {
    GuardedBuffer memory(size);
    Response response(memory.bytes());
    const IoResult result = response.write(body);
    const std::string what = "100 bytes in " + std::to_string(size);
    if (size < 100) {
      CHECK_STATUS(result.status, Status::kBufferTooSmall, what);
    } else {
      expect(result, Status::kOk, 100, what);
      CHECK_TEXT(response.body(), body, what);
    }
  }
}

void memory_filled_byte_by_byte(void**) {
  GuardedBuffer memory(10);
  Response response(memory.bytes());
  const std::string body = "0123456789";
  for (char c : body) expect(response.write({&c, 1}), Status::kOk, 1, "one byte");
  CHECK_TEXT(response.body(), body, "body");
  CHECK(response.body_size() == 10, "size");
  CHECK_STATUS(response.write("x").status, Status::kBufferTooSmall, "the eleventh");
  CHECK_TEXT(response.body(), body, "what was there is still there");
}

void no_memory_at_all(void**) {
  Response dropped;
  expect(dropped.write(pattern(1000)), Status::kOk, 1000, "dropped");
  CHECK(dropped.body_size() == 1000 && dropped.body().empty(), "counted");
  GuardedBuffer nothing(0);
  Response empty(nothing.bytes());
  CHECK_STATUS(empty.write("x").status, Status::kBufferTooSmall, "memory of no bytes");
}

/// A span of no bytes at address null is memory of no bytes all the same.
void an_empty_span_holds_nothing(void**) {
  Response response{MutBytes()};
  CHECK_STATUS(response.write("x").status, Status::kBufferTooSmall, "an empty span swallows a body");
}

void sinks_take_a_part(void**) {
  FakeSink sink;
  sink.piece = 3;
  Response response(sink);
  expect(response.write("abcdefg"), Status::kOk, 3, "a part");
  CHECK(response.body_size() == 3 && response.body().empty(), "counted, not stored");
  expect(response.write("defg"), Status::kOk, 3, "the next part");
  CHECK_TEXT(sink.content, "abcdef", "sink");
}

void sinks_pend_and_fail(void**) {
  FakeSink sink;
  sink.pend_between = true;
  sink.fail_at = 2;
  sink.failure = Status::kNotFound;
  Response response(sink);
  expect(response.write("abc"), Status::kPending, 0, "pending");
  expect(response.write("abc"), Status::kOk, 2, "two");
  CHECK_STATUS(response.write("c").status, Status::kBodySinkFailed, "whatever the sink's own error");
  CHECK(response.body_size() == 2, "counted");
}

void restart_forgets(void**) {
  char memory[8];
  Response stored(memory);
  expect(stored.write("1234567"), Status::kOk, 7, "first");
  CHECK_STATUS(stored.restart(), Status::kOk, "restart");
  CHECK(stored.body().empty() && stored.body_size() == 0 && stored.status() == 0, "forgotten");
  expect(stored.write("abcdefgh"), Status::kOk, 8, "all the memory is there again");
  FakeSink sink;
  Response handed(sink);
  expect(handed.write("1234567"), Status::kOk, 7, "first");
  CHECK_STATUS(handed.restart(), Status::kOk, "restart");
  CHECK(sink.restarts == 1 && sink.content.empty() && handed.body_size() == 0, "the sink was told");
}

/// A sink that can't begin again is only asked to when something was written to it.
void a_sink_that_cannot_restart(void**) {
  FakeSink sink;
  sink.restart_status = Status::kUnsupported;
  Response response(sink);
  expect(response.write("abc"), Status::kOk, 3, "first");
  CHECK_STATUS(response.restart(), Status::kUnsupported, "restart");
}

/// Then it still is the answer of which the sink has a part.
void what_cannot_be_taken_back_stays(void**) {
  FakeSink sink;
  sink.restart_status = Status::kUnsupported;
  Response response(sink);
  response.set_head(head_of("HTTP/1.1 200 OK\r\nA: b\r\n\r\n"));
  expect(response.write("abc"), Status::kOk, 3, "first");
  CHECK_STATUS(response.restart(), Status::kUnsupported, "restart");
  CHECK(response.body_size() == 3 && response.status() == 200, "size and status");
  CHECK_TEXT(response.header("a"), "b", "head");
  sink.restart_status = Status::kOk;
  CHECK_STATUS(response.restart(), Status::kOk, "restart");
  CHECK(response.body_size() == 0 && response.status() == 0, "forgotten");
}

/// A refused signature is answered with what should have been signed, the session token in it.
void held_errors_are_wiped(void**) {
  const std::string secret = "x-amz-security-token:IQoJb3JpZ2luX2VjEXAMPLE";
  const std::string body =
      "<Error><Code>SignatureDoesNotMatch</Code><CanonicalRequest>" + secret + "</CanonicalRequest></Error>";
  alignas(Response) static char memory[sizeof(Response)];
  const auto is_there = [&] { return contains({memory, sizeof memory}, secret); };
  for (int way = 0; way < 5; ++way) {
    Response* response = new (memory) Response();
    CHECK(response->hold(body) == body.size() && is_there(), "held");
    if (way == 0) response->begin();
    if (way == 1) response->forget_error();
    if (way == 2) CHECK_STATUS(response->restart(), Status::kOk, "restart");
    if (way == 3) response->store_in({});
    if (way < 4) CHECK(!is_there(), "forgotten in way " + std::to_string(way));
    response->~Response();
    CHECK(!is_there(), "dead, way " + std::to_string(way));
  }
}

void fields_of_the_head(void**) {
  const ResponseHead head = head_of(
      "HTTP/1.1 200 OK: fine\r\nETag: \"a:b\"\r\nx-amz-id-2:\t tail \t\r\nEmpty:\r\nBlank:   \r\nX: 1\r\nX: "
      "2\r\nLast:z\r\n\r\n");
  CHECK_TEXT(head.header("etag"), "\"a:b\"", "any case, colons in the value");
  CHECK_TEXT(head.header("X-AMZ-ID-2"), "tail", "blanks and tabs around");
  CHECK_TEXT(head.header("x"), "1", "the first of two");
  CHECK_TEXT(head.header("last"), "z", "the last");
  for (const char* name : {"Empty", "Blank", "None", "", "ETa", "ETags", "HTTP/1.1 200 OK", "\"a", "x-amz-id-2:"}) {
    CHECK(head.header(name).empty(), std::string("value of \"") + name + "\"");
  }
  CHECK_TEXT(head.status_line(), "HTTP/1.1 200 OK: fine", "status line");
}

void heads_without_fields(void**) {
  const ResponseHead head = head_of("HTTP/1.1 204 No Content\r\n\r\n");
  CHECK(head.header("a").empty(), "no fields");
  CHECK_TEXT(head.status_line(), "HTTP/1.1 204 No Content", "status line");
  const ResponseHead none;
  CHECK(none.header("a").empty() && none.status_line().empty(), "no head");
  const Response response{};
  CHECK(response.status() == 0 && response.header("a").empty() && response.body().empty(), "no answer");
}

/// The head ends at a page that may not be touched.
void heads_at_the_end_of_memory(void**) {
  const std::string text = "HTTP/1.1 200 OK\r\nA: b\r\nCD: ef\r\n\r\n";
  GuardedBuffer memory(text.size());
  memcpy(memory.bytes().data(), text.data(), text.size());
  ResponseHead head;
  head.bytes = {memory.bytes().data(), text.size()};
  for (const char* name : {"A", "CD", "E", "CDE", "a-very-long-name-that-is-not-there-at-all"})
    (void)head.header(name);
  CHECK_TEXT(head.header("cd"), "ef", "last field");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(memory_exactly_fitting_and_one_short),
      cmocka_unit_test(memory_filled_byte_by_byte),
      cmocka_unit_test(no_memory_at_all),
      cmocka_unit_test(an_empty_span_holds_nothing),
      cmocka_unit_test(sinks_take_a_part),
      cmocka_unit_test(sinks_pend_and_fail),
      cmocka_unit_test(restart_forgets),
      cmocka_unit_test(a_sink_that_cannot_restart),
      cmocka_unit_test(what_cannot_be_taken_back_stays),
      cmocka_unit_test(held_errors_are_wiped),
      cmocka_unit_test(fields_of_the_head),
      cmocka_unit_test(heads_without_fields),
      cmocka_unit_test(heads_at_the_end_of_memory),
  };
  return cmocka_run_group_tests_name("response", tests, nullptr, nullptr);
}
