// Where a request goes: in which order region and endpoint are looked for, and what is said of where they were found.
// Covers C31: which region counts.
#include "tinyaws/destination.h"

#include <string>

#include "../fakes/check.h"
#include "../fakes/surroundings.h"
#include "tinyaws/call.h"

using namespace tinyaws;
using namespace tinyaws::fakes;

namespace {

struct World {
  TableEnvironment environment;
  FixedSettings settings;
  DestinationQuery query;
  Destination destination;
  Call* fetch = nullptr;

  World() { query.service = "sqs"; }

  Status find() {
    fetch = nullptr;
    return destination.find(query, environment, &settings, {}, {}, fetch);
  }
  void expect_region(Str region, Origin origin, const std::string& what) {
    CHECK_STATUS(find(), Status::kOk, what);
    CHECK_TEXT(destination.region(), region, what);
    CHECK(destination.region_origin() == origin, what + ": from " + std::string(name(destination.region_origin())));
  }
  void expect_host(Str host, Origin origin, const std::string& what) {
    CHECK_STATUS(find(), Status::kOk, what);
    CHECK_TEXT(destination.resolved().endpoint.host, host, what);
    CHECK(destination.endpoint_origin() == origin,
          what + ": from " + std::string(name(destination.endpoint_origin())));
  }
};

void regions_in_their_order(void**) {
  World world;
  CHECK_STATUS(world.find(), Status::kNoRegion, "none");
  world.settings.machine_region = "us-machine-1";
  world.expect_region("us-machine-1", Origin::kInstance, "the instance's");
  const int searches = world.settings.region_searches;
  world.settings.configured.region = "eu-profile-1";
  world.expect_region("eu-profile-1", Origin::kProfile, "the profile's");
  CHECK(world.settings.region_searches == searches, "the instance was asked though the profile has a region");
  world.environment.table["AWS_DEFAULT_REGION"] = "eu-default-1";
  world.expect_region("eu-default-1", Origin::kDefaultVariable, "AWS_DEFAULT_REGION");
  world.environment.table["AWS_REGION"] = " \t";
  world.expect_region("eu-default-1", Origin::kDefaultVariable, "a blank AWS_REGION counts as none");
  world.environment.table["AWS_REGION"] = "eu-variable-1";
  world.expect_region("eu-variable-1", Origin::kVariable, "AWS_REGION");
  world.query.region = "eu-given-1";
  world.expect_region("eu-given-1", Origin::kCaller, "the caller's");
}

void a_region_that_has_to_be_fetched(void**) {
  World world;
  struct Nothing final : Call {
    Next next(Instant, UnixTime, RequestHead&) override { return {}; }
    IoResult on_body(const ResponseHead&, Bytes) override { return {}; }
    void on_response(const ResponseHead&, Instant) override {}
    void on_failure(const Failure&, Instant) override {}
    Instant deadline() const override { return kNever; }
  } call;
  world.settings.machine_region = "us-machine-1";
  world.settings.region_fetch = &call;
  CHECK_STATUS(world.find(), Status::kPending, "to be fetched");
  CHECK(world.fetch == &call, "the fetch is handed up");
  world.settings.region_busy = true;
  CHECK_STATUS(world.find(), Status::kPending, "somebody else is fetching");
  CHECK(world.fetch == nullptr, "there is nothing to run");
  world.settings.region_busy = false;
  world.expect_region("us-machine-1", Origin::kInstance, "fetched");
}

void endpoints_in_their_order(void**) {
  World world;
  world.query.region = "eu-west-1";
  world.expect_host("sqs.eu-west-1.amazonaws.com", Origin::kRules, "the rules");
  world.settings.configured.endpoint_url = "http://profile:1";
  world.expect_host("profile", Origin::kProfile, "the profile's");
  world.environment.table["AWS_ENDPOINT_URL"] = "http://all:2";
  world.expect_host("all", Origin::kVariable, "AWS_ENDPOINT_URL");
  world.environment.table["AWS_ENDPOINT_URL_SQS"] = "http://own:3";
  world.expect_host("own", Origin::kServiceVariable, "AWS_ENDPOINT_URL_SQS");
  world.query.endpoint_url = "http://given:4";
  world.expect_host("given", Origin::kCaller, "the caller's");
}

void configured_urls_can_be_ignored(void**) {
  for (const bool by_variable : {true, false}) {
    World world;
    world.query.region = "eu-west-1";
    world.settings.configured.endpoint_url = "http://profile:1";
    world.environment.table["AWS_ENDPOINT_URL"] = "http://all:2";
    world.environment.table["AWS_ENDPOINT_URL_SQS"] = "http://own:3";
    if (by_variable) world.environment.table["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "TRUE";
    world.settings.configured.ignore_configured_endpoint_urls = !by_variable;
    world.expect_host("sqs.eu-west-1.amazonaws.com", Origin::kRules, by_variable ? "variable" : "profile");
    world.query.endpoint_url = "http://given:4";
    world.expect_host("given", Origin::kCaller, "what the caller gives always counts");
  }
}

void the_service_variable_has_the_name_of_the_service_id(void**) {
  World world;
  world.query.region = "eu-west-1";
  world.query.service = "logs";
  world.environment.table["AWS_ENDPOINT_URL_LOGS"] = "http://wrong:1";
  world.environment.table["AWS_ENDPOINT_URL_CLOUDWATCH_LOGS"] = "http://right:1";
  world.expect_host("right", Origin::kServiceVariable, "CloudWatch Logs");
}

void the_profiles_url_outlives_its_settings(void**) {
  World world;
  world.query.region = "eu-west-1";
  std::string url = "https://profile.example:8443/base";
  world.settings.configured.endpoint_url = url;
  CHECK_STATUS(world.find(), Status::kOk, url);
  url.assign(url.size(), 'x');
  CHECK_TEXT(world.destination.resolved().endpoint.host, "profile.example", "host");
  CHECK_TEXT(world.destination.resolved().base_path, "/base", "base path");
}

void fips_and_dual_stack_from_everywhere(void**) {
  const Str fips = "sqs-fips.eu-west-1.amazonaws.com";
  const Str dual_stack = "sqs.eu-west-1.api.aws";
  for (int place = 0; place < 3; ++place) {
    World one;
    World two;
    one.query.region = two.query.region = "eu-west-1";
    one.query.use_fips_endpoint = two.query.use_dualstack_endpoint = place == 0;
    if (place == 1) one.environment.table["AWS_USE_FIPS_ENDPOINT"] = "True";
    if (place == 1) two.environment.table["AWS_USE_DUALSTACK_ENDPOINT"] = "true";
    one.settings.configured.use_fips_endpoint = two.settings.configured.use_dualstack_endpoint = place == 2;
    one.expect_host(fips, Origin::kRules, "FIPS, place " + std::to_string(place));
    two.expect_host(dual_stack, Origin::kRules, "dual stack, place " + std::to_string(place));
  }
}

void a_variable_goes_before_the_profile_whatever_it_says(void**) {
  World world;
  world.query.region = "eu-west-1";
  world.settings.configured.use_fips_endpoint = world.settings.configured.use_dualstack_endpoint = true;
  world.environment.table["AWS_USE_FIPS_ENDPOINT"] = "false";
  world.environment.table["AWS_USE_DUALSTACK_ENDPOINT"] = "False";
  world.expect_host("sqs.eu-west-1.amazonaws.com", Origin::kRules, "neither");
  world.settings.configured.ignore_configured_endpoint_urls = true;
  world.environment.table["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "false";
  world.environment.table["AWS_ENDPOINT_URL"] = "http://all:2";
  world.expect_host("all", Origin::kVariable, "not ignored");
}

void errors_of_the_settings_are_handed_up(void**) {
  World world;
  world.query.region = "eu-west-1";
  world.settings.status = Status::kMalformedFile;
  CHECK_STATUS(world.find(), Status::kMalformedFile, "settings that can't be read");
}

void no_settings_at_all(void**) {
  World world;
  CHECK_STATUS(world.destination.find(world.query, world.environment, nullptr, {}, {}, world.fetch),
               Status::kNoRegion, "no region");
  world.query.region = "eu-west-1";
  CHECK_STATUS(world.destination.find(world.query, world.environment, nullptr, {}, {}, world.fetch), Status::kOk,
               "region given");
}

void what_is_too_long(void**) {
  World world;
  const std::string region(kMaxRegionBytes + 1, 'r');
  world.query.region = region;
  CHECK_STATUS(world.find(), Status::kInvalidArgument, "region");
  world.query.region = "eu-west-1";
  const std::string url = "http://h/" + std::string(kMaxEndpointUrlBytes, 'p');
  world.settings.configured.endpoint_url = url;
  CHECK_STATUS(world.find(), Status::kInvalidArgument, "the profile's URL");
}

/// "//host/path" is neither a URL nor a path here.
void a_location_without_a_scheme(void**) {
  World world;
  world.query.region = "eu-west-1";
  CHECK_STATUS(world.find(), Status::kOk, "found");
  Str target = "/old";
  CHECK_STATUS(world.destination.move_to("//other.example/x", target), Status::kInvalidArgument, "//");
  CHECK_TEXT(target, "/old", "nothing has changed");
  CHECK_TEXT(world.destination.resolved().endpoint.host, "sqs.eu-west-1.amazonaws.com", "nothing has changed");
  CHECK_STATUS(world.destination.move_to("/x//y", target), Status::kOk, "a path");
  CHECK_TEXT(target, "/x//y", "a path");
}

void to_another_region(void**) {
  World world;
  world.query.region = "eu-west-1";
  CHECK_STATUS(world.find(), Status::kOk, "found");
  CHECK_STATUS(world.destination.move_to_region("us-west-2"), Status::kOk, "moved");
  CHECK_TEXT(world.destination.resolved().endpoint.host, "sqs.us-west-2.amazonaws.com", "host");
  CHECK_TEXT(world.destination.resolved().signing_region, "us-west-2", "signed for");
  CHECK(world.destination.region_origin() == Origin::kRedirect, "from");
  for (const std::string& region : {std::string("evil.example/"), std::string(kMaxRegionBytes + 1, 'r')}) {
    CHECK_STATUS(world.destination.move_to_region(region), Status::kInvalidArgument, region);
    CHECK_TEXT(world.destination.region(), "us-west-2", "stays");
  }
  world.expect_region("eu-west-1", Origin::kCaller, "asked anew");
}

/// The rules know no such endpoint there.
void to_a_region_without_an_endpoint(void**) {
  World world;
  world.query = {"s3", "us-east-1", {}, "my-bucket", true};
  CHECK_STATUS(world.find(), Status::kOk, "found");
  const std::string host(world.destination.resolved().endpoint.host);
  CHECK_STATUS(world.destination.move_to_region("cn-north-1"), Status::kUnsupported, "China has none");
  CHECK_TEXT(world.destination.region(), "us-east-1", "stays");
  CHECK_TEXT(world.destination.resolved().endpoint.host, host, "stays");
  CHECK_TEXT(world.destination.resolved().signing_region, "us-east-1", "stays");
}

/// The profile's URL is kept for that, until the room is needed for where a redirection points.
void to_another_region_of_a_server_of_ones_own(void**) {
  World world;
  world.query = {"s3", "us-east-1", {}, "my-bucket"};
  world.settings.configured.endpoint_url = "https://own.example:8443";
  CHECK_STATUS(world.find(), Status::kOk, "found");
  world.settings.configured.endpoint_url = "https://changed.example";
  CHECK_STATUS(world.destination.move_to_region("us-west-2"), Status::kOk, "moved");
  CHECK_TEXT(world.destination.resolved().endpoint.host, "my-bucket.own.example", "the same server");
  CHECK(world.destination.endpoint_origin() == Origin::kProfile, "from");
  Str target;
  CHECK_STATUS(world.destination.move_to("https://other.example/x", target), Status::kOk, "Location");
  CHECK_STATUS(world.destination.move_to_region("us-east-1"), Status::kInvalidArgument, "its URL is gone");
  CHECK_TEXT(world.destination.resolved().endpoint.host, "other.example", "stays");
  CHECK_TEXT(world.destination.region(), "us-west-2", "stays");
  CHECK(world.destination.endpoint_origin() == Origin::kRedirect, "stays");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(regions_in_their_order),
      cmocka_unit_test(a_region_that_has_to_be_fetched),
      cmocka_unit_test(endpoints_in_their_order),
      cmocka_unit_test(configured_urls_can_be_ignored),
      cmocka_unit_test(the_service_variable_has_the_name_of_the_service_id),
      cmocka_unit_test(the_profiles_url_outlives_its_settings),
      cmocka_unit_test(fips_and_dual_stack_from_everywhere),
      cmocka_unit_test(a_variable_goes_before_the_profile_whatever_it_says),
      cmocka_unit_test(errors_of_the_settings_are_handed_up),
      cmocka_unit_test(no_settings_at_all),
      cmocka_unit_test(what_is_too_long),
      cmocka_unit_test(a_location_without_a_scheme),
      cmocka_unit_test(to_another_region),
      cmocka_unit_test(to_a_region_without_an_endpoint),
      cmocka_unit_test(to_another_region_of_a_server_of_ones_own),
  };
  return cmocka_run_group_tests_name("destination", tests, nullptr, nullptr);
}
