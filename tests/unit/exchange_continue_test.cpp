// Expect: 100-continue in the exchange (RFC 9110 section 10.1.1): the body waits for leave, and goes. Case C18, with
// exchange_continue_refused_test.cpp; the time limit is the connection's: connection_continue_test.cpp.
// Covers C18: leave to send, and what comes in its place.
#include "exchange_continue_fixture.h"
#include "request_head_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

void the_head_asks_when_told_and_when_there_is_a_body(void**) {
  Request request = test::get();
  request.method = "PUT";
  request.body = Body("x");
  CHECK(!contains(write(request).text, "Expect"), "nobody told it to");
  request.expect_continue = true;
  CHECK(contains(write(request).text, "\r\nExpect: 100-continue\r\n"), "told to");
  request.body = Body();
  CHECK(!contains(write(request).text, "Expect"), "nothing to ask for");
}

void an_expect_of_the_callers_stands_alone(void**) {
  struct {
    const char* value;
    bool asks;
  } const rows[] = {{"100-continue", true},      {"100-Continue", true},   {"a=b , 100-continue", true},
                    {"another-thing", false},    {"100-continued", false}, {"", false},
                    {"100-continue; x=1", false}};
  for (const auto& row : rows) {
    for (const bool told : {false, true}) {
      Fixture f;
      const Header headers[] = {{"eXpect", row.value}};
      f.request.method = "PUT";
      f.request.body = Body("seven b");
      f.request.headers = headers;
      f.request.expect_continue = told;
      f.start();
      const std::string sent = f.driver.send_all();
      CHECK(contains(sent, std::string("\r\neXpect: ") + row.value + "\r\n"), row.value);
      CHECK(!contains(sent, "\r\nExpect:"), std::string(row.value) + ": a second one");
      CHECK(f.exchange().awaits_continue() == row.asks, std::string(row.value) + ": waits or not");
      CHECK_TEXT(body_of(sent), row.asks ? "" : "seven b", row.value);
    }
  }
}

void an_expect_without_a_body_waits_for_nothing(void**) {
  for (const char* method : {"GET", "PUT"}) {
    Fixture f;
    const Header headers[] = {{"Expect", "100-continue"}};
    f.request.method = method;
    f.request.headers = headers;
    f.start_and_send();
    CHECK(!f.exchange().awaits_continue() && f.exchange().request_sent(), method);
  }
}

void leave_lets_the_body_go(void**) {
  const std::string fields = "HTTP/1.1 100 Go on\r\nServer: AmazonS3\r\nContent-Length: 5\r\n\r\n";
  for (Kind kind : kKinds) {
    for (const std::string& leave : {std::string(kLeave), fields, std::string("HTTP/1.0 100\r\n\r\n")}) {
      Asked f(kind);
      f.check_withheld("before the leave");
      f.driver.feed(leave);
      CHECK(f.has(Exchange::kWantSend) && f.has(Exchange::kWantRecv), f.what + ": leave is given: " + leave);
      f.check_served("after " + leave);
    }
  }
}

void leave_that_comes_in_pieces_counts_at_its_last_byte(void**) {
  for (Kind kind : kKinds) {
    Asked f(kind);
    const std::string leave = "HTTP/1.1 100 Continue\r\nA: b\r\n\r\n";
    for (size_t i = 0; i + 1 < leave.size(); ++i) {
      f.driver.feed({&leave[i], 1});
      f.check_withheld("after byte " + std::to_string(i));
    }
    f.driver.feed("\n");
    f.check_served("after the last byte");
  }
}

void leave_twice_is_leave_once(void**) {
  for (Kind kind : kKinds) {
    Asked together(kind);
    together.driver.feed(std::string(kLeave) + kLeave);
    together.check_served("both at once");
    Asked apart(kind);
    apart.driver.feed(kLeave);
    const Bytes piece = apart.exchange().send_buf();
    apart.sent += piece.substr(0, 5);
    apart.exchange().send_ack(5);
    apart.driver.feed(kLeave);
    apart.send_on();
    apart.driver.feed(kLeave);
    apart.check_served("before, amid and after the body");
  }
}

void other_interim_answers_give_no_leave(void**) {
  for (Kind kind : kKinds) {
    Asked f(kind);
    f.driver.feed("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
    f.check_withheld("after 102 and 103");
    f.driver.feed("HTTP/1.1 199 Hm\r\n\r\n");
    f.check_withheld("after 199");
    f.driver.feed(kLeave);
    f.check_served("after 100");
  }
}

void no_leave_and_the_body_goes_anyway(void**) {
  for (Kind kind : kKinds) {
    Asked f(kind);
    f.exchange().send_body_anyway();
    f.check_served("without leave");
  }
}

void leave_that_comes_late_changes_nothing(void**) {
  for (Kind kind : kKinds) {
    for (size_t before : {size_t{1}, size_t{7}, size_t{4999}}) {
      Asked f(kind);
      if (before > f.content.size()) continue;
      f.exchange().send_body_anyway();
      for (size_t left = before; left > 0;) {
        const Bytes piece = f.exchange().send_buf();
        const size_t n = std::min(left, piece.size());
        f.sent += piece.substr(0, n);
        f.exchange().send_ack(n);
        left -= n;
      }
      f.driver.feed(kLeave);
      f.check_served("late, after " + std::to_string(before));
    }
  }
}

/// A part of a head is there when the wait ends: it goes on where it is.
void the_body_goes_while_an_answer_begins(void**) {
  const std::string incoming = std::string("HTTP/1.1 102 Processing\r\n\r\n") + kLeave + answer("200 OK", "fine");
  for (Kind kind : kKinds) {
    for (size_t at = 0; at <= incoming.find("100 Continue"); ++at) {
      Asked f(kind);
      f.driver.feed(Bytes(incoming).substr(0, at));
      f.check_withheld("cut at " + std::to_string(at));
      f.exchange().send_body_anyway();
      f.send_on();
      f.driver.feed(Bytes(incoming).substr(at));
      f.check_served("cut at " + std::to_string(at), "");
    }
  }
}

void leave_is_bounded_as_all_interim_answers_are(void**) {
  Asked f(Kind::kSource);
  std::string many;
  for (size_t i = 0; i < kMaxInterimResponses; ++i) many += kLeave;
  f.driver.feed(many);
  CHECK_STATUS(f.exchange().error(), Status::kOk, "as many as may come");
  f.driver.feed(kLeave);
  CHECK_STATUS(f.exchange().error(), Status::kTooManyInterims, "one more");
}

/// The wait for the answer's first byte is not over with a leave; with what nobody asked for it is, as ever.
void leave_is_not_yet_the_answer(void**) {
  for (Kind kind : kKinds) {
    Asked f(kind);
    CHECK(!f.exchange().answering() && !f.exchange().heard(), f.what + ": before");
    f.driver.feed("HTTP/1.1 1");
    CHECK(f.exchange().answering(), f.what + ": amid");
    f.driver.feed("00 Continue\r\n\r\n");
    CHECK(!f.exchange().answering() && f.exchange().heard(), f.what + ": after leave");
    f.send_on();
    f.driver.feed(std::string(kLeave) + "H");
    CHECK(f.exchange().answering(), f.what + ": a byte after the leave");
  }
  Fixture unasked;
  unasked.start_and_send();
  unasked.driver.feed(kLeave);
  CHECK(unasked.exchange().answering(), "nobody asked");
}

void send_body_anyway_at_any_other_time_does_nothing(void**) {
  for (Kind kind : kKinds) {
    Asked f(kind);
    f.start();
    f.exchange().send_body_anyway();
    f.sent = f.driver.send_all(10);
    f.check_withheld("told before its head was out");
    f.driver.feed(answer("403 No", "why not"));
    f.exchange().send_body_anyway();
    f.check_refused(403, "told after the answer");
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(the_head_asks_when_told_and_when_there_is_a_body),
      cmocka_unit_test(an_expect_of_the_callers_stands_alone),
      cmocka_unit_test(an_expect_without_a_body_waits_for_nothing),
      cmocka_unit_test(leave_lets_the_body_go),
      cmocka_unit_test(leave_that_comes_in_pieces_counts_at_its_last_byte),
      cmocka_unit_test(leave_twice_is_leave_once),
      cmocka_unit_test(other_interim_answers_give_no_leave),
      cmocka_unit_test(no_leave_and_the_body_goes_anyway),
      cmocka_unit_test(leave_that_comes_late_changes_nothing),
      cmocka_unit_test(the_body_goes_while_an_answer_begins),
      cmocka_unit_test(leave_is_bounded_as_all_interim_answers_are),
      cmocka_unit_test(leave_is_not_yet_the_answer),
      cmocka_unit_test(send_body_anyway_at_any_other_time_does_nothing),
  };
  return cmocka_run_group_tests_name("exchange, leave to send", tests, nullptr, nullptr);
}
