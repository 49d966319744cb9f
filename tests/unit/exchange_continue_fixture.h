// What the tests of Expect: 100-continue in the exchange share: a PUT that asks, and what may come of it.
#pragma once

#include <string>

#include "exchange_fixture.h"

namespace test {

inline const char* const kLeave = "HTTP/1.1 100 Continue\r\n\r\n";

enum class Kind { kShort, kLong, kSource };

inline const Kind kKinds[] = {Kind::kShort, Kind::kLong, Kind::kSource};

/// A PUT that asks, of which the head is out.
struct Asked : Fixture {
  explicit Asked(Kind kind, size_t size = 5000)
      : content(pattern(kind == Kind::kShort ? 7 : size)),
        source(content),
        what(kind == Kind::kShort  ? "short body"
             : kind == Kind::kLong ? "long body"
                                   : "source") {
    request.method = "PUT";
    request.body = kind == Kind::kSource ? Body(source, content.size()) : Body(Bytes(content));
    request.expect_continue = true;
    start();
    sent = driver.send_all(100);
  }
  std::string content;
  FakeSource source;
  std::string what;
  std::string sent;

  void send_on() { sent += driver.send_all(333); }
  void check_withheld(const std::string& when) {
    const std::string where = what + ", " + when;
    CHECK(exchange().awaits_continue(), where + ": does not wait");
    CHECK(flags() == Exchange::kWantRecv, where + ": flags " + std::to_string(flags()));
    CHECK(exchange().send_buf().empty() && !exchange().request_sent(), where + ": something to send");
    CHECK_TEXT(body_of(sent), "", where + ": body");
    CHECK(source.reads == 0, where + ": the source was read");
  }
  /// What is there after the body has gone out and `final_answer` come in.
  void check_served(const std::string& when, const std::string& final_answer = answer("200 OK", "fine")) {
    const std::string where = what + ", " + when;
    CHECK(!exchange().awaits_continue(), where + ": waits");
    CHECK_STATUS(exchange().error(), Status::kOk, where);
    send_on();
    CHECK(exchange().request_sent(), where + ": not sent");
    if (!final_answer.empty()) driver.feed(final_answer);
    const Outcome outcome = driver.outcome();
    CHECK_STATUS(outcome.error, Status::kOk, where);
    CHECK_TEXT(body_of(sent), content, where + ": sent");
    CHECK_TEXT(outcome.body, "fine", where + ": answer");
    CHECK(outcome.status == 200 && outcome.reusable, where + ": " + outcome.words());
  }
  void check_refused(uint16_t status, const std::string& when) {
    const std::string where = what + ", " + when;
    send_on();
    const Outcome outcome = driver.outcome();
    CHECK_STATUS(outcome.error, Status::kOk, where);
    CHECK(outcome.status == status && !outcome.reusable, where + ": " + outcome.words());
    CHECK_TEXT(outcome.body, "why not", where + ": answer");
    CHECK_TEXT(body_of(sent), "", where + ": a body that was refused was sent");
    CHECK(!exchange().request_sent() && source.reads == 0, where + ": claims that the body was sent");
  }
};

}  // namespace test
