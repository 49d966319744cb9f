// Covers C1, C2: how paths are normalised and encoded, by kind of service.
#include "sigv4/canonical_path.h"

#include <random>
#include <vector>

#include "capture.h"
#include "check.h"

using namespace tinyaws;

namespace {

std::string canonical(const std::string& path, bool normalize, bool double_encode) {
  SigningPolicy policy;
  policy.normalize_path = normalize;
  policy.double_encode = double_encode;
  return test::written([&](Writer& out) { put_canonical_path(path, policy, out); });
}

std::string normalized(const std::string& path) {
  return canonical(path, true, false);
}

// The rule once more, with the stack that the library does without.
std::string by_stack(const std::string& path) {
  std::vector<std::string> stack;
  std::string segment;
  for (char c : path + "/") {
    if (c != '/') {
      segment += c;
      continue;
    }
    if (segment == "..") {
      if (!stack.empty()) stack.pop_back();
    } else if (!segment.empty() && segment != ".") {
      stack.push_back(segment);
    }
    segment.clear();
  }
  std::string out;
  for (const std::string& kept : stack) out += "/" + kept;
  if (out.empty() || path.back() == '/') out += '/';
  return out;
}

std::string encode(const std::string& path) {
  std::string out;
  for (char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    char escaped[4];
    snprintf(escaped, sizeof escaped, "%%%02X", byte);
    const bool plain = byte < 0x80 && (isalnum(byte) != 0 || std::string("-._~/").find(c) != std::string::npos);
    out += plain ? std::string(1, c) : escaped;
  }
  return out;
}

void known_paths(void**) {
  const char* const rows[][2] = {
      {"/", "/"},
      {"//", "/"},
      {"/a/", "/a/"},
      {"/a//b", "/a/b"},
      {"/./a", "/a"},
      {"/a/.", "/a"},
      {"/a/..", "/"},
      {"/a/b/..", "/a"},
      {"/a/b/../", "/a/"},
      {"/..", "/"},
      {"/../../a", "/a"},
      {"/a/../../b", "/b"},
      {"/a/b/../../c", "/c"},
      {"/...", "/..."},
      {"/.a/..b", "/.a/..b"},
      {"/%2e%2e/a", "/%2e%2e/a"},
  };
  for (const auto& row : rows) assert_text(normalized(row[0]), row[1]);
}

void an_empty_path_is_the_root(void**) {
  for (bool normalize : {false, true}) {
    for (bool double_encode : {false, true}) assert_text(canonical("", normalize, double_encode), "/");
  }
}

void policies(void**) {
  const std::string path = "/a%20b//./c+d/../e=";
  assert_text(canonical(path, false, false), path);
  assert_text(canonical(path, false, true), "/a%2520b//./c%2Bd/../e%3D");
  assert_text(canonical(path, true, false), "/a%20b/e=");
  assert_text(canonical(path, true, true), "/a%2520b/e%3D");
}

std::string random_path(std::mt19937& random) {
  static const char* const kPieces[] = {"/",   "/", "/",        "/..",  "/..", "/.",    "/a", "/bc", "..", ".",
                                        "%2F", " ", "\xc3\xa4", "/...", "//",  "/a/..", "%",  "~",   "+"};
  std::uniform_int_distribution<size_t> length(0, 24);
  std::uniform_int_distribution<size_t> pick(0, sizeof kPieces / sizeof kPieces[0] - 1);
  std::string path = "/";
  for (size_t i = length(random); i > 0; --i) path += kPieces[pick(random)];
  return path;
}

void random_paths_agree_with_a_stack(void**) {
  std::mt19937 random(11);
  for (int i = 0; i < 20000; ++i) {
    const std::string path = random_path(random);
    const bool same = normalized(path) == by_stack(path) && canonical(path, true, true) == encode(by_stack(path)) &&
                      canonical(path, false, true) == encode(path) && canonical(path, false, false) == path;
    if (same) continue;
    print_error("path \"%s\"\n", test::printable(path).c_str());
    assert_text(normalized(path), by_stack(path));
    fail();
  }
}

void normalizing_twice_changes_nothing(void**) {
  std::mt19937 random(13);
  for (int i = 0; i < 2000; ++i) {
    const std::string once = normalized(random_path(random));
    assert_text(normalized(once), once);
  }
}

void long_paths(void**) {
  std::string path;
  for (int i = 0; i < 500; ++i) path += "/s" + std::to_string(i) + (i % 3 == 0 ? "/.." : "");
  assert_text(normalized(path), by_stack(path));
  const std::string segment = "/" + std::string(70000, 'x') + "%";
  assert_text(canonical(segment, true, true), segment + "25");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(known_paths),
      cmocka_unit_test(an_empty_path_is_the_root),
      cmocka_unit_test(policies),
      cmocka_unit_test(random_paths_agree_with_a_stack),
      cmocka_unit_test(normalizing_twice_changes_nothing),
      cmocka_unit_test(long_paths),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
