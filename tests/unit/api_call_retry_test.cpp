// Repetitions by the book: how many, of what, after how long, and what they may cost together.
// Covers C22: attempts and AWS_MAX_ATTEMPTS, codes and statuses, jitter, x-amz-retry-after, long polls, what is not
// to be repeated.
#include "api_call_world.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

const std::string kThrottled = json_error("400 Bad Request", "ThrottlingException");

// ---- How many

size_t requests_of_a_busy_service(ClientWorld& world, const char* service, const std::string& what) {
  world.transport.peers = {repeating(kBusyAnswer)};
  const Fetched fetched = fetch(world, request_to(service));
  CHECK_STATUS(fetched.status, Status::kServiceError, what);
  CHECK_TEXT(fetched.body, "busy", what);
  return world.transport.total_requests();
}

void attempts_by_service(void**) {
  const struct {
    const char* service;
    size_t attempts;
  } rows[] = {{"sqs", 3}, {"s3", 3}, {"sts", 3}, {"dynamodb", 4}, {"dynamodbstreams", 4}};
  for (const auto& row : rows) {
    ClientWorld world;
    CHECK(requests_of_a_busy_service(world, row.service, row.service) == row.attempts, row.service);
  }
}

void attempts_by_variable(void**) {
  const struct {
    const char* value;
    size_t attempts;
  } rows[] = {{"", 3}, {" ", 3}, {"1", 1}, {"5", 5}, {"20", 20}};
  for (const auto& row : rows) {
    ClientWorld world;
    world.environment.table["AWS_MAX_ATTEMPTS"] = row.value;
    const std::string what = std::string("AWS_MAX_ATTEMPTS=") + row.value;
    const size_t n = requests_of_a_busy_service(world, "sqs", what);
    CHECK(n == row.attempts, what + ": " + std::to_string(n));
  }
}

/// What is no number of attempts is not taken for one: 3, or an error by its name and nothing sent.
void attempts_by_a_variable_that_is_none(void**) {
  for (const char* value : {"0", "-1", "garbage", "3x", "1.5", "99999999999999999999", "256"}) {
    ClientWorld world;
    world.environment.table["AWS_MAX_ATTEMPTS"] = value;
    world.transport.peers = {repeating(kBusyAnswer)};
    const Status status = fetch(world, request_to("sqs")).status;
    const size_t n = world.transport.total_requests();
    const bool refused = status == Status::kInvalidArgument && n == 0;
    const bool many = value[0] == '9' || value[0] == '2';  // a number, larger than any use
    CHECK(refused || n == 3 || (many && n > 3 && n <= 255), std::string(value) + ": " + std::to_string(n));
  }
}

void the_option_goes_before_the_variable(void**) {
  ClientWorld world;
  world.environment.table["AWS_MAX_ATTEMPTS"] = "5";
  world.options.max_attempts = 2;
  CHECK(requests_of_a_busy_service(world, "dynamodb", "option") == 2, "the option's");
}

void one_attempt_turns_all_counted_ones_off(void**) {
  for (const bool by_option : {true, false}) {
    for (int kind = 0; kind < 3; ++kind) {
      ClientWorld world;
      if (by_option) world.options.max_attempts = 1;
      if (!by_option) world.environment.table["AWS_MAX_ATTEMPTS"] = "1";
      Peer peer = peer_of({kind == 0 ? kBusyAnswer : kThrottled});
      if (kind == 2) peer.answers.clear();
      world.transport.peers = {peer, peer_of({kOkAnswer})};
      const Status status = fetch(world, request_to("dynamodb")).status;
      CHECK_STATUS(status, kind == 2 ? Status::kFirstByteTimedOut : Status::kServiceError, "off");
      check_requests(world, 1, "off");
    }
  }
}

// ---- What

struct CodeRow {
  const char* line;
  const char* code;
  int64_t base;  // 0: not repeated
};

const CodeRow kCodes[] = {
    {"400 Bad Request", "Throttling", 1000},
    {"400 Bad Request", "ThrottlingException", 1000},
    {"400 Bad Request", "ThrottledException", 1000},
    {"400 Bad Request", "RequestThrottledException", 1000},
    {"400 Bad Request", "TooManyRequestsException", 1000},
    {"400 Bad Request", "ProvisionedThroughputExceededException", 1000},
    {"400 Bad Request", "TransactionInProgressException", 1000},
    {"400 Bad Request", "RequestLimitExceeded", 1000},
    {"400 Bad Request", "BandwidthLimitExceeded", 1000},
    {"400 Bad Request", "LimitExceededException", 1000},
    {"400 Bad Request", "RequestThrottled", 1000},
    {"503 Slow Down", "SlowDown", 1000},
    {"400 Bad Request", "SlowDown", 1000},
    {"400 Bad Request", "PriorRequestNotComplete", 1000},
    {"503 Service Unavailable", "EC2ThrottledException", 1000},
    {"429 Too Many Requests", "Whatever", 1000},
    {"400 Bad Request", "RequestTimeout", 50},
    {"400 Bad Request", "RequestTimeoutException", 50},
    {"500 Internal Server Error", "InternalError", 50},
    {"502 Bad Gateway", "Whatever", 50},
    {"503 Service Unavailable", "ServiceUnavailable", 50},
    {"504 Gateway Timeout", "Whatever", 50},
    {"400 Bad Request", "ValidationException", 0},
    {"400 Bad Request", "throttlingexception", 0},
    {"400 Bad Request", "NotThrottling", 0},
    {"403 Forbidden", "AccessDenied", 0},
    {"404 Not Found", "NoSuchKey", 0},
    {"409 Conflict", "OperationAborted", 0},
    {"501 Not Implemented", "NotImplemented", 0},
    {"505 Any", "Whatever", 0},
};

/// Each code as JSON and as XML, and by its base: "random below 50 ms ... (throttling 1 s)".
void codes_and_what_they_wait(void**) {
  for (const CodeRow& row : kCodes) {
    for (const bool json : {true, false}) {
      const std::string what = std::string(row.line) + ", " + row.code + (json ? " in JSON" : " in XML");
      ClientWorld world;
      world.platform.random_byte = 255;
      world.transport.peers = {
          peer_of({json ? json_error(row.line, row.code) : xml_error(row.line, row.code), kOkAnswer})};
      const Fetched fetched = fetch(world, request_to("sqs", "POST"));
      if (row.base == 0) {
        CHECK_STATUS(fetched.status, Status::kServiceError, what);
        CHECK_TEXT(fetched.code, row.code, what);
        check_requests(world, 1, what);
        continue;
      }
      expect_done(fetched, what);
      const auto sent = all_sent(world);
      check_requests(world, 2, what);
      check_signed(sent[1].bytes, world.credentials, {"eu-west-1", "sqs"}, what);
      const int64_t waited = sent[1].at - sent[0].at;
      CHECK(waited >= row.base - 1 - row.base / 250 && waited <= row.base,
            what + ": waited " + std::to_string(waited));
    }
  }
}

void waits_double_up_to_20_seconds(void**) {
  const struct {
    const char* service;
    std::string bytes;
    int64_t base;
  } rows[] = {{"sqs", kBusyAnswer, 50},
              {"sqs", kThrottled, 1000},
              {"dynamodb", kBusyAnswer, 25},
              {"dynamodb", kThrottled, 1000}};
  for (const auto& row : rows) {
    for (int byte : {0, 255}) {
      ClientWorld world;
      world.options.max_attempts = 14;
      world.platform.random_byte = byte;
      world.transport.peers = {repeating(row.bytes)};
      (void)fetch(world, request_to(row.service));
      const auto sent = all_sent(world);
      check_requests(world, 14, row.service);
      for (size_t i = 1; i < sent.size(); ++i) {
        const int64_t bound = std::min<int64_t>(20000, row.base << (i - 1));
        const int64_t waited = sent[i].at - sent[i - 1].at;
        const std::string what = std::string(row.service) + ", base " + std::to_string(row.base) + ", wait " +
                                 std::to_string(i) + ": " + std::to_string(waited) + " of " + std::to_string(bound);
        CHECK(byte == 0 ? waited == 0 : waited >= bound - 1 - bound / 250 && waited <= bound, what);
      }
    }
  }
}

void lost_connections_wait_like_transient_errors(void**) {
  for (const char* service : {"sqs", "dynamodb"}) {
    ClientWorld world;
    world.platform.random_byte = 255;
    Answer dies{""};
    dies.breaks = Status::kConnectionLost;
    Peer peer;
    peer.answers = {dies};
    world.transport.peers = {peer, peer_of({kOkAnswer})};
    expect_done(fetch(world, request_to(service)), service);
    const auto sent = all_sent(world);
    const int64_t bound = service[0] == 's' ? 50 : 25, waited = sent[1].at - sent[0].at;
    CHECK(waited >= bound - 1 && waited <= bound, std::string(service) + ": waited " + std::to_string(waited));
  }
}

// ---- x-amz-retry-after

int64_t wait_after(const std::string& hint, int random_byte) {
  ClientWorld world;
  world.platform.random_byte = random_byte;
  world.options.timeouts.idle_ms = 100000000;
  const std::string fields = hint.empty() ? "" : "x-amz-retry-after: " + hint + "\r\n";
  world.transport.peers = {peer_of({answer("503 Busy", "busy", fields), kOkAnswer})};
  expect_done(fetch(world, request_to("sqs")), "x-amz-retry-after: " + hint);
  const auto sent = all_sent(world);
  return sent[1].at - sent[0].at;
}

/// "x-amz-retry-after (milliseconds) may make that longer, by 5 s at most"
void hints_stay_within_their_bounds(void**) {
  for (int byte : {0, 255}) {
    const int64_t own = wait_after("", byte);
    CHECK(byte == 0 ? own == 0 : own >= 49, "without a hint");
    const struct {
      const char* hint;
      int64_t wait;
    } rows[] = {{"0", own},
                {"10", std::max<int64_t>(own, 10)},
                {"49", std::max<int64_t>(own, 49)},
                {"1500", 1500},
                {"4999", 4999},
                {"5000", 5000},
                {"5100", own + 5000 < 5100 ? own + 5000 : 5100},
                {"60000", own + 5000},
                {"4294967297", own + 5000},
                {" 700 ", 700}};
    for (const auto& row : rows) {
      const int64_t waited = wait_after(row.hint, byte);
      CHECK(waited == row.wait, std::string(row.hint) + ": waited " + std::to_string(waited));
    }
    for (const char* hint : {"-1", "-60000", "garbage", "1500ms", "1.5", "+100", "0x100", "Fri, 31 Dec 1999"}) {
      const int64_t waited = wait_after(hint, byte);
      CHECK(waited == own, std::string(hint) + ": waited " + std::to_string(waited));
    }
    const int64_t huge = wait_after("99999999999999999999999999", byte);
    CHECK(huge == own || huge == own + 5000, "more than a number holds: waited " + std::to_string(huge));
  }
}

/// Retry-After is for browsers: seconds, or a date.
void the_other_header_is_not_looked_at(void**) {
  ClientWorld world;
  world.platform.random_byte = 0;
  world.transport.peers = {peer_of({answer("503 Busy", "busy", "Retry-After: 3\r\n"), kOkAnswer})};
  expect_done(fetch(world, request_to("sqs")), "Retry-After");
  CHECK(world.time.now.ms == 1000, "waited");
}

// ---- Long polls

/// "waits even when it is not repeated for want of tokens: programs ask again at once"
void long_polls_wait_without_tokens(void**) {
  const struct {
    const char* service;
    const char* target;
    bool waits;
  } rows[] = {
      {"sqs", "AmazonSQS.ReceiveMessage", true},
      {"swf", "SimpleWorkflowService.PollForActivityTask", true},
      {"swf", "SimpleWorkflowService.PollForDecisionTask", true},
      {"states", "AWSStepFunctions.GetActivityTask", true},
      {"sqs", "AmazonSQS.SendMessage", false},
      {"swf", "SimpleWorkflowService.CountOpenWorkflowExecutions", false},
      {"states", "AWSStepFunctions.DescribeActivity", false},
  };
  for (const auto& row : rows) {
    for (const bool throttled : {false, true}) {
      ClientWorld world;
      world.platform.random_byte = 255;
      world.options.max_attempts = 3;
      world.transport.peers = {repeating(throttled ? kThrottled : kBusyAnswer)};
      world.options.timeouts.idle_ms = 100000000;
      const Header target{"X-Amz-Target", row.target};
      ApiRequest request = request_to(row.service, "POST");
      request.headers = {&target, 1};
      for (int i = 0; i < 60; ++i) (void)fetch(world, request);  // until there are no tokens
      const Instant before = world.time.now;
      const size_t requests = world.transport.total_requests();
      const Fetched fetched = fetch(world, request);
      const std::string what = std::string(row.target) + (throttled ? ", throttled" : "");
      CHECK_STATUS(fetched.status, Status::kServiceError, what);
      CHECK(world.transport.total_requests() == requests + 1, what + ": repeated without tokens");
      const int64_t waited = world.time.now - before, bound = throttled ? 1000 : 50;
      CHECK(row.waits ? waited >= bound - 1 - bound / 250 && waited <= bound : waited == 0,
            what + ": waited " + std::to_string(waited));
      CHECK(!fetched.body.empty(), what + ": the answer is given all the same");
    }
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(attempts_by_service),
      cmocka_unit_test(attempts_by_variable),
      cmocka_unit_test(attempts_by_a_variable_that_is_none),
      cmocka_unit_test(the_option_goes_before_the_variable),
      cmocka_unit_test(one_attempt_turns_all_counted_ones_off),
      cmocka_unit_test(codes_and_what_they_wait),
      cmocka_unit_test(waits_double_up_to_20_seconds),
      cmocka_unit_test(lost_connections_wait_like_transient_errors),
      cmocka_unit_test(hints_stay_within_their_bounds),
      cmocka_unit_test(the_other_header_is_not_looked_at),
      cmocka_unit_test(long_polls_wait_without_tokens),
  };
  return cmocka_run_group_tests_name("api_call retries", tests, nullptr, nullptr);
}
