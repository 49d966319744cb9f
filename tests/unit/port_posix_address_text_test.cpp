// Addresses as text: as RFC 5952 has them, and as inet_ntop of the C library.
#include "address_text.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "check.h"

using namespace tinyaws;
using namespace tinyaws::posix;

namespace {

std::string written(const Address& address) {
  char text[kMaxAddressText];
  return {text, write_address(address, text)};
}

void texts_come_back(void**) {
  for (Str text :
       {"0.0.0.0", "127.0.0.1", "255.255.255.255", "192.0.2.10", "::", "::1", "1::", "fe80::1%7", "2001:db8::1",
        "2001:db8:0:1:1:1:1:1", "2001:0:0:1::1", "2001:db8::1:0:0:1", "::ffff:192.0.2.1", "1:2:3:4:5:6:7:8",
        "0:0:1::", "64:ff9b::c000:201", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295"}) {
    Address address;
    assert_int_equal(static_cast<int>(read_address(text, address)), static_cast<int>(AddressText::kOk));
    assert_text(written(address), text);
  }
}

void a_single_zero_is_written_out(void**) {
  Address address;
  (void)read_address("::2:3:4:5:6:7:8", address);
  assert_text(written(address), "0:2:3:4:5:6:7:8");
  (void)read_address("1:2:3:4:5:6:7::", address);
  assert_text(written(address), "1:2:3:4:5:6:7:0");
}

// All groups that are zero or not, in every combination.
void runs_of_zeros_are_found_as_inet_ntop_does(void**) {
  for (unsigned zeros = 0; zeros < 256; ++zeros) {
    Address address{};
    address.v6 = true;
    for (unsigned i = 0; i < 8; ++i) address.ip[2 * i + 1] = (zeros >> i & 1) != 0 ? 0 : 0xa0;
    char expected[INET6_ADDRSTRLEN];
    assert_non_null(inet_ntop(AF_INET6, address.ip, expected, sizeof expected));
    // The form of the C library for what was once "IPv4-compatible" is no address of today.
    if (strchr(expected, '.') == nullptr) assert_text(written(address), expected);
  }
}

}  // namespace

int main() {
  const CMUnitTest tests[] = {cmocka_unit_test(texts_come_back), cmocka_unit_test(a_single_zero_is_written_out),
                              cmocka_unit_test(runs_of_zeros_are_found_as_inet_ntop_does)};
  return cmocka_run_group_tests(tests, nullptr, nullptr);
}
