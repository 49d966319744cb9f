#include "text/percent.h"

#include "check.h"
#include "tinyaws/http.h"

using namespace tinyaws;

namespace {

std::string encode(Str raw, Slash slash) {
  std::string buffer(raw.size() * 3, '\0');
  Writer out(MutBytes(&buffer[0], buffer.size()));
  percent_encode(raw, slash, out);
  assert_true(out.fits());
  return buffer.substr(0, out.size());
}

std::string decode(Str encoded) {
  std::string out;
  while (!encoded.empty()) out += static_cast<char>(take_decoded(encoded));
  return out;
}

void every_byte(void**) {
  const std::string plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  for (int i = 0; i < 256; ++i) {
    const std::string raw(1, static_cast<char>(i));
    char escaped[4];
    snprintf(escaped, sizeof escaped, "%%%02X", i);
    const std::string expected = plain.find(raw) != std::string::npos ? raw : escaped;
    assert_text(encode(raw, Slash::kEncode), expected);
    assert_text(encode(raw, Slash::kKeep), raw == "/" ? "/" : expected);
  }
}

void what_was_encoded_is_decoded(void**) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  assert_text(decode(encode(all, Slash::kEncode)), all);
  assert_text(decode(encode(all, Slash::kKeep)), all);
  assert_text(encode("", Slash::kEncode), "");
}

void digits_of_either_case_are_decoded_and_plus_is_not_a_blank(void**) {
  assert_text(decode("%2f%2F%e4%E4%eF"), "//\xe4\xe4\xef");
  assert_text(decode("a+b"), "a+b");
  assert_text(decode("%00"), Str("\0", 1));
}

void a_percent_without_two_digits_stands_for_itself(void**) {
  for (Str text : {"%", "%4", "%%", "%G0", "%0G", "a%", "%zz", "% 41", "%-1", "%+1", "%0x"}) {
    assert_text(decode(text), text);
  }
  assert_text(decode("%%41"), "%A");
  assert_text(decode("%4%41"), "%4A");
  assert_text(decode("%2541"), "%41");  // decoded once only
}

void bytes_that_a_target_may_not_have(void**) {
  const std::string allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?";
  for (int i = 0; i < 256; ++i) {
    const std::string target = "/a" + std::string(1, static_cast<char>(i)) + "b";
    const bool fine = allowed.find(static_cast<char>(i)) != std::string::npos;
    assert_int_equal(find_forbidden_byte(target), fine ? Str::npos : size_t{2});
  }
}

void escapes_in_a_target(void**) {
  for (Str good : {"", "/", "/%20", "/%c3%A4", "/a?b=%2F&c", "%41"}) {
    assert_int_equal(find_forbidden_byte(good), Str::npos);
  }
  assert_int_equal(find_forbidden_byte("/%"), 1);
  assert_int_equal(find_forbidden_byte("/%4"), 1);
  assert_int_equal(find_forbidden_byte("/%41%4g"), 4);
  assert_int_equal(find_forbidden_byte("/%%41"), 1);
  assert_int_equal(find_forbidden_byte("a b c"), 1);
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(every_byte),
      cmocka_unit_test(what_was_encoded_is_decoded),
      cmocka_unit_test(digits_of_either_case_are_decoded_and_plus_is_not_a_blank),
      cmocka_unit_test(a_percent_without_two_digits_stands_for_itself),
      cmocka_unit_test(bytes_that_a_target_may_not_have),
      cmocka_unit_test(escapes_in_a_target),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
