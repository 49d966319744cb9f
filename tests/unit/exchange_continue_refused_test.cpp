// Expect: 100-continue in the exchange (RFC 9110 section 10.1.1): an answer or an end instead of leave. Case C18.
// Covers C18: leave to send, and what comes in its place.
#include "exchange_continue_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

void a_refusal_keeps_the_body(void**) {
  for (Kind kind : kKinds) {
    for (const uint16_t status : std::initializer_list<uint16_t>{300, 301, 307, 403, 412, 417, 500, 503}) {
      for (const char* before : {"", "HTTP/1.1 102 Processing\r\n\r\n", kLeave}) {
        Asked f(kind);
        f.driver.feed(before + answer(std::to_string(status) + " No", "why not"));
        f.check_refused(status, before + std::to_string(status));
      }
    }
  }
}

/// A chunked one, one that ends with the connection, and one without a body.
void a_refusal_of_any_framing(void**) {
  for (Kind kind : kKinds) {
    Asked chunked(kind);
    chunked.driver.feed("HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\n7\r\nwhy not\r\n0\r\n\r\n");
    chunked.check_refused(403, "chunked");
    Asked until_close(kind);
    until_close.driver.feed("HTTP/1.1 417 No\r\n\r\nwhy not");
    until_close.driver.end();
    until_close.check_refused(417, "until the end");
    Asked empty(kind);
    empty.driver.feed("HTTP/1.1 304 Not Modified\r\n\r\n");
    CHECK(empty.driver.finished() && !empty.driver.outcome().reusable, "304");
  }
}

/// Nobody has refused the body, so it is owed: a success without it would be none.
void an_approval_before_the_body_does_not_keep_it(void**) {
  for (Kind kind : kKinds) {
    for (const char* before : {"", kLeave}) {
      Asked f(kind);
      f.driver.feed(before + answer("200 OK", "fine"));
      CHECK(!f.driver.finished() && f.has(Exchange::kWantSend), f.what + ": done without its body");
      f.check_served(std::string("approved early") + before, "");
    }
    Asked f(kind);
    f.driver.feed(answer("200 OK", "fine"));
    f.exchange().send_closed();
    CHECK_STATUS(f.driver.outcome().error, Status::kConnectionLost, f.what + ": approval of a body that never left");
  }
}

void the_peer_ends_before_the_body(void**) {
  struct {
    std::string said;
    Status status;
  } const rows[] = {{"", Status::kConnectionLost},
                    {"HTTP/1.1 1", Status::kTruncated},
                    {kLeave, Status::kTruncated},
                    {"HTTP/1.1 103 Early\r\n\r\n", Status::kTruncated}};
  for (Kind kind : kKinds) {
    for (const auto& row : rows) {
      Asked f(kind);
      f.driver.feed(row.said);
      f.driver.end();
      CHECK_STATUS(f.driver.outcome().error, row.status, f.what + ", ends after \"" + printable(row.said) + "\"");
      CHECK(!f.exchange().awaits_continue(), f.what + ": waits after an error");
    }
  }
}

void the_way_out_closes_while_the_body_waits(void**) {
  for (Kind kind : kKinds) {
    Asked refused(kind);
    refused.exchange().send_closed();
    CHECK(refused.flags() == Exchange::kWantRecv && !refused.exchange().awaits_continue(), refused.what + ": closed");
    refused.driver.feed(answer("403 No", "why not"));
    refused.check_refused(403, "after send_closed");
    Asked approved(kind);
    approved.exchange().send_closed();
    approved.driver.feed(kLeave + answer("200 OK", "fine"));
    CHECK_STATUS(approved.driver.outcome().error, Status::kConnectionLost, approved.what + ": approved");
  }
}

std::string long_head(const std::string& status, size_t size) {
  std::string head = "HTTP/1.1 " + status + "\r\nContent-Length: 7\r\nX: ";
  return head + std::string(size - head.size() - 4, 'x') + "\r\n\r\n";
}

/// A source's answer has half the buffer, a refusal all of it: exchange_both_ways_test.cpp has it without a question.
void heads_longer_than_half_the_buffer(void**) {
  for (Kind kind : kKinds) {
    Asked refused(kind);
    refused.driver.feed(long_head("403 No", 1000) + "why not");
    refused.check_refused(403, "head of 1000 in 1024");
    Asked leave(kind);
    leave.driver.feed(long_head("100 Continue", 512));
    leave.check_served("leave of 512 in 1024");
    Asked longer(kind);
    longer.driver.feed(long_head("100 Continue", 513));
    if (kind == Kind::kSource) {
      CHECK_STATUS(longer.exchange().error(), Status::kHeadTooLarge, longer.what + ": leave of 513 in 1024");
    } else {
      longer.check_served("leave of 513 in 1024");
    }
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(a_refusal_keeps_the_body),
      cmocka_unit_test(a_refusal_of_any_framing),
      cmocka_unit_test(an_approval_before_the_body_does_not_keep_it),
      cmocka_unit_test(the_peer_ends_before_the_body),
      cmocka_unit_test(the_way_out_closes_while_the_body_waits),
      cmocka_unit_test(heads_longer_than_half_the_buffer),
  };
  return cmocka_run_group_tests_name("exchange, no leave to send", tests, nullptr, nullptr);
}
