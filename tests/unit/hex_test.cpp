#include "text/hex.h"

#include "check.h"

using namespace tinyaws;

namespace {

void every_byte_becomes_two_lower_case_digits(void**) {
  for (int i = 0; i < 256; ++i) {
    const auto byte = static_cast<unsigned char>(i);
    char expected[3];
    snprintf(expected, sizeof expected, "%02x", i);
    char out[3] = {'.', '.', '.'};
    write_hex(&byte, 1, out);
    assert_memory_equal(out, expected, 2);
    assert_int_equal(out[2], '.');
  }
}

void bytes_stay_in_order(void**) {
  const unsigned char bytes[] = {0x00, 0x7f, 0x80, 0xff, 0x0a};
  char out[10];
  write_hex(bytes, sizeof bytes, out);
  assert_text(Str(out, sizeof out), "007f80ff0a");
  write_hex(nullptr, 0, nullptr);
}

void every_character_has_its_value_or_none(void**) {
  const std::string digits = "0123456789abcdef";
  const std::string capitals = "0123456789ABCDEF";
  for (int c = 0; c < 256; ++c) {
    const size_t lower = digits.find(static_cast<char>(c));
    const size_t upper = capitals.find(static_cast<char>(c));
    int expected = -1;
    if (lower != std::string::npos) expected = static_cast<int>(lower);
    if (upper != std::string::npos) expected = static_cast<int>(upper);
    assert_int_equal(hex_value(static_cast<char>(c)), expected);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(every_byte_becomes_two_lower_case_digits),
      cmocka_unit_test(bytes_stay_in_order),
      cmocka_unit_test(every_character_has_its_value_or_none),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
