#include "text/json_members.h"

#include <cstring>

#include "check.h"
#include "fakes/guarded_buffer.h"

using namespace tinyaws;

namespace {

// "kOk: a=1 b=2...": the members that were found, those that were cut with dots. Read at a guard page.
std::string members(const std::string& document, Str a = "a", Str b = "b") {
  const fakes::GuardedBuffer buffer(document.size());
  if (!document.empty()) memcpy(buffer.bytes().data(), document.data(), document.size());
  JsonMember wanted[] = {{a, "stale", true}, {b, "stale", true}};
  const Status status = read_json_members({buffer.bytes().data(), document.size()}, wanted);
  std::string out = std::string(name(status)) + ":";
  for (const JsonMember& member : wanted) {
    if (!member.found()) continue;
    out += " " + std::string(member.name) + "=" + std::string(member.text) + (member.cut ? "..." : "");
  }
  return out;
}

void whole_documents(void**) {
  assert_text(members(R"({})"), "kOk:");
  assert_text(members(R"({"a":"1"})"), "kOk: a=1");
  assert_text(members(" { \"b\" : \"2\" ,\n\"a\":\"\"} "), "kOk: a= b=2");
  assert_text(members(R"({"a":"\"\\","b":"\u00e9"})"), R"(kOk: a=\"\\ b=\u00e9)");
  assert_text(members(R"({"a":"1","a":"2"})"), "kOk: a=2");
  assert_text(members(R"({"a":"1"} {"b":"2"})"), "kOk: a=1");
}

void other_types(void**) {
  assert_text(members(R"({"a":5,"b":"2"})"), "kOk: b=2");
  assert_text(members(R"({"a":null,"b":true})"), "kOk:");
  assert_text(members(R"({"a":["x"],"b":{"a":"x"}})"), "kOk:");
  assert_text(members(R"({"x":"a","a":"1"})"), "kOk: a=1");
}

void nested_members_are_passed_over(void**) {
  assert_text(members(R"({"x":{"a":"no","b":"no"},"l":[{"a":"no"},["b","no"]],"a":"1","y":{},"b":"2"})"),
              "kOk: a=1 b=2");
  assert_text(members(R"({"x":{"y":{"a":"no"},"b":"no"},"b":"2"})"), "kOk: b=2");
}

void what_is_no_object(void**) {
  for (const char* none : {"", " ", "5", "\"a\"", "[1,2]", "[{\"a\":\"1\"}]", "x", "}", "{]", "{\"a\":\"1\",\xff}",
                           "{\"a\":\"1\"\"b\":\"2\"}"}) {
    assert_text(members(none), "kInvalidArgument:");
  }
  for (size_t at : {6, 7, 8, 9}) {
    std::string document = R"({"a":"1"})";
    assert_text(members(document.insert(at, 1, '\0')), "kInvalidArgument:");
  }
}

void whatever_strings_hold(void**) {
  assert_text(members(R"({"a":"\x","b":"\u00g0"})"), R"(kOk: a=\x b=\u00g0)");
  assert_text(members("{\"a\":\"1\t\n\"}"), "kOk: a=1\t\n");
}

void what_has_no_end(void**) {
  assert_text(members(R"({)"), "kTruncated:");
  assert_text(members(R"({"a)"), "kTruncated:");
  assert_text(members(R"({"a":)"), "kTruncated:");
  assert_text(members(R"({"a":")"), "kTruncated: a=...");
  assert_text(members(R"({"a":"1)"), "kTruncated: a=1...");
  assert_text(members(R"({"a":"1")"), "kTruncated: a=1");
  assert_text(members(R"({"a":"1","b)"), "kTruncated: a=1");
  assert_text(members(R"({"a":"1","b":"2\)"), "kTruncated: a=1 b=2...");
  assert_text(members(R"({"a":"1","b":"2\ud83c\u)"), "kTruncated: a=1 b=2...");
  assert_text(members(R"({"a":"1","b":["2)"), "kTruncated: a=1");
  assert_text(members(R"({"a":"1","x":{"b":"2)"), "kTruncated: a=1");
  assert_text(members(R"({"x":{"b":"2"},"a":"1)"), "kTruncated: a=1...");
  assert_text(members(R"({"a":"1" "b)"), "kInvalidArgument:");
}

std::string reasons(size_t count) {
  std::string out = R"({"a":"1","x":[)";
  for (size_t i = 0; i < count; ++i) out += R"({"Code":"None","b":"no"},)";
  return out + R"({}],"b":"2")";
}

void any_number_of_values(void**) {
  for (size_t count = 0; count < 300; ++count) {
    assert_text(members(reasons(count) + "}"), "kOk: a=1 b=2");
    assert_text(members(reasons(count)), "kTruncated: a=1 b=2");
    assert_text(members(reasons(count) + ",\"a\":\"last"), "kTruncated: a=last... b=2");
  }
  for (size_t count = 0; count < 300; ++count) {
    std::string wide = "{";
    for (size_t i = 0; i < count; ++i)
      wide += "\"n\":" + std::string(i % 3 == 0 ? "\"a\"," : i % 3 == 1 ? "[]," : "7,");
    assert_text(members(wide + R"("b":"2"})"), "kOk: b=2");
  }
}

std::string nested(size_t depth) {
  return R"({"a":"1","x":)" + std::string(depth, '[') + std::string(depth, ']') + R"(,"b":"2"})";
}

void depth(void**) {
  assert_text(members(nested(kMaxJsonDepth - 1)), "kOk: a=1 b=2");
  assert_text(members(nested(kMaxJsonDepth)), "kValueTooLong: a=1");
  assert_text(members(nested(100000)), "kValueTooLong: a=1");
  assert_text(members(std::string(100000, '[')), "kInvalidArgument:");
  std::string objects;
  for (int i = 0; i < 1000; ++i) objects += "{\"a\":";
  assert_text(members(objects), "kValueTooLong:");
}

void every_prefix(void**) {
  const std::string document = R"( {"a":"1\n","x":{"a":["b","2",{"b":"3"}]},"n":-1.5e3,"b":"two \ud83c\udf89"})";
  for (size_t size = 0; size < document.size(); ++size) {
    const std::string found = members(document.substr(0, size));
    const bool fits = size < 2 ? found == "kInvalidArgument:" : found.find("kTruncated:") == 0;
    if (!fits || found.find("=3") != std::string::npos) fail_msg("%zu: %s", size, found.c_str());
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(whole_documents),
      cmocka_unit_test(other_types),
      cmocka_unit_test(nested_members_are_passed_over),
      cmocka_unit_test(what_is_no_object),
      cmocka_unit_test(whatever_strings_hold),
      cmocka_unit_test(what_has_no_end),
      cmocka_unit_test(any_number_of_values),
      cmocka_unit_test(depth),
      cmocka_unit_test(every_prefix),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
