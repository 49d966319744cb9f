// The region of the instance.
#include "instance_metadata_fixture.h"

using namespace test;

namespace {

struct RegionCase {
  std::vector<std::string> replies;
  std::string region;
  std::vector<std::string> requests;
};

void regions(void**) {
  const std::string none = reply("404 Not Found", "");
  const std::string longest(kMaxRegionBytes, 'a');
  const RegionCase cases[] = {
      {{reply("200 OK", "eu-west-3\n")}, "eu-west-3", {kGetRegion}},
      {{none, reply("200 OK", "us-mars-1a\n")}, "us-mars-1", {kGetRegion, kGetZone}},
      {{none, none, reply("200 OK", R"({"a":{"region":"x"},"region":"us-west-2"})")},
       "us-west-2",
       {kGetRegion, kGetZone, kGetDocument}},
      {{none, none, none}, "", {kGetRegion, kGetZone, kGetDocument}},
      {{none, none, reply("200 OK", "{}")}, "", {kGetRegion, kGetZone, kGetDocument}},
      {{none, none, reply("200 OK", "<html>")}, "", {kGetRegion, kGetZone, kGetDocument}},
      {{reply("200 OK", "<html>")}, "", {kGetRegion}},
      {{reply("200 OK", "")}, "", {kGetRegion}},
      {{none, reply("200 OK", "")}, "", {kGetRegion, kGetZone}},
      {{none, reply("200 OK", "a")}, "", {kGetRegion, kGetZone}},
      {{reply("403 Forbidden", "")}, "", {kGetRegion}},
      {{reply("200 OK", longest)}, longest, {kGetRegion}},
      {{reply("200 OK", longest + "a")}, "", {kGetRegion}},
  };
  for (const RegionCase& c : cases) {
    std::vector<std::string> replies = {token_reply()};
    replies.insert(replies.end(), c.replies.begin(), c.replies.end());
    std::vector<std::string> requests = {kPutToken};
    requests.insert(requests.end(), c.requests.begin(), c.requests.end());
    const std::string what = c.replies.back();
    MetadataWorld world(replies);
    CHECK_STATUS(world.find_region(), c.region.empty() ? Status::kNotFound : Status::kOk, what);
    CHECK_STATUS(world.find_region(), c.region.empty() ? Status::kNotFound : Status::kOk, what + " (again)");
    CHECK_TEXT(world.region, c.region, what);
    check_requests(world, requests, what);
  }
}

// And the token that one has brought serves the other.
void region_and_credentials_take_turns(void**) {
  MetadataWorld world({token_reply(), reply("200 OK", "eu-west-3"), reply("200 OK", "my-role"), credentials_reply()});
  CHECK_STATUS(world.find_region(), Status::kOk, "region");
  check_found(world, "AKID", "credentials");
  check_requests(world, {kPutToken, kGetRegion, kGetRole, kGetCredentials}, "one token");
  CHECK_STATUS(world.find_region(), Status::kOk, "region again");
  CHECK_TEXT(world.region, "eu-west-3", "region again");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(regions),
      cmocka_unit_test(region_and_credentials_take_turns),
  };
  return cmocka_run_group_tests_name("instance_metadata_region", tests, nullptr, nullptr);
}
