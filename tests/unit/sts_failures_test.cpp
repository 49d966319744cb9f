// Questions to STS that come to nothing: refused, unanswered, misunderstood, cancelled; and the next one afterwards.
#include "sts_fixture.h"

using namespace test;

namespace {

void check_fails(StsWorld& world, Status status, const std::string& what) {
  CHECK_STATUS(world.ask_sts(), status, what);
  CHECK(world.credentials.secret_access_key.empty(), what + ": credentials beside an error");
  world.check_space_clean(what);
}

void check_next(StsWorld& world, const std::string& what) {
  check_role_given(world, what + ": the next question");
  CHECK_TEXT(world.call().remark(), "", what + ": an old remark");
}

std::string body_of_request(const std::string& request) {
  return parse_sent(request).body;
}

void refusals(void**) {
  for (const char* status : {"400 Bad Request", "403 Forbidden", "404 Not Found"}) {
    StsWorld world;
    world.says(http(status, sts_error("AccessDenied", "User: x is not authorized")));
    check_fails(world, Status::kCredentialsRefused, status);
    CHECK_TEXT(world.call().remark(), "AccessDenied: User: x is not authorized", status);
    CHECK(world.transport.heard.size() == 1, "a refusal is not asked for again");
    check_next(world, status);
  }
}

void refusals_in_other_words(void**) {
  for (const std::string& body : {std::string("<html>no"), std::string(), std::string("{\"message\":\"no\"}"),
                                  std::string(20000, 'x'), sts_error("Code", std::string(8000, 'm'))}) {
    StsWorld world;
    world.says(http("403 Forbidden", body));
    check_fails(world, Status::kCredentialsRefused, "403 and " + printable(body, 40));
    CHECK(world.call().remark().size() <= Remark::kMaxBytes, "a short remark");
    check_next(world, "403");
  }
}

void servers_that_are_down(void**) {
  for (const char* status : {"500 Oops", "503 Slow Down"}) {
    StsWorld world;
    for (int i = 0; i < 3; ++i) world.says(http(status, "<html>"));
    check_fails(world, Status::kCredentialsUnavailable, status);
    CHECK(world.transport.heard.size() == 3, "three attempts");
    check_next(world, status);
    for (int i = 0; i < 2; ++i) world.says(http(status, "<html>"));
    check_next(world, "twice down");
  }
}

void no_way_to_sts(void**) {
  StsWorld world;
  world.transport.manners[kStsHost].fails_in = Transport::State::kConnecting;
  const Status status = world.ask_sts();
  CHECK(status == Status::kConnectFailed || status == Status::kCredentialsUnavailable, text(status));
  CHECK(world.transport.wire.opens() == 3, "three attempts");
  world.transport.manners.clear();
  check_next(world, "no way");
  world.transport.manners[kStsHost].fails_in = Transport::State::kSecuring;
  world.transport.manners[kStsHost].advance_error = Status::kCertificateRejected;
  world.connection.close_idle();
  CHECK(world.ask_sts() != Status::kOk, "a certificate that is rejected");
  CHECK(world.transport.wire.opens() == 5, "not tried again");
}

void silence(void**) {
  StsWorld world;
  world.transport.servers[kStsHost] = [](const std::string&) { return std::string(); };
  const Instant begin = world.time.now;
  const Status status = world.ask_sts();
  CHECK(status == Status::kFirstByteTimedOut || status == Status::kCredentialsUnavailable ||
            status == Status::kAttemptTimedOut || status == Status::kDeadlineExceeded,
        text(status));
  CHECK(world.time.now - begin <= 3 * 60000 + 1000, "took " + std::to_string(world.time.now - begin) + " ms");
  world.check_space_clean("silence");
}

void garbage(void**) {
  const std::string keys = "<AccessKeyId>A</AccessKeyId><SecretAccessKey>leakedsecretvalue</SecretAccessKey>";
  for (const std::string& body :
       {std::string(), std::string("<html>login</html>"), std::string("{}"), std::string(100, '\0'),
        "<R><Credentials>" + keys + "</Credentials></R>", "<R><Credentials>" + keys,
        "<R><Credentials>" + keys + "<SessionToken>t</SessionToken><Expiration>soon</Expiration></Credentials></R>"}) {
    StsWorld world;
    world.know("A", "leakedsecretvalue");
    world.says(http("200 OK", body));
    check_fails(world, Status::kMalformedCredentials, printable(body, 60));
    CHECK(!world.call().remark().empty(), "nothing said about " + printable(body, 60));
    world.check_no_secret(world.call().remark(), "remark");
    check_next(world, printable(body, 60));
  }
}

void answers_that_are_too_large(void**) {
  for (const bool chunked : {false, true}) {
    StsWorld world;
    const std::string body = "<R>" + std::string(7000, 'x');
    char size[16];
    snprintf(size, sizeof size, "%zx\r\n", body.size());
    world.says(chunked ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + (size + body) + "\r\n0\r\n\r\n"
                       : http("200 OK", body));
    check_fails(world, Status::kValueTooLong, "too large");
    world.connection.close_idle();
    check_next(world, "too large");
  }
}

void answers_that_are_cut_short(void**) {
  StsWorld good;
  check_role_given(good, "good");
  const std::string cut =
      "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n<R><Credentials><AccessKeyId>A";
  StsWorld world;
  for (int i = 0; i < 3; ++i) world.says(cut);
  const Status status = world.ask_sts();
  CHECK(status == Status::kTruncated || status == Status::kCredentialsUnavailable, text(status));
  CHECK(world.transport.heard.size() == 3, "three attempts");
  check_next(world, "cut short");
  world.says(cut);
  check_next(world, "cut short once");
}

void token_files_that_fail(void**) {
  StsWorld world;
  world.use_web_identity();
  world.files.table.clear();
  check_fails(world, Status::kFileUnreadable, "missing");
  world.files.forbidden.insert(kTokenPath);
  check_fails(world, Status::kFileUnreadable, "forbidden");
  CHECK(world.transport.wire.opens() == 0, "nothing is sent");
  world.files.forbidden.clear();
  world.files.table[kTokenPath] = kJwt;
  check_next(world, "there again");
  StsWorld without;
  without.has_files = false;
  without.use_web_identity();
  check_fails(without, Status::kUnsupported, "no files");
  CHECK(without.transport.wire.opens() == 0, "nothing is sent");
}

void every_read_of_the_token_fails_in_turn(void**) {
  StsWorld good;
  good.use_web_identity();
  good.files.piece = 10;
  check_role_given(good, "good");
  for (int read = 1; read <= good.files.reads; ++read) {
    StsWorld world;
    world.use_web_identity();
    world.files.piece = 10;
    world.files.fail_at_read = read;
    check_fails(world, Status::kFileUnreadable, "read " + std::to_string(read));
    CHECK(world.forms.empty(), "STS got a whole form");
    world.files.fail_at_read = INT_MAX;
    check_next(world, "read " + std::to_string(read));
  }
}

// The file is replaced after it was measured, or after an attempt: STS never takes half a token, and the next question
// has the new one.
void a_token_file_that_is_replaced(void**) {
  for (const std::string& token : {std::string("short"), std::string(100, 'n'), std::string(sizeof "x", 'x')}) {
    StsWorld world;
    world.use_web_identity();
    const Server sts = world.transport.servers[kStsHost];
    world.transport.servers[kStsHost] = [&](const std::string& request) {
      if (parse_form(body_of_request(request))["WebIdentityToken"] == token) return sts(request);
      if (world.files.table[kTokenPath] == token) return http("400 Bad", sts_error("InvalidIdentityToken", "cut"));
      world.files.table[kTokenPath] = token;
      return http("503 Slow Down", "");
    };
    const Status status = world.ask_sts();
    CHECK(status == Status::kOk || status == Status::kFileUnreadable || status == Status::kCredentialsRefused,
          text(status));
    world.connection.close_idle();
    check_next(world, "replaced");
  }
}

void the_outcome_is_taken_once(void**) {
  StsWorld world;
  Credentials credentials;
  CHECK_STATUS(world.call().status(), Status::kNotFound, "before the first start");
  CHECK_STATUS(world.call().collect(credentials), Status::kNotFound, "before the first start");
  world.start();
  CHECK_STATUS(world.call().status(), Status::kPending, "started");
  CHECK_STATUS(world.call().collect(credentials), Status::kPending, "started");
  world.run(world.call());
  CHECK_STATUS(world.call().collect(credentials), Status::kOk, "ended");
  CHECK_STATUS(world.call().collect(credentials), Status::kNotFound, "taken");
}

void a_source_that_fetches(void**) {
  StsWorld world;
  world.source.has_fetch = true;
  world.source.call.script = {{Next::Action::kAgain, {}}, {Next::Action::kWait, Instant{1200}}};
  check_role_given(world, "a source that fetches");
  CHECK(world.source.fetches == 1, "fetched once");
  world.source.is_busy = true;
  world.start();
  CHECK_STATUS(world.connection.start(world.call()), Status::kOk, "start");
  for (int i = 0; i < 10; ++i) CHECK(world.step(), "ended without credentials");
  world.connection.cancel();
  CHECK_STATUS(world.call().status(), Status::kNotFound, "cancelled");
}

void a_source_that_fails(void**) {
  for (Status status : {Status::kCredentialsExpired, Status::kFileUnreadable, Status::kCredentialsRefused}) {
    StsWorld world;
    world.source.status = status;
    check_fails(world, status, text(status));
    world.source.status = Status::kNotFound;
    check_fails(world, Status::kNoCredentials, "a source that has none");
    CHECK(world.transport.heard.empty(), "nothing is sent unsigned");
    world.source.status = Status::kOk;
    check_next(world, text(status));
  }
}

size_t steps_of(StsWorld& world) {
  world.start();
  CHECK_STATUS(world.connection.start(world.call()), Status::kOk, "start");
  size_t steps = 1;
  while (world.step()) ++steps;
  return steps;
}

void prepare_slow(StsWorld& world, bool web_identity, bool fetching) {
  if (web_identity) world.use_web_identity();
  world.source.has_fetch = fetching;
  world.source.call.script = {{Next::Action::kAgain, {}}, {Next::Action::kWait, Instant{1200}}};
  world.transport.manner.recv_piece = 300;
  world.transport.manner.send_piece = 300;
  world.transport.manner.connect_ms = 5;
  world.transport.manner.pending_advances = 1;
  world.says(http("503 Slow Down", "<html>"));
}

void cancel_in_every_state(void**) {
  for (int variant = 0; variant < 3; ++variant) {
    StsWorld good;
    prepare_slow(good, variant == 1, variant == 2);
    const size_t steps = steps_of(good);
    CHECK(steps > 10, "too short a run: " + std::to_string(steps));
    for (size_t k = 0; k < steps; ++k) {
      const std::string what = "variant " + std::to_string(variant) + ", after step " + std::to_string(k);
      StsWorld world;
      prepare_slow(world, variant == 1, variant == 2);
      world.start();
      CHECK_STATUS(world.connection.start(world.call()), Status::kOk, what);
      for (size_t i = 0; i < k; ++i) CHECK(world.step(), what);
      world.connection.cancel();
      CHECK_STATUS(world.call().status(), Status::kNotFound, what);
      CHECK(!world.source.call.running, what + ": the source's fetch was not told");
      CHECK(!world.files.is_open, what + ": a file is left open");
      world.check_space_clean(what);
      check_next(world, what);
    }
  }
}

void cancel_without_a_connection(void**) {
  StsWorld world;
  world.call().on_cancel();
  world.start();
  world.call().on_cancel();
  CHECK_STATUS(world.call().status(), Status::kNotFound, "cancelled before the first step");
  check_next(world, "cancelled");
  world.start();
  world.run(world.call());
  world.start();
  CHECK_STATUS(world.call().status(), Status::kPending, "started without taking the outcome");
  check_next(world, "started anew");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(refusals),
      cmocka_unit_test(refusals_in_other_words),
      cmocka_unit_test(servers_that_are_down),
      cmocka_unit_test(no_way_to_sts),
      cmocka_unit_test(silence),
      cmocka_unit_test(garbage),
      cmocka_unit_test(answers_that_are_too_large),
      cmocka_unit_test(answers_that_are_cut_short),
      cmocka_unit_test(token_files_that_fail),
      cmocka_unit_test(every_read_of_the_token_fails_in_turn),
      cmocka_unit_test(a_token_file_that_is_replaced),
      cmocka_unit_test(the_outcome_is_taken_once),
      cmocka_unit_test(a_source_that_fetches),
      cmocka_unit_test(a_source_that_fails),
      cmocka_unit_test(cancel_in_every_state),
      cmocka_unit_test(cancel_without_a_connection),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
