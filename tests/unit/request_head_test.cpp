// The head of a request: what stands in it, what is refused, and that it fits or says that it does not.
#include "../fakes/bodies.h"
#include "../fakes/check.h"
#include "../fakes/guarded_buffer.h"
#include "tinyaws/exchange.h"

using namespace tinyaws;
using namespace tinyaws::fakes;

namespace {

const std::string kUserAgent = std::string("User-Agent: tinyaws/") + kVersion + "\r\n";

Request get() {
  Request request;
  request.endpoint = {"peer.example", 443, true};
  return request;
}

struct Written {
  Status status = Status::kOk;
  std::string text;
  std::string host;
  std::string target;
};

Written write_in(MutBytes memory, const Request& request) {
  RequestHead head(memory);
  const Status begun = head.begin(request);
  Written out;
  out.status = head.end();
  CHECK(begun == Status::kOk || begun == out.status, "the first error sticks");
  CHECK_STATUS(head.error(), out.status, "error()");
  if (out.status != Status::kOk) return out;
  CHECK(head.size() <= memory.size(), "longer than its memory");
  out.text = std::string(memory.data(), head.size());
  out.host = std::string(head.host());
  out.target = std::string(head.target());
  CHECK(&head.request() == &request, "request()");
  return out;
}

Written write(const Request& request) {
  static GuardedBuffer memory(8192);
  return write_in(memory.bytes(), request);
}

void expect_refused(const Request& request, const std::string& what) {
  CHECK_STATUS(write(request).status, Status::kInvalidArgument, what);
}

std::string line_of(const std::string& head, const std::string& name) {
  const size_t at = head.find("\r\n" + name + ": ");
  return at == std::string::npos ? "" : head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
}

// ---- What stands in it

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

// ---- Targets

std::string target_of(const Request& request) {
  const Written out = write(request);
  CHECK_STATUS(out.status, Status::kOk, "target");
  const size_t begin = out.text.find(' ') + 1;
  const std::string target = out.text.substr(begin, out.text.find(' ', begin) - begin);
  CHECK_TEXT(out.target, target, "target() is what was written");
  return target;
}

std::string target_of_path(Str path) {
  Request request = get();
  request.path = path;
  return target_of(request);
}

void paths_are_encoded_once(void**) {
  const struct {
    const char* path;
    const char* target;
  } cases[] = {
      {"/", "/"},
      {"", "/"},
      {"/a/b", "/a/b"},
      {"/a b", "/a%20b"},
      {"/a%20b", "/a%2520b"},
      {"/a+b", "/a%2Bb"},
      {"/a?b#c", "/a%3Fb%23c"},
      {"/\xc3\xa9", "/%C3%A9"},
      {"/-._~", "/-._~"},
      {"/!$&'()*,;=:@", "/%21%24%26%27%28%29%2A%2C%3B%3D%3A%40"},
      {"/a//b/../c/./", "/a//b/../c/./"},
      {"/\x7f\x01", "/%7F%01"},
  };
  for (const auto& c : cases) CHECK_TEXT(target_of_path(c.path), c.target, printable(c.path));
}

void queries_are_encoded_once_in_their_order(void**) {
  const Parameter query[] = {{"b", "2"}, {"a", "x y&z=+/"}, {"", ""}, {"acl", ""}, {"\xe2\x82\xac", "%41"}};
  Request request = get();
  request.path = "/p";
  request.query = query;
  CHECK_TEXT(target_of(request), "/p?b=2&a=x%20y%26z%3D%2B%2F&=&acl=&%E2%82%AC=%2541", "query");
}

void targets_are_sent_byte_for_byte(void**) {
  for (const char* target : {"/", "/a%20b?x=1", "/a//b/../c", "/?", "/?a&b=&c", "/%2f%2F", "/a?b?c/d:@!$&'()*+,;="}) {
    const Parameter query[] = {{"not", "used"}};
    Request request = get();
    request.path = "/not used";
    request.query = query;
    request.target = target;
    CHECK_TEXT(target_of(request), target, target);
  }
}

void a_target_may_begin_with_its_query(void**) {
  Request request = get();
  request.target = "?x=1";
  const Written out = write(request);
  if (out.status == Status::kOk) CHECK(contains(out.text, "GET /?x=1 HTTP/1.1\r\n"), out.text);
}

void bytes_that_may_not_stand_in_a_target(void**) {
  std::string allowed;
  for (int c = 0; c < 256; ++c) {
    const std::string target = std::string("/a") + static_cast<char>(c) + "b";
    const bool unreserved = c < 128 && (isalnum(c) || strchr("-._~", c)) && c != 0;
    const bool other = c != 0 && c < 128 && strchr("!$&'()*+,;=:@/?", c);
    Request request = get();
    request.target = target;
    const Status expected = unreserved || other ? Status::kOk : Status::kInvalidArgument;
    CHECK_STATUS(write(request).status, expected, "byte " + std::to_string(c));
    CHECK((find_forbidden_byte(target) == Str::npos) == (expected == Status::kOk), "find_forbidden_byte");
    if (expected != Status::kOk) CHECK(find_forbidden_byte(target) == 2, "place of byte " + std::to_string(c));
  }
}

void percent_signs_want_two_digits(void**) {
  const struct {
    const char* target;
    size_t at;
  } cases[] = {{"/%", 1},    {"/%4", 1},   {"/a%4g", 2},        {"/%g4", 1},
               {"/%%41", 1}, {"/%41%", 4}, {"/%41", Str::npos}, {"/%fF", Str::npos}};
  for (const auto& c : cases) {
    CHECK(find_forbidden_byte(c.target) == c.at, c.target);
    Request request = get();
    request.target = c.target;
    CHECK_STATUS(write(request).status, c.at == Str::npos ? Status::kOk : Status::kInvalidArgument, c.target);
  }
  const GuardedBuffer memory(3);
  memory.bytes()[0] = '/';
  memory.bytes()[1] = '%';
  memory.bytes()[2] = '4';
  CHECK(find_forbidden_byte({memory.bytes().data(), 3}) == 1, "at the end of its memory");
}

/// What begins with neither '/' nor '?' would be another form of target, or run into the base path.
void a_target_begins_with_a_slash(void**) {
  for (const char* target : {"a", "http://evil.example/", "*", "@evil.example/"}) {
    Request request = get();
    request.base_path = "/base";
    request.target = target;
    expect_refused(request, target);
    request.base_path = "";
    expect_refused(request, target);
  }
}

void a_path_without_its_slash_does_not_run_into_the_base(void**) {
  Request request = get();
  request.base_path = "/base";
  request.path = "key";
  const Written out = write(request);
  if (out.status != Status::kOk) return CHECK_STATUS(out.status, Status::kInvalidArgument, "key");
  CHECK_TEXT(out.target, "/base/key", "key");
}

void base_paths_stand_before_all(void**) {
  const struct {
    const char* base;
    const char* path;
    const char* target;
    const char* wire;
  } cases[] = {
      {"/stage", "/a b", "", "/stage/a%20b"},
      {"/stage", "/", "", "/stage/"},
      {"/st%20age", "/a", "", "/st%20age/a"},
      {"/stage", "/unused", "/t%20x?q", "/stage/t%20x?q"},
      {"", "/a", "", "/a"},
  };
  for (const auto& c : cases) {
    Request request = get();
    request.base_path = c.base;
    request.path = c.path;
    request.target = c.target;
    CHECK_TEXT(target_of(request), c.wire, c.wire);
  }
}

// ---- Injection

/// CR, LF and NUL in every field that a caller can fill; and where they may be encoded, they are.
void nothing_can_be_injected(void**) {
  for (const char bad : {'\r', '\n', '\0'}) {
    for (size_t at : {0, 2, 4}) {
      std::string value = "abcd";
      value.insert(at, 1, bad);
      const std::string place = printable(Bytes(&bad, 1)) + " at " + std::to_string(at) + " of ";
      const Header named[] = {{value, "v"}}, valued[] = {{"X-V", value}}, agent[] = {{"User-Agent", value}};
      const Header host[] = {{"Host", value}}, length[] = {{"Content-Length", value}};
      Request request = get();
      request.method = value;
      expect_refused(request, place + "method");
      request = get();
      request.endpoint.host = value;
      expect_refused(request, place + "endpoint.host");
      request = get();
      const std::string base = "/" + value;
      request.base_path = base;
      expect_refused(request, place + "base_path");
      request = get();
      request.target = base;
      expect_refused(request, place + "target");
      for (const auto& headers : {named, valued, agent, host, length}) {
        request = get();
        request.headers = {headers, 1};
        expect_refused(request, place + "header " + printable(headers->name));
      }
    }
  }
}

/// The path and the query are encoded: there a CR is a CR of the key's name, or refused; never a line's end.
void paths_and_queries_inject_nothing(void**) {
  for (const char bad : {'\r', '\n', '\0', ' '}) {
    const std::string value = std::string("/a") + bad + "b";
    for (int field = 0; field < 3; ++field) {
      const Parameter query[] = {{field == 1 ? Str(value) : Str("n"), field == 2 ? Str(value) : Str("v")}};
      Request request = get();
      if (field == 0) request.path = value;
      if (field > 0) request.query = query;
      const Written out = write(request);
      if (out.status != Status::kOk) {
        CHECK_STATUS(out.status, Status::kInvalidArgument, printable(value));
      } else {
        CHECK(count(out.text, "\r\n") == 4, printable(out.text));
        CHECK(out.text.find('\0') == std::string::npos && count(out.text, "\n") == 4, printable(out.text));
      }
    }
  }
}

/// exchange.h: "CR, LF or NUL anywhere" is kInvalidArgument.
void cr_lf_and_nul_are_refused_in_paths_and_queries_too(void**) {
  for (const char bad : {'\r', '\n', '\0'}) {
    const std::string value = std::string("/a") + bad + "b";
    Request request = get();
    request.path = value;
    expect_refused(request, "path with " + printable(Bytes(&bad, 1)));
    const Parameter names[] = {{value, "v"}}, values[] = {{"n", value}};
    request = get();
    request.query = names;
    expect_refused(request, "query name");
    request.query = values;
    expect_refused(request, "query value");
  }
}

void names_and_methods_are_tokens(void**) {
  for (const char* bad : {"", " ", "a b", "a:b", "a\tb", "a(b", "\"a\"", "a/b", "a\x7f", "\xc3\xa9", " a", "a "}) {
    const Header headers[] = {{bad, "v"}};
    Request request = get();
    request.headers = headers;
    expect_refused(request, std::string("name \"") + bad + "\"");
    request = get();
    request.method = bad;
    expect_refused(request, std::string("method \"") + bad + "\"");
  }
  const Header headers[] = {{"!#$%&'*+-.^_`|~09azAZ", "v"}};
  Request request = get();
  request.headers = headers;
  request.method = "M-SEARCH";
  CHECK_STATUS(write(request).status, Status::kOk, "all that a token may have");
}

void values_may_have_other_bytes(void**) {
  const Header headers[] = {{"X-V", "a\tb \xc3\xa9 \"c\""}};
  Request request = get();
  request.headers = headers;
  CHECK(contains(write(request).text, "X-V: a\tb \xc3\xa9 \"c\"\r\n"), "tab, UTF-8, quotes");
}

/// parse_url refuses hosts that are none; here it is only promised that a host can't become more than a host line.
void odd_hosts_stay_on_their_line(void**) {
  for (const char* host : {"", "a b", "a/b", "a@b", "a?b", "a#b", "a\\b", "[::1", "a%00", "a:80"}) {
    Request request = get();
    request.endpoint.host = host;
    const Written out = write(request);
    if (out.status != Status::kOk) {
      CHECK_STATUS(out.status, Status::kInvalidArgument, std::string("host \"") + host + "\"");
    } else {
      CHECK(!Str(host).empty(), "an empty host");
      CHECK(count(out.text, "\r\n") == 4, out.text);
      CHECK_TEXT(line_of(out.text, "Host"), "Host: " + out.host, host);
    }
  }
}

// ---- Exactly fitting, and one byte short

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
      cmocka_unit_test(paths_are_encoded_once),
      cmocka_unit_test(queries_are_encoded_once_in_their_order),
      cmocka_unit_test(targets_are_sent_byte_for_byte),
      cmocka_unit_test(a_target_may_begin_with_its_query),
      cmocka_unit_test(bytes_that_may_not_stand_in_a_target),
      cmocka_unit_test(percent_signs_want_two_digits),
      cmocka_unit_test(a_target_begins_with_a_slash),
      cmocka_unit_test(a_path_without_its_slash_does_not_run_into_the_base),
      cmocka_unit_test(base_paths_stand_before_all),
      cmocka_unit_test(nothing_can_be_injected),
      cmocka_unit_test(paths_and_queries_inject_nothing),
      cmocka_unit_test(cr_lf_and_nul_are_refused_in_paths_and_queries_too),
      cmocka_unit_test(names_and_methods_are_tokens),
      cmocka_unit_test(values_may_have_other_bytes),
      cmocka_unit_test(odd_hosts_stay_on_their_line),
      cmocka_unit_test(every_length_of_buffer),
      cmocka_unit_test(errors_stick_until_the_next_begin),
      cmocka_unit_test(added_fields_obey_the_same_rules),
      cmocka_unit_test(a_value_that_somebody_else_writes),
  };
  return cmocka_run_group_tests_name("request_head", tests, nullptr, nullptr);
}
