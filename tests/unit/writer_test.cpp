#include "base/writer.h"

#include <cstring>
#include <memory>

#include "check.h"

using namespace tinyaws;

namespace {

void put_some_of_each(Writer& writer) {
  writer.put('a');
  writer.put(Str("bcd"));
  writer.put(Str());
  writer.put_number(1234567890);
  writer.put('z');
}

constexpr Str kWhole = "abcd1234567890z";

void every_size_is_counted_and_none_is_overrun(void**) {
  for (size_t room = 0; room <= kWhole.size() + 2; ++room) {
    std::unique_ptr<char[]> exact(new char[room]);  // of this size, so that AddressSanitizer sees one byte too many
    Writer writer(MutBytes(exact.get(), room));
    put_some_of_each(writer);
    assert_int_equal(writer.size(), kWhole.size());
    assert_int_equal(writer.fits(), room >= kWhole.size());
    assert_int_equal(writer.result().size, kWhole.size());
    assert_status(writer.result().status, room >= kWhole.size() ? Status::kOk : Status::kBufferTooSmall);
    if (writer.fits()) assert_text(writer.text(), kWhole);
  }
}

// A short text behind a long one must not slip into the gap that the long one left.
void nothing_is_written_behind_an_overflow(void**) {
  char memory[8];
  memset(memory, '.', sizeof memory);
  Writer writer(MutBytes(memory, 4));
  writer.put(Str("abc"));
  writer.put(Str("de"));
  writer.put(Str("f"));
  writer.put('g');
  assert_int_equal(writer.size(), 7);
  assert_false(writer.fits());
  assert_memory_equal(memory, "abc.....", sizeof memory);
}

void bytes_of_any_value(void**) {
  char buffer[4];
  Writer writer{MutBytes(buffer)};
  writer.put('\0');
  writer.put(Str("\xff\0\n", 3));
  assert_text(writer.text(), Str("\0\xff\0\n", 4));
}

void numbers(void**) {
  for (uint64_t number : {uint64_t{0}, uint64_t{7}, uint64_t{10}, uint64_t{604800}, uint64_t{999999999999},
                          uint64_t{INT64_MAX}, uint64_t{UINT64_MAX}}) {
    char buffer[20];
    Writer writer{MutBytes(buffer)};
    writer.put_number(number);
    assert_true(writer.fits());
    assert_text(writer.text(), std::to_string(number));
  }
}

void a_null_buffer_of_no_size(void**) {
  Writer writer{MutBytes()};
  assert_true(writer.fits());
  writer.put(Str("x"));
  assert_false(writer.fits());
  assert_int_equal(writer.size(), 1);
}

class Pieces final : public Drain {
 public:
  void take(Str text) override {
    this->text.append(text.data(), text.size());
    ++count;
  }
  std::string text;
  int count = 0;
};

void a_drain_gets_everything_in_order(void**) {
  for (size_t room = 0; room <= kWhole.size() + 2; ++room) {
    std::unique_ptr<char[]> exact(new char[room]);
    Pieces pieces;
    Writer writer(MutBytes(exact.get(), room), &pieces);
    put_some_of_each(writer);
    writer.put_lower("MiXeD, and longer than one piece of it");
    assert_true(writer.fits());
    writer.flush();
    writer.flush();
    assert_text(pieces.text, std::string(kWhole) + "mixed, and longer than one piece of it");
    assert_int_equal(writer.size(), 0);
  }
}

void a_buffer_gathers_what_goes_to_the_drain(void**) {
  char buffer[64];
  Pieces pieces;
  Writer writer(MutBytes(buffer), &pieces);
  put_some_of_each(writer);
  assert_int_equal(pieces.count, 0);
  writer.put(std::string(100, 'x'));
  assert_int_equal(pieces.count, 2);
  writer.put('y');
  assert_int_equal(pieces.count, 2);
}

void text_from_a_place_on(void**) {
  char buffer[4];
  Writer writer{MutBytes(buffer)};
  writer.put("abcd");
  assert_text(writer.text_from(2), "cd");
  assert_text(writer.text_from(4), "");
  writer.put('e');
  assert_true(writer.text_from(0).empty());
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(every_size_is_counted_and_none_is_overrun),
      cmocka_unit_test(nothing_is_written_behind_an_overflow),
      cmocka_unit_test(bytes_of_any_value),
      cmocka_unit_test(numbers),
      cmocka_unit_test(a_null_buffer_of_no_size),
      cmocka_unit_test(a_drain_gets_everything_in_order),
      cmocka_unit_test(a_buffer_gathers_what_goes_to_the_drain),
      cmocka_unit_test(text_from_a_place_on),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
