// The region of the instance.
#include "fakes/check_words.h"
#include "instance_metadata_fixture.h"
#include "tinyaws/default_credentials.h"

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

struct Explained {
  std::vector<std::string> replies;
  std::string words;
};

// Whatever a later search for credentials finds, and while the finding is remembered.
void says_why_there_is_no_region(void**) {
  const std::string none = reply("404 Not Found", "");
  const std::string forbidden = " answered 403 when asked for the region";
  const Explained cases[] = {
      {{token_reply(), none, none, none}, " answers, but tells no region"},
      {{token_reply(), none, none, reply("200 OK", "{}")}, " answers, but tells no region"},
      {{token_reply(), reply("403 No", "")}, forbidden},
      {{token_reply(), none, reply("501 No", "")}, " answered 501 when asked for the availability zone"},
      {{token_reply(), reply("200 OK", "<html>")}, " gave a malformed answer: no name of a region"},
      {{token_reply("a b")}, " gave a malformed answer: no token"},
      {{token_reply(), reply("200 OK", std::string(100, 'a'))},
       " gave an answer that is larger than its room: region"},
      {{reply("404 Not Found", "")},
       " answered 404 when asked for the session token, and IMDSv1, which needs none, is not allowed"},
  };
  for (const Explained& c : cases) {
    const std::string expected = "instance metadata: http://169.254.169.254" + c.words;
    MetadataWorld world(c.replies);
    CHECK_STATUS(world.find_region(), Status::kNotFound, c.words);
    CHECK_WORDS_TEXT(world.region_explanation(), expected, "");
    world.transport.peers.push_back(peer_of({reply("400 No", "")}));
    CHECK_STATUS(world.get(), Status::kCredentialsRefused, c.words);
    CHECK_WORDS_TEXT(world.region_explanation(), expected, "after the credentials");
    CHECK_STATUS(world.find_region(), Status::kNotFound, c.words);
    CHECK_WORDS_TEXT(world.region_explanation(), expected, "remembered");
    CHECK_WORDS(contains(world.explanation(), " answered 400 when asked for "), world.explanation());
  }
}

void says_what_the_configuration_forbids(void**) {
  MetadataWorld world({token_reply(), reply("403 No", "")});
  world.environment.table["AWS_EC2_METADATA_DISABLED"] = "true";
  CHECK_STATUS(world.find_region(), Status::kNotFound, "disabled");
  CHECK_WORDS_TEXT(world.region_explanation(), "instance metadata: switched off by AWS_EC2_METADATA_DISABLED", "");
  world.environment.table.clear();
  world.environment.table["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "none";
  CHECK_STATUS(world.find_region(), Status::kNotFound, "no URL");
  const std::string no_url = "instance metadata: AWS_EC2_METADATA_SERVICE_ENDPOINT is no URL";
  CHECK_WORDS_TEXT(world.region_explanation(), no_url, "");
  world.environment.table.clear();
  Call* fetch = nullptr;
  CHECK_STATUS(world.ask(fetch), Status::kPending, "credentials");
  CHECK_WORDS_TEXT(world.region_explanation(), no_url, "still");
  fetch->on_cancel();
}

void says_that_nobody_answers(void**) {
  MetadataWorld world;
  world.environment.table["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "http://127.0.0.1:1";
  world.transport.peers = {refusing_peer()};
  CHECK_WORDS_TEXT(world.region_explanation(), "instance metadata: http://127.0.0.1:1 has not been asked", "");
  CHECK_STATUS(world.find_region(), Status::kNotFound, "refused");
  const std::string refused = world.region_explanation();
  CHECK_WORDS(contains(refused, "instance metadata: http://127.0.0.1:1 did not answer ("), refused);
  MetadataWorld absent;
  absent.transport.peers = {unreachable_peer()};
  CHECK_STATUS(absent.get(), Status::kNotFound, "credentials");
  CHECK_STATUS(absent.find_region(), Status::kNotFound, "absent for both");
  CHECK_WORDS_TEXT(absent.region_explanation(), absent.explanation(), "absent for both");
}

void says_what_was_found(void**) {
  MetadataWorld world({token_reply(), reply("200 OK", "eu-west-3")});
  Call* fetch = nullptr;
  CHECK_STATUS(world.ask_region(fetch), Status::kPending, "region");
  CHECK_WORDS_TEXT(world.region_explanation(), "instance metadata: http://169.254.169.254 is being asked", "");
  world.run(*fetch);
  CHECK_STATUS(world.find_region(), Status::kOk, "region");
  const std::string full = world.region_explanation();
  CHECK_WORDS_TEXT(full, "instance metadata: http://169.254.169.254 gave the region eu-west-3", "");
  for (size_t room = 0; room < full.size(); ++room) {
    GuardedBuffer text(room + 1);
    const IoResult result = world.provider().explain_region(text.last(room));
    CHECK_STATUS(result.status, Status::kBufferTooSmall, std::to_string(room));
    CHECK(result.size == full.size(), std::to_string(room));
  }
}

void the_default_chain_passes_it_on(void**) {
  MetadataWorld world;
  world.environment.table["AWS_EC2_METADATA_DISABLED"] = "true";
  DefaultCredentials credentials({world.platform, world.environment});
  Call* fetch = nullptr;
  CHECK_STATUS(credentials.settings()->find_region(world.time.now, world.time.wall, world.region, fetch),
               Status::kNotFound, "disabled");
  char text[128];
  const IoResult result = credentials.settings()->explain_region(MutBytes(text));
  CHECK_STATUS(result.status, Status::kOk, "explain_region");
  CHECK_WORDS_TEXT(Str(text, result.size), "instance metadata: switched off by AWS_EC2_METADATA_DISABLED", "");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(regions),
      cmocka_unit_test(region_and_credentials_take_turns),
      cmocka_unit_test(says_why_there_is_no_region),
      cmocka_unit_test(says_what_the_configuration_forbids),
      cmocka_unit_test(says_that_nobody_answers),
      cmocka_unit_test(says_what_was_found),
      cmocka_unit_test(the_default_chain_passes_it_on),
  };
  return cmocka_run_group_tests_name("instance_metadata_region", tests, nullptr, nullptr);
}
