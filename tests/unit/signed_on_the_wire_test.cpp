// What a client sends, seen by the service: that it verifies whatever its target, its host, its size and the day, and
// whatever a proxy has made of it on the way.
// Covers C1, C2, C5, C8, C10, C11, C14: from the fields of a request to the bytes and the signature.
#include "api_call_fixture.h"
#include "capture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

std::string target_line(const std::string& canonical_request) {
  const size_t begin = canonical_request.find('\n') + 1;
  return canonical_request.substr(begin, canonical_request.find('\n', begin) - begin);
}

struct Seen {
  std::string wire;
  std::string canonical;
};

Seen seen_by(const char* service, ApiRequest request, const std::string& what) {
  ClientWorld world;
  Capture capture;
  world.options.tee = &capture;
  world.transport.peers = {peer_of({kOkAnswer})};
  request.service = service;
  expect_done(fetch(world, request), what);
  const SentRequest sent =
      check_signed(world.transport.last_request(), world.credentials, {"eu-west-1", service}, what);
  return {sent.target, target_line(capture.canonical_request_text)};
}

/// Encoded once on the wire, whoever is asked; and once more where it is signed, but for S3.
void paths_are_encoded_once_and_signed_twice(void**) {
  const struct {
    const char* path;
    const char* wire;
    const char* twice;
  } rows[] = {
      {"/a b/", "/a%20b/", "/a%2520b/"},
      {"/\xc3\xa9", "/%C3%A9", "/%25C3%25A9"},
      {"/a:b=c*d@e+f~", "/a%3Ab%3Dc%2Ad%40e%2Bf~", "/a%253Ab%253Dc%252Ad%2540e%252Bf~"},
      {"/%3A", "/%253A", "/%25253A"},
  };
  for (const auto& row : rows) {
    ApiRequest request;
    request.path = row.path;
    const Seen other = seen_by("execute-api", request, row.path), s3 = seen_by("s3", request, row.path);
    CHECK_TEXT(other.wire, row.wire, row.path);
    CHECK_TEXT(other.canonical, row.twice, row.path);
    CHECK_TEXT(s3.wire, row.wire, row.path);
    CHECK_TEXT(s3.canonical, row.wire, row.path);
  }
}

void targets_that_are_encoded_already_stay_so(void**) {
  const struct {
    const char* target;
    const char* twice;
  } rows[] = {
      {"/a%20b%3A%3a:=*@+~", "/a%2520b%253A%253a%3A%3D%2A%40%2B~"},
      {"/a//b/./c/../d/", "/a/b/d/"},
      {"/a/../b", "/b"},
      {"/..", "/"},
  };
  for (const auto& row : rows) {
    ApiRequest request;
    request.target = row.target;
    const Seen other = seen_by("execute-api", request, row.target), s3 = seen_by("s3", request, row.target);
    CHECK_TEXT(other.wire, row.target, row.target);
    CHECK_TEXT(other.canonical, row.twice, row.target);
    CHECK_TEXT(s3.wire, row.target, row.target);
    CHECK_TEXT(s3.canonical, row.target, row.target);
  }
}

void hosts_of_urls_are_signed_as_sent(void**) {
  const struct {
    const char* url;
    const char* host;
  } rows[] = {
      {"https://peer.example:443", "peer.example"},
      {"http://peer.example:80", "peer.example"},
      {"https://peer.example:80", "peer.example:80"},
      {"http://peer.example:443", "peer.example:443"},
      {"https://peer.example:8443", "peer.example:8443"},
      {"https://Peer.EXAMPLE", "peer.example"},
      {"https://peer.example.", "peer.example."},
      {"http://[::1]:9000", "[::1]:9000"},
      {"http://[::1]:80/", "[::1]"},
      {"https://me:pass@peer.example", "peer.example"},
      {"https://me:pass@peer.example:8443/", "peer.example:8443"},
  };
  for (const auto& row : rows) {
    ClientWorld world;
    world.options.endpoint_url = row.url;
    world.transport.peers = {peer_of({kOkAnswer})};
    expect_done(fetch(world, post("x")), row.url);
    const std::string& bytes = world.transport.last_request();
    CHECK_TEXT(check_signed(bytes, world.credentials, kScope, row.url).one("host"), row.host, row.url);
    CHECK(!contains(bytes, "me:pass") && !contains(bytes, "pass@"), "user information was sent");
  }
}

std::string bytes_of(const SentRequest& request) {
  std::string out = request.method + " " + request.target + " HTTP/1.1\r\n";
  for (const auto& field : request.fields) out += field.first + ": " + field.second + "\r\n";
  return out + "\r\n" + request.body;
}

/// Every field that is not signed is changed, dropped and doubled, and those are added that proxies add.
void a_proxy_may_rewrite_what_is_not_signed(void**) {
  const Header headers[] = {{"User-Agent", "device/1"}, {"TE", "trailers"},         {"Accept-Encoding", "gzip"},
                            {"Via", "1.1 first"},       {"X-Forwarded-For", "::1"}, {"X-Amz-Target", "T.List"},
                            {"Connection", "te"}};
  ClientWorld world;
  world.credentials.token = "token";
  world.transport.peers = {peer_of({kOkAnswer})};
  ApiRequest request = post("{}");
  request.headers = headers;
  expect_done(fetch(world, request), "sent");
  const SentRequest sent = check_signed(world.transport.last_request(), world.credentials, kScope, "as sent");
  size_t rewritten = 0;
  for (size_t i = 0; i < sent.fields.size(); ++i) {
    const std::string& name = sent.fields[i].first;
    if (is_signed(sent, name) || SentRequest::lower(name) == "authorization") continue;
    SentRequest changed = sent, dropped = sent, doubled = sent;
    changed.fields[i].second = "another value";
    dropped.fields.erase(dropped.fields.begin() + static_cast<std::ptrdiff_t>(i));
    doubled.fields.push_back(sent.fields[i]);
    for (const SentRequest& after : {changed, dropped, doubled}) {
      (void)check_signed(bytes_of(after), world.credentials, kScope, name);
    }
    ++rewritten;
  }
  CHECK(rewritten == 7, "User-Agent, TE, Accept-Encoding, Via, X-Forwarded-For, Connection, Content-Length");
  SentRequest more = sent;
  for (const char* name : {"Forwarded", "X-Amzn-Trace-Id", "X-Real-Ip"}) more.fields.emplace_back(name, "proxy");
  (void)check_signed(bytes_of(more), world.credentials, kScope, "fields that a proxy adds");
}

/// The date of the scope and that of X-Amz-Date are one, whenever midnight comes.
void the_day_turns_on_the_way(void**) {
  for (const int64_t connect_ms : {0, 900, 1500}) {
    ClientWorld world;
    world.options.timeouts.connect_ms = 5000;
    world.options.timeouts.first_byte_ms = 5000;
    world.time.wall = {1440979199};  // 2015-08-30T23:59:59Z
    Peer peer = peer_of({kBusyAnswer, kOkAnswer});
    peer.connect_ms = connect_ms;
    peer.answers[0].delay_ms = 1500;
    world.transport.peers = {peer};
    const std::string what = "connected after " + std::to_string(connect_ms) + " ms";
    expect_done(fetch(world, post("x")), what);
    CHECK(world.transport.total_requests() == 2, what + ": two attempts");
    std::string last_day;
    for (const std::string& bytes : world.transport.requests[0]) {
      const SentRequest sent = check_signed(bytes, world.credentials, kScope, what);
      last_day = sent.one("x-amz-date").substr(0, 8);
      CHECK(contains(sent.one("authorization"), "/" + last_day + "/eu-west-1/"), what + ": scope");
    }
    CHECK_TEXT(last_day, "20150831", what);
  }
}

/// Runs `request` and says how it ended; nothing is sent unless all of it is.
Status try_to_send(ClientWorld& world, const ApiRequest& request, const std::string& what) {
  world.transport.peers = {peer_of({kOkAnswer})};
  const Status status = fetch(world, request).status;
  if (status == Status::kOk) {
    (void)check_signed(world.transport.last_request(), world.credentials, kScope, what);
  } else {
    CHECK(world.transport.calls.empty(), what + ": the network was touched");
  }
  return status;
}

/// Nothing but the buffer limits how many parameters there are.
void parameters_until_the_buffer_is_full(void**) {
  const Parameter one{"name", "a value"};
  size_t fitting = 0;
  for (size_t count = 0; count < 100; ++count) {
    const std::vector<Parameter> query(count, one);
    ClientWorld world(1024);
    ApiRequest request = post("x");
    request.query = {query.data(), query.size()};
    const std::string what = std::to_string(count) + " parameters";
    const Status status = try_to_send(world, request, what);
    if (status == Status::kOk) CHECK(fitting++ == count, what + ": fit though one less did not");
    if (status != Status::kOk) CHECK_STATUS(status, Status::kRequestTooLarge, what);
  }
  CHECK(fitting > 10 && fitting < 100, std::to_string(fitting) + " parameters fit 1024 bytes");
}

/// Three are the signer's own: host, date and token.
void headers_and_the_longest_credentials(void**) {
  std::vector<std::string> names;
  for (size_t i = 0; i <= kMaxHeaders; ++i) names.push_back("X-Amz-Meta-" + std::to_string(i));
  for (size_t count = 0; count <= kMaxHeaders + 1; ++count) {
    std::vector<Header> headers;
    for (size_t i = 0; i < count; ++i) headers.push_back({names[i], "v"});
    ClientWorld world(16384);
    world.credentials.key_id = std::string(128, 'K');
    world.credentials.secret = std::string(80, 's');
    world.credentials.token = std::string(4096, 'T');
    ApiRequest request = post("x");
    request.headers = {headers.data(), headers.size()};
    const std::string what = std::to_string(count) + " headers";
    const Status expected = count + 3 <= kMaxHeaders ? Status::kOk : Status::kTooManyHeaders;
    CHECK_STATUS(try_to_send(world, request, what), expected, what);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(paths_are_encoded_once_and_signed_twice),
      cmocka_unit_test(targets_that_are_encoded_already_stay_so),
      cmocka_unit_test(hosts_of_urls_are_signed_as_sent),
      cmocka_unit_test(a_proxy_may_rewrite_what_is_not_signed),
      cmocka_unit_test(the_day_turns_on_the_way),
      cmocka_unit_test(parameters_until_the_buffer_is_full),
      cmocka_unit_test(headers_and_the_longest_credentials),
  };
  return cmocka_run_group_tests_name("signed on the wire", tests, nullptr, nullptr);
}
