// The POSIX port: what resolv.conf says.
#include "resolv_conf.h"

#include "port_posix_resolver.h"

using namespace tinyaws;
using namespace test;
using posix::DnsSettings;

namespace {

DnsSettings read(const std::string& text) {
  DnsSettings settings;
  memset(static_cast<void*>(&settings), 0xee, sizeof settings);
  posix::ResolvConfLines lines(settings);
  posix::cut_lines(text, lines);
  lines.finish();
  return settings;
}

std::string servers(const std::string& text) {
  const DnsSettings settings = read(text);
  return join({settings.servers, settings.server_count});
}

std::string domains(const std::string& text) {
  const DnsSettings settings = read(text);
  std::string out;
  const char* domain = settings.domains;
  for (int i = 0; i < settings.domain_count; i++, domain += strlen(domain) + 1)
    out += (i ? " " : "") + std::string(domain);
  return out;
}

#define assert_text(actual, expected) assert_string_equal((actual).c_str(), expected)

void defaults(void**) {
  for (const char* text : {"", "\n", "# nothing\n; here\n", "nameserver\nsearch\noptions\n", "unknown words\n"}) {
    const DnsSettings settings = read(text);
    assert_text(join({settings.servers, settings.server_count}), "127.0.0.1");
    assert_int_equal(settings.domain_count, 0);
    assert_int_equal(settings.ndots, 1);
    assert_int_equal(settings.timeout_seconds, 5);
    assert_int_equal(settings.attempts, 2);
    assert_false(settings.rotate);
    assert_true(settings.complete);
  }
}

void name_servers(void**) {
  assert_text(servers("nameserver 192.0.2.1"), "192.0.2.1");
  assert_text(servers("nameserver\t 192.0.2.1 \r\nnameserver 2001:db8::1\n"), "192.0.2.1 2001:db8::1");
  assert_text(servers("nameserver fe80::1%lo\nnameserver fe80::1%9\n"), "fe80::1%1 fe80::1%9");
  assert_text(servers("nameserver 192.0.2.1 # first\n#nameserver 192.0.2.2\n;nameserver 192.0.2.3\n"), "192.0.2.1");
  assert_text(servers("nameserver 192.0.2\nnameserver x\nnameserver 192.0.2.1#53\nnameserver 192.0.2.4\n"),
              "192.0.2.4");
  assert_text(servers("nameserver192.0.2.1\n nameserver 192.0.2.2\nNameserver 192.0.2.3\n"), "127.0.0.1");
  assert_text(servers("nameserver 1.1.1.1\nnameserver 1.1.1.2\nnameserver 1.1.1.3\nnameserver 1.1.1.4\n"),
              "1.1.1.1 1.1.1.2 1.1.1.3");
}

void interfaces_that_are_to_come(void**) {
  const DnsSettings settings = read("nameserver fe80::1%nope\nnameserver 192.0.2.1\n");
  assert_text(join({settings.servers, settings.server_count}), "192.0.2.1");
  assert_false(settings.complete);
}

void search_domains(void**) {
  assert_text(domains("search one.test two.test\n"), "one.test two.test");
  assert_text(domains("search one.test two.test # three.test\n"), "one.test two.test");
  assert_text(domains("domain one.test two.test\n"), "one.test");
  assert_text(domains("search one.test\ndomain two.test\n"), "two.test");
  assert_text(domains("domain one.test\nsearch two.test three.test\n"), "two.test three.test");
  assert_text(domains("search one.test\nsearch\n"), "");
  assert_text(domains("search one.test. . two..test four.. x_y a\\b three\n"), "one.test x_y three");
  assert_text(domains("search a b c d e f g h\n"), "a b c d e f");
  std::string label(63, 'x');
  const std::string big = label + "." + label + "." + label;
  assert_text(domains("search " + big + " " + big + " small\n"), (big + " small").c_str());
  const std::string fills = label + "." + label + "." + label + "." + std::string(61, 'y');
  assert_int_equal(fills.size(), 253);
  assert_text(domains("search " + fills + " z\n"), (fills + " z").c_str());
  assert_text(domains("search " + fills + " zz\n"), fills.c_str());
}

void options(void**) {
  const DnsSettings settings = read("options ndots:3 timeout:7\noptions attempts:4 rotate edns0\n");
  assert_int_equal(settings.ndots, 3);
  assert_int_equal(settings.timeout_seconds, 7);
  assert_int_equal(settings.attempts, 4);
  assert_true(settings.rotate);
  const DnsSettings most = read("options ndots:16 timeout:99999999999999999999 attempts:6\n");
  assert_int_equal(most.ndots, 15);
  assert_int_equal(most.timeout_seconds, 30);
  assert_int_equal(most.attempts, 5);
  const DnsSettings least = read("options ndots:0 timeout:0 attempts:0\n");
  assert_int_equal(least.ndots, 0);
  assert_int_equal(least.timeout_seconds, 1);
  assert_int_equal(least.attempts, 1);
  const DnsSettings nonsense = read("options ndots: timeout:x attempts:3x ndots5 rotated :7\n");
  assert_int_equal(nonsense.ndots, 1);
  assert_int_equal(nonsense.timeout_seconds, 5);
  assert_int_equal(nonsense.attempts, 2);
  assert_false(nonsense.rotate);
}

void long_lines_are_left_out(void**) {
  const std::string pad(1024 - strlen("nameserver 192.0.2.1"), ' ');
  assert_text(servers("nameserver 192.0.2.1" + pad + "\n"), "192.0.2.1");
  assert_text(servers("nameserver 192.0.2.1" + pad + " \nnameserver 192.0.2.2\n"), "192.0.2.2");
  assert_text(servers("nameserver 192.0.2.1" + pad), "192.0.2.1");
  assert_text(servers("nameserver 192.0.2.1" + pad + " "), "127.0.0.1");
  assert_text(servers(std::string(10000, 'x') + "\nnameserver 192.0.2.2"), "192.0.2.2");
  assert_text(servers(std::string(1025, 'x') + "nameserver 192.0.2.1\nnameserver 192.0.2.2"), "192.0.2.2");
  assert_text(servers(std::string(2050, 'x') + "nameserver 192.0.2.1"), "127.0.0.1");
  assert_text(servers(std::string("nameserver 192.0.2.1\0\nnameserver 192.0.2.2\n", 43)), "192.0.2.2");
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      CASE(defaults),       CASE(name_servers), CASE(interfaces_that_are_to_come),
      CASE(search_domains), CASE(options),      CASE(long_lines_are_left_out),
  };
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
