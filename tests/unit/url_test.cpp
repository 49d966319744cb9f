// Covers C11, C38: ports, addresses, user information and fragments of URLs.
#include "check.h"
#include "tinyaws/config.h"
#include "tinyaws/http.h"

using namespace tinyaws;

namespace {

void assert_parsed(Str text, Str host, uint16_t port, bool tls, Str target) {
  Url url;
  url.endpoint.port = 9;
  assert_status(parse_url(text, url), Status::kOk);
  assert_text(url.endpoint.host, host);
  assert_int_equal(url.endpoint.port, port);
  assert_int_equal(url.endpoint.tls, tls);
  assert_text(url.target, target);
}

void assert_refused(Str text) {
  Url url;
  if (parse_url(text, url) == Status::kInvalidArgument) return;
  fail_msg("\"%s\" is not refused", test::printable(text).c_str());
}

void schemes_and_their_ports(void**) {
  assert_parsed("https://a", "a", 443, true, "");
  assert_parsed("http://a", "a", 80, false, "");
  assert_parsed("HTTPS://a", "a", 443, true, "");
  assert_parsed("hTTp://a", "a", 80, false, "");
  for (Str bad :
       {"", "a", "//a", "ftp://a", "https:/a", "https:a", "https//a", "httpss://a", " https://a", "wss://a"}) {
    assert_refused(bad);
  }
}

void ports(void**) {
  assert_parsed("https://a:1", "a", 1, true, "");
  assert_parsed("https://a:65535/", "a", 65535, true, "/");
  assert_parsed("https://a:00443", "a", 443, true, "");
  assert_parsed("https://a:", "a", 443, true, "");  // RFC 3986 section 3.2.3: an empty port is the scheme's own
  assert_parsed("http://a:/x", "a", 80, false, "/x");
  for (Str bad : {"https://a:0", "https://a:00000", "https://a:65536", "https://a:99999", "https://a:100000",
                  "https://a:000443", "https://a:-1", "https://a:+1", "https://a: 1", "https://a:1 ", "https://a:1a",
                  "https://a:b", "https://a:1:2", "https://a:4294967739", "https://a:0x50"}) {
    assert_refused(bad);
  }
}

void targets(void**) {
  assert_parsed("https://a/", "a", 443, true, "/");
  assert_parsed("https://a/b/c?d=e", "a", 443, true, "/b/c?d=e");
  assert_parsed("https://a?b", "a", 443, true, "?b");
  assert_parsed("https://a/b@c:d", "a", 443, true, "/b@c:d");
  assert_parsed("https://a?b@c/d", "a", 443, true, "?b@c/d");
  assert_parsed("https://a//b/../c", "a", 443, true, "//b/../c");
}

void user_information_is_dropped(void**) {
  assert_parsed("https://me@a/", "a", 443, true, "/");
  assert_parsed("https://me:pw@a:8443/", "a", 8443, true, "/");
  assert_parsed("https://evil.example@a", "a", 443, true, "");
  assert_parsed("https://x@y@a", "a", 443, true, "");  // the last one counts, as in every browser
  assert_parsed("https://:@a", "a", 443, true, "");
  assert_refused("https://me@");
  assert_refused("https://me@/");
}

void addresses(void**) {
  assert_parsed("http://127.0.0.1:8000", "127.0.0.1", 8000, false, "");
  assert_parsed("http://[::1]:9000/", "::1", 9000, false, "/");
  assert_parsed("https://[2001:db8::A]", "2001:db8::A", 443, true, "");
  assert_parsed("https://[::ffff:1.2.3.4]?x", "::ffff:1.2.3.4", 443, true, "?x");
  for (Str bad : {"http://[::1", "http://[]", "http://[::1]x", "http://[::1]]", "http://::1", "http://[::1]80",
                  "http://[fe80::1%25eth0]", "http://[::1 ]", "http://[a/b]"}) {
    assert_refused(bad);
  }
}

void hosts(void**) {
  assert_parsed("https://A-b.c_d.9/", "A-b.c_d.9", 443, true, "/");
  for (Str bad : {"https://", "https:///", "https://?", "https://:80", "https://a b", "https://a%41", "https://a\\b",
                  "https://a<b", "https://\xc3\xa4", "https://a\tb", "https://a\nb", "https://a\rb", "https://a!b",
                  "https://a;b", "https://*"}) {
    assert_refused(bad);
  }
  assert_refused(Str("https://a\0b", 11));
}

// The same text must not name one host to one reader and another host to the next.
void a_fragment_ends_the_authority(void**) {
  Url url;
  const Status status = parse_url("https://a#@b/c", url);
  if (status == Status::kOk) assert_text(url.endpoint.host, "a");
}

void the_longest_host(void**) {
  const std::string longest(kMaxHostBytes, 'h');
  assert_parsed("https://" + longest, longest, 443, true, "");
  assert_parsed("https://u@" + longest + ":1/x", longest, 1, true, "/x");
  assert_refused("https://" + longest + "h");
}

void every_prefix_of_a_url_is_answered(void**) {
  const std::string whole = "https://user:pw@[2001:db8::1]:8443/a?b#c";
  for (size_t size = 0; size <= whole.size(); ++size) {
    const std::string exact = whole.substr(0, size);
    Url url;
    const Status status = parse_url(exact, url);
    assert_true(status == Status::kOk || status == Status::kInvalidArgument);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(schemes_and_their_ports),
      cmocka_unit_test(ports),
      cmocka_unit_test(targets),
      cmocka_unit_test(user_information_is_dropped),
      cmocka_unit_test(addresses),
      cmocka_unit_test(hosts),
      cmocka_unit_test(a_fragment_ends_the_authority),
      cmocka_unit_test(the_longest_host),
      cmocka_unit_test(every_prefix_of_a_url_is_answered),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
