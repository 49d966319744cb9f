// Credentials for a role alias of AWS IoT.
// Covers C29: refusals, and what they are called.
#include "fakes/check_words.h"
#include "iot_fixture.h"

using namespace test;

namespace {

using Problem = IotCredentials::Problem;

class OwnSettings final : public TlsSettings {};

void what_it_asks(void**) {
  IotWorld world;
  const OwnSettings settings;
  world.options.tls_settings = &settings;
  world.options.thing_name = "my:thing_1";
  world.options.role_alias = "a=b@C-9_d,e.f";
  world.answers({http("200 OK", kDocument, "Date: Tue, 21 Sep 2021 03:03:20 GMT\r\n")});
  check_given(world, "all options");
  const Endpoint& endpoint = world.transport.endpoints[0];
  CHECK_TEXT(world.transport.hosts[0], kHost, "host");
  CHECK(endpoint.port == 443 && endpoint.tls && endpoint.tls_settings == &settings, "endpoint");
  const std::string& request = world.transport.last_request();
  const std::string line = "GET /role-aliases/a=b@C-9_d,e.f/credentials HTTP/1.1\r\n";
  CHECK_TEXT(request.substr(0, line.size()), line, "request line");
  CHECK(contains(request, "\r\nx-amzn-iot-thingname: my:thing_1\r\n"), request);
  CHECK(world.credentials.issued.seconds == 1632193400, "issued");
}

void endpoints(void**) {
  struct Row {
    const char *text, *host;
    uint16_t port;
  };
  const Row rows[] = {{"a.example", "a.example", 8443},         {"a.example:8444", "a.example", 8444},
                      {"127.0.0.1:8445", "127.0.0.1", 8445},    {"https://a.example", "a.example", 443},
                      {"https://a.example/", "a.example", 443}, {"https://a.example:8883", "a.example", 8883},
                      {"HTTPS://[::1]:99", "::1", 99}};
  for (const Row& row : rows) {
    IotWorld world;
    world.options.endpoint = row.text;
    world.options.port = 8443;
    const OwnSettings settings;
    world.options.tls_settings = &settings;
    world.answers({http("200 OK", kDocument)});
    check_given(world, row.text);
    CHECK_TEXT(world.transport.hosts[0], row.host, row.text);
    CHECK(world.transport.endpoints[0].port == row.port && world.transport.endpoints[0].tls, row.text);
    CHECK(world.transport.endpoints[0].tls_settings == &settings, row.text);
    CHECK(!contains(world.transport.last_request(), "thingname"), row.text);
  }
}

void check_refused(const IotOptions& options, Problem problem, const std::string& what) {
  IotWorld world;
  world.options = options;
  CHECK_STATUS(world.fetch(), Status::kInvalidArgument, what);
  CHECK(world.provider().problem() == problem, what);
  CHECK(world.provider().outcome() == SourceOutcome::kNotSent, what);
  CHECK(world.transport.opens() == 0, what);
  CHECK_WORDS(explained(world.provider()).size() > 20, what);
}

void options_that_are_wrong(void**) {
  const std::string longest(128, 'x'), too_long(129, 'x'), long_host(kMaxHostBytes + 1, 'h');
  const IotOptions good{kHost, "alias", "thing"};
  for (Str endpoint : {Str(""), Str("a.example:"), Str("a.example:0"), Str("a.example:65536"), Str("a:b"),
                       Str(":443"), Str("a b"), Str("a.example/path"), Str("https://a.example/path"), Str("https://"),
                       Str("ftp://a.example"), Str("::1"), Str("a\r\nb"), Str(long_host)}) {
    IotOptions bad = good;
    bad.endpoint = endpoint;
    check_refused(bad, Problem::kEndpoint, "endpoint " + std::string(endpoint));
  }
  IotOptions plain = good;
  plain.endpoint = "http://a.example";
  check_refused(plain, Problem::kPlainHttp, "http");
  IotOptions no_port = good;
  no_port.port = 0;
  check_refused(no_port, Problem::kEndpoint, "port 0");
  for (Str alias :
       {Str(""), Str("a/b"), Str("a b"), Str("a%20"), Str("a?b"), Str("a\n"), Str("\xc3\xa4"), Str(too_long)}) {
    IotOptions bad = good;
    bad.role_alias = alias;
    check_refused(bad, Problem::kRoleAlias, "alias " + std::string(alias));
  }
  for (Str thing : {Str("a b"), Str("a\r\nX: y"), Str("a\0b", 3), Str("\x7f"), Str(too_long)}) {
    IotOptions bad = good;
    bad.thing_name = thing;
    check_refused(bad, Problem::kThingName, "thing " + std::string(thing));
  }
  IotWorld world;
  world.options.role_alias = world.options.thing_name = longest;
  world.answers({http("200 OK", kDocument)});
  check_given(world, "128 bytes each");
  CHECK(contains(world.transport.last_request(), "/" + longest + "/credentials HTTP/1.1\r\n"), "longest alias");
}

void statuses(void**) {
  struct Row {
    const char* status;
    Status expected;
    size_t requests;
  };
  const Row rows[] = {
      {"400 Bad", Status::kCredentialsRefused, 1},       {"403 Forbidden", Status::kCredentialsRefused, 1},
      {"404 Not Found", Status::kCredentialsRefused, 1}, {"301 Moved", Status::kCredentialsRefused, 1},
      {"429 Slow", Status::kCredentialsUnavailable, 4},  {"500 Oops", Status::kCredentialsUnavailable, 4},
      {"503 Busy", Status::kCredentialsUnavailable, 4},  {"501 Not", Status::kCredentialsUnavailable, 1},
  };
  for (const Row& row : rows) {
    IotWorld world;
    world.answers(std::vector<std::string>(5, http(row.status, "{\"message\":\"m\"}")));
    CHECK_STATUS(world.fetch(), row.expected, row.status);
    CHECK(world.transport.total_requests() == row.requests, std::string(row.status) + ": requests");
    CHECK(world.provider().http_status() == atoi(row.status), row.status);
    CHECK(world.space_is_wiped(), row.status);
  }
  IotWorld world;
  world.answers({http("429 Slow", ""), http("500 Oops", ""), http("503 Busy", ""), http("200 OK", kDocument)});
  check_given(world, "fourth attempt");
}

void documents(void**) {
  for (const char* document : {"", "{", "<html>", "{\"credentials\":{}}", "{\"accessKeyId\":\"A\"}"}) {
    IotWorld world;
    world.answers(std::vector<std::string>(4, http("200 OK", document)));
    CHECK_STATUS(world.fetch(), Status::kMalformedCredentials, document);
    CHECK(world.transport.total_requests() == 1, document);
    CHECK(world.provider().outcome() == SourceOutcome::kBadResponse, document);
  }
  IotWorld world;
  const std::string token(4096, 't');
  std::string document = kDocument;
  document.replace(document.find("iottoken"), 8, token);
  world.answers({http("200 OK", document)});
  CHECK_STATUS(world.fetch(), Status::kOk, "a token of 4,096 bytes");
  CHECK(world.credentials.session_token == token, "the token");
  IotWorld tight(document.size() - 1);
  tight.answers({http("200 OK", document)});
  CHECK_STATUS(tight.fetch(), Status::kValueTooLong, "one byte too many");
}

void what_it_says(void**) {
  const std::string at = "AWS IoT: role alias my-alias at " + std::string(kHost);
  const std::pair<std::string, std::string> rows[] = {
      {http("403 No", "{\"message\":\"Access Denied\"}"),
       " answered 403 (Access Denied); check the certificate, its policy and the thing's name"},
      {http("404 No", "{\"message\":\"Role alias does not exist\"}"),
       " answered 404 (Role alias does not exist); check the role alias"},
      {http("400 No", "{\"message\":\"no\"}"), " answered 400 (no)"},
      {http("200 OK", "{\"credentials\":{}}"), " answered without credentials (no credentials/AccessKeyId)"},
      {http("200 OK", kDocument), " gave credentials"},
  };
  for (const auto& row : rows) {
    IotWorld world;
    CHECK_WORDS_TEXT(explained(world.provider()), at + " has not been asked", "before");
    world.answers({row.first});
    (void)world.fetch();
    CHECK_WORDS_TEXT(explained(world.provider()), at + row.second, "explain");
    CHECK(!contains(explained(world.provider()), "iotsecret"), "a secret");
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(what_it_asks), cmocka_unit_test(endpoints), cmocka_unit_test(options_that_are_wrong),
      cmocka_unit_test(statuses),     cmocka_unit_test(documents), cmocka_unit_test(what_it_says),
  };
  return cmocka_run_group_tests_name("iot_credentials", tests, nullptr, nullptr);
}
