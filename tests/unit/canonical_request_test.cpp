// Covers C6, C7: white space in values, values of one name.
#include "sigv4/canonical_request.h"

#include <vector>

#include "capture.h"
#include "check.h"

using namespace tinyaws;

namespace {

std::string canonical(const std::string& target, const std::vector<Header>& given) {
  const SigningInput input{"GET", "h", target, {given.data(), given.size()}, "P"};
  const Credentials nobody;
  const SigningConfig config{nobody, {}, {}, {}};
  SignedHeaders headers(input, config, nullptr);
  assert_status(headers.collect(), Status::kOk);
  return test::written([&](Writer& out) { put_canonical_request({input, target, config, headers}, out); });
}

std::string canonical_value(Str value) {
  const std::string text = canonical("/", {{"a", value}});
  const std::string before = "GET\n/\n\na:";
  const std::string behind = "\nhost:h\n\na;host\nP";
  assert_true(text.size() >= before.size() + behind.size());
  assert_text(text.substr(0, before.size()), before);
  assert_text(text.substr(text.size() - behind.size()), behind);
  return text.substr(before.size(), text.size() - before.size() - behind.size());
}

void the_parts_stand_in_order(void**) {
  assert_text(canonical("/p?q=1", {{"B", "2"}}), "GET\n/p\nq=1\nb:2\nhost:h\n\nb;host\nP");
  assert_text(canonical("", {}), "GET\n/\n\nhost:h\n\nhost\nP");
  assert_text(canonical("?q", {}), "GET\n/\nq=\nhost:h\n\nhost\nP");
}

void values_lose_their_outer_blanks_and_fold_the_inner_ones(void**) {
  assert_text(canonical_value(""), "");
  assert_text(canonical_value(" \t "), "");
  assert_text(canonical_value("  a  "), "a");
  assert_text(canonical_value("a   b \t\t c"), "a b c");
  assert_text(canonical_value("\"a  b\""), "\"a b\"");
  assert_text(canonical_value("a\v\fb"), "a b");
  assert_text(canonical_value("a,  b"), "a, b");
  assert_text(canonical_value("\xc3\xa4\x01\x7f"), "\xc3\xa4\x01\x7f");
}

void values_of_any_length(void**) {
  std::string value;
  for (size_t size = 0; size < 300; ++size) {
    assert_text(canonical_value(value), value);
    value += static_cast<char>('a' + size % 26);
  }
  const std::string longest(1 << 20, 'v');
  assert_text(canonical_value(longest), longest);
}

void values_of_one_name_are_joined(void**) {
  const std::vector<Header> given = {{"A", " 2 "}, {"b", "x"}, {"a", ""}, {"A", "1  1"}};
  assert_text(canonical("/", given), "GET\n/\n\na:2,,1 1\nb:x\nhost:h\n\na;b;host\nP");
}

void targets_are_cut_at_the_first_question_mark(void**) {
  const std::string behind = "\nhost:h\n\nhost\nP";
  assert_text(canonical("/a?b?c", {}), "GET\n/a\nb%3Fc=" + behind);
  assert_text(canonical("/a", {}), "GET\n/a\n" + behind);
  assert_text(canonical("?a", {}), "GET\n/\na=" + behind);
  assert_text(canonical("/a?", {}), "GET\n/a\n" + behind);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(the_parts_stand_in_order),
      cmocka_unit_test(values_lose_their_outer_blanks_and_fold_the_inner_ones),
      cmocka_unit_test(values_of_any_length),
      cmocka_unit_test(values_of_one_name_are_joined),
      cmocka_unit_test(targets_are_cut_at_the_first_question_mark),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
