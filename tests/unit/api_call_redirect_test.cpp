// Amazon S3 says that a bucket is elsewhere: the request is signed for there, and sent whole.
// Covers C17: 301, 307, 308, 400 with a region, HEAD, Location in all its forms, loops, what is never given away.
#include "api_call_world.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

std::string located(const std::string& location, const std::string& line = "307 Temporary Redirect") {
  return xml_error(line, "TemporaryRedirect", "Location: " + location + "\r\n");
}

/// Each request has a signature of its own, for its own host.
void check_no_signature_twice(const ClientWorld& world, const std::string& what) {
  const auto sent = all_sent(world);
  for (size_t i = 0; i < sent.size(); ++i) {
    const SentRequest one = parse_sent(sent[i].bytes);
    for (size_t k = 0; k < i; ++k) {
      const SentRequest before = parse_sent(sent[k].bytes);
      if (before.one("host") == one.one("host") && before.target == one.target) continue;
      CHECK(one.one("authorization") != before.one("authorization"), what + ": an old signature for a new host");
    }
  }
}

/// One request only, and what redirects is the result.
void check_not_followed(ClientWorld& world, const ApiRequest& request, uint16_t status, const std::string& what) {
  const Fetched fetched = fetch(world, request);
  CHECK_STATUS(fetched.status, Status::kServiceError, what);
  CHECK(fetched.http == status, what + ": HTTP " + std::to_string(fetched.http));
  check_requests(world, 1, what);
}

// ---- To another region

void a_bucket_in_another_region(void**) {
  const std::string region_in_body = "<Region>us-west-2</Region>";
  const struct {
    const char* what;
    std::string bytes;
  } rows[] = {
      {"301", moved(kAwayField)},
      {"307 with a region", moved(kAwayField, "307 Temporary Redirect")},
      {"400 with a header", xml_error("400 Bad Request", "AuthorizationHeaderMalformed", kAwayField)},
      {"400 with an element", xml_error("400 Bad Request", "AuthorizationHeaderMalformed", "", region_in_body)},
  };
  for (const auto& row : rows) {
    for (const char* method : {"GET", "PUT"}) {
      S3World world;
      world.transport.peers = {peer_of({row.bytes}), peer_of({kOkAnswer})};
      ApiRequest request = object(method);
      FakeSource source("content");
      if (method[0] == 'P') request.body = Body(source, 7);
      const std::string what = std::string(row.what) + ", " + method;
      expect_done(fetch(world, request), what);
      const auto sent = all_sent(world);
      check_requests(world, 2, what);
      CHECK_TEXT(sent[0].host, kHome, what);
      CHECK_TEXT(sent[1].host, kAway, what);
      check_signed(sent[0].bytes, world.credentials, kHomeScope, what + ": first");
      const SentRequest second = check_signed(sent[1].bytes, world.credentials, kAwayScope, what + ": second");
      CHECK_TEXT(second.one("host"), kAway, what);
      CHECK_TEXT(second.target, "/a%20key", what);
      CHECK_TEXT(second.body, method[0] == 'P' ? "content" : "", what + ": the body again");
      CHECK(world.time.now.ms == 1000, what + ": at once");
      check_no_signature_twice(world, what);
    }
  }
}

void an_answer_to_head_has_the_region_in_a_field_only(void**) {
  S3World world;
  const std::string head = "HTTP/1.1 301 Moved Permanently\r\n" + kAwayField + "Content-Length: 300\r\n\r\n";
  world.transport.peers = {peer_of({head}), peer_of({"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"})};
  Response response;
  CHECK_STATUS(world.client().fetch(object("HEAD"), response), Status::kOk, "HEAD");
  CHECK_TEXT(all_sent(world)[1].host, kAway, "HEAD");
  check_signed(world.transport.last_request(), world.credentials, kAwayScope, "HEAD");
}

void a_server_of_ones_own_stays_and_the_region_changes(void**) {
  ClientWorld world;
  world.options.max_attempts = 1;
  world.transport.peers = {peer_of({moved(kAwayField), kOkAnswer})};
  ApiRequest request = request_to("s3", "PUT");
  request.path = "/bucket/key";
  request.body = "content";
  expect_done(fetch(world, request), "custom endpoint");
  CHECK(world.transport.opens() == 1, "the same host, and the same connection");
  const SentRequest second = check_signed(world.transport.last_request(), world.credentials, kAwayScope, "second");
  CHECK_TEXT(second.one("host"), "peer.example", "host");
  CHECK_TEXT(second.target, "/bucket/key", "target");
}

void the_path_style_is_kept(void**) {
  S3World world;
  world.options.s3_path_style = true;
  world.transport.peers = {peer_of({moved(kAwayField)}), peer_of({kOkAnswer})};
  expect_done(fetch(world, object()), "path style");
  CHECK_TEXT(all_sent(world)[1].host, "s3.us-west-2.amazonaws.com", "host");
  CHECK_TEXT(check_signed(world.transport.last_request(), world.credentials, kAwayScope, "second").target,
             "/my-bucket/a%20key", "target");
}

void regions_that_are_none(void**) {
  const std::string rows[] = {"",
                              "x-amz-bucket-region: \r\n",
                              "x-amz-bucket-region: evil.example/\r\n",
                              "x-amz-bucket-region: a@b:80/../x\r\n",
                              "x-amz-bucket-region: us west 2\r\n",
                              "x-amz-bucket-region: " + std::string(kMaxRegionBytes + 1, 'r') + "\r\n",
                              "x-amz-bucket-region: eu-west-1\r\n"};
  for (const std::string& fields : rows) {
    S3World world;
    world.transport.peers = {peer_of({moved(fields), kOkAnswer})};
    check_not_followed(world, object(), 301, fields);
    CHECK_TEXT(world.transport.hosts.back(), kHome, fields);
  }
}

/// Where no host is made of the region, it would still go into the scope.
void regions_that_are_none_for_a_server_of_ones_own(void**) {
  for (const char* region : {"a,b=c", "a/b", "us west 2", "a\"b", "-a"}) {
    ClientWorld world;
    world.options.max_attempts = 1;
    world.transport.peers = {peer_of({moved(std::string("x-amz-bucket-region: ") + region + "\r\n"), kOkAnswer})};
    check_not_followed(world, object(), 301, region);
  }
}

/// A region of no use does not stand in the way of a Location, nor spoil what is sent there.
void a_location_beside_a_region_that_is_none(void**) {
  for (const std::string& region : {std::string("evil.example/"), std::string(kMaxRegionBytes + 1, 'r')}) {
    S3World world;
    const std::string fields = "x-amz-bucket-region: " + region + "\r\nLocation: https://" + kAway + "/other\r\n";
    world.transport.peers = {peer_of({moved(fields, "307 Temporary Redirect")}), peer_of({kOkAnswer})};
    expect_done(fetch(world, object()), region);
    CHECK_TEXT(world.transport.hosts.back(), kAway, region);
    CHECK_TEXT(check_signed(world.transport.last_request(), world.credentials, kHomeScope, region).target, "/other",
               region);
  }
}

/// The same beside an error that is repeated: where it was, and signed as it was.
void a_repetition_beside_a_region_that_is_none(void**) {
  S3World world;
  world.options.max_attempts = 2;
  world.transport.peers = {
      peer_of({xml_error("400 Bad Request", "RequestTimeout", "x-amz-bucket-region: evil.example/\r\n"), kOkAnswer}),
      peer_of({kOkAnswer})};
  expect_done(fetch(world, object()), "RequestTimeout");
  CHECK_TEXT(world.transport.hosts.back(), kHome, "RequestTimeout");
  check_signed(world.transport.last_request(), world.credentials, kHomeScope, "RequestTimeout");
}

/// A region that looks like one, and that has no such endpoint.
void a_repetition_beside_a_region_without_an_endpoint(void**) {
  S3World world;
  world.options.max_attempts = 2;
  world.options.use_fips_endpoint = true;
  world.options.region = "us-east-1";
  const std::string china = "x-amz-bucket-region: cn-north-1\r\n";
  world.transport.peers = {peer_of({xml_error("400 Bad Request", "RequestTimeout", china), kOkAnswer}),
                           peer_of({kOkAnswer})};
  expect_done(fetch(world, object()), "FIPS");
  const auto sent = all_sent(world);
  check_requests(world, 2, "FIPS");
  CHECK_TEXT(sent[1].host, sent[0].host, "FIPS");
  for (const Sent& one : sent) check_signed(one.bytes, world.credentials, {"us-east-1", "s3"}, "FIPS");
}

void other_services_are_not_followed(void**) {
  for (const char* service : {"sqs", "execute-api", "dynamodb"}) {
    for (const std::string& bytes : {moved(kAwayField), located("https://other.amazonaws.com/"),
                                     xml_error("400 Bad Request", "AuthorizationHeaderMalformed", kAwayField)}) {
      ClientWorld world;
      world.transport.peers = {peer_of({bytes, kOkAnswer})};
      CHECK_STATUS(fetch(world, request_to(service, "POST")).status, Status::kServiceError, service);
      check_requests(world, 1, service);
    }
  }
}

// ---- To a Location

void a_location(void**) {
  const struct {
    const char* location;
    const char* host;
    uint16_t port;
    const char* host_field;
    const char* target;
  } rows[] = {
      {"https://my-bucket.s3-us-west-2.amazonaws.com/a%20key", "my-bucket.s3-us-west-2.amazonaws.com", 443,
       "my-bucket.s3-us-west-2.amazonaws.com", "/a%20key"},
      {"https://my-bucket.s3-us-west-2.amazonaws.com/a%20key?x-id=1&b", "my-bucket.s3-us-west-2.amazonaws.com", 443,
       "my-bucket.s3-us-west-2.amazonaws.com", "/a%20key?x-id=1&b"},
      {"https://my-bucket.s3-us-west-2.amazonaws.com:8443/k", "my-bucket.s3-us-west-2.amazonaws.com", 8443,
       "my-bucket.s3-us-west-2.amazonaws.com:8443", "/k"},
      {"/other%20key?x=1", kHome, 443, kHome, "/other%20key?x=1"},
      {"HTTPS://MY-BUCKET.s3.eu-west-1.amazonaws.com/up", "MY-BUCKET.s3.eu-west-1.amazonaws.com", 443,
       "MY-BUCKET.s3.eu-west-1.amazonaws.com", "/up"},
      {"https://my-bucket.s3-us-west-2.amazonaws.com", "my-bucket.s3-us-west-2.amazonaws.com", 443,
       "my-bucket.s3-us-west-2.amazonaws.com", "/"},
  };
  for (const auto& row : rows) {
    for (const char* line : {"307 Temporary Redirect", "308 Permanent Redirect"}) {
      S3World world;
      Peer first = peer_of({located(row.location, line), kOkAnswer});
      world.transport.peers = {first, peer_of({kOkAnswer})};
      ApiRequest request = object("PUT");
      FakeSource source("content");
      request.body = Body(source, 7);
      const std::string what = std::string(line) + " to " + row.location;
      expect_done(fetch(world, request), what);
      check_requests(world, 2, what);
      const auto sent = all_sent(world);
      CHECK(SentRequest::lower(sent[1].host) == SentRequest::lower(row.host), what + ": " + sent[1].host);
      CHECK(world.transport.endpoints.back().port == row.port && world.transport.endpoints.back().tls, what);
      const SentRequest second = check_signed(sent[1].bytes, world.credentials, kHomeScope, what);
      CHECK(SentRequest::lower(second.one("host")) == SentRequest::lower(row.host_field), what + ": Host");
      CHECK_TEXT(second.target, row.target, what);
      CHECK_TEXT(second.body, "content", what);
      check_no_signature_twice(world, what);
    }
  }
}

void locations_that_are_not_followed(void**) {
  const std::string rows[] = {
      "http://my-bucket.s3.us-west-2.amazonaws.com/",  // out of TLS
      "ftp://my-bucket.s3.us-west-2.amazonaws.com/",
      "https://",
      "https://host:99999/",
      "https://ho st/",
      "https://%41.amazonaws.com/",
      "garbage",
      "//my-bucket.s3.us-west-2.amazonaws.com/a%20key",
      "::::",
      "/a b",
      "/a\"b",
      "/%zz",
      "",
      "https://" + std::string(kMaxHostBytes + 1, 'h') + "/",
      "https://my-bucket.s3.us-west-2.amazonaws.com/" + std::string(kMaxEndpointUrlBytes, 'k'),
      "/" + std::string(kMaxEndpointUrlBytes, 'k'),
  };
  for (const std::string& location : rows) {
    S3World world;
    world.transport.peers = {peer_of({located(location), kOkAnswer})};
    check_not_followed(world, object(), 307, location);
  }
}

/// Wherever it leads: what the other host gets is signed for that host, and is of no use anywhere else.
void a_foreign_host_gets_no_signature_of_another(void**) {
  for (const char* location : {"https://evil.example/a%20key", "https://127.0.0.1/", "//evil.example/a%20key"}) {
    S3World world;
    world.transport.peers = {peer_of({located(location)}), peer_of({kOkAnswer})};
    (void)fetch(world, object());
    const auto sent = all_sent(world);
    for (const Sent& one : sent) {
      const SentRequest request = check_signed(one.bytes, world.credentials, kHomeScope, location);
      CHECK_TEXT(request.one("host"), one.host, std::string(location) + ": signed for where it goes");
      CHECK(is_signed(request, "host"), "host is signed");
    }
    check_no_signature_twice(world, location);
  }
}

// The caller's Host can't be the name of two hosts: the other one would get a signature that the first one takes.

void check_host_of_the_caller(const std::string& redirection) {
  const Header host{"Host", "caller.example"};
  S3World world;
  world.transport.peers = {peer_of({redirection}), peer_of({kOkAnswer})};
  ApiRequest request = object();
  request.headers = {&host, 1};
  (void)fetch(world, request);
  const auto sent = all_sent(world);
  CHECK_TEXT(parse_sent(sent[0].bytes).one("host"), "caller.example", "first");
  for (size_t i = 1; i < sent.size(); ++i) {
    CHECK(sent[i].host == sent[0].host || parse_sent(sent[i].bytes).one("host") != "caller.example",
          "signed for caller.example, and sent to " + sent[i].host);
  }
}

void a_host_given_by_the_caller_and_a_location(void**) {
  check_host_of_the_caller(located("https://evil.example/a%20key"));
}

void a_host_given_by_the_caller_and_a_region(void**) {
  check_host_of_the_caller(moved(kAwayField));
}

// ---- Bounds

void loops_end_with_the_answer_that_redirects(void**) {
  const std::string home = "x-amz-bucket-region: eu-west-1\r\n";
  for (const bool by_location : {false, true}) {
    S3World world;
    const std::string there =
        by_location ? located("https://my-bucket.s3.us-west-2.amazonaws.com/") : moved(kAwayField);
    const std::string back = by_location ? located("https://my-bucket.s3.eu-west-1.amazonaws.com/") : moved(home);
    world.transport.peers = {peer_of({there}), peer_of({back}), peer_of({there}), peer_of({back}), peer_of({there})};
    const Fetched fetched = fetch(world, object());
    const std::string what = by_location ? "Location" : "region";
    CHECK_STATUS(fetched.status, Status::kServiceError, what);
    CHECK(fetched.http == (by_location ? 307 : 301), what);
    CHECK_TEXT(fetched.code, by_location ? "TemporaryRedirect" : "PermanentRedirect", what);
    CHECK(contains(fetched.body, "Redirect</Code>"), what + ": its body");
    check_requests(world, 1 + kMaxRedirects, what);
  }
}

void redirections_leave_the_attempts_as_they_are(void**) {
  S3World world;
  world.options.max_attempts = 2;
  world.platform.random_byte = 0;
  world.transport.peers = {peer_of({moved(kAwayField)}), peer_of({kBusyAnswer, kOkAnswer})};
  expect_done(fetch(world, object()), "301, 503, done");
  check_requests(world, 3, "301, 503, done");
  for (size_t i = 1; i < 3; ++i) CHECK_TEXT(all_sent(world)[i].host, kAway, "stays where it was sent");
  check_signed(world.transport.last_request(), world.credentials, kAwayScope, "repeated there");
}

/// What one call has learnt is not the next one's.
void the_next_call_begins_at_home(void**) {
  S3World world;
  world.transport.peers = {peer_of({moved(kAwayField)}), peer_of({kOkAnswer}), peer_of({kOkAnswer})};
  expect_done(fetch(world, object()), "first");
  ApiRequest other = object();
  other.bucket = "other-bucket";
  expect_done(fetch(world, other), "second");
  CHECK_TEXT(world.transport.hosts.back(), "other-bucket.s3.eu-west-1.amazonaws.com", "second");
}

void a_source_that_cannot_rewind_is_not_sent_elsewhere(void**) {
  S3World world;
  world.transport.peers = {peer_of({moved(kAwayField)}), peer_of({kOkAnswer})};
  FakeSource source("content");
  source.rewind_status = Status::kUnsupported;
  ApiRequest request = object("PUT");
  request.body = Body(source, 7);
  request.body.payload_hash = "UNSIGNED-PAYLOAD";
  check_not_followed(world, request, 301, "no way back");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_bucket_in_another_region),
      cmocka_unit_test(an_answer_to_head_has_the_region_in_a_field_only),
      cmocka_unit_test(a_server_of_ones_own_stays_and_the_region_changes),
      cmocka_unit_test(the_path_style_is_kept),
      cmocka_unit_test(regions_that_are_none),
      cmocka_unit_test(regions_that_are_none_for_a_server_of_ones_own),
      cmocka_unit_test(a_location_beside_a_region_that_is_none),
      cmocka_unit_test(a_repetition_beside_a_region_that_is_none),
      cmocka_unit_test(a_repetition_beside_a_region_without_an_endpoint),
      cmocka_unit_test(other_services_are_not_followed),
      cmocka_unit_test(a_location),
      cmocka_unit_test(locations_that_are_not_followed),
      cmocka_unit_test(a_foreign_host_gets_no_signature_of_another),
      cmocka_unit_test(a_host_given_by_the_caller_and_a_location),
      cmocka_unit_test(a_host_given_by_the_caller_and_a_region),
      cmocka_unit_test(loops_end_with_the_answer_that_redirects),
      cmocka_unit_test(redirections_leave_the_attempts_as_they_are),
      cmocka_unit_test(the_next_call_begins_at_home),
      cmocka_unit_test(a_source_that_cannot_rewind_is_not_sent_elsewhere),
  };
  return cmocka_run_group_tests_name("api_call redirects", tests, nullptr, nullptr);
}
