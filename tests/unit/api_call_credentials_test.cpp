// A call to a service that has to fetch first: credentials, and the region.
#include "../fakes/credentials_source.h"
#include "../fakes/fetched_credentials.h"
#include "api_call_fixture.h"
#include "tinyaws/providers.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

struct World : ClientWorld {
  FetchedCredentials source;
  Client client{Port{platform, environment, transport, buffer.bytes()}, source, options};

  Fetched fetch(const ApiRequest& request) {
    char memory[256];
    Response response(memory);
    const Status status = client.fetch(request, response);
    return {status, response.status(), std::string(response.body())};
  }
};

void credentials_are_fetched_on_the_same_connection(void**) {
  World world;
  world.transport.peers = {Peer(answer("200 OK", "keys")), Peer(kOkAnswer)};
  const Fetched fetched = world.fetch(post("body"));
  expect_done(fetched, "after a fetch");
  CHECK_TEXT(world.source.body, "keys", "what the source was answered");
  CHECK(world.transport.opens() == 2, "two endpoints, one after the other");
  CHECK_TEXT(world.transport.hosts[0], "credentials.example", "the source's first");
  CHECK(contains(world.transport.requests[1][0], "Credential=AKIDEXAMPLE/"), "signed with what was fetched");
}

void a_repetition_asks_for_credentials_again(void**) {
  World world;
  world.transport.peers = {Peer(answer("200 OK", "keys")), Peer(kBusyAnswer), Peer(answer("200 OK", "more")),
                           Peer(kOkAnswer)};
  expect_done(world.fetch(post("body")), "second attempt");
  CHECK(world.source.fetches == 2, "a source that keeps nothing is asked for each attempt");
}

void a_failed_fetch_ends_the_call_with_its_error(void**) {
  World world;
  Peer refuses;
  refuses.fails_in = Transport::State::kConnecting;
  world.transport.peers = {refuses};
  const Fetched fetched = world.fetch(post("body"));
  CHECK_STATUS(fetched.status, Status::kConnectFailed, "the source's own error");
  CHECK_TEXT(world.client.failure(), "fetched", "and its name");
  CHECK(world.transport.total_requests() == 0, "nothing was sent to the service");
}

void nothing_found_is_no_credentials(void**) {
  ClientWorld world;
  world.credentials.status = Status::kNotFound;
  world.transport.peers = {Peer(kOkAnswer)};
  CHECK_STATUS(fetch(world, post("body")).status, Status::kNoCredentials, "kNotFound");
}

void somebody_else_is_fetching(void**) {
  ClientWorld world;
  ScriptedSource source;
  source.is_busy = true;
  world.transport.peers = {Peer(kOkAnswer)};
  Signer signer;
  char memory[64];
  Response response(memory);
  const ApiRequest request = post("body");
  ApiCall call(request, response, {signer, source, world.options, world.environment, world.platform});
  Connection connection(world.transport, world.buffer.bytes());
  CHECK_STATUS(connection.start(call), Status::kOk, "start");
  for (int i = 0; i < 50; ++i) {
    CHECK_STATUS(connection.step(world.platform.now(), world.platform.unix_time()), Status::kPending, "waiting");
    const int64_t wait = connection.next_deadline() - world.platform.now();
    CHECK(wait > 0 && wait <= 50, "asks again after " + std::to_string(wait) + " ms");
    world.time.pass(wait);
  }
  CHECK(world.transport.opens() == 0, "nothing was opened meanwhile");
  source.is_busy = false;
  for (int i = 0; i < 50 && call.status() == Status::kPending; ++i) {
    (void)connection.step(world.platform.now(), world.platform.unix_time());
    world.time.pass(20);
  }
  CHECK_STATUS(call.status(), Status::kOk, "at last");
}

void a_cancelled_call_cancels_its_fetch(void**) {
  ClientWorld world;
  FetchedCredentials source;
  world.transport.peers = {Peer()};
  Signer signer;
  Response response;
  const ApiRequest request = post("body");
  ApiCall call(request, response, {signer, source, world.options, world.environment, world.platform});
  Connection connection(world.transport, world.buffer.bytes());
  CHECK_STATUS(connection.start(call), Status::kOk, "start");
  for (int i = 0; i < 10; ++i) (void)connection.step(world.platform.now(), world.platform.unix_time());
  CHECK(source.fetches == 1 && source.cancels == 0, "the fetch is under way");
  connection.cancel();
  CHECK(source.cancels == 1, "the fetch is told");
}

void a_deadline_of_the_call_ends_its_fetch(void**) {
  ClientWorld world;
  world.options.timeouts.total_ms = 700;
  FetchedCredentials source;
  world.transport.peers = {Peer()};
  Client client(Port{world.platform, world.environment, world.transport, world.buffer.bytes()}, source,
                world.options);
  Response response;
  const Instant from = world.time.now;
  CHECK_STATUS(client.fetch(post("body"), response), Status::kDeadlineExceeded, "the call's own limit");
  CHECK(world.time.now == from + 700, "on time");
  CHECK(source.cancels == 1, "the fetch is told");
}

void unsigned_requests(void**) {
  ClientWorld world;
  AnonymousCredentials nobody;
  world.transport.peers = {Peer(kOkAnswer)};
  Client client(Port{world.platform, world.environment, world.transport, world.buffer.bytes()}, nobody,
                world.options);
  Response response;
  CHECK_STATUS(client.fetch(post("body"), response), Status::kOk, "anonymous");
  const std::string& request = world.transport.last_request();
  CHECK(!contains(request, "Authorization") && !contains(request, "X-Amz-Date"), "nothing of a signature");
}

void half_a_set_is_not_anonymous(void**) {
  ClientWorld world;
  world.credentials.key_id = "";
  world.transport.peers = {Peer(kOkAnswer)};
  CHECK_STATUS(fetch(world, post("body")).status, Status::kInvalidArgument, "a secret without a key id");
  CHECK(world.transport.total_requests() == 0, "nothing was sent");
}

// Asked from inside of a call on the same client.
void a_busy_client_begins_no_fetch(void**) {
  struct Asker final : BodySink {
    Client* client = nullptr;
    Status asked = Status::kOk;
    IoResult write(Bytes bytes) override {
      Credentials credentials;
      asked = client->find_credentials(credentials);
      return {Status::kOk, bytes.size()};
    }
    Status restart() override { return Status::kOk; }
  } sink;
  World world;
  sink.client = &world.client;
  world.transport.peers = {Peer(answer("200 OK", "keys")), Peer(kOkAnswer)};
  Response response(sink);
  CHECK_STATUS(world.client.fetch(post("body"), response), Status::kOk, "the call itself");
  CHECK_STATUS(sink.asked, Status::kBusy, "asked from inside");
  CHECK(world.source.fetches == 1, "no fetch is left with nobody to run it");
}

void the_region_is_fetched(void**) {
  ClientWorld world;
  world.options.region = {};
  FixedSettings settings;
  FetchedCredentials machine;
  settings.machine_region = "us-machine-1";
  settings.region_fetch = &machine;
  Call* unused = nullptr;
  Credentials none;
  CHECK_STATUS(machine.get({}, {}, none, unused), Status::kPending, "make the fake's call ready");
  world.credentials.configured = &settings;
  world.transport.peers = {Peer(answer("200 OK", "region")), Peer(kOkAnswer)};
  expect_done(fetch(world, post("body")), "with a fetched region");
  CHECK(contains(world.transport.last_request(), "/us-machine-1/dynamodb/aws4_request"), "signed for it");
}

void a_profiles_settings_count(void**) {
  ClientWorld world;
  world.options.region = world.options.endpoint_url = {};
  FixedSettings settings;
  settings.configured.region = "eu-profile-1";
  settings.configured.endpoint_url = "https://profile.example";
  world.credentials.configured = &settings;
  world.transport.peers = {Peer(kOkAnswer)};
  expect_done(fetch(world, post("body")), "profile");
  CHECK_TEXT(world.transport.hosts[0], "profile.example", "endpoint");
  CHECK_TEXT(settings.asked_service, "dynamodb", "asked for the service");
  FixedSettings given;
  given.configured.endpoint_url = "https://given.example";
  given.configured.region = "eu-given-1";
  world.options.settings = &given;
  Client client(Port{world.platform, world.environment, world.transport, world.buffer.bytes()}, world.credentials,
                world.options);
  Response response;
  CHECK_STATUS(client.fetch(post("body"), response), Status::kOk, "settings of the options");
  CHECK_TEXT(world.transport.hosts.back(), "given.example", "go before those of the credentials");
}

void a_bucket_goes_into_the_host(void**) {
  ClientWorld world;
  world.options.endpoint_url = {};
  world.transport.peers = {Peer(kOkAnswer)};
  ApiRequest request{"s3"};
  request.bucket = "my-bucket";
  request.path = "/a key";
  expect_done(fetch(world, request), "virtual host");
  CHECK_TEXT(world.transport.hosts[0], "my-bucket.s3.eu-west-1.amazonaws.com", "host");
  CHECK(contains(world.transport.last_request(), "GET /a%20key HTTP/1.1\r\n"), "path");
  ClientWorld other;
  other.options.endpoint_url = {};
  other.options.s3_path_style = true;
  other.transport.peers = {Peer(kOkAnswer)};
  expect_done(fetch(other, request), "path style");
  CHECK_TEXT(other.transport.hosts[0], "s3.eu-west-1.amazonaws.com", "host");
  CHECK(contains(other.transport.last_request(), "GET /my-bucket/a%20key HTTP/1.1\r\n"), "path");
}

void global_services_are_signed_for_their_region(void**) {
  ClientWorld world;
  world.options.endpoint_url = {};
  world.transport.peers = {Peer(kOkAnswer)};
  expect_done(fetch(world, ApiRequest{"iam"}), "iam");
  CHECK_TEXT(world.transport.hosts[0], "iam.amazonaws.com", "host");
  CHECK(contains(world.transport.last_request(), "/us-east-1/iam/aws4_request"), "scope");
}

void credentials_and_destination_without_sending(void**) {
  World world;
  world.transport.peers = {Peer(answer("200 OK", "keys"))};
  Credentials credentials;
  CHECK_STATUS(world.client.find_credentials(credentials), Status::kOk, "find_credentials");
  CHECK_TEXT(credentials.access_key_id, "AKIDEXAMPLE", "fetched");
  PreparedRequest prepared;
  CHECK_STATUS(world.client.prepare(ApiRequest{"dynamodb"}, prepared), Status::kOk, "prepare");
  CHECK_TEXT(prepared.request.endpoint.host, "peer.example", "endpoint");
  CHECK(world.transport.total_requests() == 1, "only the source was asked");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(credentials_are_fetched_on_the_same_connection),
      cmocka_unit_test(a_repetition_asks_for_credentials_again),
      cmocka_unit_test(a_failed_fetch_ends_the_call_with_its_error),
      cmocka_unit_test(nothing_found_is_no_credentials),
      cmocka_unit_test(somebody_else_is_fetching),
      cmocka_unit_test(a_cancelled_call_cancels_its_fetch),
      cmocka_unit_test(a_deadline_of_the_call_ends_its_fetch),
      cmocka_unit_test(unsigned_requests),
      cmocka_unit_test(half_a_set_is_not_anonymous),
      cmocka_unit_test(a_busy_client_begins_no_fetch),
      cmocka_unit_test(the_region_is_fetched),
      cmocka_unit_test(a_profiles_settings_count),
      cmocka_unit_test(a_bucket_goes_into_the_host),
      cmocka_unit_test(global_services_are_signed_for_their_region),
      cmocka_unit_test(credentials_and_destination_without_sending),
  };
  return cmocka_run_group_tests_name("api_call credentials", tests, nullptr, nullptr);
}
