// What becomes of the bodies of errors: read by the client, and handed on only when they are the last word.
// Covers C22: bodies of answers that are repeated, large, chunked, in drips, cut; 200 with an error in it.
#include "api_call_world.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

const std::string kErrorDocument =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\n<Error><Code>InternalError</Code><Message>We encountered an "
    "internal "
    "error. Please try again.</Message><RequestId>656c76696e6727732072657175657374</RequestId></Error>";

/// A JSON error of exactly so many bytes, of which the message is most.
std::string large_error(const std::string& code, size_t size) {
  const std::string front = "{\"__type\":\"" + code + "\",\"message\":\"", back = "\"}";
  CHECK(size >= front.size() + back.size(), "too small an error");
  return front + std::string(size - front.size() - back.size(), 'm') + back;
}

enum class Framing { kLength, kChunked, kClose };

Answer framed(const std::string& line, const std::string& body, Framing framing) {
  if (framing == Framing::kLength) return Answer{answer(line, body)};
  if (framing == Framing::kChunked) return Answer{chunked_answer(line, body, 37)};
  Answer closed{"HTTP/1.1 " + line + "\r\n\r\n" + body};
  closed.ends = true;
  return closed;
}

/// A sink that can't begin again sees nothing of an answer that is not the last, however it comes.
void nothing_of_an_error_that_is_repeated_reaches_a_sink(void**) {
  for (size_t size : {size_t{60}, kMaxErrorBytes - 1, kMaxErrorBytes, kMaxErrorBytes + 1, size_t{9000}}) {
    for (const Framing framing : {Framing::kLength, Framing::kChunked, Framing::kClose}) {
      for (size_t drip : {0, 1, 100}) {
        ClientWorld world;
        world.options.timeouts.stall_ms = 0;
        Peer peer;
        peer.answers = {framed("400 Bad Request", large_error("ThrottlingException", size), framing),
                        Answer{kOkAnswer}};
        peer.answers[0].drip = drip;
        world.transport.peers = {peer};
        if (framing == Framing::kClose) world.transport.peers.push_back(peer_of({kOkAnswer}));
        FakeSink sink;
        sink.restart_status = Status::kUnsupported;
        const std::string what = std::to_string(size) + " bytes, framing " +
                                 std::to_string(static_cast<int>(framing)) + ", drip " + std::to_string(drip);
        CHECK_STATUS(fetch(world, request_to("sqs", "POST"), &sink).status, Status::kOk, what);
        CHECK_TEXT(sink.content, "done", what);
        check_requests(world, 2, what);
      }
    }
  }
}

/// The last one is given whole, byte for byte, to a slow sink too.
void the_last_error_is_given_whole(void**) {
  for (size_t size :
       {size_t{60}, kMaxErrorBytes - 1, kMaxErrorBytes, kMaxErrorBytes + 1, kMaxErrorBytes + 2, size_t{9000}}) {
    for (const char* code : {"ThrottlingException", "ValidationException"}) {
      for (const bool slow : {false, true}) {
        ClientWorld world;
        const std::string body = large_error(code, size);
        const bool repeated = code[0] == 'T';
        Peer peer;
        peer.answers = {Answer{chunked_answer("400 Bad Request", body, 300)},
                        Answer{chunked_answer("400 Bad Request", body, 300)},
                        Answer{answer("400 Bad Request", body)}};
        world.transport.peers = {peer};
        FakeSink sink;
        sink.restart_status = Status::kUnsupported;
        if (slow) {
          sink.pend_between = true;
          sink.piece = 7;
        }
        Response response(sink);
        const std::string what = std::string(code) + " of " + std::to_string(size) + (slow ? ", slow" : "");
        CHECK_STATUS(world.client().fetch(request_to("sqs", "POST"), response), Status::kServiceError, what);
        CHECK_TEXT(sink.content, body, what);
        CHECK(response.body_size() == size && !response.body_cut(), what + ": size");
        CHECK_TEXT(response.error().code, code, what);
        const bool cut = size > kMaxErrorBytes + 1;  // of the first 1,025 bytes only the brace is missing
        CHECK(response.error().message_cut == cut, what + ": message_cut");
        CHECK(response.error().retryable() == repeated, what + ": retryable");
        check_requests(world, repeated ? 3 : 1, what);
      }
    }
  }
}

/// What is held back is delivered from a buffer smaller than it, and the wire goes on meanwhile.
void a_sink_that_fails_on_an_error_body_ends_the_call(void**) {
  ClientWorld world;
  world.transport.peers = {peer_of({answer("400 Bad Request", large_error("ValidationException", 5000))})};
  FakeSink sink;
  sink.fail_at = 100;
  CHECK_STATUS(fetch(world, request_to("sqs"), &sink).status, Status::kBodySinkFailed, "sink");
  check_requests(world, 1, "sink");
}

void an_error_larger_than_the_callers_buffer_is_cut(void**) {
  for (size_t size : {size_t{200}, size_t{5000}}) {
    ClientWorld world;
    const std::string body = large_error("ValidationException", size);
    world.transport.peers = {peer_of({answer("400 Bad Request", body, kIdField), kOkAnswer})};
    char memory[16];
    Response response(memory);
    CHECK_STATUS(world.client().fetch(request_to("sqs"), response), Status::kServiceError, "not kBufferTooSmall");
    CHECK_TEXT(response.body(), body.substr(0, 16), "its beginning");
    CHECK(response.body_cut() && response.body_size() == size, "and says so");
    CHECK_TEXT(response.error().code, "ValidationException", "code");
    CHECK_TEXT(response.error().request_id, "R1", "request id");
    CHECK(response.error().message.front() == 'm' && response.error().status == 400, "message and status");
    CHECK_STATUS(world.client().fetch(request_to("sqs"), response), Status::kOk, "the next");
    CHECK(!response.body_cut() && !response.error().is_error(), "forgotten");
  }
}

void an_error_is_read_where_the_body_is_dropped(void**) {
  ClientWorld world;
  world.transport.peers = {peer_of({xml_error("404 Not Found", "NoSuchKey")})};
  Response response;
  CHECK_STATUS(world.client().fetch(request_to("s3"), response), Status::kServiceError, "dropped");
  CHECK_TEXT(response.error().code, "NoSuchKey", "code");
  CHECK_TEXT(response.error().message, "why", "message");
  CHECK_TEXT(response.error().request_id, "R1", "request id");
  CHECK(response.error().error_class() == ErrorClass::kPermanent, "class");
}

void an_error_without_a_body(void**) {
  ClientWorld world;
  const std::string head = "HTTP/1.1 404 Not Found\r\nContent-Length: 300\r\nx-amz-request-id: R9\r\n\r\n";
  world.transport.peers = {peer_of({head, kOkAnswer.substr(0, kOkAnswer.size() - 4)})};
  Response response;
  CHECK_STATUS(world.client().fetch(request_to("s3", "HEAD"), response), Status::kServiceError, "HEAD");
  CHECK_TEXT(response.error().code, "404", "the status for want of a code");
  CHECK_TEXT(response.error().request_id, "R9", "request id");
  CHECK_STATUS(world.client().fetch(request_to("s3", "HEAD"), response), Status::kOk, "the next HEAD");
}

// ---- 200 with an error in it

void an_error_in_a_200_is_one(void**) {
  for (const char* method : {"PUT", "POST"}) {
    for (const bool chunked : {false, true}) {
      ClientWorld world;
      world.options.max_attempts = 2;
      const std::string bad =
          chunked ? chunked_answer("200 OK", "   \n" + kErrorDocument, 50) : answer("200 OK", kErrorDocument);
      world.transport.peers = {peer_of({bad, kOkAnswer, bad, bad})};
      const ApiRequest request = request_to("s3", method);
      expect_done(fetch(world, request), method);
      check_requests(world, 2, method);
      char memory[512];
      Response response(memory);
      CHECK_STATUS(world.client().fetch(request, response), Status::kServiceError, method);
      check_requests(world, 4, method);
      CHECK(response.status() == 200, "the status of the wire");
      CHECK_TEXT(response.error().code, "InternalError", method);
      CHECK(response.error().retryable(), "\"counts as 500\"");
      CHECK(contains(response.body(), "<Code>InternalError</Code>"), "the body, too");
    }
  }
}

/// An object may look as it likes, and so may the answers of others than S3.
void what_only_looks_like_an_error_is_none(void**) {
  const struct {
    const char* service;
    const char* method;
    std::string body;
  } rows[] = {
      {"s3", "GET", kErrorDocument},
      {"dynamodb", "POST", kErrorDocument},
      {"execute-api", "PUT", kErrorDocument},
      {"s3", "POST", "<CompleteMultipartUploadResult><Error><Code>InternalError</Code></Error>"},
      {"s3", "POST", "<!-- <Error><Code>InternalError</Code></Error> --><Fine/>"},
      {"s3", "PUT", "<Errors><Code>InternalError</Code></Errors>"},
      {"s3", "POST", ""},
      {"s3", "POST", "{\"Error\":{\"Code\":\"InternalError\"}}"},
  };
  for (const auto& row : rows) {
    ClientWorld world;
    world.transport.peers = {peer_of({answer("200 OK", row.body)})};
    char memory[512];
    Response response(memory);
    const std::string what = std::string(row.service) + " " + row.method + " " + row.body;
    CHECK_STATUS(world.client().fetch(request_to(row.service, row.method), response), Status::kOk, what);
    CHECK_TEXT(response.body(), row.body, what);
    CHECK(!response.error().is_error(), what);
    check_requests(world, 1, what);
  }
}

void a_large_answer_of_s3_passes_through(void**) {
  for (size_t size : {kMaxErrorBytes - 1, kMaxErrorBytes, kMaxErrorBytes + 1, size_t{20000}}) {
    for (const char* method : {"POST", "PUT", "GET"}) {
      ClientWorld world;
      world.transport.peers = {Peer(chunked_answer("200 OK", pattern(size), 999))};
      FakeSink sink;
      sink.piece = 333;
      sink.restart_status = Status::kUnsupported;
      const std::string what = std::string(method) + " of " + std::to_string(size);
      CHECK_STATUS(fetch(world, request_to("s3", method), &sink).status, Status::kOk, what);
      CHECK_TEXT(sink.content, pattern(size), what);
    }
  }
}

/// The buffer is the caller's, and too small for a success: that is no error of the service's.
void a_success_of_s3_that_does_not_fit(void**) {
  for (size_t size : {size_t{17}, size_t{3000}}) {
    ClientWorld world;
    world.transport.peers = {Peer(answer("200 OK", std::string(size, 'x')))};
    char memory[16];
    Response response(memory);
    CHECK_STATUS(world.client().fetch(request_to("s3", "POST"), response), Status::kBufferTooSmall, "POST");
    check_requests(world, 1, "POST");
  }
}

// ---- Answers that end too soon

/// As long as it is not known what they say, or they are to be repeated anyway: a refusal that has been read and
/// passed on in part would only be refused once more.
void truncated_errors_are_failures_of_the_line(void**) {
  for (const char* line : {"400 Bad Request", "503 Busy"}) {
    for (const bool resets : {false, true}) {
      for (size_t size : {size_t{300}, size_t{3000}}) {
        ClientWorld world;
        std::string whole = answer(line, large_error("ValidationException", size));
        Answer half{whole.substr(0, whole.size() - 20)};
        half.ends = !resets;
        if (resets) half.breaks = Status::kConnectionLost;
        Peer bad;
        bad.answers = {half};
        world.transport.peers = {bad, bad, peer_of({kOkAnswer})};
        FakeSink sink;
        const std::string what = std::string(line) + (resets ? ", reset" : ", ended") + std::to_string(size);
        const Status lost = resets ? Status::kConnectionLost : Status::kTruncated;
        const bool is_read = size > kMaxErrorBytes && std::string(line)[0] == '4';
        CHECK_STATUS(fetch(world, request_to("sqs"), &sink).status, is_read ? lost : Status::kOk, what);
        if (!is_read) CHECK_TEXT(sink.content, "done", what);
        check_requests(world, is_read ? 1 : 3, what);
        world.client().close();
        world.transport.peers = {bad};
        FakeSink other;
        CHECK_STATUS(fetch(world, request_to("sqs"), &other).status, lost, what + ", always");
        check_requests(world, is_read ? 2 : 6, what);
      }
    }
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(nothing_of_an_error_that_is_repeated_reaches_a_sink),
      cmocka_unit_test(the_last_error_is_given_whole),
      cmocka_unit_test(a_sink_that_fails_on_an_error_body_ends_the_call),
      cmocka_unit_test(an_error_larger_than_the_callers_buffer_is_cut),
      cmocka_unit_test(an_error_is_read_where_the_body_is_dropped),
      cmocka_unit_test(an_error_without_a_body),
      cmocka_unit_test(an_error_in_a_200_is_one),
      cmocka_unit_test(what_only_looks_like_an_error_is_none),
      cmocka_unit_test(a_large_answer_of_s3_passes_through),
      cmocka_unit_test(a_success_of_s3_that_does_not_fit),
      cmocka_unit_test(truncated_errors_are_failures_of_the_line),
  };
  return cmocka_run_group_tests_name("api_call error bodies", tests, nullptr, nullptr);
}
