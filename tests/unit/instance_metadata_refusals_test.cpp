// What the service may do instead of answering well: refuse, break off, drip and lie.
// Covers C25: every status, slow servers and those that lie.
#include "fakes/check_words.h"
#include "instance_metadata_fixture.h"

using namespace test;

namespace {

using Outcome = MetadataOutcome;

const std::string kRole = reply("200 OK", "my-role");

struct Refusal {
  std::vector<std::string> replies;  // what is left out of the good ones stands before
  Status status;
  Outcome outcome;
  std::string explanation;
  size_t requests;
};

std::vector<Refusal> refusals() {
  const auto status = [](const std::string& line) { return reply(line, "<html>"); };
  const auto after_token = [](const std::string& bytes) { return std::vector<std::string>{token_reply(), bytes}; };
  const auto after_role = [](const std::string& bytes) {
    return std::vector<std::string>{token_reply(), kRole, bytes};
  };
  const auto thrice = [](const std::string& bytes) { return std::vector<std::string>(3, bytes); };
  const Status refused = Status::kCredentialsRefused, unavailable = Status::kCredentialsUnavailable;
  return {
      {{status("400 Bad Request")},
       refused,
       Outcome::kBadRequest,
       "answered 400 when asked for the session token",
       1},
      {{status("403 Forbidden")},
       refused,
       Outcome::kVersion1Disabled,
       "answered 403 when asked for the session token, and IMDSv1, which needs none, is not allowed",
       1},
      {{status("404 Not Found")}, refused, Outcome::kVersion1Disabled, "answered 404", 1},
      {{status("405 No")}, refused, Outcome::kVersion1Disabled, "answered 405", 1},
      {{status("401 No")}, unavailable, Outcome::kUnavailable, "answered 401 when asked for the session token", 1},
      {{status("302 Found")}, unavailable, Outcome::kUnavailable, "answered 302 when asked for the session token", 1},
      {{reply("204 No Content", "")}, unavailable, Outcome::kUnavailable, "answered 204", 1},
      {thrice(status("500 Oops")), unavailable, Outcome::kUnavailable, "answered 500", 3},
      {thrice(status("429 Slow")), unavailable, Outcome::kUnavailable, "answered 429", 3},
      {{status("501 Never")}, unavailable, Outcome::kUnavailable, "answered 501", 1},
      {after_token(status("403 No")), refused, Outcome::kForbidden, "answered 403 when asked for the role", 2},
      {after_token(status("400 No")), refused, Outcome::kBadRequest, "answered 400 when asked for the role", 2},
      {after_token(status("404 No")), Status::kNotFound, Outcome::kNoRole, "answers, but the instance has no role",
       2},
      {after_token(reply("200 OK", " \n")), Status::kNotFound, Outcome::kNoRole, "has no role", 2},
      {after_token(status("302 Found")), unavailable, Outcome::kUnavailable, "answered 302 when asked for the role",
       2},
      {after_token(reply("200 OK", "<html>")), Status::kMalformedCredentials, Outcome::kBadResponse,
       "gave a malformed answer: no name of a role", 2},
      {after_role(status("404 No")), Status::kNotFound, Outcome::kNoRole, "has no role", 3},
      {after_role(status("403 No")), refused, Outcome::kForbidden, "answered 403 when asked for the credentials", 3},
      {after_role(reply("206 Partial", "{}")), unavailable, Outcome::kUnavailable, "answered 206", 3},
      {after_role(reply("200 OK", R"({"Code":"Failed","Message":"no\nmore"})")), refused, Outcome::kErrorDocument,
       "answered with an error: Failed: no more", 3},
      {after_role(reply("200 OK", R"({"Code":"Failed","Message":")" + std::string(500, 'm') + "\"}")), refused,
       Outcome::kErrorDocument, "mmm...", 3},
      {after_role(reply("200 OK", std::string(7000, 'x'))), Status::kValueTooLong, Outcome::kTooLarge,
       "larger than its room: credentials", 3},
  };
}

void refusals_and_their_words(void**) {
  for (const Refusal& refusal : refusals()) {
    MetadataWorld world(refusal.replies);
    check_outcome(world, refusal.status, refusal.outcome, refusal.replies.back());
    CHECK_WORDS(contains(world.explanation(), refusal.explanation), world.explanation());
    CHECK_WORDS(contains(world.explanation(), "instance metadata: http://169.254.169.254"), world.explanation());
    CHECK(!contains(world.explanation(), "tok=="), world.explanation());
    CHECK(world.requests().size() == refusal.requests, refusal.replies.back());
  }
}

// An error page of any size is what its status says.
void large_error_pages(void**) {
  MetadataWorld world({token_reply(), reply("404 Not Found", std::string(100000, 'x'))});
  check_outcome(world, Status::kNotFound, Outcome::kNoRole, "a page of 100,000 bytes");
}

void documents_that_are_cut_short_are_asked_for_again(void**) {
  const std::string cut = reply("200 OK", R"({"Code":"Success",)");
  MetadataWorld world({token_reply(), kRole, cut, cut, credentials_reply()});
  check_found(world, "AKID", "the third");
  MetadataWorld never({token_reply(), kRole, cut, cut, cut});
  check_outcome(never, Status::kMalformedCredentials, Outcome::kBadResponse, "three");
  CHECK(never.requests().size() == 5, "three attempts");
}

Peer resetting_peer(const std::vector<std::string>& replies) {
  Peer peer = peer_of(replies);
  Answer reset;
  reset.breaks = Status::kConnectionLost;
  peer.answers.push_back(reset);
  return peer;
}

void lost_connections_are_repeated(void**) {
  MetadataWorld world;
  world.transport.peers = {resetting_peer({}), resetting_peer({token_reply()}), resetting_peer({kRole}),
                           peer_of({credentials_reply()})};
  check_found(world, "AKID", "lost three times");
  MetadataWorld never;
  never.transport.peers = {resetting_peer({})};
  check_outcome(never, Status::kNotFound, Outcome::kUnavailable, "always lost");
  CHECK(never.transport.opens() == 3, "three attempts");
}

/// Good answers, of which the one at `which` takes for ever in some way.
MetadataWorld& slow_world(MetadataWorld& world, size_t which, size_t drip, int64_t drip_ms, int64_t delay_ms) {
  Peer peer = peer_of(good_replies());
  peer.answers[which].drip = drip;
  peer.answers[which].drip_ms = drip_ms;
  peer.answers[which].delay_ms = delay_ms;
  world.transport.peers = {peer};
  return world;
}

void slow_servers_do_not_hold_us_up(void**) {
  for (size_t which = 0; which < 3; ++which) {
    for (int64_t drip_ms : {1, 10, 999, 1001, 100000}) {
      for (int64_t delay_ms : {0, 999, 1001, 1000000}) {
        MetadataWorld world;
        slow_world(world, which, 1, drip_ms, delay_ms);
        const Status status = world.get();
        const std::string what = std::to_string(which) + ", " + std::to_string(drip_ms) + ", " +
                                 std::to_string(delay_ms) + ": " + text(status);
        CHECK(world.time.now.ms <= 31000, what + ": took " + std::to_string(world.time.now.ms));
        if (drip_ms == 1 && delay_ms == 0) CHECK_STATUS(status, Status::kOk, what);
        if (drip_ms > 1000) CHECK(status != Status::kOk, what);
      }
    }
  }
}

void servers_that_lie(void**) {
  const std::string lies[] = {
      "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nshort",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      "HTTP/1.1 200 OK\r\nX: " + std::string(5000, 'x'),
      "SSH-2.0-OpenSSH_9.2\r\n",
      "HTTP/1.1 101 Switching Protocols\r\n\r\n",
      std::string(3000, '\0'),
  };
  for (size_t which = 0; which < 3; ++which) {
    for (const std::string& lie : lies) {
      std::vector<std::string> replies = good_replies();
      replies[which] = lie;
      MetadataWorld world(replies);
      const Status status = world.get();
      CHECK(status != Status::kOk && status != Status::kPending, lie);
      CHECK(world.time.now.ms <= 31000, lie);
      CHECK_WORDS(!world.explanation().empty(), lie);
      world.transport.peers = {peer_of({}), peer_of(good_replies())};
    }
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(refusals_and_their_words),
      cmocka_unit_test(large_error_pages),
      cmocka_unit_test(documents_that_are_cut_short_are_asked_for_again),
      cmocka_unit_test(lost_connections_are_repeated),
      cmocka_unit_test(slow_servers_do_not_hold_us_up),
      cmocka_unit_test(servers_that_lie),
  };
  return cmocka_run_group_tests_name("instance_metadata_refusals", tests, nullptr, nullptr);
}
