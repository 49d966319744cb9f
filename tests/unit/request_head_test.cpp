// The head of a request: what stands in it, and that it fits or says that it does not.
// Covers C9, C11, C12, C36: one Host and one length, and every size of the buffer.
#include "request_head_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

const std::string kUserAgent = std::string("User-Agent: tinyaws/") + kVersion + "\r\n";

void the_least_request(void**) {
  CHECK_TEXT(write(get()).text, "GET / HTTP/1.1\r\nHost: peer.example\r\n" + kUserAgent + "\r\n", "GET");
}

void fields_stand_in_the_order_given(void**) {
  const Header headers[] = {{"X-B", "2"}, {"x-a", ""}, {"X-B", "3"}};
  Request request = get();
  request.headers = headers;
  const Written out = write(request);
  CHECK(contains(out.text, "\r\nX-B: 2\r\nx-a: \r\nX-B: 3\r\n"), out.text);
}

void hosts(void**) {
  const struct {
    Endpoint endpoint;
    const char* host;
  } cases[] = {
      {{"peer.example", 443, true}, "peer.example"},
      {{"peer.example", 80, false}, "peer.example"},
      {{"peer.example", 80, true}, "peer.example:80"},
      {{"peer.example", 443, false}, "peer.example:443"},
      {{"peer.example", 8443, true}, "peer.example:8443"},
      {{"peer.example", 65535, true}, "peer.example:65535"},
      {{"127.0.0.1", 9000, false}, "127.0.0.1:9000"},
      {{"::1", 9000, false}, "[::1]:9000"},
      {{"::1", 80, false}, "[::1]"},
      {{"2001:db8::1", 443, true}, "[2001:db8::1]"},
  };
  for (const auto& c : cases) {
    Request request = get();
    request.endpoint = c.endpoint;
    const Written out = write(request);
    CHECK_TEXT(line_of(out.text, "Host"), std::string("Host: ") + c.host, "line");
    CHECK_TEXT(out.host, c.host, "host() is what was written");
  }
}

/// Upper case may be sent as it is or in lower case; what is signed is what is sent.
void the_host_signed_is_the_host_sent(void**) {
  for (const char* host : {"Peer.EXAMPLE", "peer.example.", "xn--bcher-kva.example"}) {
    Request request = get();
    request.endpoint = {host, 8443, true};
    const Written out = write(request);
    CHECK_STATUS(out.status, Status::kOk, host);
    CHECK_TEXT("Host: " + out.host, line_of(out.text, "Host"), host);
  }
}

void a_host_given_replaces_that_of_the_endpoint(void**) {
  for (const char* name : {"Host", "host", "HOST"}) {
    const Header headers[] = {{"X-First", "1"}, {name, "bucket.s3.amazonaws.com:81"}};
    Request request = get();
    request.headers = headers;
    const Written out = write(request);
    CHECK_STATUS(out.status, Status::kOk, name);
    CHECK(!contains(out.text, "peer.example"), out.text);
    CHECK(count(out.text, "bucket.s3.amazonaws.com:81\r\n") == 1, out.text);
    CHECK_TEXT(out.host, "bucket.s3.amazonaws.com:81", name);
  }
}

/// RFC 9112 section 3.2: a second Host is answered with 400 by every server.
void two_hosts_are_never_sent(void**) {
  const Header headers[] = {{"Host", "a.example"}, {"host", "b.example"}};
  Request request = get();
  request.headers = headers;
  expect_refused(request, "two Host fields");
}

void a_user_agent_given_replaces_the_librarys(void**) {
  const Header headers[] = {{"user-agent", "mine/1"}};
  Request request = get();
  request.headers = headers;
  const Written out = write(request);
  CHECK(contains(out.text, "\r\nuser-agent: mine/1\r\n") && !contains(out.text, "tinyaws/"), out.text);
}

void content_lengths(void**) {
  FakeSource source("");
  const struct {
    const char* method;
    Body body;
    const char* line;
  } cases[] = {
      {"GET", {}, ""},
      {"HEAD", {}, ""},
      {"GET", Body("abc"), "Content-Length: 3"},
      {"POST", Body("abc"), "Content-Length: 3"},
      {"PUT", Body(source, 12345678901), "Content-Length: 12345678901"},
      {"DELETE", Body("x"), "Content-Length: 1"},
  };
  for (const auto& c : cases) {
    Request request = get();
    request.method = c.method;
    request.body = c.body;
    CHECK_TEXT(line_of(write(request).text, "Content-Length"), c.line, c.method);
  }
}

/// RFC 9110 section 8.6: a method that anticipates content is sent with "Content-Length: 0" when there is none.
void an_empty_body_of_post_and_put_has_a_length(void**) {
  for (const char* method : {"POST", "PUT"}) {
    Request request = get();
    request.method = method;
    CHECK_TEXT(line_of(write(request).text, "Content-Length"), "Content-Length: 0", method);
  }
}

void a_content_length_given_must_be_the_bodys(void**) {
  for (const char* name : {"Content-Length", "content-length"}) {
    for (const char* value :
         {"3", "4", "2", "", "+3", "3 ", " 3", "0x3", "3, 3", "18446744073709551619", "-1", "3a", "30"}) {
      const Header headers[] = {{name, value}};
      Request request = get();
      request.method = "PUT";
      request.body = Body("abc");
      request.headers = headers;
      const Written out = write(request);
      if (Str(value) == "3") {
        CHECK_STATUS(out.status, Status::kOk, value);
        CHECK(count(out.text, "ontent-") + count(out.text, "ONTENT-") == 1, "twice: " + out.text);
      } else {
        CHECK_STATUS(out.status, Status::kInvalidArgument,
                     std::string("Content-Length \"") + value + "\" for 3 bytes");
      }
    }
  }
  const Header twice[] = {{"Content-Length", "3"}, {"content-length", "3"}};
  Request request = get();
  request.body = Body("abc");
  request.headers = twice;
  expect_refused(request, "two Content-Length fields");
}

void transfer_encoding_is_refused(void**) {
  for (const char* name : {"Transfer-Encoding", "transfer-encoding", "TRANSFER-ENCODING"}) {
    const Header headers[] = {{name, "chunked"}};
    Request request = get();
    request.headers = headers;
    expect_refused(request, name);
  }
}

std::string everything(RequestHead& head, const Request& request, Status& status) {
  (void)head.begin(request);
  (void)head.add("X-Amz-Date", "20150830T123600Z");
  const MutBytes space = head.value_space("Authorization");
  const Str value = "AWS4-HMAC-SHA256 value";
  if (value.size() <= space.size()) {
    memcpy(space.data(), value.data(), value.size());
    (void)head.value_written({Status::kOk, value.size()});
  } else {
    (void)head.value_written({Status::kBufferTooSmall, value.size()});
  }
  status = head.end();
  return status == Status::kOk ? std::string(head.buffer().data(), head.size()) : "";
}

void every_length_of_buffer(void**) {
  const Header headers[] = {{"X-Some", "value"}, {"Content-Type", "application/x-amz-json-1.0"}};
  const Parameter query[] = {{"name", "a b"}, {"x", ""}};
  Request request = get();
  request.method = "POST";
  request.endpoint = {"::1", 8443, true};
  request.base_path = "/base";
  request.path = "/a b/c";
  request.query = query;
  request.headers = headers;
  request.body = Body("{}");
  GuardedBuffer memory(1024);
  Status status;
  RequestHead roomy(memory.bytes());
  const std::string whole = everything(roomy, request, status);
  CHECK_STATUS(status, Status::kOk, "in 1024");
  CHECK(contains(whole, "\r\nAuthorization: AWS4-HMAC-SHA256 value\r\n\r\n"), whole);
  for (size_t size = 0; size <= whole.size() + 1; ++size) {
    memory.fill();
    RequestHead head(memory.last(size));
    const std::string out = everything(head, request, status);
    const bool fits = size >= whole.size();
    CHECK_STATUS(status, fits ? Status::kOk : Status::kRequestTooLarge,
                 std::to_string(whole.size()) + " bytes in " + std::to_string(size));
    if (fits) CHECK_TEXT(out, whole, "the same text");
  }
}

void errors_stick_until_the_next_begin(void**) {
  char memory[600];
  RequestHead head(memory);
  Request bad = get();
  bad.method = "";
  CHECK_STATUS(head.begin(bad), Status::kInvalidArgument, "begin");
  CHECK_STATUS(head.add("X", "y"), Status::kInvalidArgument, "add");
  CHECK(head.value_space("X").empty(), "value_space after an error");
  CHECK_STATUS(head.value_written({Status::kOk, 0}), Status::kInvalidArgument, "value_written");
  CHECK_STATUS(head.end(), Status::kInvalidArgument, "end");
  const Request good = get();
  CHECK_STATUS(head.begin(good), Status::kOk, "the next begin");
  CHECK_STATUS(head.add("X", "a\nb"), Status::kInvalidArgument, "add");
  CHECK_STATUS(head.add("X", "ok"), Status::kInvalidArgument, "the error stays");
  CHECK_STATUS(head.end(), Status::kInvalidArgument, "end");
  CHECK_STATUS(head.begin(good), Status::kOk, "begin");
  CHECK_STATUS(head.end(), Status::kOk, "end");
}

void added_fields_obey_the_same_rules(void**) {
  const struct {
    const char* name;
    Str value;
  } bad[] = {{"", "v"}, {"a b", "v"}, {"X\r\nY", "v"}, {"X", "a\rb"}, {"X", Str("a\0b", 3)}};
  for (const auto& field : bad) {
    char memory[600];
    RequestHead head(memory);
    const Request request = get();
    CHECK_STATUS(head.begin(request), Status::kOk, "begin");
    CHECK_STATUS(head.add(field.name, field.value), Status::kInvalidArgument, field.name + printable(field.value));
  }
}

void a_value_that_somebody_else_writes(void**) {
  char memory[600];
  const Request request = get();
  RequestHead head(memory);
  CHECK_STATUS(head.begin(request), Status::kOk, "begin");
  CHECK(!head.value_space("X-V").empty(), "space");
  CHECK_STATUS(head.value_written({Status::kNoCredentials, 0}), Status::kNoCredentials, "its own error");
  CHECK_STATUS(head.end(), Status::kNoCredentials, "sticks");
  CHECK_STATUS(head.begin(request), Status::kOk, "begin");
  const MutBytes space = head.value_space("X-V");
  CHECK_STATUS(head.value_written({Status::kBufferTooSmall, space.size() + 1}), Status::kRequestTooLarge, "too long");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(the_least_request),
      cmocka_unit_test(fields_stand_in_the_order_given),
      cmocka_unit_test(hosts),
      cmocka_unit_test(the_host_signed_is_the_host_sent),
      cmocka_unit_test(a_host_given_replaces_that_of_the_endpoint),
      cmocka_unit_test(two_hosts_are_never_sent),
      cmocka_unit_test(a_user_agent_given_replaces_the_librarys),
      cmocka_unit_test(content_lengths),
      cmocka_unit_test(an_empty_body_of_post_and_put_has_a_length),
      cmocka_unit_test(a_content_length_given_must_be_the_bodys),
      cmocka_unit_test(transfer_encoding_is_refused),
      cmocka_unit_test(every_length_of_buffer),
      cmocka_unit_test(errors_stick_until_the_next_begin),
      cmocka_unit_test(added_fields_obey_the_same_rules),
      cmocka_unit_test(a_value_that_somebody_else_writes),
  };
  return cmocka_run_group_tests_name("request_head", tests, nullptr, nullptr);
}
