// The exchange as an engine: how it begins, how it fails, when its connection can be reused.
#include "exchange_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

void start_wants_the_least_buffer(void**) {
  for (size_t size : {Exchange::kMinBufferBytes - 1, Exchange::kMinBufferBytes}) {
    Fixture f(size);
    const bool enough = size >= Exchange::kMinBufferBytes;
    CHECK_STATUS(f.driver.start(f.request), enough ? Status::kOk : Status::kBufferTooSmall, std::to_string(size));
  }
}

void start_answers_what_stuck_to_the_head(void**) {
  Fixture f;
  f.request.path = "/a\r\nb";
  f.request.method = "BAD METHOD";
  CHECK_STATUS(f.driver.start(f.request), Status::kInvalidArgument, "bad method");
  const std::string long_value(2000, 'x');
  const Header headers[] = {{"X-Long", long_value}};
  f.request.method = "GET";
  f.request.path = "/";
  f.request.headers = headers;
  CHECK_STATUS(f.driver.start(f.request), Status::kRequestTooLarge, "long header");
  f.request.headers = {};
  f.start_and_send();
  f.driver.feed(answer("200 OK", "x"));
  CHECK_STATUS(f.driver.outcome().error, Status::kOk, "after two refusals");
}

void errors_stick_until_the_next_start(void**) {
  Fixture f;
  f.start_and_send();
  f.driver.feed("HTTP/2.0 200 OK\r\n\r\n");
  CHECK(f.flags() == Exchange::kFailed, "failed, and nothing else holds");
  f.exchange().recv_eof();
  f.exchange().give_up(Status::kStalled);
  f.exchange().send_closed();
  CHECK_STATUS(f.exchange().error(), Status::kMalformedHead, "the first error stays");
  CHECK(f.exchange().send_buf().empty() && f.exchange().body_buf().empty(), "bytes after an error");
  f.start_and_send();
  CHECK_STATUS(f.exchange().error(), Status::kOk, "after the next start");
  f.driver.feed(answer("200 OK", "good"));
  CHECK_TEXT(f.driver.outcome().body, "good", "the next exchange");
}

void fail_ends_from_outside_at_any_point(void**) {
  for (int point = 0; point < 4; ++point) {
    Fixture f;
    f.start();
    if (point > 0) f.driver.send_all();
    if (point > 1) f.driver.feed("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
    if (point > 2) f.driver.feed("half");
    f.exchange().give_up(Status::kStalled);
    CHECK(f.flags() == Exchange::kFailed, "point " + std::to_string(point));
    CHECK_STATUS(f.exchange().error(), Status::kStalled, "point " + std::to_string(point));
    CHECK(!f.exchange().reusable(), "reusable, point " + std::to_string(point));
  }
}

void reusable_only_after_done(void**) {
  Fixture f;
  f.start();
  CHECK(!f.exchange().reusable(), "at the start");
  f.driver.send_all();
  CHECK(!f.exchange().reusable(), "request sent");
  f.driver.feed("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n1");
  CHECK(!f.exchange().reusable(), "half a body");
  f.driver.feed("2");
  CHECK(f.exchange().reusable(), "done");
  f.start();
  CHECK(!f.exchange().reusable() && !f.exchange().has_head() && !f.exchange().heard(), "forgotten at the next start");
}

/// What the request says about the connection counts as well (RFC 9112 section 9.6: a client that sends "close" must
/// not send another request).
void a_request_that_closes_is_not_followed_by_another(void**) {
  Fixture f;
  const Header headers[] = {{"Connection", "close"}};
  f.request.headers = headers;
  f.start_and_send();
  f.driver.feed(answer("200 OK", "x"));
  CHECK_STATUS(f.exchange().error(), Status::kOk, "answer");
  CHECK(!f.exchange().reusable(), "reusable after the request said Connection: close");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(start_wants_the_least_buffer),
      cmocka_unit_test(start_answers_what_stuck_to_the_head),
      cmocka_unit_test(errors_stick_until_the_next_start),
      cmocka_unit_test(fail_ends_from_outside_at_any_point),
      cmocka_unit_test(reusable_only_after_done),
      cmocka_unit_test(a_request_that_closes_is_not_followed_by_another),
  };
  return cmocka_run_group_tests_name("exchange", tests, nullptr, nullptr);
}
