// Views: text and spans.
#include "tinyaws/bytes.h"

#include <string_view>
#include <type_traits>

#include "check.h"

using namespace tinyaws;

namespace {

constexpr Str kLiteral = "literal";
static_assert(kLiteral.size() == 7, "a literal's length is known when it is compiled");
static_assert(kLiteral[0] == 'l' && kLiteral.back() == 'l', "and so are its bytes");
static_assert(kLiteral.substr(3, 2).size() == 2, "and what is taken of it");
static_assert(Str().empty() && Str().data() == nullptr, "nothing is empty");
static_assert(std::is_trivially_copyable_v<Str> && std::is_trivially_destructible_v<Str>, "travels in registers");
static_assert(alignof(Str) == 8 && alignof(MutBytes) == 8, "as a pair of them");

void converts_from_whatever_is_text(void**) {
  const std::string string = "a string";
  const std::string_view view = "a view";
  char array[] = "an array";
  const char* pointer = array;
  assert_text(Str(string), "a string");
  assert_text(Str(view), "a view");
  assert_text(Str(array), "an array");
  assert_text(Str(pointer), "an array");
  assert_ptr_equal(Str(string).data(), string.data());
  assert_int_equal(Str("").size(), 0);
}

void converts_to_what_the_standard_library_takes(void**) {
  const Str text("a\0b", 3);
  const std::string_view view = text;
  assert_int_equal(view.size(), 3);
  assert_ptr_equal(view.data(), text.data());
  assert_true(std::string(text) == std::string("a\0b", 3));
}

void a_nul_ends_literals_but_not_views(void**) {
  assert_int_equal(Str("a\0b").size(), 1);
  assert_int_equal(Str("a\0b", 3).size(), 3);
}

void compares_length_and_bytes(void**) {
  assert_true(Str("abc") == "abc" && Str("") == Str() && Str() == Str());
  assert_true(Str("abc") != "abd" && Str("abc") != "ab" && Str("ab") != "abc" && Str("a") != Str());
  assert_true(Str("a\0b", 3) != Str("a\0c", 3));
  assert_true(Str("\x80") != "\x7f");
}

void is_walked_through(void**) {
  std::string walked;
  for (char c : Str("abc")) walked += c;
  assert_text(walked, "abc");
  for (char c : Str()) fail_msg("an empty text has a %c", c);
  assert_int_equal(Str("abc").front(), 'a');
  assert_int_equal(Str("abc").back(), 'c');
}

void loses_its_ends(void**) {
  Str text = "abcdef";
  text.remove_prefix(2);
  assert_text(text, "cdef");
  text.remove_suffix(3);
  assert_text(text, "c");
  text.remove_suffix(1);
  assert_true(text.empty());
}

void parts_never_reach_beyond_the_end(void**) {
  const Str text = "abcdef";
  assert_text(text.substr(0), "abcdef");
  assert_text(text.substr(2), "cdef");
  assert_text(text.substr(2, 3), "cde");
  assert_text(text.substr(2, 0), "");
  assert_text(text.substr(4, 3), "ef");
  assert_text(text.substr(4, Str::npos), "ef");
  for (size_t at : {size_t{6}, size_t{7}, Str::npos}) {
    assert_true(text.substr(at).empty() && text.substr(at, 1).empty());
    assert_ptr_equal(text.substr(at).data(), text.end());
  }
  assert_true(Str().substr(0).empty());
}

void finds_bytes(void**) {
  const Str text("a.b.\0c", 6);
  assert_true(text.has('a') && text.has('\0') && text.has('c'));
  assert_false(text.has('x') || Str().has('a'));
  assert_int_equal(text.find('a'), 0);
  assert_int_equal(text.find('.'), 1);
  assert_int_equal(text.find('.', 1), 1);
  assert_int_equal(text.find('.', 2), 3);
  assert_int_equal(text.find('\0'), 4);
  assert_int_equal(text.find('c'), 5);
  assert_int_equal(text.rfind('.'), 3);
  assert_int_equal(text.rfind('a'), 0);
  for (size_t missing : {text.find('x'), text.find('a', 1), text.find('c', 6), text.find('c', 7),
                         text.find('c', Str::npos), text.rfind('x'), Str().find('a'), Str().rfind('a')}) {
    assert_int_equal(missing, Str::npos);
  }
}

void finds_texts(void**) {
  const Str text = "abababc";
  assert_int_equal(text.find("ab"), 0);
  assert_int_equal(text.find("ab", 1), 2);
  assert_int_equal(text.find("abc"), 4);
  assert_int_equal(text.rfind("ab"), 4);
  assert_int_equal(text.rfind("aba"), 2);
  assert_int_equal(text.find(text), 0);
  assert_int_equal(text.rfind(text), 0);
  for (size_t missing : {text.find("ac"), text.find("abc", 5), text.find("abababcd"), text.find("c", Str::npos),
                         text.rfind("ac"), text.rfind("abababcd"), Str().find("a"), Str().rfind("a")}) {
    assert_int_equal(missing, Str::npos);
  }
}

void the_empty_text_is_everywhere(void**) {
  assert_int_equal(Str("abc").find(""), 0);
  assert_int_equal(Str("abc").find("", 3), 3);
  assert_int_equal(Str("abc").find("", 4), Str::npos);
  assert_int_equal(Str("abc").rfind(""), 3);
  assert_int_equal(Str().find(""), 0);
}

void finds_what_is_in_a_set_or_not(void**) {
  const Str text = "  key = value";
  assert_int_equal(text.find_first_not_of(" "), 2);
  assert_int_equal(text.find_first_of("=:"), 6);
  assert_int_equal(text.find_first_of(" ", 2), 5);
  assert_int_equal(text.find_first_not_of(" =", 5), 8);
  for (size_t missing :
       {text.find_first_of(""), text.find_first_of("#"), text.find_first_of("e", 13), text.find_first_not_of(text),
        text.find_first_not_of("", Str::npos), Str().find_first_of("a"), Str().find_first_not_of("a")}) {
    assert_int_equal(missing, Str::npos);
  }
}

void what_stands_before_a_byte(void**) {
  assert_text(Str("a=b=c").before('='), "a");
  assert_text(Str("=b").before('='), "");
  assert_text(Str("abc").before('='), "abc");
  assert_text(Str("").before('='), "");
  assert_text(Str("a\0b", 3).before('\0'), "a");
  assert_true(Str().before('=').empty());
}

void spans_view_what_they_were_given(void**) {
  int numbers[] = {1, 2, 3};
  const Span<int> span = numbers;
  assert_int_equal(span.size(), 3);
  span[1] = 5;
  assert_int_equal(numbers[1], 5);
  assert_int_equal(span.first(2).size(), 2);
  assert_int_equal(span.drop(2)[0], 3);
  assert_true(span.drop(3).empty() && span.first(0).empty() && Span<int>().empty());
  int sum = 0;
  for (int number : span) sum += number;
  assert_int_equal(sum, 9);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(converts_from_whatever_is_text),
      cmocka_unit_test(converts_to_what_the_standard_library_takes),
      cmocka_unit_test(a_nul_ends_literals_but_not_views),
      cmocka_unit_test(compares_length_and_bytes),
      cmocka_unit_test(is_walked_through),
      cmocka_unit_test(loses_its_ends),
      cmocka_unit_test(parts_never_reach_beyond_the_end),
      cmocka_unit_test(finds_bytes),
      cmocka_unit_test(finds_texts),
      cmocka_unit_test(the_empty_text_is_everywhere),
      cmocka_unit_test(finds_what_is_in_a_set_or_not),
      cmocka_unit_test(what_stands_before_a_byte),
      cmocka_unit_test(spans_view_what_they_were_given),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
