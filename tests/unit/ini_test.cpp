// What the parser tells, line by line; that it tells the same in every split is tests/properties/ini_splits_test.cpp.
// Covers C30: line ends, marks, comments, continued and long lines.
#include "text/ini.h"

#include <vector>

#include "check.h"
#include "fakes/guarded_buffer.h"

using namespace tinyaws;

namespace {

// What is told, in a line each: "[section]", "key=value", "key.sub=value". Keys with "unwanted" in them are not.
class Script final : public IniSink {
 public:
  std::string told() {
    finish();
    return std::move(told_);
  }

  void section(Str name) override {
    finish();
    told_ += "[" + std::string(name) + "]\n";
  }
  void long_section() override {
    finish();
    told_ += "[too long]\n";
  }
  bool property(Str key) override {
    finish();
    key_ = std::string(key);
    open_ = key.find("unwanted") == Str::npos;
    return open_;
  }
  void value(char c) override { value_ += c; }
  void drop(size_t n) override { value_.resize(value_.size() - n); }
  bool sub_property(Str key) override {
    subs_.push_back(key_ + "." + std::string(key) + "=");
    return key.find("unwanted") == Str::npos;
  }
  void sub_value(char c) override { subs_.back() += c; }
  void drop_sub(size_t n) override { subs_.back().resize(subs_.back().size() - n); }

 private:
  void finish() {
    if (open_) told_ += key_ + "=" + value_ + "\n";
    for (const std::string& sub : subs_) told_ += sub + "\n";
    open_ = false;
    subs_.clear();
    value_.clear();
  }

  std::string told_;
  std::string key_;
  std::string value_;
  std::vector<std::string> subs_;
  bool open_ = false;
};

void assert_told(Str file, Str expected, size_t names_size = 64) {
  Script script;
  fakes::GuardedBuffer names(names_size);
  IniParser parser(script, names.bytes());
  assert_status(parser.feed(file), Status::kOk);
  assert_status(parser.end(), Status::kOk);
  assert_text(script.told(), expected);
}

void assert_refused(Str file, IniError error, uint32_t line) {
  Script script;
  char names[64];
  IniParser parser(script, MutBytes(names));
  const Status fed = parser.feed(file);
  assert_status(parser.end(), Status::kMalformedFile);
  assert_text(name(parser.error()), name(error));
  assert_int_equal(parser.line(), line);
  if (fed == Status::kMalformedFile) assert_status(parser.feed("\n[a]\nb = c\n"), Status::kMalformedFile);
}

void sections_and_properties(void**) {
  assert_told("", "");
  assert_told("[a]\nk = v\n[b]\nk=\n", "[a]\nk=v\n[b]\nk=\n");
  assert_told("[ \ta \t b ]\n", "[a b]\n");
  assert_told("[]\n[ ]\n[a]]\n[[a]\n", "[]\n[]\n[a]]\n[[a]\n");
  assert_told("[A]\nKey_1=V\n", "[A]\nkey_1=V\n");
  assert_told("[a]\nk \t=\t v  w\t \n", "[a]\nk=v  w\n");
  assert_told("[a]\nk = = v=\n", "[a]\nk== v=\n");
}

void a_last_line_without_its_end(void**) {
  assert_told("[a]", "[a]\n");
  assert_told("[a]\nk = v", "[a]\nk=v\n");
  assert_told("[a]\nk = v \t", "[a]\nk=v\n");
  assert_told("[a]\nk = v\n w ", "[a]\nk=v\nw\n");
  assert_told("[a]\nk = v\r", "[a]\nk=v\n");
}

void line_ends(void**) {
  assert_told("[a]\r\nk = v\r\n w\r\n\r\n", "[a]\nk=v\nw\n");
  assert_told("[a]\nk = v\rw\r\r\n", "[a]\nk=v\rw\r\n");
  assert_told("[a]\nk =\r\n n = v\r\n", "[a]\nk=\nn = v\nk.n=v\n");
  assert_refused("[a]\rk = v\n", IniError::kUnterminatedSection, 1);
}

void comments(void**) {
  assert_told("# x\n;[b]\n[a] # x\n[b];x\n[c]#", "[a]\n[b]\n[c]\n");
  assert_told("[a]\nk = v #x\nl = v\t; x\nm = v#x;y\n", "[a]\nk=v\nl=v\nm=v#x;y\n");
  assert_told("[a]\nk = #x\nl =#x\n", "[a]\nk=\nl=#x\n");
  assert_told("[a]\nk#x = v\nl = v\n", "[a]\nl=v\n");
  assert_refused("[a]\nk #x = v\n", IniError::kMissingEquals, 2);
}

void blank_lines_are_skipped_everywhere(void**) {
  assert_told("\n \t\n[a]\n\nk = v\n   \n w\n\t\n", "[a]\nk=v\nw\n");
}

void continued_values(void**) {
  assert_told("[a]\nk = v\n  w # x\t\n\t[b]\n", "[a]\nk=v\nw # x\n[b]\n");
  assert_told("[a]\nk = v # x\n w\n", "[a]\nk=v\nw\n");
  assert_told("[a]\nunwanted = v\n w\nk = v\n", "[a]\nk=v\n");
  assert_told("[a]\nbad key = v\n w\nk = v\n", "[a]\nk=v\n");
}

void nested_properties(void**) {
  assert_told("[a]\nk =\n N = v \n m=w # x\n", "[a]\nk=\nN = v\nm=w # x\nk.n=v\nk.m=w\n");
  assert_told("[a]\nk = # x\n n=\n o= = \n", "[a]\nk=\nn=\no= =\nk.n=\nk.o==\n");
  assert_told("[a]\nk =\n in valid = v\n# x\n\n n = v", "[a]\nk=\nin valid = v\nn = v\nk.in valid=v\nk.n=v\n");
  assert_told("[a]\nk =\n unwanted = v\n n = v", "[a]\nk=\nunwanted = v\nn = v\nk.unwanted=\nk.n=v\n");
  assert_told("[a]\nunwanted =\n n = v\n", "[a]\n");
  assert_told("[a]\nk =\n #n = v\n", "[a]\nk=\n#n = v\nk.#n=v\n");
}

void any_byte_may_stand_in_a_value(void**) {
  std::string value = "x";
  for (int c = 0; c < 256; ++c) {
    if (c != '\n' && c != '#' && c != ';') value += static_cast<char>(c);
  }
  assert_told("[a]\nk = " + value + "\n", "[a]\nk=" + value + "\n");
}

void identifiers(void**) {
  const std::string allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-/.%@:+";
  for (int c = 0; c < 256; ++c) {
    const char text[] = {'a', static_cast<char>(c)};
    assert_int_equal(is_ini_identifier(Str(text, 2)), allowed.find(text[1]) != std::string::npos);
  }
  assert_true(is_ini_identifier({}));
}

void errors_and_their_lines(void**) {
  assert_refused("[a", IniError::kUnterminatedSection, 1);
  assert_refused("\n[a\n", IniError::kUnterminatedSection, 2);
  assert_refused("[a] b\n", IniError::kUnterminatedSection, 1);
  assert_refused("[a # ]\n", IniError::kUnterminatedSection, 1);
  assert_refused("[\n", IniError::kUnterminatedSection, 1);
  assert_refused("# x\r\n\r\nk = v\n", IniError::kPropertyOutsideSection, 3);
  assert_refused(" k = v\n", IniError::kPropertyOutsideSection, 1);
  assert_refused("\xef\xbb\xbf[a]\n", IniError::kPropertyOutsideSection, 1);
  assert_refused("[a]\n\n k = v\n", IniError::kContinuationOutsideProperty, 3);
  assert_refused("[a]\nk = v\n[a]\n w\n", IniError::kContinuationOutsideProperty, 4);
  assert_refused("[a]\nk\n", IniError::kMissingEquals, 2);
  assert_refused("[a]\nk", IniError::kMissingEquals, 2);
  assert_refused("[a]\n= v\n", IniError::kEmptyKey, 2);
  assert_refused("[a]\nk =\n n = v\n m\n", IniError::kSubPropertyMissingEquals, 4);
  assert_refused("[a]\nk =\n n #=\n", IniError::kSubPropertyMissingEquals, 3);
  assert_refused("[a]\nk =\n = v\n", IniError::kSubPropertyEmptyKey, 3);
  assert_refused("[too many names for these sixty-four bytes of memory are in this section\n",
                 IniError::kUnterminatedSection, 1);
}

void errors_have_names(void**) {
  assert_text(name(IniError::kNone), "none");
  assert_text(name(IniError::kUnterminatedSection), "unterminated-section");
  assert_text(name(IniError::kSubPropertyEmptyKey), "sub-property-empty-key");
}

// The bracket counts, and one blank before it.
void names_as_long_as_the_memory(void**) {
  assert_told("[1234567]\n12345678 = v\n", "[1234567]\n12345678=v\n", 8);
  assert_told("[12345678]\nk = v\n[b]\n123456789 = v\nl=w\n", "[too long]\nk=v\n[b]\nl=w\n", 8);
  assert_told("[a]\nk =\n 123456789 = v\n 12345678 = w\n", "[a]\nk=\n123456789 = v\n12345678 = w\nk.12345678=w\n", 8);
  assert_told("[      a      ]\n", "[a]\n", 3);
}

void lines_of_64_kilobytes(void**) {
  const std::string much(65536, 'x');
  const std::string blanks(65536, ' ');
  assert_told("#" + much + "\n[" + much + "]\n[a]\n" + much + " = v\nk = v\n", "[too long]\n[a]\nk=v\n");
  assert_told("[a]\nunwanted = " + much + "\nk = v\n", "[a]\nk=v\n");
  assert_told("[a]\nk = " + much + "\n", "[a]\nk=" + much + "\n");
  assert_told("[" + blanks + "a]\nk" + blanks + "=" + blanks + "v" + blanks + "\n", "[a]\nk=v\n");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(sections_and_properties),
      cmocka_unit_test(a_last_line_without_its_end),
      cmocka_unit_test(line_ends),
      cmocka_unit_test(comments),
      cmocka_unit_test(blank_lines_are_skipped_everywhere),
      cmocka_unit_test(continued_values),
      cmocka_unit_test(nested_properties),
      cmocka_unit_test(any_byte_may_stand_in_a_value),
      cmocka_unit_test(identifiers),
      cmocka_unit_test(errors_and_their_lines),
      cmocka_unit_test(errors_have_names),
      cmocka_unit_test(names_as_long_as_the_memory),
      cmocka_unit_test(lines_of_64_kilobytes),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
