// A clock that is wrong, learnt from what services say: who may teach, when a call is repeated, what later ones sign.
// Covers C15: skews either way, dates that are none, late answers, a clock that jumps, opting out.
#include "../fakes/test_call.h"
#include "api_call_world.h"
#include "tinyaws/providers.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

constexpr int64_t kTenYears = 315576000;
const Scope kS3{"eu-west-1", "s3"};

std::string s3_skew(int64_t server_time, const std::string& fields) {
  std::string text(32, '\0');
  const time_t time = server_time;
  std::tm tm = {};
  gmtime_r(&time, &tm);
  text.resize(strftime(&text[0], text.size(), "%Y-%m-%dT%H:%M:%SZ", &tm));
  return xml_error("403 Forbidden", "RequestTimeTooSkewed", fields,
                   "<RequestTime>20150830T123600Z</RequestTime><ServerTime>" + text +
                       "</ServerTime><MaxAllowedSkewMilliseconds>900000</MaxAllowedSkewMilliseconds>");
}

// ---- From when on

void skews_from_four_minutes_on_are_corrected(void**) {
  for (int64_t skew : {-kTenYears, int64_t{-360}, int64_t{-240}, int64_t{240}, int64_t{360}, kTenYears}) {
    for (const char* service : {"dynamodb", "s3"}) {
      const std::string what = std::to_string(skew) + " s, " + service;
      SkewedWorld world(skew);
      world.options.max_attempts = 1;  // it is not counted
      const bool s3 = service[0] == 's';
      world.transport.peers = {
          peer_of({s3 ? s3_skew(kServiceTime, date_field(kServiceTime)) : refusal(kServiceTime), kOkAnswer})};
      ApiRequest request = post("body");
      request.service = service;
      expect_done(fetch(world, request), what);
      check_requests(world, 2, what);
      const auto sent = all_sent(world);
      const Scope scope{"eu-west-1", service};
      check_signed_at(world, sent[0].bytes, scope, kServiceTime + skew, what + ": first");
      check_signed_at(world, sent[1].bytes, scope, kServiceTime, what + ": second");
      CHECK_TEXT(body_of(sent[1].bytes), "body", what);
      CHECK(world.time.now.ms == 1000, what + ": at once");
      CHECK(world.platform.service_clock().offset() == -skew, what + ": offset");
      world.time.pass(3600000);
      world.check_next_call(world.service_time(), what + ": an hour later");
    }
  }
}

void skews_below_are_learnt_and_not_repeated(void**) {
  for (int64_t skew : {-239, 239}) {
    SkewedWorld world(skew);
    world.transport.peers = {peer_of({refusal(kServiceTime), kOkAnswer})};
    const Fetched fetched = fetch(world, post("x"));
    CHECK_STATUS(fetched.status, Status::kServiceError, "3:59");
    CHECK_TEXT(fetched.code, "InvalidSignatureException", "3:59");
    check_requests(world, 1, "3:59");
    world.check_next_call(kServiceTime, "3:59, the next call");
  }
}

void codes_that_may_mean_a_wrong_clock(void**) {
  const struct {
    const char* code;
    bool clock;
  } rows[] = {{"RequestTimeTooSkewed", true},  {"RequestExpired", true},
              {"RequestInTheFuture", true},    {"InvalidSignatureException", true},
              {"SignatureDoesNotMatch", true}, {"AuthFailure", true},
              {"AccessDeniedException", true}, {"ValidationException", false},
              {"AccessDenied", false},         {"ExpiredToken", false}};
  for (const auto& row : rows) {
    for (const bool skewed : {true, false}) {
      SkewedWorld world(skewed ? 600 : 0);
      world.transport.peers = {peer_of({refusal(kServiceTime, row.code), kOkAnswer})};
      const Fetched fetched = fetch(world, post("x"));
      const bool repeated = row.clock && skewed;
      const std::string what = std::string(row.code) + (skewed ? ", ten minutes" : ", no skew");
      CHECK_STATUS(fetched.status, repeated ? Status::kOk : Status::kServiceError, what);
      check_requests(world, repeated ? 2 : 1, what);
      if (!repeated) world.check_next_call(kServiceTime, what + ": the next call");
    }
  }
}

/// "after every answer, success or error": and a success is not repeated.
void successes_teach(void**) {
  for (int64_t skew : {-600, 600}) {
    SkewedWorld world(skew);
    world.transport.peers = {peer_of({done_at(kServiceTime)})};
    expect_done(fetch(world, post("x")), "success");
    check_requests(world, 1, "success");
    world.check_next_call(kServiceTime, "after a success");
  }
}

// ---- What does not teach

void dates_that_are_none(void**) {
  const std::string rows[] = {"",
                              "Date: \r\n",
                              "Date: garbage\r\n",
                              "Date: 1440938160\r\n",
                              "Date: Sun, 99 Aug 2015 99:99:99 GMT\r\n",
                              date_field(0),
                              date_field(kServiceTime) + "Age: 5\r\n",
                              "Age: 0\r\n" + date_field(kServiceTime)};
  for (const std::string& fields : rows) {
    SkewedWorld world(-600);
    world.platform.service_clock().set_floor({kServiceTime - 86400});
    world.transport.peers = {
        peer_of({json_error("400 Bad Request", "InvalidSignatureException", fields), kOkAnswer})};
    CHECK_STATUS(fetch(world, post("x")).status, Status::kServiceError, fields);
    check_requests(world, 1, fields);
    world.check_next_call(kServiceTime - 600, fields + ": the next call");
  }
}

/// A service that lost its clock: not below what the time can be, whatever the wall clock says.
void an_epoch_date_is_not_believed_without_a_floor(void**) {
  SkewedWorld world(0);
  world.transport.peers = {peer_of({refusal(0), refusal(0), kOkAnswer})};
  CHECK_STATUS(fetch(world, post("x")).status, Status::kServiceError, "1970");
  check_requests(world, 1, "1970");
  world.check_next_call(kServiceTime, "after 1970");
}

/// "the request took more than 900 s": then nobody knows when the date was written.
void late_answers_do_not_teach(void**) {
  for (const int64_t delay_ms : {900000, 901000}) {
    SkewedWorld world(-3600);
    world.options.timeouts.first_byte_ms = 0;
    Peer peer = peer_of({refusal(kServiceTime + delay_ms / 1000), kOkAnswer});
    peer.answers[0].delay_ms = delay_ms;
    world.transport.peers = {peer};
    const Fetched fetched = fetch(world, post("x"));
    const std::string what = std::to_string(delay_ms) + " ms";
    CHECK_STATUS(fetched.status, delay_ms > 900000 ? Status::kServiceError : Status::kOk, what);
    const int64_t expected = world.service_time() - (delay_ms > 900000 ? 3600 : 0);
    world.check_next_call(expected, what + ": the next call");
  }
}

void unsigned_requests_do_not_teach(void**) {
  SkewedWorld world(-600);
  AnonymousCredentials nobody;
  world.transport.peers = {peer_of({done_at(kServiceTime), refusal(kServiceTime)})};
  Client client(Port{world.platform, world.environment, world.transport, world.buffer.bytes()}, nobody,
                world.options);
  Response response;
  CHECK_STATUS(client.fetch(request_to("s3"), response), Status::kOk, "anonymous");
  CHECK_STATUS(client.fetch(request_to("s3"), response), Status::kServiceError, "anonymous");
  check_requests(world, 2, "anonymous");
  client.close();
  world.check_next_call(kServiceTime - 600, "after anonymous ones");
}

/// A proxy has a clock of its own, and no request ids.
void a_proxys_words_do_not_teach(void**) {
  SkewedWorld world(0);
  const std::string page = answer("502 Bad Gateway", "<html><body><h1>502 Bad Gateway</h1></body></html>",
                                  "Server: proxy\r\nContent-Type: text/html\r\n" + date_field(kServiceTime + 7200));
  world.transport.peers = {peer_of({page, kOkAnswer})};
  expect_done(fetch(world, post("x")), "after a proxy");
  check_signed_at(world, world.transport.last_request(), kScope, kServiceTime, "second");
  world.check_next_call(kServiceTime, "the next call");
}

// ---- Which time is whose

void server_time_goes_before_date(void**) {
  for (const std::string& fields :
       {date_field(kServiceTime + 5000), std::string(), std::string("Date: garbage\r\n")}) {
    SkewedWorld world(-1000);
    world.transport.peers = {peer_of({s3_skew(kServiceTime, fields), kOkAnswer})};
    expect_done(fetch(world, request_to("s3")), "ServerTime");
    check_signed_at(world, world.transport.last_request(), kS3, kServiceTime, "ServerTime, not " + fields);
  }
}

/// The date was written when the head was sent; the body comes ten minutes later.
void the_time_is_that_of_the_head(void**) {
  SkewedWorld world(-3600);
  world.options.timeouts.first_byte_ms = world.options.timeouts.stall_ms = 0;
  Peer peer = peer_of({done_at(kServiceTime)});
  peer.answers[0].drip = peer.answers[0].bytes.size() - 4;
  peer.answers[0].drip_ms = 600000;
  world.transport.peers = {peer};
  expect_done(fetch(world, post("x")), "slow body");
  CHECK(world.service_time() == kServiceTime + 600, "ten minutes have passed");
  world.check_next_call(kServiceTime + 600, "the next call");
}

/// Sets the wall clock while the first request is under way.
class ClockSetter final : public Observer {
 public:
  ClockSetter(VirtualTime& time, int64_t by) : time_(time), by_(by) {}
  void on_event(const Event& event) override {
    if (event.kind != Event::Kind::kHeadSent) return;
    time_.wall.seconds += by_;
    by_ = 0;
  }

 private:
  VirtualTime& time_;
  int64_t by_;
};

void a_clock_that_is_set_while_a_request_is_under_way(void**) {
  const struct {
    const char* what;
    int64_t skew, jump;
    bool refused;
  } rows[] = {
      {"set right, and refused for the old time", -600, 600, true},
      {"set right, and accepted", -200, 200, false},
      {"set wrong, and accepted", 0, 3600, false},
      {"set from wrong to wrong, and refused", -3600, 7200, true},
  };
  for (const auto& row : rows) {
    SkewedWorld world(row.skew);
    ClockSetter setter(world.time, row.jump);
    world.options.observer = &setter;
    Peer peer = peer_of({row.refused ? refusal(kServiceTime) : done_at(kServiceTime), kOkAnswer});
    peer.answers[0].delay_ms = 400;
    world.transport.peers = {peer};
    expect_done(fetch(world, post("x")), row.what);
    check_requests(world, row.refused ? 2 : 1, row.what);
    check_signed_at(world, all_sent(world)[0].bytes, kScope, kServiceTime + row.skew, row.what);
    if (row.refused) check_signed_at(world, world.transport.last_request(), kScope, kServiceTime, row.what);
    world.check_next_call(kServiceTime, std::string(row.what) + ": the next call");
  }
}

/// The offset was right until somebody set the clock: learnt anew.
void a_clock_that_is_set_between_calls(void**) {
  SkewedWorld world(600);
  world.transport.peers = {peer_of({refusal(kServiceTime), kOkAnswer, refusal(kServiceTime), kOkAnswer})};
  expect_done(fetch(world, post("x")), "first");
  world.time.wall.seconds -= 600;
  expect_done(fetch(world, post("x")), "second");
  check_requests(world, 4, "one repetition each");
  world.check_next_call(kServiceTime, "third");
}

// ---- Once only

void a_server_that_is_never_content(void**) {
  for (int64_t flip : {600, -600, 0}) {
    SkewedWorld world(-600);
    const Answer a{refusal(kServiceTime)}, b{refusal(kServiceTime + flip)};
    Peer peer;
    for (int i = 0; i < 20; ++i) {
      peer.answers.push_back(a);
      peer.answers.push_back(b);
    }
    world.transport.peers = {peer};
    CHECK_STATUS(fetch(world, post("x")).status, Status::kServiceError, "first call");
    check_requests(world, 2, "first call");
    for (int i = 0; i < 5; ++i) CHECK_STATUS(fetch(world, post("x")).status, Status::kServiceError, "more calls");
    const size_t n = world.transport.total_requests();
    CHECK(flip == 0 ? n == 7 : n <= 12, "six calls: " + std::to_string(n) + " requests");
  }
}

void the_correction_is_not_counted_and_leaves_the_others(void**) {
  SkewedWorld world(-600);
  world.options.max_attempts = 2;
  world.platform.random_byte = 0;
  world.transport.peers = {peer_of({kBusyAnswer, refusal(kServiceTime), kOkAnswer})};
  expect_done(fetch(world, post("x")), "503, skew, done");
  SkewedWorld other(-600);
  other.options.max_attempts = 2;
  other.platform.random_byte = 0;
  other.transport.peers = {peer_of({refusal(kServiceTime), kBusyAnswer, kOkAnswer})};
  expect_done(fetch(other, post("x")), "skew, 503, done");
}

void a_body_that_cannot_be_sent_again(void**) {
  SkewedWorld world(-600);
  FakeSource source("content");
  source.rewind_status = Status::kUnsupported;
  ApiRequest request = request_to("s3", "PUT");
  request.body = Body(source, 7);
  request.body.payload_hash = "UNSIGNED-PAYLOAD";
  world.transport.peers = {peer_of({s3_skew(kServiceTime, ""), kOkAnswer})};
  CHECK_STATUS(fetch(world, request).status, Status::kServiceError, "the refusal");
  check_requests(world, 1, "the refusal");
  world.check_next_call(kServiceTime, "the next call");
}

void refused_requests_are_repeated_though_not_repeatable(void**) {
  SkewedWorld world(-600);
  ApiRequest request = post("x");
  request.repeatable = false;
  world.transport.peers = {peer_of({refusal(kServiceTime), kOkAnswer})};
  expect_done(fetch(world, request), "refused, so not done");
}

// ---- Opting out

void correction_can_be_turned_off(void**) {
  const struct {
    bool option;
    const char* variable;
    bool corrects;
  } rows[] = {{false, nullptr, false}, {false, "false", false}, {true, "true", false},
              {true, "false", true},   {true, "", true},        {true, "garbage", true}};
  for (const auto& row : rows) {
    SkewedWorld world(-600);
    world.options.correct_clock = row.option;
    if (row.variable) world.environment.table["AWS_DISABLE_CLOCK_SKEW_CORRECTION"] = row.variable;
    world.transport.peers = {peer_of({refusal(kServiceTime), kOkAnswer})};
    const std::string what = std::string(row.option ? "on, " : "off, ") + (row.variable ? row.variable : "unset");
    CHECK_STATUS(fetch(world, post("x")).status, row.corrects ? Status::kOk : Status::kServiceError, what);
    check_requests(world, row.corrects ? 2 : 1, what);
    world.check_next_call(row.corrects ? kServiceTime : kServiceTime - 600, what + ": the next call");
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(skews_from_four_minutes_on_are_corrected),
      cmocka_unit_test(skews_below_are_learnt_and_not_repeated),
      cmocka_unit_test(codes_that_may_mean_a_wrong_clock),
      cmocka_unit_test(successes_teach),
      cmocka_unit_test(dates_that_are_none),
      cmocka_unit_test(an_epoch_date_is_not_believed_without_a_floor),
      cmocka_unit_test(late_answers_do_not_teach),
      cmocka_unit_test(unsigned_requests_do_not_teach),
      cmocka_unit_test(a_proxys_words_do_not_teach),
      cmocka_unit_test(server_time_goes_before_date),
      cmocka_unit_test(the_time_is_that_of_the_head),
      cmocka_unit_test(a_clock_that_is_set_while_a_request_is_under_way),
      cmocka_unit_test(a_clock_that_is_set_between_calls),
      cmocka_unit_test(a_server_that_is_never_content),
      cmocka_unit_test(the_correction_is_not_counted_and_leaves_the_others),
      cmocka_unit_test(a_body_that_cannot_be_sent_again),
      cmocka_unit_test(refused_requests_are_repeated_though_not_repeatable),
      cmocka_unit_test(correction_can_be_turned_off),
  };
  return cmocka_run_group_tests_name("api_call clock", tests, nullptr, nullptr);
}
