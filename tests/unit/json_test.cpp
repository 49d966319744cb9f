#include "text/json.h"

#include <string>

#include "check.h"

using namespace tinyaws;

namespace {

// A document and what was read of it.
struct Parsed {
  explicit Parsed(std::string document) : text(std::move(document)) { status = json.parse({&text[0], text.size()}); }

  std::string text;
  Json json;
  Status status;
};

void assert_status_of(const std::string& document, Status expected) {
  const Parsed parsed(document);
  if (parsed.status == expected && parsed.json.root().exists() == (expected == Status::kOk)) return;
  fail_msg("%s is %s", test::printable(document).c_str(), std::string(name(parsed.status)).c_str());
}

std::string string_of(const std::string& document, Str member = "a") {
  const Parsed parsed(document);
  Str text = "left alone";
  const Status status = parsed.json.root().string(member, text);
  if (status == Status::kOk) return std::string(text);
  assert_text(text, "left alone");
  return std::string(name(parsed.status == Status::kOk ? status : parsed.status));
}

void documents(void**) {
  for (const char* good :
       {"{}", " { } ", "\t\r\n{\"a\":1}\n", "{\"a\":\"\"}", "{\"\":{}}", "{\"a\":[]}", "{\"a\":[[],{},[1,2],\"x\"]}",
        "{\"a\":{\"b\":{\"c\":null}},\"d\":true,\"e\":false}", "{\"a\" : 1 , \"b\" : [ 1 , 2 ] }"}) {
    assert_status_of(good, Status::kOk);
  }
}

// What jsmn accepts and is not JSON, before all.
void what_is_no_document(void**) {
  for (const char* bad : {"",
                          " ",
                          "1",
                          "null",
                          "\"a\"",
                          "[]",
                          "[{}]",
                          "{",
                          "}",
                          "{}}",
                          "{}{}",
                          "{}\x01{}",
                          "{},{}",
                          "{} x",
                          "{}1",
                          "{]",
                          "{\"a\"}",
                          "{\"a\":}",
                          "{\"a\" 1}",
                          "{\"a\":1 \"b\":2}",
                          "{\"a\":1,}",
                          "{,\"a\":1}",
                          "{,}",
                          "{\"a\":1,,\"b\":2}",
                          "{\"a\"::1}",
                          "{\"a\":1:2}",
                          "{\"a\":\"b\":\"c\"}",
                          "{\"a\",\"b\"}",
                          "{a:1}",
                          "{1:2}",
                          "{null:1}",
                          "{\"a\":b}",
                          "{\"a\":'b'}",
                          "{[]:1}",
                          "{{}:1}",
                          "{\"a\":[1,]}",
                          "{\"a\":[,1]}",
                          "{\"a\":[1 2]}",
                          "{\"a\":[1:2]}",
                          "{\"a\":[1}",
                          "{\"a\":[1}]",
                          "{\"a\":1]",
                          "{\"a\":1}]",
                          "{\"a\":1",
                          "{\"a\":\"b}",
                          "{\"a",
                          "{\"a\":\"b\"\"c\"}",
                          "{\"a\":1\"b\":2}",
                          "{/**/}",
                          "{\"a\":1}//",
                          "\xef\xbb\xbf{}",
                          "{\"a\":\v1}",
                          "{\"a\":{}\"b\":1}",
                          "{\"a\":{}:1}",
                          "{\"a\"{}}",
                          "{\"a\":[]\"b\":1}"}) {
    assert_status_of(bad, Status::kInvalidArgument);
  }
  assert_status_of({"{}\0", 3}, Status::kInvalidArgument);
  assert_status_of({"{}\0{}", 5}, Status::kInvalidArgument);
  assert_status_of({"{\"a\0\":1}", 8}, Status::kInvalidArgument);
  assert_status_of({"{\"a\":1\0}", 8}, Status::kInvalidArgument);
}

void literals(void**) {
  for (const char* good : {"0", "-0", "1", "-12", "1.5", "0.0", "-0.25e-10", "1e5", "1E+5", "10000000000000000000000",
                           "true", "false", "null"}) {
    assert_status_of("{\"a\":" + std::string(good) + "}", Status::kOk);
    assert_status_of("{\"a\":[" + std::string(good) + "\t]}", Status::kOk);
  }
  for (const char* bad : {"-",     "+1",        "01",       "-01",      "1.",    ".5",      "1.e5", "1e",  "1e+",
                          "0x10",  "1a",        "--1",      "1-",       "1.5.5", "True",    "nul",  "nil", "NaN",
                          "nulll", "truefalse", "Infinity", "tru\"e\"", "\x80",  "\\u0031", "1\x01"}) {
    assert_status_of("{\"a\":" + std::string(bad) + "}", Status::kInvalidArgument);
  }
}

void escapes(void**) {
  assert_text(string_of(R"({"a":"b"})"), "b");
  assert_text(string_of(R"({"a":"\"\\\/\b\f\n\r\t"})"), "\"\\/\b\f\n\r\t");
  assert_text(string_of(R"({"a":"a\/b\u002bc"})"), "a/b+c");
  assert_text(string_of(R"({"a":"\u0000"})"), Str("\0", 1));
  assert_text(string_of(R"({"a":"\u007f\u0080\u00e9\u00E9\u07ff\u0800\uffff"})"),
              "\x7f\xc2\x80\xc3\xa9\xc3\xa9\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf");
  assert_text(string_of(R"({"a":"\ud800\udc00\uDBFF\uDFFF"})"), "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");
  assert_text(string_of("{\"a\":\"\xc3\xa9\xff\"}"), "\xc3\xa9\xff");
  assert_text(string_of(R"({"\u0061":"b"})"), "b");
  assert_text(string_of(R"({"a":"\\\"","b":"c"})", "b"), "c");
}

void bad_strings(void**) {
  for (const char* bad : {R"(\)",
                          R"(\x)",
                          R"(\a)",
                          R"(\')",
                          R"(\U0041)",
                          R"(\u)",
                          R"(\u1)",
                          R"(\u12)",
                          R"(\u123)",
                          R"(\u123g)",
                          R"(\u 123)",
                          R"(\u+123)",
                          R"(\ud800)",
                          R"(\ud800x)",
                          R"(\ud800\n)",
                          R"(\ud800\u0041)",
                          R"(\ud800\ud800)",
                          R"(\ud800\ue000)",
                          R"(\ud800\udbff)",
                          R"(\udc00)",
                          R"(\udc00\ud800)",
                          R"(\ud800\udc0)",
                          "\n",
                          "\t",
                          "\x01",
                          "\x1f"}) {
    assert_status_of("{\"a\":\"" + std::string(bad) + "\"}", Status::kInvalidArgument);
    assert_status_of("{\"" + std::string(bad) + "\":1}", Status::kInvalidArgument);
    assert_status_of("{\"x\":[\"" + std::string(bad) + "\"]}", Status::kInvalidArgument);
  }
}

void members(void**) {
  const std::string document =
      R"({"x":{"a":"inner"},"y":["a","b",{"a":"deep"}],"n":null,"i":5,"e":"","a":"outer","z":{"q":"a"},"":"void"})";
  assert_text(string_of(document), "outer");
  assert_text(string_of(document, "e"), "");
  assert_text(string_of(document, ""), "void");
  for (Str missing : {"b", "q", "A", "aa", "inner", "outer"}) assert_text(string_of(document, missing), "kNotFound");
  assert_text(string_of(document, "n"), "kNotFound");
  for (Str other : {"x", "y", "i"}) assert_text(string_of(document, other), "kInvalidArgument");
}

void the_last_of_its_name_counts(void**) {
  assert_text(string_of(R"({"a":"1","a":"2"})"), "2");
  assert_text(string_of(R"({"a":"1","a":null})"), "kNotFound");
  assert_text(string_of(R"({"a":null,"a":"2"})"), "2");
  assert_text(string_of(R"({"a":"1","a":{}})"), "kInvalidArgument");
  assert_text(string_of(R"({"a":"null"})"), "null");
}

void case_of_names(void**) {
  const Parsed parsed(R"({"Credentials":{"accessKEYid":"x"}})");
  Str text;
  assert_false(parsed.json.root().object("credentials").exists());
  const JsonObject any_case = parsed.json.root(NameCase::kIgnored).object("cREDENTIALS");
  assert_true(any_case.exists());
  assert_status(any_case.string("AccessKeyId", text), Status::kOk);
  assert_text(text, "x");
  assert_status(any_case.string("AccessKeyIdd", text), Status::kNotFound);
  assert_status(parsed.json.root().object("Credentials").string("AccessKeyId", text), Status::kNotFound);
}

void objects(void**) {
  const Parsed parsed(R"({"a":{"b":{"c":"d"},"e":"f"},"e":[{"e":"x"}],"n":null,"s":"t"})");
  const JsonObject a = parsed.json.root().object("a");
  Str text;
  assert_status(a.string("e", text), Status::kOk);
  assert_text(text, "f");
  assert_status(a.object("b").string("c", text), Status::kOk);
  assert_text(text, "d");
  assert_status(a.string("s", text), Status::kNotFound);
  for (Str name : {"e", "n", "s", "x"}) {
    assert_false(parsed.json.root().object(name).exists());
    assert_status(parsed.json.root().object(name).string("e", text), Status::kNotFound);
    assert_false(parsed.json.root().object(name).object("e").exists());
  }
}

std::string integer_of(const std::string& literal) {
  const Parsed parsed("{\"a\":" + literal + "}");
  int64_t number = -77;
  const Status status = parsed.json.root().integer("a", number);
  return status == Status::kOk ? std::to_string(number) : std::string(name(status));
}

void integers(void**) {
  assert_text(integer_of("1"), "1");
  assert_text(integer_of("0"), "0");
  assert_text(integer_of("-12"), "-12");
  assert_text(integer_of("999999999999999999"), "999999999999999999");
  for (const char* other : {"1.0", "1e0", "1000000000000000000", "\"1\"", "true", "{}", "[]", "[1]"}) {
    assert_text(integer_of(other), "kInvalidArgument");
  }
  assert_text(integer_of("null"), "kNotFound");
}

std::string array(size_t values) {
  std::string out = "{\"a\":[0";
  for (size_t i = 1; i < values; ++i) out += ",0";
  return out + "]}";
}

std::string nested(size_t depth) {
  return "{\"a\":" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
}

void limits(void**) {
  assert_status_of(array(kMaxJsonValues - 3), Status::kOk);
  assert_status_of(array(kMaxJsonValues - 2), Status::kValueTooLong);
  assert_status_of(array(1000), Status::kValueTooLong);
  assert_status_of(nested(kMaxJsonDepth), Status::kOk);
  assert_status_of(nested(kMaxJsonDepth + 1), Status::kValueTooLong);
  assert_status_of(std::string(100000, '['), Status::kValueTooLong);
  assert_text(string_of("{\"a\":\"" + std::string(100000, 'x') + "\"}"), std::string(100000, 'x'));
}

void a_second_document(void**) {
  Parsed parsed(R"({"a":"b"})");
  std::string second = "{\"a\":";
  assert_status(parsed.json.parse({&second[0], second.size()}), Status::kInvalidArgument);
  assert_false(parsed.json.root().exists());
  assert_status(parsed.json.parse({}), Status::kInvalidArgument);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(documents),
      cmocka_unit_test(what_is_no_document),
      cmocka_unit_test(literals),
      cmocka_unit_test(escapes),
      cmocka_unit_test(bad_strings),
      cmocka_unit_test(members),
      cmocka_unit_test(the_last_of_its_name_counts),
      cmocka_unit_test(case_of_names),
      cmocka_unit_test(objects),
      cmocka_unit_test(integers),
      cmocka_unit_test(limits),
      cmocka_unit_test(a_second_document),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
