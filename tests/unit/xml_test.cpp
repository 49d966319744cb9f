#include "text/xml.h"

#include <string>

#include "check.h"

using namespace tinyaws;

namespace {

std::string text_at(Str path, std::string document) {
  TextField field[] = {{path, "stale"}};
  const Status status = read_xml({&document[0], document.size()}, field);
  if (status != Status::kOk) {
    assert_false(field[0].found());
    return std::string(name(status));
  }
  return field[0].found() ? std::string(field[0].text) : "none";
}

void assert_status_of(const std::string& document, Status expected) {
  std::string copy = document;
  if (read_xml({&copy[0], copy.size()}, {}) == expected) return;
  fail_msg("%s is not %s", test::printable(document).c_str(), std::string(name(expected)).c_str());
}

void documents(void**) {
  for (const char* good : {"<a/>",
                           "<a></a>",
                           "<a ></a >",
                           "<a />",
                           " <a/>\r\n",
                           "\xef\xbb\xbf<a/>",
                           "<?xml version=\"1.0\"?><a/><?x?>",
                           "<!-- x --><a/><!-- y -->",
                           "<a><!----></a>",
                           "<a><b/><b></b>x</a>",
                           "<a b='c'/>",
                           "<a b=\"c\" d = 'e>'/>",
                           "<a b='\"' c=\"'\"></a>",
                           "<x:a xmlns:x='y'></x:a>",
                           "<a>]]</a>",
                           "<a><![CDATA[<b>&amp;]]></a>",
                           "<a.b-c_d1/>",
                           "<\xc3\xa9/>",
                           "<a>></a>",
                           "<a b=''\n/>"}) {
    assert_status_of(good, Status::kOk);
  }
}

void what_is_no_document(void**) {
  for (const char* bad : {"",
                          " ",
                          "x",
                          "<",
                          "<a",
                          "<a>",
                          "<a/",
                          "<a/><b/>",
                          "<a/>x",
                          "x<a/>",
                          "<a></b>",
                          "<a></A>",
                          "<a><b></a></b>",
                          "</a>",
                          "<a></a></a>",
                          "<a/ >",
                          "< a/>",
                          "<a></ a>",
                          "<>",
                          "<></>",
                          "<a b/>",
                          "<a b=c/>",
                          "<a b='c/>",
                          "<a b='c\"/>",
                          "<a b='<'/>",
                          "<a b='c'd='e'/>",
                          "<a ='c'/>",
                          "<a b=/>",
                          "<a b='c'",
                          "<a b=",
                          "<a b",
                          "<a ",
                          "<a><!-- </a>",
                          "<!-- -->",
                          "<!--><a/>",
                          "<?xml?>",
                          "<?xml <a/>",
                          "<a>&</a>",
                          "<a>& </a>",
                          "<a>&lt</a>",
                          "<a>&nbsp;</a>",
                          "<a>&;</a>",
                          "<a>&#;</a>",
                          "<a>&#x;</a>",
                          "<a>&#xg;</a>",
                          "<a>&#12a;</a>",
                          "<a>&#0;</a>",
                          "<a>&#8;</a>",
                          "<a>&#x110000;</a>",
                          "<a>&#xd800;</a>",
                          "<a>&#-1;</a>",
                          "<a>&#4294967336;</a>",
                          "<a>&LT;</a>",
                          "<a>\x01</a>",
                          "<a><![CDATA[\x02]]></a>",
                          "<a><![CDATA[</a>",
                          "<![CDATA[x]]><a/>",
                          "<a/><![CDATA[x]]>",
                          "<a/>&#32;",
                          "<a></a",
                          "<a></a x='y'>",
                          "<a></a/>",
                          "<a:></b:>"}) {
    assert_status_of(bad, Status::kInvalidArgument);
  }
  assert_status_of({"<a>\0</a>", 8}, Status::kInvalidArgument);
  assert_status_of({"<a/>\0", 5}, Status::kInvalidArgument);
}

void document_types_are_refused(void**) {
  assert_status_of("<!DOCTYPE html><a/>", Status::kUnsupported);
  assert_status_of("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", Status::kUnsupported);
  assert_status_of("<a><!ELEMENT b></a>", Status::kUnsupported);
}

void texts(void**) {
  assert_text(text_at("a", "<a>b</a>"), "b");
  assert_text(text_at("a", "<a> b\r\n c </a>"), " b\r\n c ");
  assert_text(text_at("a", "<a></a>"), "");
  assert_text(text_at("a", "<a/>"), "");
  assert_text(text_at("a", "<a>&lt;&gt;&amp;&quot;&apos;&amp;lt;</a>"), "<>&\"'&lt;");
  assert_text(text_at("a", "<a>&#65;&#x42;&#x0043;&#233;&#x20AC;&#x10FFFF;&#10;&#x9;</a>"),
              "ABC\xc3\xa9\xe2\x82\xac\xf4\x8f\xbf\xbf\n\t");
  assert_text(text_at("a", "<a>x<![CDATA[<&]] >z]]>y</a>"), "x<&]] >zy");
  assert_text(text_at("a", "<a><![CDATA[]]></a>"), "");
  assert_text(text_at("a", "<a>one<!-- & two < --> <?three?>four</a>"), "one four");
  assert_text(text_at("a", "<a>\xc3\xa9\xff</a>"), "\xc3\xa9\xff");
}

void paths(void**) {
  const std::string document = "<r><x><k>1</k></x><c y='1'><k>2</k><l>3</l></c><k>4</k><c><k>5</k><m>6</m></c></r>";
  assert_text(text_at("k", document), "1");
  assert_text(text_at("c/k", document), "2");
  assert_text(text_at("r/c/k", document), "2");
  assert_text(text_at("/r/c/k", document), "2");
  assert_text(text_at("/r/k", document), "4");
  assert_text(text_at("r/k", document), "4");
  assert_text(text_at("c/m", document), "6");
  for (Str missing : {"/c/k", "/k", "x/r/c/k", "c/x/k", "K", "kk", "c/", "/", "", "//r/c/k"}) {
    assert_text(text_at(missing, document), "none");
  }
}

void elements_that_hold_others_have_no_text(void**) {
  assert_text(text_at("a", "<r><a>x<b/>y</a></r>"), "none");
  assert_text(text_at("a", "<r><a>x&amp;<b>c</b></a><a>z</a></r>"), "z");
  assert_text(text_at("b", "<r><a>x<!---->y&amp;<b>c</b>&lt;</a></r>"), "c");
}

void prefixes_are_passed_over(void**) {
  assert_text(text_at("r/k", "<s:r xmlns:s='t'><s:k>1</s:k></s:r>"), "1");
  assert_status_of("<s:a></a>", Status::kInvalidArgument);
}

void several_fields(void**) {
  std::string document = "<r><b>2&amp;</b><a>&lt;1</a><c/></r>";
  TextField fields[] = {{"a"}, {"/r/b"}, {"c"}, {"d"}, {"r/a"}};
  assert_status(read_xml({&document[0], document.size()}, fields), Status::kOk);
  assert_text(fields[0].text, "<1");
  assert_text(fields[1].text, "2&");
  assert_true(fields[2].found());
  assert_text(fields[2].text, "");
  assert_false(fields[3].found());
  assert_text(fields[4].text, "<1");
  assert_true(fields[0].text.data() > document.data() && fields[0].text.data() < document.data() + document.size());
}

void errors_leave_no_text(void**) {
  std::string document = "<r><a>1</a>";
  TextField fields[] = {{"a"}};
  assert_status(read_xml({&document[0], document.size()}, fields), Status::kInvalidArgument);
  assert_false(fields[0].found());
}

std::string nested(size_t depth) {
  std::string begin, end;
  for (size_t i = 0; i < depth; ++i) {
    begin += "<a>";
    end += "</a>";
  }
  return begin + "x" + end;
}

void depth(void**) {
  assert_text(text_at("a", nested(kMaxXmlDepth)), "x");
  assert_text(text_at("a", nested(kMaxXmlDepth + 1)), "kValueTooLong");
  assert_text(text_at("a", nested(10000)), "kValueTooLong");
}

std::string decoded(std::string raw) {
  return std::string(decode_xml_text({&raw[0], raw.size()}));
}

void text_alone(void**) {
  assert_text(decoded(""), "");
  assert_text(decoded("a &lt;b&gt; &amp; &#233;<!-- c --> <![CDATA[<raw> &amp; ]]>end"),
              "a <b> & \xc3\xa9 <raw> &amp; end");
  assert_text(decoded("<![CDATA[]]>&quot;&apos;"), "\"'");
}

void text_that_is_none(void**) {
  assert_text(decoded("a & b &nbsp; &#0; &lt"), "a & b &nbsp; &#0; &lt");
  assert_text(decoded("&amp;<![CDATA[a"), "&<![CDATA[a");
  assert_text(decoded("&lt;<b>&lt;</b>"), "<<b>&lt;</b>");
  assert_text(decoded("&amp;<!-- "), "&<!-- ");
  assert_text(decoded({"\x01&amp;\0", 7}), Str("\x01&\0", 3));
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(documents),
      cmocka_unit_test(what_is_no_document),
      cmocka_unit_test(document_types_are_refused),
      cmocka_unit_test(texts),
      cmocka_unit_test(paths),
      cmocka_unit_test(elements_that_hold_others_have_no_text),
      cmocka_unit_test(prefixes_are_passed_over),
      cmocka_unit_test(several_fields),
      cmocka_unit_test(errors_leave_no_text),
      cmocka_unit_test(depth),
      cmocka_unit_test(text_alone),
      cmocka_unit_test(text_that_is_none),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
