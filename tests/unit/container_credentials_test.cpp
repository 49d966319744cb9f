// Where container credentials are asked for, and what comes of the answers.
// Covers C28: relative and full URIs.
#include "container_fixture.h"
#include "fakes/check_words.h"

using namespace test;

namespace {

void nothing_is_configured(void**) {
  ContainerWorld world;
  world.space.fill();
  for (const char* blank : {"", " ", "\t"}) {
    world.set("CREDENTIALS_RELATIVE_URI", blank);
    world.set("CREDENTIALS_FULL_URI", blank);
    world.set("AUTHORIZATION_TOKEN", "secret");
    CHECK_STATUS(world.fetch(), Status::kNotFound, "blank");
  }
  CHECK(world.provider().problem() == Problem::kNotConfigured, "problem");
  world.end();
  CHECK(world.space_holds("ZZZZ") && !world.space_holds(std::string(1, '\0')), "a space that was not used");
}

void where_it_asks(void**) {
  struct Row {
    const char *variable, *uri, *host, *head;
    uint16_t port;
    bool tls;
  };
  const Row rows[] = {
      {"RELATIVE", "/v2/c?id=a%20b", "169.254.170.2", "GET /v2/c?id=a%20b HTTP/1.1\r\nHost: 169.254.170.2\r\n", 80,
       false},
      {"RELATIVE", "//evil.example/c", "169.254.170.2", "GET //evil.example/c HTTP/1.1\r\nHost: 169.254.170.2\r\n",
       80, false},
      {"FULL", "http://localhost:8080", "localhost", "GET / HTTP/1.1\r\nHost: localhost:8080\r\n", 8080, false},
      {"FULL", "HTTP://u:p@127.0.0.1?a=b", "127.0.0.1", "GET /?a=b HTTP/1.1\r\nHost: 127.0.0.1\r\n", 80, false},
      {"FULL", "http://[fd00:ec2::23]/v1/c", "fd00:ec2::23", "GET /v1/c HTTP/1.1\r\nHost: [fd00:ec2::23]\r\n", 80,
       false},
      {"FULL", "https://a.example/c", "a.example", "GET /c HTTP/1.1\r\nHost: a.example\r\n", 443, true},
  };
  for (const Row& row : rows) {
    ContainerWorld world;
    world.set(std::string("CREDENTIALS_") + row.variable + "_URI", row.uri);
    world.answers({http("200 OK", kDocument)});
    check_given(world, row.uri);
    const Endpoint& endpoint = world.transport.endpoints[0];
    CHECK_TEXT(world.transport.hosts[0], row.host, row.uri);
    CHECK(endpoint.port == row.port && endpoint.tls == row.tls, row.uri);
    const std::string& request = world.transport.last_request();
    CHECK_TEXT(request.substr(0, strlen(row.head)), row.head, row.uri);
    CHECK(contains(request, "\r\nAccept: application/json\r\n"), row.uri);
    CHECK(!contains(request, "Authorization"), row.uri);
  }
}

void uris_that_are_none(void**) {
  const std::pair<const char*, const char*> rows[] = {{"RELATIVE", "v2/c"},
                                                      {"RELATIVE", "http://169.254.170.2/c"},
                                                      {"RELATIVE", "@evil.example/c"},
                                                      {"RELATIVE", "/a b"},
                                                      {"RELATIVE", "/a\r\nX: y"},
                                                      {"RELATIVE", "/a%zz"},
                                                      {"RELATIVE", "/a#b"},
                                                      {"RELATIVE", "?a"},
                                                      {"FULL", "/c"},
                                                      {"FULL", "ftp://localhost/c"},
                                                      {"FULL", "http:///c"},
                                                      {"FULL", "http://localhost:0/c"},
                                                      {"FULL", "http://localhost/ "},
                                                      {"FULL", "http://[::1%lo]/c"},
                                                      {"FULL", "http://local%68ost/c"},
                                                      {"FULL", "localhost/c"},
                                                      {"FULL", "http://localhost/\n"}};
  for (const auto& row : rows) {
    ContainerWorld world;
    world.set(std::string("CREDENTIALS_") + row.first + "_URI", row.second);
    CHECK_STATUS(world.fetch(), Status::kInvalidArgument, row.second);
    CHECK(world.provider().problem() == Problem::kBadUri, row.second);
    CHECK(world.transport.opens() == 0, row.second);
    CHECK_WORDS(contains(explained(world.provider()), row.first), row.second);
  }
}

void hosts_that_are_not_asked(void**) {
  for (const char* uri : {"http://example.com/c", "http://127.1/c", "http://0x7f.0.0.1/c", "http://2130706433/c",
                          "http://[::ffff:7f00:1]/c", "http://169.254.170.2.evil/c", "http://localhost@10.0.0.1/c"}) {
    ContainerWorld world;
    world.set("CREDENTIALS_FULL_URI", uri);
    CHECK_STATUS(world.fetch(), Status::kInvalidArgument, uri);
    CHECK(world.provider().problem() == Problem::kHostNotAllowed, uri);
    CHECK(world.transport.opens() == 0, uri);
  }
}

struct Refusal {
  const char* status;
  Status expected;
};

void every_other_status_is_repeated(void**) {
  const Refusal rows[] = {
      {"400 Bad Request", Status::kCredentialsRefused},     {"403 Forbidden", Status::kCredentialsRefused},
      {"404 Not Found", Status::kCredentialsRefused},       {"302 Found", Status::kCredentialsRefused},
      {"204 No Content", Status::kCredentialsRefused},      {"429 Slow", Status::kCredentialsUnavailable},
      {"500 Internal", Status::kCredentialsUnavailable},    {"501 Not", Status::kCredentialsUnavailable},
      {"503 Unavailable", Status::kCredentialsUnavailable},
  };
  for (const Refusal& row : rows) {
    for (uint8_t attempts = 1; attempts <= 3; ++attempts) {
      ContainerWorld world;
      world.options.max_attempts = attempts;
      const std::string refused = http(row.status, strncmp(row.status, "204", 3) == 0 ? "" : "<html>");
      set_up(world, {refused, refused, refused, http("200 OK", kDocument)});
      CHECK_STATUS(world.fetch(), row.expected, row.status);
      CHECK(world.transport.total_requests() == attempts, std::string(row.status) + ": attempts");
      CHECK(world.provider().outcome() == SourceOutcome::kHttpStatus, row.status);
      CHECK(world.provider().http_status() == atoi(row.status), row.status);
      CHECK(world.space_is_wiped(), row.status);
    }
  }
}

void it_gets_there_in_the_end(void**) {
  ContainerWorld world;
  set_up(world, {http("500 Oops", ""), http("200 OK", "{\"AccessKeyId\":"), http("200 OK", kDocument)});
  check_given(world, "third attempt");
  CHECK(world.provider().outcome() == SourceOutcome::kCredentials, "outcome");
  CHECK(world.credentials.expiration.seconds == 1632197813, "expiration");
  CHECK(world.credentials.issued.seconds == 0 && !world.credentials.outlives_expiration, "no Date");
}

void the_date_is_when_they_were_issued(void**) {
  ContainerWorld world;
  set_up(world, {http("200 OK", kDocument, "Date: Tue, 21 Sep 2021 03:03:20 GMT\r\n")});
  check_given(world, "Date");
  CHECK(world.credentials.issued.seconds == 1632193400, "issued");
}

void documents_without_credentials(void**) {
  struct Row {
    const char* document;
    Status expected;
    size_t requests;
  };
  const Row rows[] = {
      {"", Status::kMalformedCredentials, 3},
      {"<html>", Status::kMalformedCredentials, 3},
      {"{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"S", Status::kMalformedCredentials, 3},
      {" {\"AccessKeyId\":\"A\"} ", Status::kMalformedCredentials, 1},
      {"{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"S\",\"Expiration\":\"soon\"}", Status::kMalformedCredentials, 1},
      {"{\"AccessKeyId\":\"A\\n\",\"SecretAccessKey\":\"S\"}", Status::kMalformedCredentials, 1},
      {"{\"code\":\"AccessDenied\",\"message\":\"no\"}", Status::kCredentialsRefused, 1},
  };
  for (const Row& row : rows) {
    ContainerWorld world;
    set_up(world, std::vector<std::string>(3, http("200 OK", row.document)));
    CHECK_STATUS(world.fetch(), row.expected, row.document);
    CHECK(world.transport.total_requests() == row.requests, std::string(row.document) + ": requests");
    CHECK(world.provider().outcome() == SourceOutcome::kBadResponse, row.document);
    CHECK(world.space_is_wiped(), row.document);
  }
}

void sizes(void**) {
  ContainerWorld world;
  set_up(world, {http("200 OK", document_with_token(4096))});
  CHECK_STATUS(world.fetch(), Status::kOk, "a token of 4,096 bytes");
  CHECK(world.credentials.session_token == std::string(4096, 't'), "the token");
  const std::string document = document_with_token(300);
  for (size_t missing : {0, 1}) {
    ContainerWorld tight(document.size() - missing);
    set_up(tight, {http("200 OK", document), http("200 OK", document)});
    CHECK_STATUS(tight.fetch(), missing == 0 ? Status::kOk : Status::kValueTooLong, "a document that just fits");
    CHECK(tight.transport.total_requests() == 1, "asked for once");
  }
}

void a_connection_with_a_small_buffer(void**) {
  ContainerWorld world(8192, 512);
  world.set("AUTHORIZATION_TOKEN", std::string(500, 'x'));
  set_up(world, {http("200 OK", kDocument)});
  CHECK_STATUS(world.fetch(), Status::kRequestTooLarge, "request");
  CHECK(world.provider().outcome() == SourceOutcome::kNoAnswer, "outcome");
  CHECK_WORDS(contains(explained(world.provider()), describe(Status::kRequestTooLarge)), "explained");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(nothing_is_configured),
      cmocka_unit_test(where_it_asks),
      cmocka_unit_test(uris_that_are_none),
      cmocka_unit_test(hosts_that_are_not_asked),
      cmocka_unit_test(every_other_status_is_repeated),
      cmocka_unit_test(it_gets_there_in_the_end),
      cmocka_unit_test(the_date_is_when_they_were_issued),
      cmocka_unit_test(documents_without_credentials),
      cmocka_unit_test(sizes),
      cmocka_unit_test(a_connection_with_a_small_buffer),
  };
  return cmocka_run_group_tests_name("container_credentials", tests, nullptr, nullptr);
}
