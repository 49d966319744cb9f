// Where the service is looked for, and whether.
// Covers C25: IPv6, endpoints of one's own, switching it off.
#include "fakes/check_words.h"
#include "instance_metadata_fixture.h"

using namespace test;

namespace {

const char* const kEndpoint = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
const char* const kMode = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";
const char* const kDisabled = "AWS_EC2_METADATA_DISABLED";

void ipv6(void**) {
  MetadataWorld world;
  world.options.address = MetadataAddress::kIpv6;
  check_found(world, "AKID", "IPv6");
  CHECK_TEXT(world.transport.hosts[0], "fd00:ec2::254", "host");
  CHECK(contains(world.transport.last_request(), "\r\nHost: [fd00:ec2::254]\r\n"), world.transport.last_request());
  CHECK_WORDS(contains(world.explanation(), "http://[fd00:ec2::254] gave"), world.explanation());
}

void a_path_stands_before_all_paths(void**) {
  for (const char* url : {"http://mock:1338/a/b", "http://mock:1338/a/b/", " http://mock:1338/a/b "}) {
    MetadataWorld world;
    world.environment.table[kEndpoint] = url;
    check_found(world, "AKID", url);
    CHECK_TEXT(world.transport.requests[0][0].substr(0, 28), "PUT /a/b/latest/api/token HT", url);
    CHECK(contains(world.transport.last_request(), "\r\nHost: mock:1338\r\n"), url);
    CHECK_WORDS(contains(world.explanation(), "http://mock:1338/a/b"), world.explanation());
  }
}

struct Order {
  std::string code, variable, profile;
  std::string host;
};

void code_before_variable_before_profile(void**) {
  const Order orders[] = {{"http://c", "http://v", "http://p", "c"},
                          {"", "http://v", "http://p", "v"},
                          {"", "", "http://p", "p"},
                          {" ", "\t", "http://p", "p"},
                          {"", "", "", "169.254.169.254"},
                          {" ", " ", " ", "169.254.169.254"}};
  for (const Order& order : orders) {
    MetadataWorld world;
    world.options.endpoint_url = order.code;
    world.environment.table[kEndpoint] = order.variable;
    world.options.profile.endpoint = order.profile;
    check_found(world, "AKID", order.host);
    CHECK_TEXT(world.transport.hosts[0], order.host, order.code + order.variable + order.profile);
  }
}

void check_refused(MetadataWorld& world, const std::string& explanation) {
  check_outcome(world, Status::kInvalidArgument, MetadataOutcome::kBadConfiguration, explanation);
  CHECK_WORDS_TEXT(world.explanation(), "instance metadata: " + explanation, explanation);
  CHECK_STATUS(world.find_region(), Status::kNotFound, explanation);
  CHECK(world.transport.opens() == 0, explanation);
}

void values_that_are_none(void**) {
  for (const char* url : {"not a uri", "host", "ftp://host", "http://", "http://h?a=b", "http://h/#f", "http://h/a b",
                          "http://h:99999", "http://h/%"}) {
    MetadataWorld variable, code, profile;
    variable.environment.table[kEndpoint] = url;
    check_refused(variable, "AWS_EC2_METADATA_SERVICE_ENDPOINT is no URL");
    code.options.endpoint_url = url;
    check_refused(code, "the endpoint given is no URL");
    profile.options.profile.endpoint = url;
    check_refused(profile, "ec2_metadata_service_endpoint in the profile is no URL");
  }
  MetadataWorld variable, profile;
  variable.environment.table[kMode] = "IPv7";
  check_refused(variable, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE is neither IPv4 nor IPv6");
  profile.options.profile.endpoint_mode = "both";
  check_refused(profile, "ec2_metadata_service_endpoint_mode in the profile is neither IPv4 nor IPv6");
}

void a_profile_that_comes_later(void**) {
  MetadataWorld world;
  world.provider().set_profile({"http://later", {}, {}});
  check_found(world, "AKID", "later");
  CHECK_TEXT(world.transport.hosts[0], "later", "host");
  MetadataWorld absent;
  absent.transport.peers = {unreachable_peer(), peer_of(good_replies())};
  CHECK_STATUS(absent.get(), Status::kNotFound, "not here");
  CHECK_STATUS(absent.find_region(), Status::kNotFound, "not here, remembered");
  absent.provider().set_profile({"http://later", {}, {}});
  check_found(absent, "AKID", "but there");
}

void disabled_by_true_alone(void**) {
  for (const char* off : {"true", "TRUE", "True"}) {
    MetadataWorld world;
    world.environment.table[kDisabled] = off;
    check_outcome(world, Status::kNotFound, MetadataOutcome::kDisabled, off);
    CHECK_STATUS(world.find_region(), Status::kNotFound, off);
    CHECK(world.transport.opens() == 0, off);
    CHECK_WORDS_TEXT(world.explanation(), "instance metadata: switched off by AWS_EC2_METADATA_DISABLED", off);
    world.environment.table.clear();
    check_found(world, "AKID", "switched on again");
  }
  for (const char* on : {"", "false", "1", "yes", "truely"}) {
    MetadataWorld world;
    world.environment.table[kDisabled] = on;
    check_found(world, "AKID", on);
  }
}

// The URL becomes none after the first request.
void a_configuration_that_breaks_on_the_way(void**) {
  MetadataWorld world({token_reply()});
  world.environment.table[kEndpoint] = "http://mock";
  Call* fetch = nullptr;
  CHECK_STATUS(world.ask(fetch), Status::kPending, "ask");
  world.environment.table[kEndpoint] = "mock";
  world.run(*fetch);
  check_outcome(world, Status::kInvalidArgument, MetadataOutcome::kBadConfiguration, "broken");
  world.environment.table[kEndpoint] = "http://mock";
  world.transport.peers = {peer_of(good_replies())};
  check_found(world, "AKID", "mended");
}

void explains_into_any_room(void**) {
  MetadataWorld world;
  check_found(world, "AKID", "good");
  const std::string full = world.explanation();
  for (size_t room = 0; room < full.size(); ++room) {
    GuardedBuffer text(room + 1);
    const IoResult result = world.provider().explain(text.last(room));
    CHECK_STATUS(result.status, Status::kBufferTooSmall, std::to_string(room));
    CHECK(result.size == full.size(), std::to_string(room));
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(ipv6),
      cmocka_unit_test(a_path_stands_before_all_paths),
      cmocka_unit_test(code_before_variable_before_profile),
      cmocka_unit_test(values_that_are_none),
      cmocka_unit_test(a_profile_that_comes_later),
      cmocka_unit_test(disabled_by_true_alone),
      cmocka_unit_test(a_configuration_that_breaks_on_the_way),
      cmocka_unit_test(explains_into_any_room),
  };
  return cmocka_run_group_tests_name("instance_metadata_endpoint", tests, nullptr, nullptr);
}
