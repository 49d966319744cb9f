// Addresses have one notation each here: whatever a resolver might make of another one, it is refused.
// Covers C28: hosts that may be asked, and those that only look so.
#include "credentials/allowed_host.h"

#include <cstring>

#include "../fakes/check.h"

using namespace tinyaws;
using namespace tinyaws::fakes;

namespace {

void ipv4(void**) {
  uint8_t address[4];
  assert_true(parse_ipv4("192.0.2.255", address));
  const uint8_t expected[4] = {192, 0, 2, 255};
  assert_memory_equal(address, expected, 4);
  assert_true(parse_ipv4("0.0.0.0", address));
  const char* const bad[] = {"",           "127.1",       "127.0.1",    "2130706433", "0x7f.0.0.1",  "0177.0.0.1",
                             "127.0.0.01", "127.00.0.1",  "256.0.0.1",  "127.0.0.1.", ".127.0.0.1",  "127..0.1",
                             "127.0.0.",   "127.0.0.1 ",  " 127.0.0.1", "127.0.0.a",  "127.0.0.1.1", "1270.0.0.1",
                             "-127.0.0.1", "127.0.0.1/8", "127,0,0,1",  "999.0.0.1",  "127.0.0.300", "12345.0.0.1"};
  for (const char* text : bad) CHECK(!parse_ipv4(text, address), text);
}

void ipv6(void**) {
  struct Row {
    const char* text;
    uint16_t groups[8];
  };
  const Row rows[] = {
      {"::", {}},
      {"::1", {0, 0, 0, 0, 0, 0, 0, 1}},
      {"1::", {1}},
      {"0:0:0:0:0:0:0:1", {0, 0, 0, 0, 0, 0, 0, 1}},
      {"0000:0000:0000:0000:0000:0000:0000:0001", {0, 0, 0, 0, 0, 0, 0, 1}},
      {"fd00:ec2::23", {0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23}},
      {"FD00:EC2::23", {0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23}},
      {"1:2:3:4:5:6:7::", {1, 2, 3, 4, 5, 6, 7}},
      {"::2:3:4:5:6:7:8", {0, 2, 3, 4, 5, 6, 7, 8}},
      {"1:2::7:8", {1, 2, 0, 0, 0, 0, 7, 8}},
      {"1:2:3:4:5:6:7:8", {1, 2, 3, 4, 5, 6, 7, 8}},
  };
  for (const Row& row : rows) {
    uint16_t groups[8];
    CHECK(parse_ipv6(row.text, groups), row.text);
    CHECK(memcmp(groups, row.groups, sizeof groups) == 0, std::string(row.text) + ": other groups");
  }
  const char* const bad[] = {"",
                             ":",
                             ":::",
                             "1",
                             "1:2",
                             ":1",
                             "1:",
                             "::1:",
                             "1::2::3",
                             "1:2:3:4:5:6:7:8:9",
                             "1:2:3::4:5:6:7:8",
                             "::1%lo",
                             "::ffff:127.0.0.1",
                             "::0.0.0.1",
                             "00001::",
                             "g::1",
                             "[::1]",
                             " ::1",
                             "::1 ",
                             "1:2:3:4:5:6:7:",
                             "1:2:3:4:5:6:7:8::",
                             "::1:2:3:4:5:6:7:8"};
  for (const char* text : bad) {
    uint16_t groups[8];
    CHECK(!parse_ipv6(text, groups), text);
  }
}

void allowed(void**) {
  for (const char* host :
       {"127.0.0.1", "127.0.0.0", "127.255.255.255", "127.9.8.7", "169.254.170.2", "169.254.170.23", "::1",
        "0:0:0:0:0:0:0:1", "fd00:ec2::23", "fd00:ec2:0:0::23", "localhost", "LocalHost"}) {
    CHECK(is_allowed_without_tls(host), host);
  }
}

void refused(void**) {
  for (const char* host : {"",
                           "126.255.255.255",
                           "128.0.0.0",
                           "169.254.170.3",
                           "169.254.170.22",
                           "169.254.169.254",
                           "169.254.171.2",
                           "0.0.0.0",
                           "10.0.0.1",
                           "127.1",
                           "0x7f.0.0.1",
                           "2130706433",
                           "127.0.0.01",
                           "0127.0.0.1",
                           "::",
                           "::2",
                           "1::1",
                           "0:1::1",
                           "::1:0",
                           "::1:1",
                           "::ffff:127.0.0.1",
                           "::ffff:7f00:1",
                           "::7f00:1",
                           "::1%lo",
                           "fd00:ec2::24",
                           "fd00:ec2::254",
                           "fd00:ec2:1::23",
                           "fd00:ec3::23",
                           "fd01:ec2::23",
                           "localhost.",
                           "localhos",
                           "localhost.example.com",
                           "127.0.0.1.example.com",
                           "127.evil.example",
                           "169.254.170.2.evil",
                           "example.com"}) {
    CHECK(!is_allowed_without_tls(host), host);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {
      cmocka_unit_test(ipv4),
      cmocka_unit_test(ipv6),
      cmocka_unit_test(allowed),
      cmocka_unit_test(refused),
  };
  return cmocka_run_group_tests_name("container_hosts", tests, nullptr, nullptr);
}
