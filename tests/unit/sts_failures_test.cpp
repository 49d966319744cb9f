// Questions to STS that come to nothing: refused, unanswered, misunderstood, cancelled; and the next one afterwards.
#include "fakes/check_words.h"
#include "sts_fixture.h"

using namespace test;

namespace {

std::string body_of_request(const std::string& request) {
  return parse_sent(request).body;
}

void refusals(void**) {
  for (const char* status : {"400 Bad Request", "403 Forbidden", "404 Not Found"}) {
    StsWorld world;
    world.says(http(status, sts_error("AccessDenied", "User: x is not authorized")));
    check_sts_fails(world, Status::kCredentialsRefused, status);
    CHECK_WORDS_TEXT(world.call().remark(), "AccessDenied: User: x is not authorized", status);
    CHECK(world.transport.heard.size() == 1, "a refusal is not asked for again");
    check_next(world, status);
  }
}

void refusals_in_other_words(void**) {
  for (const std::string& body : {std::string("<html>no"), std::string(), std::string("{\"message\":\"no\"}"),
                                  std::string(20000, 'x'), sts_error("Code", std::string(8000, 'm'))}) {
    StsWorld world;
    world.says(http("403 Forbidden", body));
    check_sts_fails(world, Status::kCredentialsRefused, "403 and " + printable(body, 40));
    CHECK_WORDS(world.call().remark().size() <= Remark::kMaxBytes, "a short remark");
    check_next(world, "403");
  }
}

void servers_that_are_down(void**) {
  for (const char* status : {"500 Oops", "503 Slow Down"}) {
    StsWorld world;
    for (int i = 0; i < 3; ++i) world.says(http(status, "<html>"));
    check_sts_fails(world, Status::kCredentialsUnavailable, status);
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
        "<R><Credentials>" + keys +
            "<SessionToken>t</SessionToken><Expiration>soon</Expiration></Credentials></R>"}) {
    StsWorld world;
    world.know("A", "leakedsecretvalue");
    world.says(http("200 OK", body));
    check_sts_fails(world, Status::kMalformedCredentials, printable(body, 60));
    CHECK_WORDS(!world.call().remark().empty(), "nothing said about " + printable(body, 60));
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
    check_sts_fails(world, Status::kValueTooLong, "too large");
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

// What had come of an answer that was cut is not left behind, whatever comes next.
void secrets_in_answers_that_are_cut_short(void**) {
  StsWorld world;
  world.know("A", "cutsecret/+abcdefghijk");
  const std::string cut = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2000\r\n\r\n<R><Credentials>" +
                          std::string(1000, ' ') + "<SecretAccessKey>cutsecret/+abcdefghijk</SecretAccessKey>";
  for (int i = 0; i < 3; ++i) world.says(cut);
  check_sts_fails(world, Status::kCredentialsUnavailable, "cut three times");
  world.says(cut);
  check_next(world, "cut once");
  CHECK(!contains(Bytes(world.space.bytes().data(), world.space.bytes().size()), "cutsecret"), "cut once");
}

// A refused signature is answered with what should have been signed, the session token in it.
struct MismatchWorld : StsWorld {
  MismatchWorld() {
    source.token = "sourcetoken/+=" + std::string(60, 'q');
    know("AKIDSOURCE", source.secret, source.token);
    const std::string message = "The Canonical String should have been\n'POST\n/\n\nx-amz-security-token:";
    says(http("403 Forbidden", sts_error("SignatureDoesNotMatch", message + source.token + "\n'")));
  }
  void check_clean(const std::string& what) {
    const StsCall& dead = call();
    check_no_secret({reinterpret_cast<const char*>(&dead), sizeof dead}, what + ": the call");
    check_space_clean(what);
  }
};

void a_session_token_in_a_refusal(void**) {
  MismatchWorld world;
  CHECK(world.ask_sts() != Status::kOk, "refused");
  world.check_clean("refused");
}

void a_session_token_in_a_refusal_that_is_left(void**) {
  for (const bool cancels : {true, false}) {
    bool ended = false;
    for (int steps = 0; !ended; ++steps) {
      CHECK(steps < 1000, "hang: too many steps");
      MismatchWorld world;
      world.transport.manner.recv_piece = 100;
      world.start();
      CHECK_STATUS(world.connection.start(world.call()), Status::kOk, "start");
      for (int i = 0; i < steps && !ended; ++i) ended = !world.step();
      Failure late;
      late.status = Status::kDeadlineExceeded;
      if (!ended && cancels) world.connection.cancel();
      if (!ended && !cancels) world.call().on_failure(late, world.time.now);
      const std::string what = (cancels ? "cancelled after " : "late after ") + std::to_string(steps);
      const Status left = cancels ? Status::kNotFound : Status::kDeadlineExceeded;
      CHECK_STATUS(world.call().status(), ended ? Status::kCredentialsRefused : left, what);
      world.check_clean(what);
      if (!ended && !cancels) world.connection.cancel();
    }
  }
}

void token_files_with_nothing_in_them(void**) {
  for (const std::string content : {"", " \r\n\t"}) {
    StsWorld world;
    world.use_web_identity();
    world.files.table[kTokenPath] = content;
    check_sts_fails(world, Status::kFileUnreadable, "empty");
    CHECK(world.transport.heard.empty(), "nothing was sent");
    CHECK_WORDS(contains(world.call().remark(), kTokenPath) && contains(world.call().remark(), "empty"),
                std::string(world.call().remark()));
  }
}

void token_files_without_an_end(void**) {
  StsWorld world;
  world.use_web_identity();
  world.files.table[kTokenPath] = std::string(kMaxFormFileBytes + 1, 't');
  check_sts_fails(world, Status::kValueTooLong, "too long");
  CHECK_WORDS(contains(world.call().remark(), "limit"), std::string(world.call().remark()));
  CHECK(world.transport.heard.empty(), "nothing was sent");
}

void token_files_that_fail(void**) {
  StsWorld world;
  world.use_web_identity();
  world.files.table.clear();
  check_sts_fails(world, Status::kFileUnreadable, "missing");
  world.files.forbidden.insert(kTokenPath);
  check_sts_fails(world, Status::kFileUnreadable, "forbidden");
  CHECK(world.transport.wire.opens() == 0, "nothing is sent");
  world.files.forbidden.clear();
  world.files.table[kTokenPath] = kJwt;
  check_next(world, "there again");
  StsWorld without;
  without.has_files = false;
  without.use_web_identity();
  check_sts_fails(without, Status::kUnsupported, "no files");
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
    check_sts_fails(world, Status::kFileUnreadable, "read " + std::to_string(read));
    CHECK(world.forms.empty(), "STS got a whole form");
    world.files.fail_at_read = INT_MAX;
    check_next(world, "read " + std::to_string(read));
  }
}

// The file is replaced after it was measured, or after an attempt: STS never takes half a token, and the next
// question has the new one.
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
      cmocka_unit_test(secrets_in_answers_that_are_cut_short),
      cmocka_unit_test(a_session_token_in_a_refusal),
      cmocka_unit_test(a_session_token_in_a_refusal_that_is_left),
      cmocka_unit_test(token_files_with_nothing_in_them),
      cmocka_unit_test(token_files_without_an_end),
      cmocka_unit_test(token_files_that_fail),
      cmocka_unit_test(every_read_of_the_token_fails_in_turn),
      cmocka_unit_test(a_token_file_that_is_replaced),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
