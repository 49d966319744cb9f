// Covers C23: errors of every shape.
#include "tinyaws/error_info.h"

#include <cstring>

#include "check.h"
#include "fakes/guarded_buffer.h"
#include "tinyaws/http.h"

using namespace tinyaws;

namespace {

// An answer in memory that ends at a guard page, and what was read of it.
struct Answer {
  Answer(const std::string& status, const std::string& fields, const std::string& body,
         Extent extent = Extent::kWhole)
      : head_text("HTTP/1.1 " + status + "\r\n" + fields + "\r\n"), memory(body.size()) {
    if (!body.empty()) memcpy(memory.bytes().data(), body.data(), body.size());
    head.status = static_cast<uint16_t>(atoi(status.c_str()));
    head.bytes = head_text;
    read_error(head, {memory.bytes().data(), body.size()}, extent, error);
    wire_message = std::string(error.message);
    decode_error(memory.bytes(), error);
  }

  std::string head_text;
  fakes::GuardedBuffer memory;
  ResponseHead head;
  ErrorInfo error;
  std::string wire_message;
};

// "code|message", with dots behind a message that was cut.
std::string words(const Answer& answer) {
  const ErrorInfo& error = answer.error;
  if (!error.is_error()) return "no error";
  return std::string(error.code) + "|" + std::string(error.message) + (error.message_cut ? "..." : "");
}

std::string whole(const std::string& body, const std::string& fields = "") {
  return words(Answer("400 Bad Request", fields, body));
}

std::string beginning(const std::string& body, const std::string& fields = "") {
  return words(Answer("400 Bad Request", fields, body, Extent::kBeginning));
}

void json_codes(void**) {
  assert_text(whole(R"({"__type":"com.amazonaws.x#Throttling","message":"m"})"), "Throttling|m");
  assert_text(whole(R"({"__type":"a#B:http://x/#y","Message":"m"})"), "B|m");
  assert_text(whole(R"({"code":"A","errorMessage":"m"})"), "A|m");
  assert_text(whole(R"({"Code":"A:x","message":null})"), "A|");
  assert_text(whole(R"({"Code":"C","code":"B","__type":"A"})"), "A|");
  assert_text(whole(R"({"__type":5,"code":[],"Code":"C"})"), "C|");
  assert_text(whole(R"({"message":"","Message":"M","x":{"__type":"A"}})"), "400|M");
  assert_text(whole("\xef\xbb\xbf\r\n {\"__type\":\"A\"}\n"), "A|");
}

void json_that_says_nothing(void**) {
  for (const char* body : {"{}", "[1,2]", "[", "{", "{\"__type\":\"A\"", "{\"message\":\"m", "{\"message\":7}"}) {
    assert_text(whole(body), "400|");
  }
  assert_text(whole({"{\"__type\":\"X\0Y\"}", 16}), "400|");
  assert_text(whole("\x1f\x8b\x08", "Content-Type: application/JSON; charset=utf-8\r\n"), "400|");
  assert_text(whole("", "Content-Type: application/json\r\n"), "400|Bad Request");
}

void what_is_no_code(void**) {
  for (const std::string& code : {std::string(129, 'a'), std::string("a\\nb"), std::string("a\x01"),
                                  std::string("a\x7f"), std::string("a#"), std::string(":a"), std::string(" ")}) {
    assert_text(whole("{\"__type\":\"" + code + "\",\"message\":\"m\"}"), "400|m");
  }
  const std::string longest(128, 'a');
  assert_text(whole("{\"__type\":\"" + longest + "\"}"), longest + "|");
  assert_text(whole("<Error><Code>a&amp;b</Code></Error>"), "400|Bad Request");
  assert_text(whole("<Error><Code></Code></Error>"), "400|Bad Request");
  assert_text(whole("<Error><Code>" + std::string(129, 'a') + "</Code></Error>"), "400|Bad Request");
}

void header_fields(void**) {
  const std::string body = R"({"__type":"Body","message":"m"})";
  assert_text(whole(body, "X-Amzn-ErrorType: a.b#Header:http://x/\r\n"), "Header|m");
  assert_text(whole(body, "x-amzn-errortype: \r\n"), "Body|m");
  assert_text(whole(body, "x-amzn-query-error: Query;Sender\r\nx-amzn-errortype: Header\r\n"), "Query|m");
  for (const char* value : {"", ";Sender", "Query", "Query;Sender;x", " ;Sender"}) {
    assert_text(whole(body, "x-amzn-query-error: " + std::string(value) + "\r\n"), "Body|m");
  }
  assert_text(whole("", "x-amzn-errortype: Header\r\n"), "Header|");
  assert_text(whole("<html/>", "x-amzn-errortype: Header\r\n"), "Header|");
  assert_text(whole("in words", "x-amzn-errortype: Header\r\n"), "Header|in words");
}

void xml_shapes(void**) {
  const std::string inside = "<Type>Sender</Type><Code>A</Code><Message> m </Message>";
  for (const std::string& shape :
       {"<Error>" + inside + "</Error>", "<ErrorResponse xmlns='x'><Error>" + inside + "</Error></ErrorResponse>",
        "<Response><Errors><Error>" + inside + "</Error></Errors><RequestID>r</RequestID></Response>",
        "<XResponse><Errors><Error>" + inside + "</Error></Errors></XResponse>",
        "<Errors><Error>" + inside + "</Error></Errors>", "<n:Error xmlns:n='x'>" + inside + "</n:Error>",
        "\xef\xbb\xbf\n<?xml version='1.0'?>\n<!-- c --><Error>" + inside + "</Error>\n",
        std::string("<A><Message>m</Message></A>"),
        "<Errors><Error>" + inside + "</Error><Error><Code>B</Code></Error></Errors>",
        "<Error><Detail><Code>B</Code><Message>n</Message></Detail>" + inside + "<Code>C</Code></Error>"}) {
    assert_text(whole(shape), "A|m");
  }
  assert_text(whole("<Errors><Error><Code>A</Code></Error><Error><Message>b</Message></Error></Errors>"), "A|");
  assert_text(whole("<UnknownOperationException/>\n"), "UnknownOperationException|");
}

void other_xml(void**) {
  for (const char* body :
       {"<html><head><title>403</title></head></html>", "<!DOCTYPE html><html></html>", "<html><br><hr><p>x</html>",
        "<Errs><Err><Code>A</Code><Message>m</Message></Err></Errs>", "<a/>", "<", "<a b></a>", "<a></b>",
        "<x><Error><Code>A</Code></Error></x>", "<x><y><z><Error><Code>A</Code></Error></z></y></x>",
        "<a><x><Message>m</Message></x></a>"}) {
    assert_text(whole(body), "400|Bad Request");
  }
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "<Error>";
  assert_text(whole(deep), "400|Bad Request");
  assert_text(whole("<Error><a><b><c><d><e/></d></c></b></a><Code>A</Code></Error>"), "A|");
}

void ids(void**) {
  const std::string body =
      "<Error><Code>A</Code><RequestId>r</RequestId><HostId>h</HostId><Region>eu-west-1</Region>"
      "<ServerTime>2017-06-06T18:31:47Z</ServerTime></Error>";
  const Answer of_body("403 Forbidden", "", body);
  assert_text(of_body.error.request_id, "r");
  assert_text(of_body.error.extended_request_id, "h");
  assert_text(of_body.error.region, "eu-west-1");
  assert_int_equal(of_body.error.server_time.seconds, 1496773907);
  const Answer of_head("403 Forbidden", "x-amz-request-id: 1\r\nx-amz-id-2: 2\r\nx-amz-bucket-region: 3\r\n", body);
  assert_text(of_head.error.request_id, "1");
  assert_text(of_head.error.extended_request_id, "2");
  assert_text(of_head.error.region, "3");
  const Answer of_both("403 Forbidden", "x-amz-request-id: 1\r\nx-amzn-RequestId: 4\r\n", "{}");
  assert_text(of_both.error.request_id, "4");
  const Answer none("403 Forbidden", "",
                    "<Error><Code>A</Code><ServerTime>noon</ServerTime><x><RequestId>r</RequestId></x></Error>");
  assert_text(none.error.request_id, "");
  assert_int_equal(none.error.server_time.seconds, 0);
}

void decoded(void**) {
  const Answer json("400 Bad Request", "", R"({"__type":"A","message":"\"\u00e9\ud83c\udf89\" \ud800 \n"})");
  assert_text(json.wire_message, R"(\"\u00e9\ud83c\udf89\" \ud800 \n)");
  assert_text(json.error.message, "\"\xc3\xa9\xf0\x9f\x8e\x89\" \\ud800 \n");
  const Answer xml("400 Bad Request", "",
                   "<Error><Code>A</Code><Message>&lt;<![CDATA[&lt;]]>&nbsp;</Message></Error>");
  assert_text(xml.wire_message, "&lt;<![CDATA[&lt;]]>&nbsp;");
  assert_text(xml.error.message, "<&lt;&nbsp;");
  assert_text(whole("5 &lt; 6 \\n"), "400|5 &lt; 6 \\n");
  assert_text(words(Answer("400 Bad &amp; \\n", "", "<a/>")), "400|Bad &amp; \\n");
}

// At the beginning of a document it is a mark, and in a message a character.
void messages_that_begin_with_a_byte_order_mark(void**) {
  const std::string mark = "\xef\xbb\xbf";
  for (const std::string& text : {mark + "m", mark, mark + "&lt;", mark + mark + "m"}) {
    const Answer answer("400 Bad Request", "", mark + "<Error><Code>A</Code><Message>" + text + "</Message></Error>");
    assert_text(answer.wire_message, text);
    assert_text(answer.error.message, text == mark + "&lt;" ? mark + "<" : text);
  }
}

void beginnings(void**) {
  assert_text(beginning(R"({"__type":"A","message":"m\u00)"), "A|m...");
  assert_text(beginning(R"({"message":"m","__type":"A)"), "400|m");
  assert_text(beginning(R"({"__type":"A","message":"m","x":[)"), "A|m");
  assert_text(beginning("<Error><Code>A</Code><Message>m &lt; &am"), "A|m <...");
  assert_text(beginning("<Error><Code>A</Code><Message>m</Mess"), "A|m...");
  assert_text(beginning("<Error><Code>A</Code><Message>m<![CDATA[&]]>"), "A|m&...");
  assert_text(beginning("<Error><Code>A</Co"), "400|Bad Request");
  assert_text(beginning("<Error><Message>m</Message><Code>A"), "400|m");
  assert_text(beginning("<AException><Message>m"), "AException|m...");
  assert_text(beginning("in words \xe2\x82"), "400|in words ...");
  assert_text(beginning("<Error><Code>A</Code><x><Message>m"), "A|");
}

void cut_off_answers(void**) {
  assert_text(whole("<Error><Code>A</Code><Message>m"), "A|");
  assert_text(whole("<Error><Code>A</Code><Message>m</Message"), "A|");
  assert_text(whole("<Error><Code>A</Cod"), "400|Bad Request");
  assert_text(whole("<Error><Code>A</Code><Message>m</Message>"), "A|m");
}

void plain_words(void**) {
  assert_text(whole("HTTP content length exceeded 1049600 bytes.\r\n"),
              "400|HTTP content length exceeded 1049600 bytes.");
  assert_text(whole("\x1f\x8b\x08\x01"), "400|Bad Request");
  assert_text(whole(" \n"), "400|Bad Request");
  assert_text(words(Answer("599", "", "")), "599|");
  assert_text(words(Answer("599 ", "", "")), "599|");
}

void what_is_an_error(void**) {
  for (const char* status : {"200 OK", "204 No Content", "206 Partial Content"}) {
    for (const char* body : {"", "{\"__type\":\"A\"}", "<x><Error><Code>A</Code></Error></x>", "<Errors/>", "text",
                             "<ErrorResponse><Error><Code>A</Code></Error></ErrorResponse>", "<Erro"}) {
      assert_text(words(Answer(status, "x-amzn-errortype: A\r\nx-amz-request-id: r\r\n", body)), "no error");
    }
  }
  const Answer approved("200 OK", "", "  \n<?xml version='1.0'?>\n<Error><Code>InternalError</Code></Error>");
  assert_text(words(approved), "InternalError|");
  assert_true(approved.error.status == 200 && approved.error.traits.transient);
  assert_text(words(Answer("304 Not Modified", "", "")), "304|Not Modified");
  assert_text(words(Answer("301 Moved", "", "<Error><Code>PermanentRedirect</Code></Error>")), "PermanentRedirect|");
  ErrorInfo error;
  error.code = "stale";
  read_error(ResponseHead(), "{\"__type\":\"A\"}", Extent::kWhole, error);
  assert_true(!error.is_error() && error.code.empty());
}

void parsed(void**) {
  assert_true(Answer("503 X", "", R"({"__type":"A"})").error.parsed);
  assert_true(Answer("503 X", "x-amzn-errortype: A\r\n", "").error.parsed);
  assert_true(Answer("503 X", "", R"({"code":"503"})").error.parsed);
  assert_false(Answer("503 X", "", R"({"message":"m"})").error.parsed);
  assert_false(Answer("503 X", "", "").error.parsed);
}

bool is_clock(const std::string& code, const std::string& fields) {
  return Answer("400 Bad Request", fields, "{\"__type\":\"" + code + "\"}").error.traits.clock;
}

void clocks(void**) {
  const std::string date = "Date: Tue, 06 Jun 2017 18:31:47 GMT\r\n";
  assert_true(is_clock("AccessDeniedException", date));
  assert_false(is_clock("AccessDeniedException", ""));
  assert_true(is_clock("InvalidSignatureException", ""));
  assert_false(is_clock("ValidationException", date));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(json_codes),
      cmocka_unit_test(json_that_says_nothing),
      cmocka_unit_test(what_is_no_code),
      cmocka_unit_test(header_fields),
      cmocka_unit_test(xml_shapes),
      cmocka_unit_test(other_xml),
      cmocka_unit_test(ids),
      cmocka_unit_test(decoded),
      cmocka_unit_test(messages_that_begin_with_a_byte_order_mark),
      cmocka_unit_test(beginnings),
      cmocka_unit_test(cut_off_answers),
      cmocka_unit_test(plain_words),
      cmocka_unit_test(what_is_an_error),
      cmocka_unit_test(parsed),
      cmocka_unit_test(clocks),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
