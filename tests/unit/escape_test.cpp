#include "text/escape.h"

#include "check.h"

using namespace tinyaws;

namespace {

// What it stands for and how long it is: "\n 2".
std::string json(Str text) {
  Escape escape;
  return read_json_escape(text, escape) ? std::string(escape.character()) + " " + std::to_string(escape.length)
                                        : "none";
}

std::string xml(Str text) {
  Escape escape;
  return read_xml_reference(text, escape) ? std::string(escape.character()) + " " + std::to_string(escape.length)
                                          : "none";
}

void json_escapes(void**) {
  assert_text(json("\\n"), "\n 2");
  assert_text(json("\\/x"), "/ 2");
  assert_text(json("\\\\\\n"), "\\ 2");
  assert_text(json("\\u0041b"), "A 6");
  assert_text(json("\\u00E9"), "\xc3\xa9 6");
  assert_text(json("\\ud83c\\udf89"), "\xf0\x9f\x8e\x89 12");
  for (const char* none : {"", "n", "\\", "\\x", "\\u", "\\u004", "\\u004g", "\\ud83c", "\\ud83c\\u0041", "\\udf89",
                           "\\ud83c\\ud83c", "\\ud83cx", "\\ud83c\\udf8"}) {
    assert_text(json(none), "none");
  }
}

void xml_references(void**) {
  assert_text(xml("&lt;"), "< 4");
  assert_text(xml("&gt;&lt;"), "> 4");
  assert_text(xml("&amp;lt;"), "& 5");
  assert_text(xml("&quot;"), "\" 6");
  assert_text(xml("&apos;"), "' 6");
  assert_text(xml("&#65;"), "A 5");
  assert_text(xml("&#x10FFFF;"), "\xf4\x8f\xbf\xbf 10");
  for (const char* none : {"", "&", "lt;", "&;", "&lt", "&LT;", "&nbsp;", "&#;", "&#x;", "&#0;", "&#8;", "&#xd800;",
                           "&#x110000;", "&#00000000065;", " &lt;"}) {
    assert_text(xml(none), "none");
  }
}

void utf8(void**) {
  char out[4];
  assert_int_equal(write_utf8('a', out), 1);
  assert_int_equal(write_utf8(0xd7ff, out), 3);
  assert_int_equal(write_utf8(0xd800, out), 0);
  assert_int_equal(write_utf8(0xdfff, out), 0);
  assert_int_equal(write_utf8(0xe000, out), 3);
  assert_int_equal(write_utf8(0x10000, out), 4);
  assert_int_equal(write_utf8(0x10ffff, out), 4);
  assert_int_equal(write_utf8(0x110000, out), 0);
}

void cut_json(void**) {
  for (const char* whole :
       {"", "ab", "a\\n", "a\\\\", "a\\u00e9", "a\\ud83c\\udf89", "a\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x8e\x89"}) {
    assert_text(whole_json_characters(whole), whole);
  }
  for (const char* cut : {"a\\", "a\\u", "a\\u0", "a\\u00e", "a\\ud83c", "a\\ud83c\\", "a\\ud83c\\udf8", "a\xc3",
                          "a\xe2\x82", "a\xf0\x9f\x8e"}) {
    assert_text(whole_json_characters(cut), "a");
  }
  assert_text(whole_json_characters("\\\\\\"), "\\\\");
  assert_text(whole_json_characters("\\\\n\\ud83c\\u00"), "\\\\n");
}

void cut_xml(void**) {
  for (const char* whole : {"", "ab", "a&amp;", "a&amp;b", "a & much longer", "a\xc3\xa9", "&&&amp;"}) {
    assert_text(whole_xml_characters(whole), whole);
  }
  for (const char* cut : {"a&", "a&a", "a&amp", "a&#x1F389", "a\xc3", "a\xe2\x82"}) {
    assert_text(whole_xml_characters(cut), "a");
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(json_escapes), cmocka_unit_test(xml_references), cmocka_unit_test(utf8),
      cmocka_unit_test(cut_json),     cmocka_unit_test(cut_xml),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
