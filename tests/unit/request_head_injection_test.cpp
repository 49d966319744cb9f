// That no field of a request can become more than itself in the head.
// Covers C6, C38: line ends and NUL in every field of a request.
#include "request_head_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

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

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(nothing_can_be_injected),
      cmocka_unit_test(paths_and_queries_inject_nothing),
      cmocka_unit_test(cr_lf_and_nul_are_refused_in_paths_and_queries_too),
      cmocka_unit_test(names_and_methods_are_tokens),
      cmocka_unit_test(values_may_have_other_bytes),
      cmocka_unit_test(odd_hosts_stay_on_their_line),
  };
  return cmocka_run_group_tests_name("request_head injection", tests, nullptr, nullptr);
}
