#include "base/ascii.h"

#include "check.h"

using namespace tinyaws;

namespace {

const std::string kDigits = "0123456789";
const std::string kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

bool in(const std::string& set, int c) {
  return set.find(static_cast<char>(c)) != std::string::npos;
}

void classes_hold_what_their_rfc_lists(void**) {
  const std::string token = kDigits + kLetters + "!#$%&'*+-.^_`|~";  // RFC 9110 section 5.6.2
  const std::string unreserved = kDigits + kLetters + "-._~";        // RFC 3986 section 2.3
  for (int c = 0; c < 256; ++c) {
    const auto byte = static_cast<unsigned char>(c);
    assert_int_equal(is_digit(byte), in(kDigits, c));
    assert_int_equal(is_alpha(byte), in(kLetters, c));
    assert_int_equal(is_alnum(byte), in(kDigits + kLetters, c));
    assert_int_equal(is_blank(byte), in(" \t", c));
    assert_int_equal(is_space(byte), in(" \t\n\v\f\r", c));
    assert_int_equal(is_unreserved(byte), in(unreserved, c));
    assert_int_equal(is_token_char(byte), in(token, c));
  }
}

void only_capitals_become_lower(void**) {
  for (int c = 0; c < 256; ++c) {
    const int lower = c >= 'A' && c <= 'Z' ? c + 32 : c;
    assert_int_equal(static_cast<unsigned char>(to_lower(static_cast<char>(c))), lower);
  }
}

void a_token_is_one_or_more_token_characters(void**) {
  for (Str good : {"a", "X-Amz-Date", "~", "1"}) assert_true(is_token(good));
  for (Str bad : {"", " ", "a b", "a:", "a\r", "\x7f", "\xc3\xa4", "(", "a\"", "a/b", "a,b"}) {
    assert_false(is_token(bad));
  }
  assert_false(is_token(Str("a\0b", 3)));
}

void clean_text_has_no_cr_lf_or_nul(void**) {
  assert_true(is_clean(""));
  assert_true(is_clean("a\tb \x01\x7f\xff"));
  for (char c : {'\r', '\n', '\0'}) {
    for (size_t at = 0; at < 3; ++at) {
      std::string text = "abc";
      text[at] = c;
      assert_false(is_clean(text));
    }
  }
}

void comparing_without_case(void**) {
  assert_true(equals_ignoring_case("", ""));
  assert_true(equals_ignoring_case("X-Amz-DATE", "x-aMZ-date"));
  assert_false(equals_ignoring_case("a", "ab"));
  assert_false(equals_ignoring_case("ab", "a"));
  assert_false(equals_ignoring_case("@", "`"));  // 0x20 apart, but no letters
  assert_false(equals_ignoring_case("[", "{"));
  assert_false(equals_ignoring_case("\xc3\x84", "\xc3\xa4"));
}

void sorting_without_case(void**) {
  const Str sorted[] = {"", "a", "A-b", "ab", "AB_", "abc", "b"};
  const size_t count = sizeof sorted / sizeof *sorted;
  for (size_t i = 0; i < count; ++i) {
    for (size_t k = 0; k < count; ++k) {
      const int order = compare_ignoring_case(sorted[i], sorted[k]);
      assert_true(i < k ? order < 0 : i > k ? order > 0 : order == 0);
    }
  }
  assert_true(compare_ignoring_case("_", "a") < 0 && compare_ignoring_case("_", "A") < 0);
}

void words_of_letters_digits_and_marks(void**) {
  assert_true(is_word("aZ09", "") && is_word("a-b", "-") && is_word("-", ".-"));
  assert_false(is_word("", "-") || is_word("a-b", "") || is_word("a b", "-") || is_word("\xc3\xa4", "-"));
  assert_false(is_word(Str("a\0", 2), "-"));
}

void places_in_lists(void**) {
  const Str list = "host te via";
  assert_int_equal(find_word(list, "Host"), 0);
  assert_int_equal(find_word(list, "te"), 1);
  assert_int_equal(find_word(list, "VIA"), 2);
  for (Str other : {"", "t", "hos", "hosts", "host te", " "}) assert_int_equal(find_word(list, other), Str::npos);
  assert_int_equal(find_word("", "host"), Str::npos);
}

void prefixes(void**) {
  assert_true(starts_with("abc", "") && starts_with("abc", "ab") && starts_with("abc", "abc"));
  assert_false(starts_with("abc", "abcd") || starts_with("abc", "b") || starts_with("", "a"));
  assert_true(starts_with("abc", 'a') && !starts_with("abc", 'b') && !starts_with("", 'a'));
}

void lists_of_names(void**) {
  const Str list = "connection proxy- te via";
  for (Str name : {"connection", "Connection", "TE", "via", "proxy-", "Proxy-Authorization"}) {
    assert_true(is_listed(name, list));
  }
  for (Str name : {"", "a", "connectio", "connections", "proxy", "t", "tea", "vi", "zoo", "te via"}) {
    assert_false(is_listed(name, list));
  }
  assert_false(is_listed("a", ""));
}

void taking_parts_off_the_front(void**) {
  Str rest = "a,,b";
  assert_text(take_until(rest, ','), "a");
  assert_text(rest, ",b");
  assert_text(take_until(rest, ','), "");
  assert_text(take_until(rest, ','), "b");
  assert_true(rest.empty() && take_until(rest, ',').empty() && rest.empty());
  Str ends_with_it = "a,";
  assert_text(take_until(ends_with_it, ','), "a");
  assert_true(ends_with_it.empty());
}

void parts_by_number(void**) {
  assert_text(nth_part("a,bc,,d", 0, ','), "a");
  assert_text(nth_part("a,bc,,d", 1, ','), "bc");
  assert_text(nth_part("a,bc,,d", 2, ','), "");
  assert_text(nth_part("a,bc,,d", 3, ','), "d");
  assert_true(nth_part("a,bc,,d", 4, ',').empty() && nth_part("", 0, ',').empty());
}

void trimming(void**) {
  assert_text(trim_blanks(" \t a \t b\t "), "a \t b");
  assert_text(trim_blanks("a"), "a");
  assert_text(trim_blanks(" \t "), "");
  assert_text(trim_blanks(""), "");
  assert_text(trim_blanks("\na\r"), "\na\r");
}

void trimming_white_space(void**) {
  assert_true(trim_space(" \t\r\n\v\fa b\n") == "a b");
  assert_true(trim_space(" \n").empty() && trim_space("").empty());
}

void truth(void**) {
  for (Str text : {"true", "TRUE", " True\t"}) assert_true(is_true(text));
  for (Str text : {"", " ", "false", "1", "yes", "truer", "t"}) assert_false(is_true(text));
}

void blank_text(void**) {
  for (Str blank : {"", " ", "\t \n\v\f\r"}) assert_true(is_blank_text(blank));
  for (Str text : {"a", " a ", "\xc2\xa0"}) assert_false(is_blank_text(text));
  assert_false(is_blank_text(Str("\0", 1)));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(classes_hold_what_their_rfc_lists),
      cmocka_unit_test(only_capitals_become_lower),
      cmocka_unit_test(a_token_is_one_or_more_token_characters),
      cmocka_unit_test(clean_text_has_no_cr_lf_or_nul),
      cmocka_unit_test(comparing_without_case),
      cmocka_unit_test(sorting_without_case),
      cmocka_unit_test(words_of_letters_digits_and_marks),
      cmocka_unit_test(places_in_lists),
      cmocka_unit_test(prefixes),
      cmocka_unit_test(lists_of_names),
      cmocka_unit_test(taking_parts_off_the_front),
      cmocka_unit_test(parts_by_number),
      cmocka_unit_test(trimming),
      cmocka_unit_test(trimming_white_space),
      cmocka_unit_test(truth),
      cmocka_unit_test(blank_text),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
