// The target in the head of a request: what is encoded, what is sent as it is, what is refused.
// Covers C1, C4: what is encoded on the wire, and what stays as it is.
#include "request_head_fixture.h"

using namespace tinyaws;
using namespace tinyaws::fakes;
using namespace test;

namespace {

std::string target_of(const Request& request) {
  const Written out = write(request);
  CHECK_STATUS(out.status, Status::kOk, "target");
  const size_t begin = out.text.find(' ') + 1;
  const std::string target = out.text.substr(begin, out.text.find(' ', begin) - begin);
  CHECK_TEXT(out.target, target, "target() is what was written");
  return target;
}

std::string target_of_path(Str path) {
  Request request = get();
  request.path = path;
  return target_of(request);
}

void paths_are_encoded_once(void**) {
  const struct {
    const char* path;
    const char* target;
  } cases[] = {
      {"/", "/"},
      {"", "/"},
      {"/a/b", "/a/b"},
      {"/a b", "/a%20b"},
      {"/a%20b", "/a%2520b"},
      {"/a+b", "/a%2Bb"},
      {"/a?b#c", "/a%3Fb%23c"},
      {"/\xc3\xa9", "/%C3%A9"},
      {"/-._~", "/-._~"},
      {"/!$&'()*,;=:@", "/%21%24%26%27%28%29%2A%2C%3B%3D%3A%40"},
      {"/a//b/../c/./", "/a//b/../c/./"},
      {"/\x7f\x01", "/%7F%01"},
  };
  for (const auto& c : cases) CHECK_TEXT(target_of_path(c.path), c.target, printable(c.path));
}

void queries_are_encoded_once_in_their_order(void**) {
  const Parameter query[] = {{"b", "2"}, {"a", "x y&z=+/"}, {"", ""}, {"acl", ""}, {"\xe2\x82\xac", "%41"}};
  Request request = get();
  request.path = "/p";
  request.query = query;
  CHECK_TEXT(target_of(request), "/p?b=2&a=x%20y%26z%3D%2B%2F&=&acl=&%E2%82%AC=%2541", "query");
}

void targets_are_sent_byte_for_byte(void**) {
  for (const char* target : {"/", "/a%20b?x=1", "/a//b/../c", "/?", "/?a&b=&c", "/%2f%2F", "/a?b?c/d:@!$&'()*+,;="}) {
    const Parameter query[] = {{"not", "used"}};
    Request request = get();
    request.path = "/not used";
    request.query = query;
    request.target = target;
    CHECK_TEXT(target_of(request), target, target);
  }
}

void a_target_may_begin_with_its_query(void**) {
  Request request = get();
  request.target = "?x=1";
  const Written out = write(request);
  if (out.status == Status::kOk) CHECK(contains(out.text, "GET /?x=1 HTTP/1.1\r\n"), out.text);
}

void bytes_that_may_not_stand_in_a_target(void**) {
  std::string allowed;
  for (int c = 0; c < 256; ++c) {
    const std::string target = std::string("/a") + static_cast<char>(c) + "b";
    const bool unreserved = c < 128 && (isalnum(c) || strchr("-._~", c)) && c != 0;
    const bool other = c != 0 && c < 128 && strchr("!$&'()*+,;=:@/?", c);
    Request request = get();
    request.target = target;
    const Status expected = unreserved || other ? Status::kOk : Status::kInvalidArgument;
    CHECK_STATUS(write(request).status, expected, "byte " + std::to_string(c));
    CHECK((find_forbidden_byte(target) == Str::npos) == (expected == Status::kOk), "find_forbidden_byte");
    if (expected != Status::kOk) CHECK(find_forbidden_byte(target) == 2, "place of byte " + std::to_string(c));
  }
}

void percent_signs_want_two_digits(void**) {
  const struct {
    const char* target;
    size_t at;
  } cases[] = {{"/%", 1},    {"/%4", 1},   {"/a%4g", 2},        {"/%g4", 1},
               {"/%%41", 1}, {"/%41%", 4}, {"/%41", Str::npos}, {"/%fF", Str::npos}};
  for (const auto& c : cases) {
    CHECK(find_forbidden_byte(c.target) == c.at, c.target);
    Request request = get();
    request.target = c.target;
    CHECK_STATUS(write(request).status, c.at == Str::npos ? Status::kOk : Status::kInvalidArgument, c.target);
  }
  const GuardedBuffer memory(3);
  memory.bytes()[0] = '/';
  memory.bytes()[1] = '%';
  memory.bytes()[2] = '4';
  CHECK(find_forbidden_byte({memory.bytes().data(), 3}) == 1, "at the end of its memory");
}

/// What begins with neither '/' nor '?' would be another form of target, or run into the base path.
void a_target_begins_with_a_slash(void**) {
  for (const char* target : {"a", "http://evil.example/", "*", "@evil.example/"}) {
    Request request = get();
    request.base_path = "/base";
    request.target = target;
    expect_refused(request, target);
    request.base_path = "";
    expect_refused(request, target);
  }
}

void a_path_without_its_slash_does_not_run_into_the_base(void**) {
  Request request = get();
  request.base_path = "/base";
  request.path = "key";
  const Written out = write(request);
  if (out.status != Status::kOk) return CHECK_STATUS(out.status, Status::kInvalidArgument, "key");
  CHECK_TEXT(out.target, "/base/key", "key");
}

void base_paths_stand_before_all(void**) {
  const struct {
    const char* base;
    const char* path;
    const char* target;
    const char* wire;
  } cases[] = {
      {"/stage", "/a b", "", "/stage/a%20b"},
      {"/stage", "/", "", "/stage/"},
      {"/st%20age", "/a", "", "/st%20age/a"},
      {"/stage", "/unused", "/t%20x?q", "/stage/t%20x?q"},
      {"", "/a", "", "/a"},
  };
  for (const auto& c : cases) {
    Request request = get();
    request.base_path = c.base;
    request.path = c.path;
    request.target = c.target;
    CHECK_TEXT(target_of(request), c.wire, c.wire);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(paths_are_encoded_once),
      cmocka_unit_test(queries_are_encoded_once_in_their_order),
      cmocka_unit_test(targets_are_sent_byte_for_byte),
      cmocka_unit_test(a_target_may_begin_with_its_query),
      cmocka_unit_test(bytes_that_may_not_stand_in_a_target),
      cmocka_unit_test(percent_signs_want_two_digits),
      cmocka_unit_test(a_target_begins_with_a_slash),
      cmocka_unit_test(a_path_without_its_slash_does_not_run_into_the_base),
      cmocka_unit_test(base_paths_stand_before_all),
  };
  return cmocka_run_group_tests_name("request_head targets", tests, nullptr, nullptr);
}
