#include "text/json.h"

#include <string>

#include "check.h"

using namespace tinyaws;

namespace {

// A document and one text of it.
struct Read {
  Read(std::string text, Str path, NameCase names = NameCase::kExact)
      : document(std::move(text)), field{path, "stale", true} {
    status = read_json({&document[0], document.size()}, {&field, 1}, names);
    if (status != Status::kOk) assert_false(field.found() || field.is_string);
  }

  std::string document;
  TextField field;
  Status status;
};

void assert_status_of(const std::string& document, Status expected) {
  const Read read(document, "x");
  if (read.status == expected) return;
  fail_msg("%s is %s", test::printable(document).c_str(), std::string(name(read.status)).c_str());
}

// The text of a string, "1 (no string)", or "not found".
std::string string_of(const std::string& document, Str path = "a", NameCase names = NameCase::kExact) {
  const Read read(document, path, names);
  if (read.status != Status::kOk) return std::string(name(read.status));
  if (!read.field.found()) return "not found";
  return std::string(read.field.text) + (read.field.is_string ? "" : " (no string)");
}

void documents(void**) {
  for (const char* good :
       {"{}", " { } ", "\t\r\n{\"a\":1}\n", "{\"a\":\"\"}", "{\"\":{}}", "{\"a\":[]}", "{\"a\":[[],{},[1,2],\"x\"]}",
        "{\"a\":{\"b\":{\"c\":null}},\"d\":true,\"e\":false}", "{\"a\" : 1 , \"b\" : [ 1 , 2 ] }"}) {
    assert_status_of(good, Status::kOk);
  }
}

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
  for (Str missing : {"b", "q", "A", "aa", "inner", "outer", "n"})
    assert_text(string_of(document, missing), "not found");
  assert_text(string_of(document, "x"), "{ (no string)");
  assert_text(string_of(document, "y"), "[ (no string)");
  assert_text(string_of(document, "i"), "5 (no string)");
}

void the_last_of_its_name_counts(void**) {
  assert_text(string_of(R"({"a":"1","a":"2"})"), "2");
  assert_text(string_of(R"({"a":"1","a":null})"), "not found");
  assert_text(string_of(R"({"a":null,"a":"2"})"), "2");
  assert_text(string_of(R"({"a":"1","a":{}})"), "{ (no string)");
  assert_text(string_of(R"({"a":{},"a":"1"})"), "1");
  assert_text(string_of(R"({"a":"null"})"), "null");
}

void case_of_names(void**) {
  const std::string document = R"({"Credentials":{"accessKEYid":"x"}})";
  assert_text(string_of(document, "credentials/accessKEYid"), "not found");
  assert_text(string_of(document, "Credentials/AccessKeyId"), "not found");
  assert_text(string_of(document, "cREDENTIALS/AccessKeyId", NameCase::kIgnored), "x");
  assert_text(string_of(document, "cREDENTIALS/AccessKeyIdd", NameCase::kIgnored), "not found");
}

void members_of_objects(void**) {
  const std::string document = R"({"a":{"b":{"c":"d"},"e":"f"},"e":[{"e":"x"},"y"],"n":null,"s":"t","":{"g":"h"}})";
  assert_text(string_of(document, "a/e"), "f");
  assert_text(string_of(document, "a/b"), "{ (no string)");
  assert_text(string_of(document, "/g"), "h");
  for (Str missing : {"a/s", "e/e", "e/y", "n/e", "s/e", "x/e", "a/b/c", "b/c", "c", "f"}) {
    assert_text(string_of(document, missing), "not found");
  }
  assert_text(string_of(R"({"q":{"b":"1"},"a":["2"]})", "a/b"), "not found");
  assert_text(string_of(R"({"a":{"":"1"}})"), "{ (no string)");
}

void several_fields(void**) {
  std::string document = R"({"a":1,"b":"\u0062","c":{"d":true}})";
  TextField fields[] = {{"b"}, {"a"}, {"c/d"}, {"b"}, {"e"}};
  assert_status(read_json({&document[0], document.size()}, fields), Status::kOk);
  for (size_t i : {0, 3}) assert_text(fields[i].text, "b");
  assert_text(fields[1].text, "1");
  assert_text(fields[2].text, "true");
  assert_false(fields[1].is_string || fields[2].is_string || fields[4].found());
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
  assert_status_of(array(100000), Status::kOk);
  assert_status_of(nested(kMaxJsonDepth), Status::kOk);
  assert_status_of(nested(kMaxJsonDepth + 1), Status::kValueTooLong);
  assert_status_of(std::string(100000, '['), Status::kInvalidArgument);
  assert_status_of("{\"a\":" + std::string(100000, '['), Status::kValueTooLong);
  assert_text(string_of("{\"a\":\"" + std::string(100000, 'x') + "\"}"), std::string(100000, 'x'));
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
      cmocka_unit_test(members_of_objects),
      cmocka_unit_test(several_fields),
      cmocka_unit_test(limits),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
