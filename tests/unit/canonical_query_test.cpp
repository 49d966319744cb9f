// Covers C3, C4, C5: order, encoding and number of parameters.
#include "sigv4/canonical_query.h"

#include <algorithm>
#include <random>
#include <vector>

#include "capture.h"
#include "check.h"

using namespace tinyaws;

namespace {

std::string canonical(const std::string& query) {
  return test::written([&](Writer& out) { put_canonical_query(query, out); });
}

// The rule once more, by other means: whole strings, a table of pairs, std::sort.
std::string decode(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() &&
                        isxdigit(static_cast<unsigned char>(text[i + 1])) != 0 &&
                        isxdigit(static_cast<unsigned char>(text[i + 2])) != 0;
    out += escape ? static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16)) : text[i];
    if (escape) i += 2;
  }
  return out;
}

std::string encode(const std::string& raw) {
  std::string out;
  for (char c : raw) {
    const auto byte = static_cast<unsigned char>(c);
    char escaped[4];
    snprintf(escaped, sizeof escaped, "%%%02X", byte);
    const bool plain = byte < 0x80 && (isalnum(byte) != 0 || std::string("-._~").find(c) != std::string::npos);
    out += plain ? std::string(1, c) : escaped;
  }
  return out;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts(1);
  for (char c : text) {
    if (c == '&') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

std::string by_sorting(const std::string& query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string& part : split(query)) {
    if (part.empty()) continue;
    const size_t equals = part.find('=');
    const std::string value = equals == std::string::npos ? "" : part.substr(equals + 1);
    pairs.emplace_back(encode(decode(part.substr(0, equals))), encode(decode(value)));
  }
  std::sort(pairs.begin(), pairs.end());
  std::string out;
  for (const auto& pair : pairs) out += (out.empty() ? "" : "&") + pair.first + "=" + pair.second;
  return out;
}

void known_queries(void**) {
  assert_text(canonical(""), "");
  assert_text(canonical("a"), "a=");
  assert_text(canonical("a="), "a=");
  assert_text(canonical("=v"), "=v");
  assert_text(canonical("="), "=");
  assert_text(canonical("a=b=c"), "a=b%3Dc");
  assert_text(canonical("&&a&&"), "a=");
  assert_text(canonical("b=2&a=1"), "a=1&b=2");
  assert_text(canonical("a=2&a=1&a=1"), "a=1&a=1&a=2");
  assert_text(canonical("x?y=1?2"), "x%3Fy=1%3F2");
}

// "a=" sorts behind "a-b=" and "a.b=" when whole parameters are compared instead of names.
void names_are_compared_apart_from_values(void**) {
  assert_text(canonical("a.b=1&a-b=2&a=3"), "a=3&a-b=2&a.b=1");
  assert_text(canonical("Param-3=1&Param=2"), "Param=2&Param-3=1");
  assert_text(canonical("fA=1&f[x]=2"), "f%5Bx%5D=2&fA=1");
  assert_text(canonical("b=1&B=2&a=3&A=4"), "A=4&B=2&a=3&b=1");
}

void encoding_is_made_anew(void**) {
  assert_text(canonical("a=%2f%7e%41+*"), "a=%2F~A%2B%2A");
  assert_text(canonical("%62=1&a=2"), "a=2&b=1");
  assert_text(canonical("k=\xc3\xa4&k=%c3%a4"), "k=%C3%A4&k=%C3%A4");
  assert_text(canonical("a=%&b=%4&c=%zz"), "a=%25&b=%254&c=%25zz");
  assert_text(canonical("a%3Db=1&a%26=2"), "a%26=2&a%3Db=1");
  assert_text(canonical("a=%00"), "a=%00");
}

std::string random_query(std::mt19937& random) {
  // Few letters, so that names meet; the bytes that sort apart before and after encoding; broken escapes.
  static const char* const kPieces[] = {"a",   "b", "A", "-", ".",  "_",   "~",        "%41", "%2d",
                                        "%2D", "+", "/", "%", "%2", "[",   "\xc3\xa4", "=",   "=",
                                        "=",   "&", "&", "&", "0",  "%7e", "%26"};
  std::uniform_int_distribution<size_t> length(0, 40);
  std::uniform_int_distribution<size_t> pick(0, sizeof kPieces / sizeof kPieces[0] - 1);
  std::string query;
  for (size_t i = length(random); i > 0; --i) query += kPieces[pick(random)];
  return query;
}

void random_queries_agree_with_a_sort(void**) {
  std::mt19937 random(7);
  for (int i = 0; i < 5000; ++i) {
    const std::string query = random_query(random);
    if (canonical(query) == by_sorting(query)) continue;
    print_error("query \"%s\"\n", test::printable(query).c_str());
    assert_text(canonical(query), by_sorting(query));
  }
}

void many_parameters_and_long_ones(void**) {
  std::string query;
  for (int i = 0; i < 300; ++i) query += "n" + std::to_string(i * 7919 % 300) + "=" + std::to_string(i % 3) + "&";
  assert_text(canonical(query), by_sorting(query));
  const std::string value(70000, '/');
  assert_text(canonical("b=" + value + "&a"), by_sorting("b=" + value + "&a"));
}

void the_order_of_parameters_does_not_matter(void**) {
  std::vector<std::string> parts = {"a=1", "a=2", "a", "b=%41", "B", "a-b=", "=x", "a%2Db=z"};
  const std::string expected = by_sorting("a=1&a=2&a&b=%41&B&a-b=&=x&a%2Db=z");
  std::mt19937 random(9);
  for (int i = 0; i < 200; ++i) {
    std::shuffle(parts.begin(), parts.end(), random);
    std::string query;
    for (const std::string& part : parts) query += part + "&";
    assert_text(canonical(query), expected);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(known_queries),
      cmocka_unit_test(names_are_compared_apart_from_values),
      cmocka_unit_test(encoding_is_made_anew),
      cmocka_unit_test(random_queries_agree_with_a_sort),
      cmocka_unit_test(many_parameters_and_long_ones),
      cmocka_unit_test(the_order_of_parameters_does_not_matter),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
