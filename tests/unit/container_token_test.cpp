// The authorization token of container credentials, and what happens to it and to the other secrets.
// Covers C28: tokens with line ends, tokens that are replaced.
#include "container_fixture.h"
#include "fakes/check_words.h"

using namespace test;

namespace {

const char* const kRequired = "\r\nAuthorization: ";

void tokens_that_are_sent(void**) {
  const std::string longest(kMaxContainerTokenBytes, 'x');
  for (const std::string& token :
       {std::string("Basic abc=="), std::string("a\tb"), std::string("\x80\xff"), longest}) {
    ContainerWorld variable;
    set_up(variable, {http("200 OK", kDocument)});
    variable.set("AUTHORIZATION_TOKEN", token);
    check_given(variable, "variable");
    CHECK(contains(variable.transport.last_request(), kRequired + token + "\r\n"), "variable: " + token);

    ContainerWorld file;
    set_up(file, {http("200 OK", kDocument)});
    file.set("AUTHORIZATION_TOKEN", "unused");
    file.set_token_file(token);
    file.files.piece = 1000;
    check_given(file, "file");
    CHECK(contains(file.transport.last_request(), kRequired + token + "\r\n"), "file: " + token);
    CHECK(!file.files.is_open, "left open");
  }
}

void tokens_that_are_not(void**) {
  const std::string longest(kMaxContainerTokenBytes, 'x');
  struct Row {
    std::string token;
    Status status;
    Problem problem;
  };
  const Row rows[] = {
      {"tok\n", Status::kInvalidArgument, Problem::kBadToken},
      {"tok\r\n", Status::kInvalidArgument, Problem::kBadToken},
      {"a\nX-Evil: b", Status::kInvalidArgument, Problem::kBadToken},
      {std::string("a\0b", 3), Status::kInvalidArgument, Problem::kBadToken},
      {"a\x7f", Status::kInvalidArgument, Problem::kBadToken},
      {longest + "x", Status::kValueTooLong, Problem::kTokenTooLong},
      {longest + longest, Status::kValueTooLong, Problem::kTokenTooLong},
  };
  for (const Row& row : rows) {
    for (bool from_file : {false, true}) {
      ContainerWorld world;
      set_up(world, {http("200 OK", kDocument)});
      world.set("AUTHORIZATION_TOKEN", row.token);
      if (from_file) world.set_token_file(row.token);
      CHECK_STATUS(world.fetch(), row.status, row.token);
      CHECK(world.provider().problem() == row.problem, row.token);
      CHECK(world.transport.opens() == 0, row.token);
      CHECK(!world.space_holds(row.token.substr(0, 30)), row.token + ": left in the space");
      CHECK(!world.files.is_open, row.token + ": left open");
    }
  }
}

void files_without_a_token(void**) {
  ContainerWorld world;
  set_up(world, {http("200 OK", kDocument)});
  for (const char* content : {"", " ", "\t "}) {
    world.set_token_file(content);
    CHECK_STATUS(world.fetch(), Status::kInvalidArgument, "blank");
    CHECK(world.provider().problem() == Problem::kBadToken, "blank");
  }
  world.files.table.clear();
  world.set("AUTHORIZATION_TOKEN", "is not taken instead");
  CHECK_STATUS(world.fetch(), Status::kFileUnreadable, "no such file");
  CHECK_WORDS(contains(explained(world.provider()), "/var/run/token can't be read: No such file"), "words");
  world.files.forbidden.insert(kPath);
  CHECK_STATUS(world.fetch(), Status::kFileUnreadable, "forbidden");
  world.files.forbidden.clear();
  world.set_token_file("token");
  world.files.fail_at_read = world.files.reads + 2;
  CHECK_STATUS(world.fetch(), Status::kFileUnreadable, "an error in the middle");
  CHECK(!world.space_holds("token"), "left in the space");
  CHECK(world.provider().problem() == Problem::kTokenFile && world.transport.opens() == 0, "problem");
  ContainerCredentials without(world.platform, world.environment, nullptr, world.space.bytes());
  Call* call = nullptr;
  CHECK_STATUS(world.get(without, call), Status::kFileUnreadable, "no files at all");
  CHECK_WORDS(contains(explained(without), "there are no files here"), "no files at all");
}

// Path and token need room, then token and document do.
void spaces_that_are_short(void**) {
  const std::string token(200, 'x');
  const size_t room = std::string(kPath).size() + 1 + token.size();
  for (size_t size = 0; size <= room + 1; ++size) {
    ContainerWorld world(size);
    set_up(world, {http("200 OK", "{}"), http("200 OK", "{}")});
    world.set_token_file(token);
    const Status expected = size <= room ? Status::kValueTooLong : Status::kMalformedCredentials;
    CHECK_STATUS(world.fetch(), expected, std::to_string(size));
    CHECK(world.transport.total_requests() == (size <= room ? 0u : 1u), std::to_string(size));
  }
  const std::string document = document_with_token(1000);
  for (size_t missing : {0, 1}) {
    ContainerWorld world(document.size() + token.size() - missing);
    set_up(world, {http("200 OK", document)});
    world.set_token_file(token);
    CHECK_STATUS(world.fetch(), missing == 0 ? Status::kOk : Status::kValueTooLong, "document beside the token");
  }
  ContainerWorld world(document.size());
  set_up(world, {http("200 OK", "{}"), http("200 OK", document)});
  world.set_token_file(token);
  CHECK_STATUS(world.fetch(), Status::kMalformedCredentials, "with a token");
  world.set("AUTHORIZATION_TOKEN_FILE", "");
  CHECK_STATUS(world.fetch(), Status::kOk, "without one the whole space is the document's");
}

void a_rotated_token(void**) {
  ContainerWorld world;
  set_up(world, std::vector<std::string>(3, http("200 OK", kDocument)));
  for (const char* token : {"first", "second, which is longer", "3rd"}) {
    world.set_token_file(token);
    check_given(world, token);
    CHECK(contains(world.transport.last_request(), kRequired + std::string(token) + "\r\n"), token);
  }
}

void the_token_is_sent_again_with_each_attempt(void**) {
  ContainerWorld world;
  set_up(world, {http("500 Oops", std::string(3000, '.')), http("503 Oops", ""), http("200 OK", kDocument)});
  world.set_token_file("rotating");
  check_given(world, "third attempt");
  for (const std::string& request : world.transport.requests[0]) {
    CHECK(contains(request, "\r\nAuthorization: rotating\r\n"), request);
  }
}

// The token goes with the fetch; the credentials stay until they are asked for again.
void secrets_are_wiped(void**) {
  ContainerWorld world;
  set_up(world, std::vector<std::string>(9, http("200 OK", kDocument)));
  world.set_token_file("authorizationtoken");
  check_given(world, "fetch");
  CHECK(world.space_holds("containersecret"), "where the credentials are");
  CHECK(!world.space_holds("authorizationtoken"), "token after the fetch");
  CHECK(!world.space_holds("RoleArn"), "document after the fetch");
  world.files.forbidden.insert(kPath);
  CHECK_STATUS(world.fetch(), Status::kFileUnreadable, "next fetch");
  CHECK(!world.space_holds("containersecret"), "after the next get");
  world.files.forbidden.clear();
  check_given(world, "fetch");
  world.set_token_file(std::string(3000, 'x'));
  check_given(world, "a token longer than the document");
  CHECK(!world.space_holds("xxxxx"), "a copy of the token");
  world.end();
  CHECK(world.space_is_wiped(), "after its end");
}

void credentials_that_were_collected_are_wiped(void**) {
  ContainerWorld world;
  set_up(world, {http("200 OK", document_with_token(1000)), http("200 OK", kDocument)});
  CHECK_STATUS(world.fetch(), Status::kOk, "long ones");
  CHECK(world.space_holds("ttttt"), "where they are");
  check_given(world, "short ones");
  CHECK(!world.space_holds("ttttt"), "what the short ones did not cover");
  world.set("CREDENTIALS_RELATIVE_URI", "");
  CHECK_STATUS(world.fetch(), Status::kNotFound, "not configured any more");
  CHECK(world.space_is_wiped(), "not configured any more");
}

void cancelled_everywhere(void**) {
  bool ended = false;
  for (int steps = 0; !ended; ++steps) {
    ContainerWorld world;
    set_up(world, {http("500 Oops", ""), http("200 OK", kDocument)});
    world.answers(std::vector<std::string>(2, http("200 OK", kDocument)));
    world.transport.peers[0].recv_piece = 20;
    world.transport.peers[0].pending_advances = 1;
    world.transport.peers[0].send_piece = 50;
    world.transport.peers[0].pend_between = true;
    world.set_token_file("authorizationtoken");
    Call* call = nullptr;
    CHECK_STATUS(world.get(world.provider(), call), Status::kPending, "first get");
    CHECK_STATUS(world.connection.start(*call), Status::kOk, "start");
    for (int i = 0; i < steps && !ended; ++i) ended = !world.step();
    if (ended) break;
    world.connection.cancel();
    CHECK(world.space_is_wiped(), "cancelled after " + std::to_string(steps) + " steps");
    check_given(world, "after a cancel");
  }
}

// A fetch that was never run is cancelled by whoever was given it.
void cancelled_before_it_began(void**) {
  ContainerWorld world;
  set_up(world, {http("200 OK", kDocument)});
  world.set_token_file("authorizationtoken");
  Call* call = nullptr;
  CHECK_STATUS(world.get(world.provider(), call), Status::kPending, "first get");
  call->on_cancel();
  CHECK(world.space_is_wiped(), "space");
  check_given(world, "afterwards");
}

void two_askers(void**) {
  ContainerWorld world;
  set_up(world, {http("500 Oops", ""), http("200 OK", kDocument)});
  Call* first = nullptr;
  CHECK_STATUS(world.get(world.provider(), first), Status::kPending, "first");
  CHECK_STATUS(world.connection.start(*first), Status::kOk, "start");
  do {
    Call* second = first;
    CHECK_STATUS(world.get(world.provider(), second), Status::kPending, "second");
    CHECK(second == nullptr, "a second fetch");
  } while (world.step());
  Call* none = first;
  CHECK_STATUS(world.get(world.provider(), none), Status::kOk, "collected");
  CHECK(none == nullptr, "a fetch beside credentials");
  CHECK(world.transport.total_requests() == 2, "requests");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(tokens_that_are_sent),
      cmocka_unit_test(tokens_that_are_not),
      cmocka_unit_test(files_without_a_token),
      cmocka_unit_test(spaces_that_are_short),
      cmocka_unit_test(a_rotated_token),
      cmocka_unit_test(the_token_is_sent_again_with_each_attempt),
      cmocka_unit_test(secrets_are_wiped),
      cmocka_unit_test(credentials_that_were_collected_are_wiped),
      cmocka_unit_test(cancelled_everywhere),
      cmocka_unit_test(cancelled_before_it_began),
      cmocka_unit_test(two_askers),
  };
  return cmocka_run_group_tests_name("container_token", tests, nullptr, nullptr);
}
