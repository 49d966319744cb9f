// Covers C25: names of roles, tokens that are refused.
#include "fakes/check_words.h"
#include "instance_metadata_fixture.h"

using namespace test;

namespace {

void asks_for_token_role_and_credentials(void**) {
  MetadataWorld world;
  check_found(world, "AKID", "good");
  check_requests(world, {kPutToken, kGetRole, kGetCredentials}, "good");
  CHECK(world.credentials.expiration.seconds == 1440957600, "expiration");
  CHECK(world.credentials.issued.seconds == 1440936000, "issued");
  CHECK(world.credentials.outlives_expiration, "static stability");
  const auto& requests = world.transport.requests[0];
  CHECK(contains(requests[0], "\r\nHost: 169.254.169.254\r\n"), requests[0]);
  CHECK(contains(requests[0], "\r\nx-aws-ec2-metadata-token-ttl-seconds: 21600\r\n"), requests[0]);
  CHECK(contains(requests[1], "\r\nx-aws-ec2-metadata-token: tok==\r\n"), requests[1]);
  CHECK(contains(requests[2], "\r\nx-aws-ec2-metadata-token: tok==\r\n"), requests[2]);
  CHECK(!world.transport.endpoints[0].tls && world.transport.endpoints[0].port == 80, "plain HTTP");
  CHECK_WORDS_TEXT(world.explanation(),
                   "instance metadata: http://169.254.169.254 gave credentials of the role my-role", "");
}

// A token of `life` seconds, and whether it is used again after `later` seconds.
void check_token_life(const std::string& life, int64_t later, bool used_again) {
  const std::string what = "life " + life + ", " + std::to_string(later) + " s later";
  MetadataWorld world({token_reply("first", life), reply("200 OK", "my-role"), credentials_reply()});
  check_found(world, "AKID", what);
  world.time.pass(later * 1000);
  const std::vector<std::string> with_new = {token_reply("second"), reply("200 OK", "my-role"),
                                             credentials_reply("NEW")};
  world.transport.peers.push_back(
      peer_of(used_again ? std::vector<std::string>{with_new.begin() + 1, with_new.end()} : with_new));
  check_found(world, "NEW", what);
  const std::string sent = used_again ? "x-aws-ec2-metadata-token: first" : "x-aws-ec2-metadata-token: second";
  CHECK(contains(world.transport.last_request(), sent), what + ": " + world.transport.last_request());
}

void the_token_is_kept_and_renewed_early(void**) {
  check_token_life("21600", 21479, true);
  check_token_life("21600", 21480, false);
  check_token_life("600", 479, true);
  check_token_life("600", 480, false);
  check_token_life("60", 29, true);
  check_token_life("60", 30, false);
  check_token_life("0", 5, false);
  for (const char* strange : {"", "abc", "-1", "99999999999999999999", "21601"}) {
    check_token_life(strange, 21479, true);
    check_token_life(strange, 21480, false);
  }
}

void a_stepped_wall_clock_does_not_age_the_token(void**) {
  MetadataWorld world;
  check_found(world, "AKID", "first");
  world.time.wall.seconds += 10 * 365 * 86400;
  world.transport.peers = {peer_of({}), peer_of({reply("200 OK", "my-role"), credentials_reply("NEW")})};
  world.time.pass(5000);
  check_found(world, "NEW", "second");
}

void a_refused_token_is_replaced_once(void**) {
  const std::string refused = reply("401 Unauthorized", "<html>");
  MetadataWorld world(
      {token_reply("old"), refused, token_reply("new"), reply("200 OK", "my-role"), credentials_reply()});
  check_found(world, "AKID", "refused once");
  CHECK(contains(world.transport.last_request(), "x-aws-ec2-metadata-token: new\r\n"),
        world.transport.last_request());
  MetadataWorld twice({token_reply("old"), refused, token_reply("new"), refused});
  check_outcome(twice, Status::kCredentialsRefused, MetadataOutcome::kForbidden, "refused twice");
  check_requests(twice, {kPutToken, kGetRole, kPutToken, kGetRole}, "refused twice");
  twice.time.pass(5000);
  twice.transport.peers.push_back(peer_of(good_replies()));
  check_found(twice, "AKID", "later");
  check_requests(twice, {kPutToken, kGetRole, kPutToken, kGetRole, kPutToken, kGetRole, kGetCredentials}, "later");
}

struct RoleCase {
  std::string answer;
  std::string target;  // empty: refused
};

void role_names(void**) {
  const std::string long_name(kMaxMetadataRoleBytes, 'r');
  const RoleCase cases[] = {
      {"my-role", "my-role"},
      {" \r\n\t my-role \r\n", "my-role"},
      {"first\nsecond", "first"},
      {"first\r\nsecond\r\n", "first"},
      {"a+b=c,d.e@f_g", "a%2Bb%3Dc%2Cd.e%40f_g"},
      {"50%", "50%25"},
      {"path/role", "path/role"},
      {"r?a=b#c", "r%3Fa%3Db%23c"},
      {long_name, long_name},
      {"<html>", ""},
      {"two words", ""},
      {"a\tb", ""},
      {std::string("a\0b", 3), ""},
      {"..", ""},
      {".", ""},
      {"../../x", ""},
      {"a/../b", ""},
      {"a/./b", ""},
      {"a/..", ""},
      {"...", "..."},
      {".a/b../c.d", ".a/b../c.d"},
      {"caf\xc3\xa9", ""},
      {"del\x7f", ""},
  };
  for (const RoleCase& c : cases) {
    MetadataWorld world({token_reply(), reply("200 OK", c.answer), credentials_reply()});
    if (c.target.empty()) {
      check_outcome(world, Status::kMalformedCredentials, MetadataOutcome::kBadResponse, c.answer);
      CHECK(world.requests().size() == 2, c.answer);
    } else {
      check_found(world, "AKID", c.answer);
      CHECK_TEXT(world.requests().back(), kGetRole + c.target, c.answer);
    }
  }
  MetadataWorld world({token_reply(), reply("200 OK", long_name + "r")});
  check_outcome(world, Status::kValueTooLong, MetadataOutcome::kTooLarge, "a role's name of one byte too many");
}

void tokens(void**) {
  const std::string longest(kMaxMetadataTokenBytes, 't');
  for (const std::string& token : {std::string("t"), std::string("\n\t t \r\n"), longest}) {
    MetadataWorld world({token_reply(token), reply("200 OK", "my-role"), credentials_reply()});
    check_found(world, "AKID", token);
    const std::string sent = token == longest ? longest : "t";
    CHECK(contains(world.transport.last_request(), "\r\nx-aws-ec2-metadata-token: " + sent + "\r\n"), token);
  }
  for (const char* bad : {"", "  \r\n", "a b", "<html>", "a\x01", "TOK\r\nX: y", "TOK\nTOK", "a\tb", "\x7ftok"}) {
    MetadataWorld world({token_reply(bad)});
    check_outcome(world, Status::kMalformedCredentials, MetadataOutcome::kBadResponse, bad);
    CHECK(world.requests().size() == 1, bad);
  }
  for (size_t size : {kMaxMetadataTokenBytes + 1, size_t{4096}, size_t{100000}}) {
    MetadataWorld world({token_reply(std::string(size, 't'))});
    world.transport.peers.emplace_back();
    check_outcome(world, Status::kValueTooLong, MetadataOutcome::kTooLarge, std::to_string(size));
  }
}

void long_session_tokens(void**) {
  const std::string token(4096, 's');
  MetadataWorld world({token_reply(), reply("200 OK", "my-role"), reply("200 OK", document("AKID", token))});
  CHECK_STATUS(world.get(), Status::kOk, "4,096 bytes");
  CHECK_TEXT(world.credentials.session_token, token, "4,096 bytes");
  MetadataWorld larger({token_reply(), reply("200 OK", "my-role"), reply("200 OK", document("AKID", token + token))});
  check_outcome(larger, Status::kValueTooLong, MetadataOutcome::kTooLarge, "larger than the space");
  CHECK(larger.space.bytes()[0] == 0, "what came of the credentials is wiped");
}

bool holds(const void* memory, size_t size, Str secret) {
  return Str(static_cast<const char*>(memory), size).find(secret) != Str::npos;
}

void secrets_are_wiped(void**) {
  MetadataWorld world({token_reply("seldom-seen"), reply("200 OK", "my-role"), credentials_reply()});
  check_found(world, "AKID", "good");
  const MutBytes space = world.space.bytes();
  CHECK(holds(space.data(), space.size(), "hush"), "the credentials stand in the space");
  Call* fetch = nullptr;
  CHECK_STATUS(world.ask(fetch), Status::kPending, "the next get");
  CHECK(!holds(space.data(), space.size(), "hush"), "the next get wipes them");
  fetch->on_cancel();
  alignas(InstanceMetadata) static char memory[sizeof(InstanceMetadata)];
  world.transport.peers = {peer_of({}),
                           peer_of({token_reply("seldom-seen"), reply("200 OK", "my-role"), credentials_reply()})};
  world.time.pass(5000);
  auto* placed = new (memory) InstanceMetadata(world.platform, world.environment, space, world.options);
  CHECK_STATUS(placed->get(world.time.now, world.time.wall, world.credentials, fetch), Status::kPending, "get");
  world.run(*fetch);
  CHECK_STATUS(placed->get(world.time.now, world.time.wall, world.credentials, fetch), Status::kOk, "get");
  CHECK(holds(memory, sizeof memory, "seldom-seen"), "the token is kept");
  placed->~InstanceMetadata();
  CHECK(!holds(memory, sizeof memory, "seldom-seen"), "and wiped at the end");
  CHECK(!holds(space.data(), space.size(), "hush"), "as the credentials are");
}

// A space that serves several sources is not touched by one that has nothing in it.
void a_space_without_secrets_is_left_alone(void**) {
  MetadataWorld world;
  world.environment.table["AWS_EC2_METADATA_DISABLED"] = "true";
  check_outcome(world, Status::kNotFound, MetadataOutcome::kDisabled, "disabled");
  world.end_provider();
  CHECK(world.space.bytes()[0] == 0x5a, "untouched");
}

void names_of_outcomes(void**) {
  std::vector<std::string> seen;
  for (int i = 0; i <= static_cast<int>(MetadataOutcome::kTooLarge); ++i) {
    seen.emplace_back(name(static_cast<MetadataOutcome>(i)));
    CHECK(!seen.back().empty(), std::to_string(i));
    for (size_t other = 0; other + 1 < seen.size(); ++other) CHECK(seen[other] != seen.back(), seen.back());
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(asks_for_token_role_and_credentials),
      cmocka_unit_test(the_token_is_kept_and_renewed_early),
      cmocka_unit_test(a_stepped_wall_clock_does_not_age_the_token),
      cmocka_unit_test(a_refused_token_is_replaced_once),
      cmocka_unit_test(role_names),
      cmocka_unit_test(tokens),
      cmocka_unit_test(long_session_tokens),
      cmocka_unit_test(secrets_are_wiped),
      cmocka_unit_test(a_space_without_secrets_is_left_alone),
      cmocka_unit_test(names_of_outcomes),
  };
  return cmocka_run_group_tests_name("instance_metadata", tests, nullptr, nullptr);
}
